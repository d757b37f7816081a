"""The mini program in Chromium against the running service: its unmodified source, the stand-in around it."""

import re
from pathlib import Path

from playwright.async_api import Browser, FrameLocator, Page, ViewportSize, expect

from domain.message import Channel
from domain.person import Role
from storage.members import Employee
from tests.miniprogram.world import World, world
from tests.service.world import ACCOUNT

UNIT = "第一设计院"
STAFF = (Employee("王建国", "13900000001", department="工程部"), Employee("赵敏", "13900000002", department="人事部"))
WIDE, HAND = ViewportSize(width=1500, height=1000), ViewportSize(width=375, height=760)
LOCAL = "http://127.0.0.1:"
PATIENCE_MS = 30_000  # of a busy machine
ROUTES = (
    *("home", "record", "entries", "policies", "me", "photo", "readiness", "reminders"),
    *("profile", "privacy", "binding", "exports", "plan"),
)
READING_MS = 90_000


async def unit(here: World) -> None:
    """王工 of a unit in 内蒙古, and 赵主任 who reviews there."""
    await here.service.store.desk.import_roster(UNIT, STAFF, here.platform.clock.now())
    wang, zhao = here.platform.phone("wang"), here.platform.phone("zhao")
    for phone, said in ((wang, "绑定 王建国 13900000001"), (zhao, "绑定 赵敏 13900000002")):
        await phone.text("我在内蒙古")
        await phone.text("跳过")
        await phone.text(said)
    admin = await here.service.store.find_by_sender(Channel.OFFICIAL, ACCOUNT.appid, zhao.person.openid)
    assert admin is not None
    await here.service.store.grant(admin.id, UNIT, Role.HR_ADMIN)


class Phone:
    """One phone of the page, with the mini program open beside its chat."""

    def __init__(self, page: Page, person: str) -> None:
        self.page, self.person = page, person
        self.chat = page.get_by_test_id(f"phone-{person}")
        self.mini: FrameLocator = page.frame_locator(f"[data-testid=mini-{person}] iframe")

    async def open(self) -> None:
        await self.chat.get_by_test_id("plus").click()
        await self.chat.get_by_test_id("tile-mini").click()
        await self.mini.locator("body[data-ready]").wait_for()

    async def tab(self, name: str) -> None:
        """Back to the first of the pages, then to this one of the bar."""
        while await self.mini.get_by_test_id("mini-back").is_visible():
            await self.mini.get_by_test_id("mini-back").click()
        await self.mini.get_by_test_id(f"tab-pages/{name}/{name}").click()

    async def tap(self, name: str) -> None:
        await self.mini.get_by_role("button", name=name, exact=True).filter(visible=True).first.click()

    async def row(self, name: str) -> None:
        await self.mini.get_by_role("link").filter(has_text=name, visible=True).first.click()

    async def sees(self, text: str | re.Pattern[str]) -> None:
        await expect(self.mini.get_by_text(text).filter(visible=True).first).to_be_visible()

    async def say(self, text: str) -> str:
        """Says something in the chat; the answer."""
        count = await self.chat.get_by_test_id("bubble").count()
        await self.chat.get_by_test_id("input").fill(text)
        await self.chat.get_by_test_id("input").press("Enter")
        answer = self.chat.locator('[data-testid="bubble"][data-side="account"]').nth(-1)
        await expect(self.chat.get_by_test_id("bubble")).not_to_have_count(count + 1)
        return await answer.inner_text()

    async def bind(self) -> None:
        """Becomes one with the person who chats, by the words that the mini program gives."""
        await self.tab("me")
        await self.row("绑定公众号")
        await self.tap("生成绑定口令")
        words = self.mini.get_by_text(re.compile(r"绑定小程序 \d{6}")).first
        await self.say((await words.inner_text()).strip())
        await self.tap("我发了，看看好了没")
        await self.sees(re.compile("绑定好了|已经绑定"))


async def opened(browser: Browser, here: World) -> tuple[Page, list[str]]:
    """The page of phones, and what it complains about."""
    page = await browser.new_page(viewport=WIDE, locale="zh-CN")
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    complaints = listening(page)
    await page.goto(here.address)
    await expect(page.get_by_test_id("phone-wang")).to_be_visible()
    return page, complaints


