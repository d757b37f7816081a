"""Signing in by a link: once, in the browser that opened it; and out again."""

import re
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.console import office
from console import still
from console.app import application
from console.rooms import ROOMS
from console.signing import link, new_token
from domain.message import Message
from tests.console.desk import Desk
from tests.console.people import message


async def test_a_link_leads_in_by_one_button(desk: Desk) -> None:
    browser, token = await desk.stranger(), new_token()
    await desk.store.console.make_link(desk.people["王芳"].id, token, desk.clock.now())
    path = link("", token)
    for _ in range(3):  # a chat that previews the link uses nothing up
        opened = await browser.get(path)
        assert opened.status == 200
        assert "王芳" in opened.text
    given = opened.text.partition('name="given" value="')[2].partition('"')[0]
    entered = await browser.post(path, {"given": given})
    assert (entered.status, entered.goes_to) == (303, "/console/")
    kept = entered.headers.getall("Set-Cookie")
    assert any("HttpOnly" in one and "SameSite=Strict" in one and one.startswith("xueshi=") for one in kept)
    assert (await browser.get("/console/me")).status == 200
    assert (await browser.post(path, {"given": given})).status in (403, 410)
    assert (await (await desk.stranger()).get(path)).status == 410


def said(desk: Desk, name: str, text: str, number: int = 77) -> Message:
    return message(desk.people[name].sender, number, desk.clock.now()).model_copy(update={"text": text})


async def test_an_admin_asks_for_the_link_in_chat(desk: Desk) -> None:
    answer = await desk.service.turns.run(said(desk, "王芳", "打开后台"))
    assert answer is not None
    found = re.search(rf"{desk.url}(/console/in/[\w-]+)", answer.text)
    assert found is not None
    again = await desk.service.turns.run(said(desk, "王芳", "打开后台"))
    assert again == answer, "a repeat of the message gives the same link"
    assert "王芳" in (await (await desk.stranger()).get(found[1])).text
    newer = await desk.service.turns.run(said(desk, "王芳", "打开后台", 78))
    assert newer is not None
    assert newer.text != answer.text
    assert (await (await desk.stranger()).get(found[1])).status == 410, "a new link ends the one before"
    refused = await desk.service.turns.run(said(desk, "张伟", "打开后台"))
    assert refused is not None
    assert "/console/" not in refused.text


async def test_a_link_is_over_after_five_minutes(desk: Desk) -> None:
    browser, token = await desk.stranger(), new_token()
    await desk.store.console.make_link(desk.people["王芳"].id, token, desk.clock.now())
    opened = await browser.get(link("", token))
    given = opened.text.partition('name="given" value="')[2].partition('"')[0]
    desk.clock.advance(301)
    assert (await browser.get(link("", token))).status == 410
    assert (await browser.post(link("", token), {"given": given})).status == 410


async def test_a_button_is_of_the_browser_that_opened_the_link(desk: Desk) -> None:
    mine, other, token = await desk.stranger(), await desk.stranger(), new_token()
    await desk.store.console.make_link(desk.people["王芳"].id, token, desk.clock.now())
    opened = await mine.get(link("", token))
    given = opened.text.partition('name="given" value="')[2].partition('"')[0]
    assert (await other.post(link("", token), {"given": given})).status == 403, "without the cookie"
    await other.get(link("", token))
    assert (await other.post(link("", token), {"given": given})).status == 403, "with another one's"
    assert (await mine.post(link("", token), {"given": ""})).status == 403
    assert (await mine.post(link("", token), {"given": given}, **{"Sec-Fetch-Site": "cross-site"})).status == 403
    assert (await mine.post(link("", token), {"given": given}, Origin="https://elsewhere.example")).status == 403
    assert (await mine.post(link("", token), {"given": given})).status == 303


