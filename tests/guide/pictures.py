"""Takes the pictures of `docs/guide` anew from the running demo: `python -m tests.guide.pictures [FOLDER]`.

They are small (a palette instead of all colours), so that the repository stays so too. Names are those that the pages
of the guide use; `test_guide` holds that every picture is used and every one that is used is there.
"""

import io
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.guide.running import demo
from tests.simulator.screens import CHROMIUM, open_page

FOLDER = Path("docs/guide/pictures")
PREVIEW = Path("var/preview")  # of the mini program, as `make preview` makes it
MOST_BYTES = 120_000
SECONDS = 20_000  # milliseconds that anything may take on a busy machine
CHAT, DESK, HAND = (1400, 1000), (1200, 800), (390, 844)
ROOMS: tuple[tuple[str, str, int], ...] = (  # pictures of the console's rooms: name, address, how much of its height
    ("hr-overview", "/console/overview", 1150),
    ("hr-people", "/console/people", 0),
    ("hr-import", "/console/imports", 0),
    ("hr-export", "/console/exports", 0),
    ("hr-reconciliation", "/console/reconciliation", 0),
    ("hr-review", "/console/review", 0),
    ("hr-broadcast", "/console/broadcasts/new", 900),
    ("hr-settings", "/console/settings", 900),
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
    say(page, "wang", "我的提醒", "提醒")
    keep(one.screenshot(), "chat-reminders", folder)
    one.get_by_test_id("input").fill("导出登记表")
    one.get_by_test_id("input").press("Enter")
    expect(one.locator("[data-testid=bubble].account a").last).to_be_visible(timeout=SECONDS)
    keep(one.screenshot(), "chat-form", folder)


def the_mini_program(page: Page, folder: Path) -> None:
    """王工 opens the mini program beside the chat: where the year stands, and recording."""
    one = phone(page, "wang")
    one.scroll_into_view_if_needed()
    one.get_by_test_id("plus").click()
    one.get_by_test_id("tile-mini").click()
    frame = page.frame_locator("[data-testid=mini-wang] iframe")
    frame.locator("body[data-ready]").wait_for(timeout=60_000)
    for name, tab in (("mini-home", "home"), ("mini-record", "record"), ("mini-entries", "entries")):
        frame.get_by_test_id(f"tab-pages/{tab}/{tab}").click()
        page.wait_for_timeout(2500)  # the pages fetch what they show
        keep(page.get_by_test_id("mini-wang").screenshot(), name, folder)
    page.get_by_test_id("mini-wang").get_by_text("关闭").click()


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


def the_admin(page: Page, browser: Browser, folder: Path) -> None:
    """赵主任 opens the console, looks into every room, at one person and at one record that waits."""
    admin = signed_in(page, browser, "zhao", DESK, "hr", folder)
    service = admin.url.partition("/console/")[0]
    for name, path, high in ROOMS:
        admin.goto(service + path)
        shot(admin, name, folder, high=high)
    admin.goto(f"{service}/console/people")
    admin.get_by_role("link", name="马建军").click()
    shot(admin, "hr-person", folder, high=1000)
    admin.goto(f"{service}/console/review")
    course = admin.get_by_role("row", name="安全生产继续教育")
    course.get_by_role("link").last.click()
    expect(admin.locator("main img").first).to_be_visible()
    shot(admin, "hr-claim", folder, high=900)
    admin.goto(f"{service}/console/review")
    course.get_by_role("link").first.click()
    shot(admin, "hr-event", folder)
    admin.context.close()


def the_operator(page: Page, browser: Browser, folder: Path) -> None:
    """老沈 sees two faults that were made on purpose, a ledger that is whole, and what runs."""
    for fault in ("duplicate", "slow"):
        page.get_by_test_id("faults").locator("summary").click()
        page.get_by_test_id(f"fault-{fault}").click()
        page.get_by_test_id("clock").click()
        say(page, "shen", "帮助", "")
    operator = signed_in(page, browser, "shen", DESK, "", folder)
    service = operator.url.partition("/console/")[0]
    operator.get_by_role("button", name="刷新").click()
    shot(operator, "operator-lamps", folder, high=1050)
    operator.goto(f"{service}/console/operator/ledger")
    operator.get_by_role("button", name="现在核对").click()
    expect(operator.get_by_text("完好").first).to_be_visible(timeout=SECONDS)
    shot(operator, "operator-ledger", folder, high=480)
    operator.goto(f"{service}/console/operator/turns")
    shot(operator, "operator-turns", folder, high=420)
    operator.context.close()


def main(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        if PREVIEW.exists():
            (Path(place) / "var").mkdir()
            (Path(place) / PREVIEW).symlink_to(PREVIEW.absolute())
        else:
            sys.stdout.write("the mini program's pictures stay as they are: run `make preview` for new ones\n")
        _take(Path(place), folder)


def _take(place: Path, folder: Path) -> None:
    with demo(place) as address, sync_playwright() as playwright:
        chinese = {**os.environ, "LANGUAGE": "zh_CN"}  # for what the browser itself writes: dates, 选择文件
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--lang=zh-CN"], env=dict(chinese)
        )
        page = open_page(browser, address, CHAT)
        the_professional(page, folder)
        if PREVIEW.exists():
            the_mini_program(page, folder)
        the_admin(page, browser, folder)
        the_operator(page, browser, folder)
        browser.close()


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
