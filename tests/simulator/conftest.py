"""The stand-in with a small service behind it, on real sockets, with short timeouts and a clock that stands still."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from simulator.account import Person, Template
from simulator.app import build
from simulator.clock import SHANGHAI, Clock
from simulator.platform import Platform
from simulator.push import PushSettings
from tests.simulator.service import ACCOUNT, Service, echo

START = datetime(2026, 11, 21, 9, 0, tzinfo=SHANGHAI)
PEOPLE = (
    Person("wang", "王工", "oTESTa0000000000000000000001", "内蒙古 · 工程师", "#3b7dd8", following=True),
    Person("li", "李老师", "oTESTa0000000000000000000002", "吉林 · 讲师", "#8e5bd0", following=True),
    Person("zhao", "赵主管", "oTESTa0000000000000000000003", "人力资源 · 管理员", "#c0392b"),
)
TEMPLATES = (
    Template("TEMPLATE", "学时提醒", {"thing1": "事项", "time2": "截止时间", "number3": "尚缺学时"}),
    Template("NOTICE", "审核结果", {"phrase1": "结果", "date2": "日期"}, subscription=True),
)
CUT = 0.3

Api = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    service = Service(echo)
    app = web.Application()
    app.router.add_route("*", "/wechat/official", service.handle)
    async with TestServer(app) as server:
        service.url = str(server.make_url("/wechat/official"))
        yield service


@pytest.fixture
def clock() -> Clock:
    return Clock(START, frozen=True)


@pytest.fixture
async def platform(service: Service, clock: Clock) -> AsyncIterator[Platform]:
    platform = Platform(
        ACCOUNT,
        PEOPLE,
        service.url,
        clock,
        seed=7,
        pushes=PushSettings(timeout=CUT, mark_after=3),
        templates=TEMPLATES,
        job_delay=0.0,
    )
    async with platform:
        yield platform


@pytest.fixture
async def client(platform: Platform) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    async with TestClient(TestServer(build(platform))) as client:
        yield client


@pytest.fixture
def api(client: TestClient[web.Request, web.Application], platform: Platform) -> Api:
    """Calls the API with a fresh token: `await api("message/custom/send", {…})`, a GET without a body."""

    async def call(path: str, body: object = None, **query: str) -> dict[str, Any]:
        token = platform.tokens.stable(platform.clock.now()).value
        query = {"access_token": token, **query}
        url = f"/cgi-bin/{path}"
        if body is None:
            return await answered(await client.get(url, params=query))
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        return await answered(await client.post(url, params=query, data=raw))

    return call


async def answered(response: ClientResponse) -> dict[str, Any]:
    async with response:
        body: dict[str, Any] = await response.json()
        return body


def text_for(person: Person, content: str = "你好") -> dict[str, Any]:
    return {"touser": person.openid, "msgtype": "text", "text": {"content": content}}
