"""The page of phones in a real Chromium: follow, say, choose, photograph, move the clock, read the wire."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from playwright.async_api import Browser, Page, async_playwright, expect

from simulator.account import Mode
from simulator.platform import Platform
from simulator.qrpicture import picture
from tests.simulator.conftest import PEOPLE, Api
from tests.simulator.screens import CHROMIUM, NARROW, WIDE
from tests.simulator.service import Service

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Debian's chromium is not installed")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


async def opened(
    browser: Browser, client: TestClient[web.Request, web.Application], size: tuple[int, int]
) -> tuple[Page, list[str]]:
    """The page, and what it complains about."""
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
    page.set_default_timeout(5000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    await page.goto(str(client.make_url("/")))
    await expect(page.get_by_test_id("phone-wang")).to_be_visible()
    return page, complaints


async def test_a_talk_on_the_wide_page(
    browser: Browser,
    client: TestClient[web.Request, web.Application],
    platform: Platform,
    api: Api,
    service: Service,
    tmp_path: Path,
) -> None:
    await api(
        "menu/create", {"button": [{"name": "学时", "sub_button": [{"type": "click", "name": "还差", "key": "ASK"}]}]}
    )
    page, complaints = await opened(browser, client, WIDE)

    zhao = page.get_by_test_id("phone-zhao")
    await zhao.get_by_test_id("follow").click()
    await expect(zhao.get_by_test_id("bubble").last).to_contain_text("收到：subscribe")
    await zhao.get_by_test_id("bar-toggle").click()
    await zhao.get_by_test_id("menu-button").click()
    await zhao.get_by_test_id("submenu-button").click()
    await expect(zhao.get_by_test_id("bubble").last).to_contain_text("收到：CLICK")

    wang = page.get_by_test_id("phone-wang")
    hostile = "<img src=x onerror=alert(1)> ]]> <script>alert(2)</script>"
    await wang.get_by_test_id("input").fill(hostile)
    await wang.get_by_test_id("input").press("Enter")
    await expect(wang.get_by_test_id("bubble").last).to_contain_text(f"收到：{hostile}")
    assert await wang.locator(".talk script, .talk img").count() == 0

    menu = {"head_content": "记吗？", "list": [{"id": "yes", "content": "记下"}], "tail_content": ""}
    await api("message/custom/send", {"touser": PEOPLE[0].openid, "msgtype": "msgmenu", "msgmenu": menu})
    await wang.get_by_test_id("choice").click()
    await expect(wang.get_by_test_id("bubble").last).to_contain_text("收到：记下")
    assert service.received[-1].message.value("bizmsgmenuid") == "yes"

    photo = tmp_path / "a.png"
    photo.write_bytes(picture("a"))
    await wang.get_by_test_id("photo-file").set_input_files(photo)
    await expect(wang.locator("img")).to_be_visible()
    await expect(wang.get_by_test_id("bubble").last).to_contain_text("收到：image")

    await page.get_by_test_id("wire-phone").select_option("wang")
    rows = page.get_by_test_id("wire-row").filter(visible=True)
    await expect(rows).to_have_count(4)
    await rows.last.locator("summary").click()
    await expect(rows.last).to_contain_text(hostile.replace("]]>", "]]]]><![CDATA[>"))

    before = platform.clock.now()
    await page.get_by_test_id("clock-week").click()
    await expect(page.get_by_test_id("clock")).to_contain_text("11月28日")
    await page.get_by_test_id("clock-december").click()
    await expect(page.get_by_test_id("clock")).to_contain_text("12月1日")
    assert (platform.clock.now() - before).days == 10

    await page.get_by_test_id("mode").select_option("plain")
    await page.get_by_test_id("faults").locator("summary").click()
    await page.get_by_test_id("fault-duplicate").click()
    await expect(page.get_by_test_id("faults")).to_contain_text("待发生：同时投递两次")
    await wang.get_by_test_id("input").fill("两次")
    await wang.get_by_test_id("input").press("Shift+Enter")
    await wang.get_by_test_id("input").press_sequentially("两行")
    await wang.get_by_test_id("send").click()
    await expect(wang.get_by_test_id("bubble").last).to_contain_text("收到：两次\n两行", use_inner_text=True)
    assert platform.pusher.mode is Mode.PLAIN
    await expect(rows).to_have_count(6)
    assert complaints == []


async def test_one_phone_at_a_time_on_a_narrow_page(
    browser: Browser, client: TestClient[web.Request, web.Application], platform: Platform
) -> None:
    page, complaints = await opened(browser, client, NARROW)
    await expect(page.get_by_test_id("phone-li")).to_be_hidden()
    await page.get_by_test_id("switch-li").click()
    await expect(page.get_by_test_id("phone-wang")).to_be_hidden()
    li = page.get_by_test_id("phone-li")
    await li.get_by_test_id("input").fill("你好")
    await li.get_by_test_id("send").click()
    await expect(li.get_by_test_id("bubble").last).to_contain_text("收到：你好")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = await li.get_by_test_id("input").bounding_box()
    assert box
    assert box["y"] + box["height"] < NARROW[1]
    await page.get_by_test_id("tools-toggle").click()
    await page.get_by_test_id("clock-day").click()
    await expect(page.get_by_test_id("clock")).to_contain_text("11月22日")
    await page.get_by_test_id("wire-toggle").click()
    await expect(page.get_by_test_id("wire-row")).to_be_visible()
    assert complaints == []


async def test_the_page_finds_its_way_back_after_the_stream_broke(
    browser: Browser, client: TestClient[web.Request, web.Application], platform: Platform
) -> None:
    page, _ = await opened(browser, client, WIDE)
    platform.feed.close()
    await platform.phone("wang").text("unheard")
    await expect(page.get_by_test_id("phone-wang").get_by_test_id("bubble")).to_have_count(2, timeout=8000)
    await platform.phone("wang").text("heard")
    await expect(page.get_by_test_id("phone-wang").get_by_test_id("bubble")).to_have_count(4)
