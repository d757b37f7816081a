"""What every API call goes through: method, body, charset, quota; and the small endpoints."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from simulator.account import Kind
from simulator.platform import Platform
from tests.simulator.conftest import PEOPLE, Api, answered, text_for

WANG, LI, ZHAO = PEOPLE
SEND = "message/custom/send"


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (b"", 44002),
        (b"  ", 44002),
        (b"{", 47001),
        (b"[]", 47001),
        (b"[" * 100_000, 47001),
        (b'{"touser":"x","text":{"content":"\\u4f60"}}', 40033),
        ('{"touser":"你"}'.encode("gbk"), 40033),
        (b'{"touser":"o","msgtype":"text","text":{"content":"a\\\\u4f60"}}', 40003),
    ],
)
async def test_bodies(api: Api, body: bytes, errcode: int) -> None:
    assert (await api(SEND, body))["errcode"] == errcode


async def test_methods_and_addresses(api: Api) -> None:
    assert (await api(SEND))["errcode"] == 43002
    assert (await api("menu/get", {}))["errcode"] == 43001
    assert (await api("no/such/thing"))["errcode"] == 40066


async def test_errors_come_with_status_200_and_a_rid(client: TestClient[web.Request, web.Application]) -> None:
    response = await client.post("/cgi-bin/message/custom/send", data=b"{}")
    assert response.status == 200
    body = await answered(response)
    assert body["errcode"] == 41001
    assert " rid: " in body["errmsg"]


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (text_for(WANG) | {"touser": "oNobody"}, 40003),
        (text_for(WANG) | {"touser": 5}, 40003),
        (text_for(ZHAO), 43004),
        (text_for(WANG) | {"msgtype": "hologram"}, 40008),
        (text_for(WANG) | {"text": "你好"}, 47001),
        (text_for(WANG, ""), 44004),
        (text_for(WANG, "学" * 683), 45002),
        (text_for(WANG, "学" * 682 + "ab"), 0),
        ({"touser": WANG.openid, "msgtype": "image", "image": {"media_id": "none"}}, 40007),
        ({"touser": WANG.openid, "msgtype": "news", "news": {"articles": [{"title": "t"}] * 2}}, 45008),
        ({"touser": WANG.openid, "msgtype": "news", "news": {"articles": [{"title": "t", "url": "u"}]}}, 0),
        ({"touser": WANG.openid, "msgtype": "news", "news": {"articles": []}}, 44003),
        ({"touser": WANG.openid, "msgtype": "msgmenu", "msgmenu": {"list": []}}, 47001),
        ({"touser": WANG.openid, "msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1", "content": "a"}] * 2}}, 47001),
        ({"touser": WANG.openid, "msgtype": "miniprogrampage", "miniprogrampage": {"title": "t"}}, 40165),
    ],
)
async def test_customer_messages(api: Api, platform: Platform, body: dict[str, object], errcode: int) -> None:
    await platform.phone("wang").text("你好")
    shown = len(platform.phone("wang").chat.heard())
    assert (await api(SEND, body))["errcode"] == errcode
    assert len(platform.phone("wang").chat.heard()) == shown + (errcode == 0)


async def test_reception_switched_off(api: Api, platform: Platform) -> None:
    await platform.phone("wang").text("你好")
    platform.phone("wang").block(True)
    assert (await api(SEND, text_for(WANG)))["errcode"] == 48002


async def test_a_subscription_account_gets_no_msgmenu(api: Api, platform: Platform) -> None:
    object.__setattr__(platform.account, "kind", Kind.SUBSCRIPTION)
    try:
        await platform.phone("wang").text("你好")
        menu = {"list": [{"id": "1", "content": "a"}]}
        body = {"touser": WANG.openid, "msgtype": "msgmenu", "msgmenu": menu}
        assert (await api(SEND, body))["errcode"] == 40200
    finally:
        object.__setattr__(platform.account, "kind", Kind.SERVICE)


async def test_the_days_quota_ends_at_midnight_in_beijing(api: Api, platform: Platform) -> None:
    platform.quotas.limit("/cgi-bin/getcallbackip", daily=2)
    assert [(await api("getcallbackip")).get("errcode", 0) for _ in range(3)] == [0, 0, 45009]
    quota = await api("openapi/quota/get", {"cgi_path": "/cgi-bin/getcallbackip"})
    assert quota["quota"] == {"daily_limit": 2, "used": 2, "remain": 0}
    platform.clock.set("2026-11-21T23:59:59")
    assert (await api("getcallbackip"))["errcode"] == 45009
    platform.clock.advance(1)
    assert "ip_list" in await api("getcallbackip")


async def test_the_minutes_quota_ends_with_the_minute(api: Api, platform: Platform) -> None:
    platform.quotas.limit("/cgi-bin/getcallbackip", by_minute=1)
    assert [(await api("getcallbackip")).get("errcode", 0) for _ in range(2)] == [0, 45011]
    platform.clock.advance(60)
    assert "ip_list" in await api("getcallbackip")


async def test_quota_may_be_cleared_ten_times_a_month(api: Api, platform: Platform) -> None:
    platform.quotas.limit("/cgi-bin/getcallbackip", daily=1)
    clear = {"appid": platform.account.appid}
    for _ in range(10):
        assert "ip_list" in await api("getcallbackip")
        assert (await api("clear_quota", clear))["errcode"] == 0
    assert (await api("clear_quota", clear))["errcode"] == 48006
    platform.clock.set("2026-12-01T00:00:00")
    assert (await api("clear_quota", clear))["errcode"] == 0
    assert (await api("clear_quota", {"appid": "wx"}))["errcode"] == 40013
    assert (await api("openapi/quota/get", {"cgi_path": "/none"}))["errcode"] == 76021


async def test_user_info_and_the_list_of_followers(api: Api, platform: Platform) -> None:
    info = await api("user/info", openid=WANG.openid)
    assert (info["subscribe"], info["openid"]) == (1, WANG.openid)
    assert await api("user/info", openid=ZHAO.openid) == {"subscribe": 0, "openid": ZHAO.openid}
    assert (await api("user/info", openid="oNobody"))["errcode"] == 40003
    assert (await api("user/get"))["data"] == {"openid": [WANG.openid, LI.openid]}
    assert (await api("user/get", next_openid=LI.openid))["count"] == 0