async def test_a_sign_in_ends_when_it_is_idle_and_when_it_is_old(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    for _ in range(11):
        desk.clock.advance(3600)
        assert (await browser.get("/console/me")).status == 200
    desk.clock.advance(3600)
    assert (await browser.get("/console/me")).status == 401
    browser = await desk.as_("王芳")
    desk.clock.advance(7201)
    assert (await browser.get("/console/me")).status == 401


async def test_a_cookie_in_another_browser_is_nothing(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    assert (await browser.get("/console/me", **{"User-Agent": "curl/8"})).status == 401
    assert (await browser.get("/console/me")).status == 200


async def test_signing_out_everywhere_ends_every_browser(desk: Desk) -> None:
    first, second, other = await desk.as_("王芳"), await desk.as_("王芳"), await desk.as_("赵敏")
    assert (await first.get("/console/me")).text.count('name="which"') == 2
    assert (await second.post("/console/out/everywhere")).goes_to == "/console/"
    assert (await first.get("/console/me")).status == 401
    assert (await second.get("/console/me")).status == 401
    assert (await other.get("/console/me")).status == 200


async def test_one_other_browser_is_signed_out_by_its_line(desk: Desk) -> None:
    first = await desk.as_("王芳")
    of_first = await desk.sign_in_of(desk.people["王芳"].id)
    second, other = await desk.as_("王芳"), await desk.as_("赵敏")
    assert (await other.post("/console/out", {"which": of_first.digest})).status == 303
    assert (await first.get("/console/me")).status == 200, "nobody ends somebody else's"
    assert (await second.post("/console/out", {"which": of_first.digest})).goes_to == "/console/me"
    assert "已经退出" in (await second.get("/console/me")).text
    assert (await first.get("/console/me")).status == 401


async def test_a_link_from_another_site_is_opened_once_more_from_here(desk: Desk) -> None:
    """A strict cookie stays behind when somebody comes from elsewhere: a page of ours asks again."""
    browser = await desk.stranger()
    came = await browser.get("/console/me?x=1", **{"Sec-Fetch-Site": "cross-site"})
    assert came.status == 200
    assert 'content="0;url=/console/me?x=1"' in came.text
    assert (await browser.get("/console/me", **{"Sec-Fetch-Site": "same-origin"})).status == 401


async def test_over_https_cookies_are_for_this_host_alone(desk: Desk) -> None:
    over_https = office(desk.service, "https://xueshi.example")
    app = web.Application()
    app.add_subapp("/console/", application(over_https))
    token = new_token()
    await desk.store.console.make_link(desk.people["王芳"].id, token, desk.clock.now())
    async with TestClient(TestServer(app)) as client:
        opened = await client.get(f"/console/in/{token}")
        (kept,) = opened.headers.getall("Set-Cookie")
        assert kept.startswith("__Host-xueshi-opening=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(kept.split("; "))
        assert "max-age" in opened.headers["Strict-Transport-Security"]


async def test_headers_on_every_answer(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    for path in ("/console/me", "/console/nothing", "/console/in/" + "x" * 43, still.address("console.css")):
        headers = (await browser.get(path)).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
    assert (await browser.get("/console/me")).headers["Cache-Control"] == "no-store"


async def test_many_tries_of_links_are_slowed(desk: Desk) -> None:
    browser = await desk.stranger()
    answers = [(await browser.get(f"/console/in/{'x' * 40}{number:02d}")).status for number in range(30)]
    assert answers[:20] == [410] * 20
    assert answers[-1] == 429
    desk.clock.advance(60)
    assert (await browser.get("/console/in/" + "y" * 43)).status == 410


async def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(desk: Desk) -> None:
    polled = [door.path for room in ROOMS for door in room.doors if door.polled]
    assert polled
    assert all(door.method == "GET" for room in ROOMS for door in room.doors if door.polled)
    browser = await desk.as_("王芳")
    path = "/console" + next(one for one in polled if one.startswith("/imports")).replace("{batch}", "0" * 24)
    for _ in range(3):
        desk.clock.advance(2500)
        status = (await browser.get(path)).status
    assert status == 401, "two hours without anybody there"


async def test_behind_a_proxy_the_outside_address_counts(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    outside = {"Origin": desk.url, "Host": "10.0.0.7:8080"}
    assert (await browser.post("/console/unit", **outside)).status == 303
    assert (await browser.post("/console/unit", **{**outside, "Origin": "https://elsewhere.example"})).status == 403


async def test_a_page_asks_once_who_is_there(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    asked: list[str] = []
    run = desk.store.console._run

    async def counted(visit: Any, **how: Any) -> Any:
        asked.append(visit.__name__)
        return await run(visit, **how)

    desk.store.console._run = counted
    assert (await browser.get("/console/settings")).status == 200
    assert asked == ["_signed"]
