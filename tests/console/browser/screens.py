"""The console in Debian's Chromium, on a desk and on a phone.

    async def test_people_are_found(screens: Screens) -> None:
        screen = await screens.open("王芳")                  # signed in by the button of a link; width WIDE
        await screen.go("/console/people")
        await screen.page.get_by_role("searchbox").fill("张")
        await screen.check("people")                        # axe, no complaint, not too wide; a picture

`screens.open(name, PHONE, unit=…, dark=True)` for the others. Pictures are kept when XUESHI_SCREENS names a folder.
`screens.desk` is the Desk of `tests.console.desk`.
"""

import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from console.signing import new_token
from tests.console.desk import Desk

CHROMIUM = Path("/usr/bin/chromium")
WIDE, PHONE, NARROW = (1280, 860), (390, 844), (360, 740)
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@dataclass
class Screen:
    """One browser window. `complaints` are errors in its console and of its scripts."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    async def go(self, path: str) -> None:
        await self.page.goto(self.url + path)

    async def check(self, name: str = "") -> None:
        """Nothing that keeps somebody out, nothing to scroll sideways, no complaint; keeps a picture under `name`."""
        if name:
            await self.shot(name)
        assert self.complaints == []
        wide = await self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"the page is {wide} px wider than the screen"
        assert await self.barriers() == []

    async def barriers(self) -> list[str]:
        """What axe-core finds, in short; skips the test where it is not installed."""
        if not AXE.exists():
            pytest.skip("run tests/npm-packages.sh for axe-core")
        found: dict[str, Any] = await self.page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
        )
        return [
            f"{one['id']} ({one['impact']}): {node['html'][:160]}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    async def shot(self, name: str) -> None:
        folder = os.environ.get("XUESHI_SCREENS")
        if folder:
            size = self.page.viewport_size or {"width": 0}
            await self.page.screenshot(path=Path(folder) / f"{name}-{size['width']}.png", full_page=True)


@dataclass
class Screens:
    desk: Desk
    browser: Browser
    _contexts: list[BrowserContext] = field(default_factory=list)

    async def stranger(self, size: tuple[int, int] = WIDE, *, dark: bool = False) -> Screen:
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            has_touch=size[0] < 800,
            reduced_motion="reduce",
        )
        self._contexts.append(context)
        if AXE.exists():
            await context.add_init_script(path=AXE)
        page = await context.new_page()
        page.set_default_timeout(8000)
        screen = Screen(page, self.desk.url)
        page.on("pageerror", lambda error: screen.complaints.append(str(error)))
        page.on("console", lambda told: screen.complaints.append(told.text) if told.type == "error" else None)
        return screen

    async def open(self, name: str, size: tuple[int, int] = WIDE, *, unit: str = "", dark: bool = False) -> Screen:
        """Somebody of `tests.console.people`, signed in; with a unit chosen in the header."""
        desk, token = self.desk, new_token()
        screen = await self.stranger(size, dark=dark)
        await desk.store.console.make_link(desk.people[name].id, token, desk.clock.now())
        await screen.go(f"/console/in/{token}")
        await screen.page.get_by_role("button").click()
        await screen.page.wait_for_url("**/console/**")
        if unit:
            signed = await desk.sign_in_of(desk.people[name].id)
            await desk.store.console.choose_unit(signed.digest, unit)
        return screen


@contextlib.asynccontextmanager
async def open_screens(desk: Desk) -> AsyncIterator[Screens]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield Screens(desk, browser)
        finally:
            await browser.close()
