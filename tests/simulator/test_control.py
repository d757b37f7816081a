"""The page's interface: only from this machine and this page, gestures, the wire, faults, the clock, live events."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient

from simulator.app import _from_here, _named_local
from simulator.platform import Platform
from simulator.qrpicture import picture
from tests.simulator.conftest import START, Api, answered
from tests.simulator.service import Service

Client = TestClient[web.Request, web.Application]


async def post(client: Client, path: str, body: object = None, **headers: str) -> tuple[int, dict[str, Any]]:
    async with client.post(path, json=body if body is not None else {}, headers=headers) as response:
        return response.status, await response.json()


async def test_the_page_and_its_files_are_served_under_a_strict_policy(client: Client) -> None:
    async with client.get("/") as response:
        page = await response.text()
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "style=" not in page
    for name in ("style.css", "page.js", "phone.js", "ask.js", "draw.js", "desk.js", "icon.svg"):
        async with client.get(f"/static/{name}") as response:
            assert response.status == 200
            text = await response.text()
        assert "innerHTML" not in text
        assert "http://" not in text.replace("http://www.w3.org/", "").replace("^http", "")
    for name in ("../app.py", "..%2fapp.py", "none.js"):
        async with client.get(f"/static/{name}") as response:
            assert response.status == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Host": "localhost.evil.example"},
    ],
)
async def test_foreign_pages_and_names_are_refused(client: Client, headers: dict[str, str]) -> None:
    async with client.get("/control/state", headers=headers) as response:
        assert response.status == 403
    async with client.post("/phone/wang/text", json={"text": "x"}, headers=headers) as response:
        assert response.status == 403


def test_addresses_and_names_of_this_machine() -> None:
    assert [_from_here(a) for a in ("127.0.0.1", "127.8.8.8", "::1", "10.0.0.1", "", None)] == [True] * 3 + [False] * 3
    names = ("localhost", "localhost:8099", "127.0.0.1:80", "[::1]:80", "[::1]", "a.localhost:80", "8.8.8.8:80")
    assert [_named_local(name) for name in names] == [True] * 5 + [False] * 2


async def test_says_things_as_a_person(client: Client, platform: Platform, service: Service) -> None:
    status, body = await post(client, "/phone/wang/text?wait=1", {"text": "你好"})
    assert (status, body) == (200, {"pushes": [{"name": "text", "outcome": "answered", "deliveries": 1}]})
    history = await answered(await client.get("/phone/wang"))
    assert [(bubble["side"], bubble["text"]) for bubble in history["bubbles"]] == [
        ("person", "你好"),
        ("account", "收到：你好"),
    ]
    assert history["window_left"] == 5


@pytest.mark.parametrize(
    ("gesture", "body", "sent"),
    [
        ("voice", {"recognition": "你好", "seconds": 2}, "voice"),
        ("location", {}, "location"),
        ("location", {"latitude": 1.0, "longitude": 2.0, "label": "某地"}, "location"),
        ("link", {"title": "t", "url": "https://example.test/"}, "link"),
        ("menu", {"path": [0]}, "CLICK"),
        ("grant", {"template": "NOTICE", "accept": True}, "subscribe_msg_popup_event"),
        ("withdraw-grant", {"template": "NOTICE"}, "subscribe_msg_change_event"),
        ("unfollow", {}, "unsubscribe"),
    ],
)
async def test_every_gesture(client: Client, api: Api, gesture: str, body: dict[str, Any], sent: str) -> None:
    await api("menu/create", {"button": [{"type": "click", "name": "问", "key": "ASK"}]})
    status, answer = await post(client, f"/phone/wang/{gesture}?wait=1", body)
    assert status == 200
    assert [push["name"] for push in answer["pushes"]] == [sent]


async def test_a_photo_by_itself_and_through_the_menu(client: Client, api: Api, service: Service) -> None:
    await api("menu/create", {"button": [{"type": "pic_photo_or_album", "name": "拍", "key": "P"}]})
    for query in ("", "&menu=0"):
        form = FormData()
        form.add_field("media", picture("a"), filename="a.png")
        async with client.post(f"/phone/wang/image?wait=1{query}", data=form) as response:
            assert response.status == 200
    await asyncio.sleep(0.1)
    sent = [r.message.value("Event") or r.message.value("MsgType") for r in service.received]
    assert sent == ["image", "pic_photo_or_album", "image"]
    media_id = service.received[0].message.value("MediaId")
    async with client.get(f"/control/media/{media_id}") as response:
        assert await response.read() == picture("a")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/phone/zhao/text", {"text": "x"}, 409),
        ("/phone/wang/follow", {}, 409),
        ("/phone/wang/scan", {"ticket": "none"}, 409),
        ("/phone/wang/menu", {"path": [7]}, 409),
        ("/phone/wang/choice", {"bubble": 1, "item": "x"}, 409),
        ("/phone/wang/text", {}, 400),
        ("/phone/wang/text", {"text": " "}, 400),
        ("/phone/wang/text", [], 400),
        ("/phone/wang/menu", {"path": "0"}, 400),
        ("/phone/wang/menu", {"path": ["x"]}, 400),
        ("/phone/wang/burst", {"texts": ["x"] * 21}, 400),
        ("/phone/nobody/text", {"text": "x"}, 404),
        ("/phone/wang/dance", {}, 404),
        ("/control/faults", {"fault": "earthquake"}, 400),
        ("/control/faults", {"fault": "slow", "seconds": 999}, 400),
        ("/control/mode", {"mode": "hologram"}, 400),
        ("/control/clock", {}, 400),
        ("/control/clock", {"advance": -1}, 400),
        ("/control/clock", {"advance": 1e300}, 400),
        ("/control/clock", {"set": "yesterday"}, 400),
        ("/control/clock", {"set": "2020-01-01"}, 400),
    ],
)
async def test_what_cannot_be_is_refused(client: Client, path: str, body: object, status: int) -> None:
    async with client.post(path, json=body) as response:
        assert response.status == status


async def test_the_clock_moves_and_resets(client: Client, platform: Platform) -> None:
    await post(client, "/control/clock", {"advance": 604800})
    assert (platform.clock.now() - START).days == 7
    await post(client, "/control/clock", {"set": "2026-12-01T09:00:00+08:00"})
    assert platform.clock.now().isoformat() == "2026-12-01T09:00:00+08:00"
    await post(client, "/control/clock", {"set": "2026-11-01", "backwards": True})
    assert platform.clock.now().date().isoformat() == "2026-11-01"
    _, state = await post(client, "/control/clock", {"reset": True})
    assert abs(state["moved_seconds"]) <= 1


async def test_faults_mode_and_address(client: Client, platform: Platform, service: Service) -> None:
    _, armed = await post(client, "/control/faults", {"fault": "duplicate", "times": 1, "phone": "wang"})
    assert list(armed["armed"]) == ["duplicate"]
    await platform.phone("wang").text("x")
    assert len(service.received) == 2
    await post(client, "/control/faults", {"fault": "slow", "rate": 1.0})
    assert await answered(await client.delete("/control/faults")) == {"armed": {}}
    assert (await post(client, "/control/mode", {"mode": "plain"}))[1] == {"mode": "plain"}
    await platform.phone("wang").text("x")
    assert "encrypt_type" not in service.received[-1].query
    assert (await post(client, "/control/verify"))[1] == {"verified": True}


async def test_the_wire_tells_what_was_sent_by_whom(client: Client, platform: Platform) -> None:
    await platform.phone("wang").text("甲")
    await platform.phone("li").text("乙")
    rows = (await answered(await client.get("/control/wire", params={"phone": "li"})))["rows"]
    assert [(row["name"], row["attempt"], row["mode"], row["verdict"]) for row in rows] == [
        ("text", 1, "safe", "answered")
    ]
    assert "乙" in rows[0]["sent"]
    assert "收到：乙" in rows[0]["answered"]
    state = await answered(await client.get("/control/state"))
    assert [phone["id"] for phone in state["phones"]] == ["wang", "li", "zhao"]
    assert len(state["wire"]) == 2


async def test_events_are_told_live_and_end_with_the_platform(client: Client, platform: Platform) -> None:
    async with client.get("/control/events") as response:
        assert response.content_type == "text/event-stream"
        await platform.phone("wang").text("你好")
        platform.clock.advance(60)
        platform.feed.close()
        stream = (await response.read()).decode()
    heard = [block.split("\n", 1) for block in stream.split("\n\n") if block.startswith("event: ")]
    names = [name.removeprefix("event: ") for name, _ in heard]
    assert names[0] == "bubble"
    assert {"bubble", "phone", "wire", "clock"} == set(names)
    bubbles = [json.loads(data.removeprefix("data: ")) for name, data in heard if name == "event: bubble"]
    assert [(bubble["phone"], bubble["text"]) for bubble in bubbles] == [("wang", "你好"), ("wang", "收到：你好")]