def listening(page: Page) -> list[str]:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    return complaints


async def by_sentence(wang: Phone) -> None:
    await wang.tab("record")
    await wang.mini.get_by_label("说一句就能记").fill("11月12日到14日参加《装配式建筑》培训班，专业课，一共24学时")
    await wang.tap("帮我填好")
    await expect(wang.mini.get_by_label("名称", exact=True)).to_have_value("装配式建筑")
    await wang.tap("记下")
    await wang.sees("记下了")


async def the_ruling(wang: Phone) -> None:
    await wang.tap("看这条")
    await wang.tap("看怎么算的")
    await wang.sees("一步一步看")
    await wang.sees(re.compile("第十二条"))


async def by_photo(wang: Phone) -> None:
    await wang.tab("record")
    await wang.tap("再记一条")
    await wang.tap("拍证书")
    await wang.tap("拍照")
    await wang.mini.get_by_test_id("mini-action-0").click()
    await wang.tap("用这张")
    await expect(wang.mini.get_by_text("读到的内容，请核对")).to_be_visible(timeout=READING_MS)
    await wang.tap("没错，记下")
    await wang.sees("附上证明照片")


async def reminders(wang: Phone) -> None:
    await wang.tab("me")
    await wang.row("提醒")
    await wang.tap("到期前在微信里提醒我 允许")
    await wang.mini.get_by_test_id("mini-consent-yes").click()
    await wang.sees("还可提醒1次")
    await wang.mini.get_by_role("radio", name="每周").click()
    await wang.tap("保存")
    await wang.sees("设好了")


async def verified(zhao: Phone) -> None:
    await zhao.tab("me")
    await zhao.row("待我审核")
    await zhao.row("装配式建筑")
    await zhao.sees(re.compile("王建国"))
    await zhao.tap("通过")
    await zhao.sees("已通过")


async def test_a_year_in_the_hand(browser: Browser, preview: Path, tmp_path: Path) -> None:
    """Log in, bind, record by sentence, see why, photograph, ask for reminders; HR verifies; the chat says the same."""
    async with world(tmp_path, preview=preview, open_platform=False) as here:
        await unit(here)
        page, complaints = await opened(browser, here)
        wang, zhao = Phone(page, "wang"), Phone(page, "zhao")
        await wang.open()
        await wang.bind()
        await by_sentence(wang)
        await the_ruling(wang)
        await reminders(wang)
        await zhao.open()
        await zhao.bind()
        await verified(zhao)
        await expect(wang.chat.get_by_test_id("bubble").last).to_contain_text("审核通过")
        listed = await wang.say("我记了哪些")
        assert "《装配式建筑》" in listed
        assert "已审核" in listed
        await by_photo(wang)
        assert "2条" in await wang.say("我记了哪些")
        assert complaints == []
        await page.screenshot(path=tmp_path / "year.png")


async def test_every_page_opens_in_the_dark(browser: Browser, preview: Path, tmp_path: Path) -> None:
    """The pages without anything recorded yet: none fails, none asks another host, the first comes quickly."""
    async with world(tmp_path, preview=preview) as here:
        page = await browser.new_page(viewport=HAND, locale="zh-CN", color_scheme="dark")
        page.set_default_timeout(PATIENCE_MS)
        complaints = listening(page)
        elsewhere: list[str] = []
        page.on("request", lambda asked: elsewhere.append(asked.url) if not asked.url.startswith(LOCAL) else None)
        for route in ROUTES:
            await page.goto("about:blank")
            await page.goto(f"{here.address}/mini/wang#/pages/{route}/{route}")
            await page.locator("body[data-ready]").wait_for()
            await expect(page.locator(f'[data-route="pages/{route}/{route}"]')).to_be_visible()
            await expect(page.locator("[aria-label=正在取数据]")).to_have_count(0, timeout=PATIENCE_MS)
            assert await page.locator("[data-route]").inner_text() != "", route
        assert complaints == []
        assert [url for url in elsewhere if not url.startswith(("about:", "blob:", "data:"))] == []
