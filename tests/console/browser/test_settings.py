"""The settings of a unit as they are seen, on a desk, on a phone, light and dark."""

import pytest
from playwright.async_api import expect

from tests.console.browser.screens import NARROW, WIDE, Screens

PAGES = ("", "/reviews", "/days", "/colleagues", "/looks")


@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (NARROW, True)])
async def test_every_page_of_settings(screens: Screens, size: tuple[int, int], dark: bool) -> None:
    screen = await screens.open("王芳", size, dark=dark)
    page = screen.page
    await screen.go("/console/settings/days")
    await page.get_by_label("截止日期").fill("2026-12-10")
    await page.get_by_label("名称").fill("年度公需科目")
    await page.get_by_role("button", name="添加").click()
    await expect(page.get_by_role("status")).to_contain_text("已设置")
    for path in PAGES:
        await screen.go(f"/console/settings{path}")
        await screen.check(f"settings{path.replace('/', '-')}")


async def test_a_wrong_number_is_told_beside_its_field(screens: Screens) -> None:
    screen = await screens.open("王芳")
    await screen.go("/console/settings")
    await screen.page.get_by_label("年度学时").fill("很久")
    await screen.page.get_by_role("button", name="保存").click()
    await expect(screen.page.get_by_label("年度学时")).to_have_attribute("aria-invalid", "true")
    screen.complaints.clear()  # the browser notes the 422
    await screen.check("settings-wrong")
