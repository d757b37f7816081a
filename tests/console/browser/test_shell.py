"""Signing in, the shell and one's own sign-ins, as they are seen and used with the keyboard alone."""

import pytest
from playwright.async_api import expect

from console.signing import new_token
from tests.console.browser.screens import NARROW, PHONE, WIDE, Screens


@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (PHONE, True)])
async def test_signing_in_and_out(screens: Screens, size: tuple[int, int], dark: bool) -> None:
    screen = await screens.stranger(size, dark=dark)
    await screen.go("/console/in/" + "x" * 43)
    await screen.shot("link-over")
    screen.complaints.clear()  # the browser notes the 410
    screen = await screens.open("王芳", size, dark=dark)
    await screen.go("/console/me")
    await expect(screen.page.get_by_role("heading", level=1)).to_have_text("我的登录")
    await screen.check("me")
    await screen.page.get_by_role("navigation", name="我的账号").get_by_role("button", name="退出").click()
    await expect(screen.page.get_by_role("heading", level=1)).to_have_text("请先登录")
    await screen.shot("sign-in-needed")
    assert await screen.barriers() == []


@pytest.mark.parametrize(("size", "dark"), [(WIDE, True), (NARROW, False)])
async def test_the_page_of_the_link(screens: Screens, size: tuple[int, int], dark: bool) -> None:
    desk, token = screens.desk, new_token()
    await desk.store.console.make_link(desk.people["王芳"].id, token, desk.clock.now())
    screen = await screens.stranger(size, dark=dark)
    await screen.go(f"/console/in/{token}")
    await expect(screen.page.get_by_role("button", name="登录")).to_be_focused()
    await screen.check("sign-in")
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.get_by_role("navigation", name="栏目")).to_be_visible()
    await screen.go("/console/people/999999")
    screen.complaints.clear()  # the browser notes the 404
    await screen.check("missing")


async def test_the_keyboard_is_enough(screens: Screens) -> None:
    screen = await screens.open("王芳", NARROW)
    page = screen.page
    await screen.go("/console/me")
    await page.keyboard.press("Tab")
    await expect(page.get_by_text("跳到正文")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await screen.check("keys")
    await page.get_by_label("开启快捷键").uncheck()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_a_unit_is_chosen_in_the_header(screens: Screens) -> None:
    screen = await screens.open("王芳")
    await screen.go("/console/me")
    async with screen.page.expect_navigation():
        await screen.page.get_by_label("查看的单位").select_option("江河设计院勘察分院")
    signed = await screens.desk.sign_in_of(screens.desk.people["王芳"].id)
    assert signed.unit == "江河设计院勘察分院"
    assert screen.complaints == []
