"""Takes pictures of the page of phones: `python -m tests.simulator.screens ADDRESS FOLDER`.

Chromium is Debian's; its path is in CHROMIUM_PATH if it is not the usual one.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

WIDE, NARROW = (1400, 900), (390, 844)
CHROMIUM = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")


def open_page(browser: Browser, address: str, size: tuple[int, int], *, dark: bool = False) -> Page:
    """The page at this size in CSS pixels, drawn and listening."""
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", color_scheme="dark" if dark else "light"
    )
    page.goto(address)
    page.locator("[data-testid^=phone-]").first.wait_for(state="attached")
    return page


def main(address: str, folder: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, size, dark in (("wide", WIDE, False), ("narrow", NARROW, False), ("dark", WIDE, True)):
            page = open_page(browser, address, size, dark=dark)
            page.screenshot(path=Path(folder) / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
