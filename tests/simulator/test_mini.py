"""The mini program at the stand-in: codes, consents, checks, its talk, and its way to its own server."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from simulator.account import Account, Form, MiniProgram, Mode, Template
from simulator.app import build
from simulator.clock import Clock
from simulator.errors import NotPossible
from simulator.mini import Mini
from simulator.platform import Platform
from simulator.push import Outcome, PushSettings
from tests.simulator.conftest import CUT, PEOPLE, answered
from tests.simulator.service import ACCOUNT

MINI = Account("wx00000000000000b2", "mini-secret", "minitoken", ACCOUNT.aes_key, "gh_5f4e3d2c1b0a", name="学时小程序")
REMINDER = Template("REMINDER", "学时提醒", {"thing1": "事项", "date2": "日期"}, subscription=True)
FIELDS = {"thing1": {"value": "公需还差12学时"}, "date2": {"value": "2026年12月31日"}}
JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 20


@dataclass
class World:
    platform: Platform
    client: TestClient[web.Request, web.Application]
    pushes: list[dict[str, Any]]
    clock: Clock

    @property
    def mini(self) -> Mini:
        assert self.platform.mini is not None
        return self.platform.mini

    def openid(self, person: str = "wang") -> str:
        return self.mini.visitors[person].openid

    async def api(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        token = self.mini.tokens.stable(self.clock.now()).value
        raw = json.dumps(body, ensure_ascii=False).encode()
        return await answered(await self.client.post(path, params={"access_token": token}, data=raw))

    async def session(self, code: str, **changed: str) -> dict[str, Any]:
        query = {"appid": MINI.appid, "secret": MINI.secret, "js_code": code, "grant_type": "authorization_code"}
        return await answered(await self.client.get("/sns/jscode2session", params=query | changed))


@pytest.fixture
async def world(clock: Clock, tmp_path: Path) -> AsyncIterator[World]:
    pushes: list[dict[str, Any]] = []

    async def receive(request: web.Request) -> web.Response:
        if request.method == "GET":
            return web.Response(text=request.query["echostr"])
        pushes.append(json.loads(await request.read()))
        return web.Response(text="success")

    async def echo(request: web.Request) -> web.Response:
        sent = {name: request.headers.get(name) for name in ("Authorization", "Cookie", "Idempotency-Key")}
        body = (await request.read()).decode()
        return web.json_response({"path": request.path_qs, "method": request.method, "body": body, **sent}, status=201)

    app = web.Application()
    app.router.add_route("*", "/wechat/mini", receive)
    app.router.add_route("*", "/api/{path:.*}", echo)
    async with TestServer(app) as server:
        program = MiniProgram(
            MINI, str(server.make_url("/wechat/mini")), str(server.make_url("/")), (REMINDER,), preview=tmp_path
        )
        platform = Platform(
            ACCOUNT,
            PEOPLE,
            str(server.make_url("/")),
            clock,
            seed=7,
            mode=Mode.PLAIN,
            pushes=PushSettings(timeout=CUT),
            job_delay=0.0,
            mini=program,
        )
        async with platform, TestClient(TestServer(build(platform))) as client:
            yield World(platform, client, pushes, clock)


async def test_a_code_is_good_once_for_five_minutes(world: World) -> None:
    code = world.mini.login("wang")
    found = await world.session(code)
    assert (found["openid"], found["unionid"]) == (world.openid(), world.mini.visitors["wang"].unionid)
    assert len(found["session_key"]) == 24
    assert (await world.session(code))["errcode"] == 40163
    assert (await world.session("made-up"))["errcode"] == 40029
    late = world.mini.login("wang")
    world.clock.advance(300)
    assert (await world.session(late))["errcode"] == 40029
    for changed, errcode in (
        ({"appid": ACCOUNT.appid}, 40013),
        ({"secret": "wrong"}, 40125),
        ({"grant_type": "client_credential"}, 40002),
        ({"js_code": ""}, 41008),
    ):
        assert (await world.session(world.mini.login("li"), **changed))["errcode"] == errcode


async def test_blocked_people_and_too_many_logins(world: World) -> None:
    world.mini.visitors["li"].high_risk = True
    assert (await world.session(world.mini.login("li")))["errcode"] == 40226
    codes = [world.mini.login("wang") for _ in range(101)]
    errcodes = [(await world.session(code)).get("errcode", 0) for code in codes]
    assert errcodes == [0] * 100 + [45011]


async def test_the_accounts_have_tokens_of_their_own(world: World) -> None:
    wanted = {"grant_type": "client_credential", "appid": MINI.appid, "secret": MINI.secret}
    raw = json.dumps(wanted).encode()
    mine = (await answered(await world.client.post("/cgi-bin/stable_token", data=raw)))["access_token"]
    assert world.mini.tokens.issued(mine)
    other = world.platform.tokens.stable(world.clock.now()).value
    check = {"version": 2, "scene": 2, "openid": world.openid(), "content": "你好"}
    refused = await world.client.post("/wxa/msg_sec_check", params={"access_token": other}, json=check)
    assert (await answered(refused))["errcode"] == 40001
    menu = await world.client.post("/cgi-bin/menu/create", params={"access_token": mine}, data=b'{"button":[]}')
    assert (await answered(menu))["errcode"] == 40066


async def test_each_consent_is_one_send(world: World) -> None:
    message = {"touser": world.openid(), "template_id": "REMINDER", "data": FIELDS, "page": "pages/home/home"}
    send = "/cgi-bin/message/subscribe/send"
    assert (await world.api(send, message))["errcode"] == 43101
    await world.mini.answer_popup("wang", {"REMINDER": True})
    await world.mini.answer_popup("wang", {"REMINDER": True})
    await world.mini.answer_popup("wang", {"REMINDER": False})
    assert world.pushes[0]["List"] == {"TemplateId": "REMINDER", "SubscribeStatusString": "accept", "PopupScene": 0}
    broken = message | {"data": FIELDS | {"thing1": {"value": "字" * 21}}}
    assert (await world.api(send, broken))["errcode"] == 47003
    assert [(await world.api(send, message))["errcode"] for _ in range(3)] == [0, 0, 43101]
    await world.platform.quiet()
    assert world.pushes[-1]["Event"] == "subscribe_msg_sent_event"
    card = world.platform.phone("wang").chat.heard()[-1]
    assert (card.text, card.more["from"], card.more["page"]) == ("学时提醒", MINI.name, "pages/home/home")
    assert (await world.api(send, message | {"template_id": "NOTICE"}))["errcode"] == 40037
    assert (await world.api(send, message | {"touser": PEOPLE[0].openid}))["errcode"] == 40003
    await world.mini.answer_popup("wang", {"REMINDER": True})
    await world.mini.withdraw("wang", "REMINDER")
    assert (await world.api(send, message))["errcode"] == 43101
    with pytest.raises(NotPossible):
        world.mini.answer_popup("wang", {"UNKNOWN": True})


async def test_words_are_checked_for_who_was_just_there(world: World) -> None:
    async def check(content: str, **changed: object) -> dict[str, Any]:
        asked = {"version": 2, "scene": 2, "openid": world.openid(), "content": content} | changed
        return await world.api("/wxa/msg_sec_check", asked)

    assert (await check("你好"))["errcode"] == 61010
    world.mini.login("wang")
    assert (await check("参加了护理培训"))["result"]["suggest"] == "pass"
    assert (await check("专业代考"))["result"]["suggest"] == "risky"
    assert (await check("字" * 2501))["errcode"] == 45002
    assert (await check("好", version=1))["errcode"] == 40097
    assert (await check("好", scene=9))["errcode"] == 40097
    world.clock.advance(2 * 3600)
    assert (await check("好"))["errcode"] == 61010


@pytest.mark.parametrize("suggest", ["pass", "risky"])
async def test_a_file_is_fetched_and_told_of_later(world: World, suggest: str) -> None:
    world.mini.login("wang")
    world.mini.files_are = suggest
    media = world.platform.media.add("image", JPEG, world.clock.now())
    address = str(world.client.make_url(f"/mmbiz/{media.id}"))
    asked = {"version": 2, "scene": 2, "openid": world.openid(), "media_url": address, "media_type": 2}
    trace_id = (await world.api("/wxa/media_check_async", asked))["trace_id"]
    await world.platform.quiet()
    event = world.pushes[-1]
    assert (event["Event"], event["trace_id"], event["result"]["suggest"]) == ("wxa_media_check", trace_id, suggest)
    assert (await world.api("/wxa/media_check_async", asked | {"media_url": "file:///x"}))["errcode"] == 40097


async def test_the_talk_and_its_window(world: World) -> None:
    async def say(text: str) -> int:
        message = {"touser": world.openid(), "msgtype": "text", "text": {"content": text}}
        return int((await world.api("/cgi-bin/message/custom/send", message))["errcode"])

    assert await say("早") == 45015
    await world.mini.enter("wang", "home")
    assert [await say(str(number)) for number in range(3)] == [0, 0, 45047]
    world.clock.advance(61)
    assert await say("晚") == 45015
    await world.mini.say("wang", "我还差多少学时")
    assert world.pushes[-1]["Content"] == "我还差多少学时"
    assert [await say(str(number)) for number in range(6)] == [0] * 5 + [45047]
    menu = {"touser": world.openid(), "msgtype": "msgmenu", "msgmenu": {"head_content": "问"}}
    assert (await world.api("/cgi-bin/message/custom/send", menu))["errcode"] == 40008
    assert len(world.mini.visitors["wang"].chat.heard()) == 7


async def test_words_as_the_answer_to_a_push_are_no_answer(clock: Clock) -> None:
    async def chatty(_request: web.Request) -> web.Response:
        return web.Response(text="<xml><MsgType>text</MsgType></xml>")

    app = web.Application()
    app.router.add_post("/", chatty)
    async with TestServer(app) as server:
        program = MiniProgram(MINI, str(server.make_url("/")), str(server.make_url("/")), form=Form.XML)
        platform = Platform(ACCOUNT, PEOPLE, "", clock, pushes=PushSettings(timeout=CUT), mini=program)
        async with platform:
            assert platform.mini is not None
            assert (await platform.mini.say("wang", "你好")).outcome is Outcome.ILLEGAL


async def test_the_program_reaches_its_own_server_alone(world: World) -> None:
    headers = {"Authorization": "Bearer t", "Idempotency-Key": "k", "Cookie": "a=b"}
    answer = await world.client.post("/mini/net/api/v1/entries?year=2026", headers=headers, data=b"{}")
    assert answer.status == 201
    told = await answer.json()
    assert (told["path"], told["method"], told["body"]) == ("/api/v1/entries?year=2026", "POST", "{}")
    assert (told["Authorization"], told["Idempotency-Key"], told["Cookie"]) == ("Bearer t", "k", None)
    assert (await world.client.get("/mini/net//evil.example/x")).status == 404
    assert (await world.client.get("/mini/net/api/x", headers={"Origin": "https://evil.example"})).status == 403


async def test_the_frame_and_its_files(world: World, tmp_path: Path) -> None:
    assert (await world.client.get("/mini/wang")).status == 503
    (tmp_path / "program.js").write_text("1")
    frame = await world.client.get("/mini/wang")
    assert frame.status == 200
    assert "frame-ancestors 'self'" in frame.headers["Content-Security-Policy"]
    assert (await world.client.get("/mini/program/program.js")).status == 200
    for path in (
        "/mini/nobody",
        "/mini/program/..%2f..%2fetc%2fpasswd",
        "/mini/static/secret.js",
        "/mini/nobody/login",
    ):
        assert (await world.client.get(path)).status in (404, 405), path
    state = await (await world.client.get("/mini/wang/state")).json()
    assert state["templates"] == [{"id": "REMINDER", "title": "学时提醒"}]
    code = (await (await world.client.post("/mini/wang/login")).json())["code"]
    assert (await world.session(code))["openid"] == world.openid()
    refused = await world.client.post("/mini/wang/subscribe", json={"answers": {"UNKNOWN": True}})
    assert refused.status == 409


def test_codes_are_forgotten(clock: Clock) -> None:
    program = MiniProgram(MINI, "http://127.0.0.1:9/", "http://127.0.0.1:9/")
    mini = Platform(ACCOUNT, PEOPLE, "", clock, mini=program).mini
    assert mini is not None
    for _ in range(3):
        mini.login("wang")
    clock.advance(timedelta(minutes=11).total_seconds())
    mini.login("wang")
    assert len(mini._codes) == 1
