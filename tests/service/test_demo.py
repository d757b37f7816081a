"""`xueshi demo` in a real browser: the story of 王工 as a new user tries it; screenshots go to `var/screenshots`."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.guide.running import demo as running
from tests.simulator.screens import CHROMIUM, NARROW, WIDE, open_page

SCREENSHOTS = Path("var/screenshots")
READ_SECONDS = 60_000  # milliseconds for a picture: the recogniser is loaded for the first one
SECONDS = 8_000  # milliseconds that an answer may take on a busy machine

pytestmark = pytest.mark.skipif(
    not Path(CHROMIUM).exists(), reason=f"no browser at {CHROMIUM}: install Debian's chromium, or set CHROMIUM_PATH"
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo's address; it must end cleanly on Ctrl-C."""
    with running(tmp_path_factory.mktemp("demo")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def page(demo: str, browser: Browser) -> Iterator[Page]:
    opened = open_page(browser, demo, WIDE)
    problems: list[str] = []
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    opened.close()
    assert not problems


def phone(page: Page, person: str) -> Locator:
    return page.get_by_test_id(f"phone-{person}")


def say(page: Page, person: str, text: str, *heard: str) -> Locator:
    """Says something on one phone and waits for one new bubble of the account; returns it."""
    one = phone(page, person)
    answers = one.locator("[data-testid=bubble].account")
    before = answers.count()
    one.get_by_test_id("input").fill(text)
    one.get_by_test_id("input").press("Enter")
    expect(answers).to_have_count(before + 1, timeout=SECONDS)
    for part in heard:
        expect(answers.last).to_contain_text(part)
    return answers.last


def picture(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def test_the_story_of_an_engineer_in_inner_mongolia(page: Page) -> None:
    say(page, "wang", "我还差多少学时", "内蒙古", "还差46学时", "公需 20/30", "第十一条")
    say(page, "wang", "上周三下午听了半天学术讲座，专业课", "请确认", "学术讲座", "4学时", "第十条")
    say(page, "wang", "对", "记下了", "4学时", "还差42学时")
    picture(page, "recorded")
    say(page, "wang", "为什么", "第十条", "第十一条")
    say(page, "wang", "我还差多少学时", "还差42学时")
    say(page, "wang", "撤回第3条", "要撤回", "第3条")
    say(page, "wang", "对", "撤回了")
    say(page, "wang", "我还差多少学时", "还差46学时")
    expect(page.get_by_test_id("wire-row").first).to_be_visible()
    picture(page, "withdrawn")


def heard(page: Page, person: str, *parts: str) -> Locator:
    """Waits until the account's latest bubble on a phone holds these parts; a picture takes a few seconds to read."""
    last = phone(page, person).locator("[data-testid=bubble].account").last
    for part in parts:
        expect(last).to_contain_text(part, timeout=READ_SECONDS)
    return last


def test_a_certificate_from_the_photo_to_verified_hours(page: Page) -> None:
    wang, zhao = phone(page, "wang"), phone(page, "zhao")
    wang.get_by_test_id("plus").click()
    wang.get_by_test_id("tile-paper").click()
    page.get_by_test_id("ask-ok").click()
    heard(page, "wang", "请确认", "绿色建筑施工技术", "24学时", "专业科目", "青禾市建设培训中心")
    picture(page, "proof-read")
    say(page, "wang", "对", "记下了", "24学时", "1张证明照片已附上")
    before = zhao.locator("img").count()
    say(page, "zhao", "待审核 王建国", "王建国")
    say(page, "zhao", "下一条", "王建国")
    zhao.get_by_test_id("input").fill("下一条")
    zhao.get_by_test_id("input").press("Enter")  # the fields, and the picture after them
    shown = zhao.locator("[data-testid=bubble].account", has_text="照片上：王建国")
    expect(shown).to_contain_text("绿色建筑施工技术", timeout=SECONDS)
    expect(zhao.locator("img")).to_have_count(before + 1, timeout=READ_SECONDS)
    picture(page, "proof-reviewed")
    say(page, "zhao", "通过", "通过了：王建国")
    heard(page, "wang", "演示单位审核通过", "绿色建筑施工技术")
    say(page, "wang", "审核情况", "已审核1条")
    say(page, "wang", "谁看过我的照片", "赵敏", "演示单位")
    picture(page, "proof-verified")


def test_a_picture_that_cannot_be_read_is_said_so(page: Page) -> None:
    li = phone(page, "li")
    li.get_by_test_id("plus").click()
    li.get_by_test_id("tile-paper").click()
    page.get_by_test_id("ask-kind").select_option("blurred")
    page.get_by_test_id("ask-ok").click()
    heard(page, "li", "没读出学时信息")


def test_following_begins_with_two_taps(page: Page) -> None:
    one = phone(page, "xin")
    one.get_by_test_id("follow").click()
    answers = one.locator("[data-testid=bubble].account")
    expect(answers).to_have_count(2, timeout=SECONDS)
    one.get_by_test_id("choice").filter(has_text="四川").click()
    expect(answers).to_have_count(4, timeout=SECONDS)
    one.get_by_test_id("choice").filter(has_text="工程").click()
    expect(answers).to_have_count(5, timeout=SECONDS)
    expect(answers.last).to_contain_text("四川")
    picture(page, "followed")


def test_the_menu_answers(page: Page) -> None:
    one = phone(page, "chen")
    answers = one.locator("[data-testid=bubble].account")
    before = answers.count()
    if one.get_by_test_id("bar-toggle").is_visible():
        one.get_by_test_id("bar-toggle").click()
    one.get_by_test_id("menu-button").first.click()
    expect(answers).to_have_count(before + 1, timeout=SECONDS)
    expect(answers.last).to_contain_text("江西")


def test_hr_commands_are_for_hr(page: Page) -> None:
    say(page, "li", "待审核列表", "没有这个权限")
    say(page, "zhao", "待审核列表", "王建国", "没有附证明")


def signed_in(page: Page, person: str) -> Page:
    """Says 打开后台, taps the link and signs in with it."""
    bubble = say(page, person, "打开后台", "五分钟内有效")
    with page.expect_popup() as opening:
        bubble.locator("a").click()
    console = opening.value
    console.get_by_role("button", name="登录").click()
    console.wait_for_url("**/console/**")
    return console


def test_hr_opens_the_console_from_the_chat(page: Page) -> None:
    console = signed_in(page, "zhao")
    expect(console.get_by_role("heading", level=1)).to_contain_text("学时概览")
    picture(console, "console-overview")
    console.get_by_role("navigation", name="栏目").get_by_role("link", name="审核").click()
    expect(console.get_by_role("main")).to_contain_text("安全生产继续教育")
    picture(console, "console-review")
    console.close()


def test_the_operator_sees_the_fault_that_was_made(page: Page) -> None:
    page.get_by_test_id("faults").locator("summary").click()
    page.get_by_test_id("fault-duplicate").click()
    say(page, "shen", "谢谢", "不客气")
    console = signed_in(page, "shen")
    console.get_by_role("button", name="刷新").click()
    expect(console.locator(".lamp.yellow[data-lamp=twins]")).to_be_visible()
    picture(console, "console-operator")
    console.close()


def test_the_page_shows_where_the_console_is(page: Page) -> None:
    with page.expect_popup() as opening:
        page.get_by_test_id("link").filter(has_text="管理后台").click()
    expect(opening.value.get_by_role("main")).to_contain_text("打开后台")
    opening.value.close()


def test_it_works_on_a_phone_sized_window(demo: str, browser: Browser) -> None:
    page = open_page(browser, demo, NARROW)
    say(page, "wang", "谢谢", "不客气")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    picture(page, "narrow")
    page.close()


def test_december_comes_and_three_phones_get_three_reminders(page: Page) -> None:
    page.get_by_test_id("clock-december").click()
    told: dict[str, str | re.Pattern[str]] = {  # 王工 may have recorded and photographed something in a test before
        "wang": re.compile("还差公需10、专业[0-9]+学时"),
        "li": "还差专业20学时",
        "chen": "交《水库安全》的证书",
    }
    for name, what in told.items():
        cards = phone(page, name).locator("[data-testid=bubble]", has_text="学时提醒")
        expect(cards.filter(has_text=what)).to_have_count(1, timeout=SECONDS)
        expect(cards.filter(has_text=what)).to_contain_text("怎么补")
    picture(page, "december")
    say(page, "li", "怎么补", "还差")
    say(page, "li", "明天再提醒我", "12月2日")
    say(page, "li", "我的提醒", "12月17日", "到期前14天")
    say(page, "li", "别再提醒了", "都停了")
    picture(page, "december-talk")
