"""Takes the pictures of `docs/guide` anew from the running demo: `python -m tests.guide.pictures [FOLDER]`.

They are small (a palette instead of all colours), so that the repository stays so too. Names are those that the pages
of the guide use; `test_guide` holds that every picture is used and every one that is used is there.
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.guide.running import demo
from tests.simulator.screens import CHROMIUM, open_page

FOLDER = Path("docs/guide/pictures")
MOST_BYTES = 120_000
SECONDS = 20_000  # milliseconds that anything may take on a busy machine
CHAT, DESK, HAND = (1400, 1000), (1200, 800), (390, 844)
ROOMS: tuple[tuple[str, str], ...] = (  # pictures of the console's rooms, by name and address
    ("hr-overview", "/console/overview"),
    ("hr-people", "/console/people"),
    ("hr-import", "/console/imports"),
    ("hr-export", "/console/exports"),
    ("hr-review", "/console/review"),
    ("hr-broadcasts", "/console/broadcasts"),
    ("hr-settings", "/console/settings"),
)


def keep(picture: bytes, name: str, folder: Path) -> None:
    """A screenshot as PNG of at most MOST_BYTES, with as many colours as that allows."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (128, 64, 32, 16):
        written = io.BytesIO()
        image.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
        if written.tell() <= MOST_BYTES:
            break
    else:
        raise ValueError(f"{name} is too large: take less of the page")
    (folder / f"{name}.png").write_bytes(written.getvalue())


def phone(page: Page, person: str) -> Locator:
    return page.get_by_test_id(f"phone-{person}")


def say(page: Page, person: str, text: str, heard: str) -> None:
    """Says something and waits until the latest bubble of the account holds some words."""
    one = phone(page, person)
    before = one.locator("[data-testid=bubble].account").count()
    one.get_by_test_id("input").fill(text)
    one.get_by_test_id("input").press("Enter")
    expect(one.locator("[data-testid=bubble].account")).not_to_have_count(before, timeout=SECONDS)
    expect(one.locator("[data-testid=bubble].account").last).to_contain_text(heard, timeout=SECONDS)


def the_professional(page: Page, folder: Path) -> None:
    """王工 asks, tells, sends a picture, and has a form made."""
    one = phone(page, "wang")
    one.scroll_into_view_if_needed()
    keep(page.screenshot(), "demo", folder)
    say(page, "wang", "我还差多少学时", "还差")
    say(page, "wang", "上周三下午听了半天学术讲座，专业课", "请确认")
    keep(one.screenshot(), "chat-record", folder)
    say(page, "wang", "对", "记下了")
    say(page, "wang", "为什么", "条")
    keep(one.screenshot(), "chat-why", folder)
    one.get_by_test_id("plus").click()
    one.get_by_test_id("tile-paper").click()
    page.get_by_test_id("ask-ok").click()
    expect(one.locator("[data-testid=bubble].account").last).to_contain_text("青禾市", timeout=60_000)
    keep(one.screenshot(), "chat-photo", folder)
    say(page, "wang", "对", "记下了")
    say(page, "wang", "怎么补最快", "学时")
    keep(one.screenshot(), "chat-plan", folder)


def signed_in(page: Page, browser: Browser, person: str, size: tuple[int, int], name: str, folder: Path) -> Page:
    """Says 打开后台 on a phone, taps the link, and signs in."""
    one = phone(page, person)
    one.scroll_into_view_if_needed()
    say(page, person, "打开后台", "console/in")
    if name:
        keep(one.screenshot(), f"{name}-link", folder)
    link = one.locator("[data-testid=bubble].account a").last.get_attribute("href")
    assert link
    opened = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai"
    ).new_page()
    opened.goto(link)
    if name:
        keep(opened.screenshot(), f"{name}-enter", folder)
    opened.get_by_role("button").click()
    opened.wait_for_url("**/console/**")
    return opened


def shot(page: Page, name: str, folder: Path, *, high: int = 0) -> None:
    """The page as it opens; with `high` the first so many pixels of it."""
    page.wait_for_load_state("networkidle")
    clip = {"x": 0, "y": 0, "width": (page.viewport_size or {"width": 0})["width"], "height": high}
    picture = page.screenshot(full_page=True, clip=clip) if high else page.screenshot()  # type: ignore[arg-type]
    keep(picture, name, folder)


def main(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, demo(Path(place)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = open_page(browser, address, CHAT)
        the_professional(page, folder)
        admin = signed_in(page, browser, "zhao", DESK, "hr", folder)
        service = admin.url.partition("/console/")[0]
        for name, path in ROOMS:
            answer = admin.goto(service + path)
            if answer is not None and answer.ok:
                shot(admin, name, folder)
            else:
                sys.stdout.write(f"no {path}\n")
        operator = signed_in(page, browser, "shen", DESK, "", folder)
        shot(operator, "operator", folder, high=1000)
        browser.close()


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
