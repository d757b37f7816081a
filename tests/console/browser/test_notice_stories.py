"""HR's notice as HR sees it: written, previewed, sent, watched to the last person; a second person approves."""

import pytest
from playwright.async_api import expect

from domain.delivery import DeliveryState, Purpose
from domain.reminder import Courtesy
from outreach.broadcasts import notice
from storage.members import Employee
from tests.console.browser.screens import NARROW, PHONE, WIDE, Screens
from tests.console.desk import Desk
from tests.console.people import INSTITUTE


async def leaves(desk: Desk, purpose: Purpose) -> None:
    """What stands in the outbox is sent."""
    for one in await desk.store.take_deliveries(desk.clock.now(), 50, "t", purposes=(purpose,)):
        await desk.store.finish_delivery(one.id or 0, DeliveryState.SENT, "", desk.clock.now())


async def goes_out(desk: Desk) -> None:
    await leaves(desk, Purpose.ANSWER)
    while await desk.store.broadcasts.send_page(notice, desk.clock.now()):
        pass


async def open_windows(desk: Desk) -> None:
    """Everybody has just written: they can be reached."""
    await desk.store.desk.import_roster(INSTITUTE, [Employee("马力", department="档案室")], desk.clock.now())


@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (PHONE, True)])
async def test_a_notice_from_the_first_word_to_the_last_person(
    screens: Screens, size: tuple[int, int], dark: bool
) -> None:
    desk = screens.desk
    await open_windows(desk)
    screen = await screens.open("王芳", size, dark=dark, unit=INSTITUTE)
    page = screen.page
    page.on("dialog", lambda dialog: dialog.accept())
    await screen.go("/console/broadcasts")
    await screen.check("notices-empty")
    await page.get_by_role("link", name="写通知").click()
    await screen.check("notice-write")
    await page.get_by_role("button", name="预览").click()
    await expect(page.get_by_text("请写内容")).to_be_visible()
    await screen.shot("notice-mend")
    screen.complaints.clear()  # the browser notes the 422
    await page.get_by_label("人员").select_option("unfinished")
    await page.get_by_label("正文").fill("【姓名】还差【还差】学时，请在12月5日前学完。")
    await page.get_by_role("button", name="预览").click()
    await expect(page.get_by_text("刘洋还差50学时")).to_be_visible()
    await screen.check("notice-preview")
    await page.get_by_role("button", name="发送给").click()
    await expect(page.get_by_role("status").first).to_contain_text("通知已提交")
    await screen.check("notice-begun")
    await goes_out(desk)
    await expect(page.locator("#going")).to_contain_text("排队 6")
    await leaves(desk, Purpose.BROADCAST)
    await expect(page.locator("#going")).to_contain_text("已发完")
    await expect(page.locator("#going")).to_contain_text("送达 6")
    await expect(page.get_by_role("button", name="停止发送")).to_be_hidden()
    await screen.check("notice-done")
    await page.get_by_role("link", name="没送到的人").click()
    await expect(page.get_by_role("row", name="马力")).to_contain_text("没有绑定微信")
    await screen.check("notice-unreached")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="导出表格").click()
    assert (await download.value).suggested_filename.endswith(".xlsx")


async def test_a_course_notice_and_the_second_person(screens: Screens) -> None:
    desk = screens.desk
    await desk.store.outreach.set_courtesy(INSTITUTE, Courtesy(approved_above=3))
    screen = await screens.open("王芳", unit=INSTITUTE)
    page = screen.page
    page.on("dialog", lambda dialog: dialog.accept())
    await screen.go("/console/broadcasts/new?kind=course")
    await page.get_by_label("培训科目").fill("公需科目")
    await page.get_by_label("培训学时").fill("30")
    await page.get_by_role("button", name="预览").click()
    await expect(page.get_by_text("课程通知还缺")).to_be_visible()
    await screen.check("notice-course")
    await page.get_by_role("button", name="提交批准").click()
    await expect(page.get_by_text("自己写的通知不能自己批准")).to_be_visible()
    other = await screens.open("陈静", NARROW)
    await other.go(page.url.removeprefix(other.url))
    await other.check("notice-approve")
    await other.page.get_by_role("button", name="批准", exact=True).click()
    await expect(other.page.get_by_role("status").first).to_contain_text("已批准")
    await page.reload()
    await page.get_by_role("button", name="停止发送").click()
    await expect(page.get_by_role("button", name="继续发送")).to_be_visible()
    await screen.check("notice-stopped")
