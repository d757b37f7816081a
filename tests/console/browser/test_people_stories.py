"""The overview and the people as they are seen: a year at a glance, down to one person, entered for, moved, invited."""

from datetime import date, timedelta

import pytest
from playwright.async_api import expect

from domain.reminder import DeadlineSetting
from domain.vocabulary import Category
from storage.members import Employee
from tests.console.browser.screens import NARROW, PHONE, WIDE, Screens
from tests.console.desk import Desk
from tests.console.people import INSTITUTE, course, settle

QR = "http://weixin.qq.com/q/02KxHlq3pZbCd10000M07w"


async def a_year(desk: Desk) -> None:
    """Records of two years month by month, a deadline of the unit's own, and people who have not come yet."""
    now, book, number = desk.clock.now(), desk.service.book, 50
    for year, names in ((now.year - 1, ("张伟", "李娜", "刘洋", "孙丽")), (now.year, ("李娜", "刘洋", "周强"))):
        for place, name in enumerate(names):
            number += 1
            entries = tuple(
                course(
                    Category.PROFESSIONAL if month % 3 else Category.PUBLIC,
                    3 + (month + place) % 5,
                    date(year, month, 5),
                )
                for month in range(1 + place, 11, 2)
            )
            await settle(desk.store, desk.people[name].sender, number, now, book, entries=entries)
    own = DeadlineSetting(unit=INSTITUTE, year=now.year, kind="submit_by", closes=date(now.year, 12, 15), label="年审")
    await desk.store.outreach.set_deadlines([own], now)
    await desk.store.outreach.set_deadlines(
        [own.model_copy(update={"kind": "earn_by", "closes": now.date() + timedelta(days=5)})], now
    )
    rows = [
        Employee(f"王{name}", phone=f"1380000{at:04d}", department="测量队") for at, name in enumerate("建国磊静强敏")
    ]
    await desk.store.desk.import_roster(INSTITUTE, rows, now)
    await desk.service.outreach.sweep()


@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (PHONE, True), (NARROW, False)])
async def test_the_year_at_a_glance(screens: Screens, size: tuple[int, int], dark: bool) -> None:
    await a_year(screens.desk)
    screen = await screens.open("王芳", size, dark=dark)
    await screen.go("/console/overview")
    await expect(screen.page.locator(".uplot canvas")).to_be_visible()
    await expect(screen.page.locator(".u-legend")).to_contain_text("2025年累计")
    await expect(screen.page.locator(".u-legend")).to_contain_text("11 月")
    await expect(screen.page.get_by_role("heading", name="待审核的记录")).to_be_visible()
    await screen.page.wait_for_timeout(150)
    await screen.check("overview-dark" if dark else "overview")
    await screen.page.get_by_text("用表格看").click()
    await expect(screen.page.get_by_role("cell", name="–").first).to_be_visible()


async def test_a_number_leads_to_its_people_and_one_of_them(screens: Screens) -> None:
    await a_year(screens.desk)
    screen = await screens.open("王芳")
    await screen.go("/console/overview")
    await screen.page.get_by_role("link", name="未完成", exact=False).first.click()
    await screen.page.wait_for_url("**/people?**")
    await expect(screen.page.get_by_role("status").filter(has_text="共")).to_be_visible()
    await screen.check("people")
    await screen.page.keyboard.press("/")
    await screen.page.keyboard.type("李娜")
    await screen.page.keyboard.press("Enter")
    await screen.page.get_by_role("link", name="李娜").click()
    await expect(screen.page.get_by_role("heading", name="李娜")).to_be_visible()
    await screen.page.locator("details.why summary").first.click()
    await screen.page.locator("details.why[open] details.cite summary").first.click()
    await screen.check("person")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_list_and_a_person_on_a_phone(screens: Screens, size: tuple[int, int]) -> None:
    await a_year(screens.desk)
    screen = await screens.open("王芳", size, dark=size == NARROW)
    await screen.go("/console/people?group=behind&lacks=professional")
    await screen.check("people-filtered")
    await screen.page.get_by_role("link", name="周强").click()
    await expect(screen.page.get_by_text("退回原因：证书上没有学时").first).to_be_visible()
    await screen.check("person-returned")


async def test_hr_enters_by_keyboard_alone(screens: Screens) -> None:
    screen = await screens.open("王芳")
    await screen.go("/console/people?q=刘洋")
    await screen.page.get_by_role("link", name="刘洋").focus()
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.get_by_role("heading", name="刘洋")).to_be_visible()
    await screen.page.keyboard.press("e")
    await expect(screen.page.get_by_role("heading", name="替刘洋登记学习")).to_be_visible()
    await screen.check("enter")
    await screen.page.get_by_label("学习内容").fill("岩土工程新技术研修")
    await screen.page.get_by_label("开始日期").fill("2026-10-12")
    await screen.page.get_by_label("科目").select_option("professional")
    await screen.page.get_by_label("学习方式").select_option("training_class")
    await screen.page.get_by_label("数量").fill("16")
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.get_by_role("heading", name="核对：替刘洋登记")).to_be_visible()
    await screen.check("enter-check")
    await screen.page.get_by_role("button", name="确认登记").press("Enter")
    await expect(screen.page.get_by_text("已替刘洋登记，并通知了本人。")).to_be_visible()
    await expect(screen.page.get_by_text("王芳代录")).to_be_visible()
    await screen.check("entered")


async def test_somebody_is_moved(screens: Screens) -> None:
    screen = await screens.open("王芳", PHONE)
    await screen.go("/console/people?q=张伟")
    await screen.page.get_by_role("link", name="张伟").click()
    await screen.page.get_by_role("link", name="调动").click()
    await screen.check("move")
    await screen.page.get_by_label("部门").fill("测试中心")
    await screen.page.get_by_role("button", name="调动").click()
    await expect(screen.page.get_by_role("heading", name="调动记录")).to_be_visible()
    await screen.check("moved")
    await screen.go("/console/people/moves")
    await expect(screen.page.get_by_role("rowheader", name="张伟")).to_be_visible()
    await screen.check("moves")


@pytest.mark.parametrize("size", [WIDE, PHONE])
async def test_an_invitation_is_made_and_printed(
    screens: Screens, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def address(_scene: str, _lives: timedelta) -> str:
        return QR

    monkeypatch.setattr(screens.desk.service.client, "scene_address", address)
    screen = await screens.open("王芳", size)
    await screen.go("/console/people/invitations")
    await screen.check("invitations")
    await screen.page.get_by_label("部门").fill("测量队")
    await screen.page.get_by_role("button", name="生成邀请码").click()
    await expect(screen.page.get_by_alt_text("扫码关注学时助手并加入单位的二维码")).to_be_visible()
    await screen.check("poster")
    await screen.page.emulate_media(media="print")
    await screen.shot("poster-print")
    await expect(screen.page.get_by_role("button", name="打印")).to_be_hidden()
