"""How long the mini program's first page takes in the preview, against an empty page of the same server.

Needs Chromium and the built preview (`make preview`). From the address to the drawn year, log-in and all, in a fresh
browser profile each time; the machine's other work is in it.
"""

import asyncio
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from playwright.async_api import Browser, async_playwright

from tests.miniprogram.world import world
from tests.simulator.screens import CHROMIUM

PREVIEW = Path("var/preview")
ROUNDS = 7
DRAWN = '[data-route="pages/home/home"] [aria-role], [data-route="pages/home/home"] .home-ring, progress-ring'


async def _seconds(browser: Browser, address: str, drawn: str) -> float:
    context = await browser.new_context(viewport={"width": 375, "height": 760}, locale="zh-CN")
    page = await context.new_page()
    began = perf_counter()
    await page.goto(address, wait_until="commit")
    await page.locator(drawn).first.wait_for(state="attached")
    taken = perf_counter() - began
    await context.close()
    return taken


async def _measure() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with world(Path(folder), preview=PREVIEW) as here, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            first, empty = [], []
            for _ in range(ROUNDS):
                empty.append(await _seconds(browser, f"{here.address}/static/icon.svg", "svg"))
                first.append(await _seconds(browser, f"{here.address}/mini/wang", DRAWN))
            await browser.close()
    page, floor = median(first), median(empty)
    print(f"first page, logged in and drawn: {page * 1000:.0f} ms median of {ROUNDS}, worst {max(first) * 1000:.0f} ms")
    print(f"an empty page: {floor * 1000:.0f} ms; the mini program takes {page / floor:.1f} times as long")


def main() -> None:
    if not (PREVIEW / "program.js").exists():
        print("there is no preview: make preview")
        return
    asyncio.run(_measure())


if __name__ == "__main__":
    main()
