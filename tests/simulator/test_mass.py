"""Mass messages: once by their id, four a month for each person, and told when finished."""

from typing import Any

import pytest

from simulator.platform import Platform
from tests.simulator.conftest import PEOPLE, Api
from tests.simulator.service import Service

WANG, LI, ZHAO = PEOPLE


def some(content: str = "通知", **other: Any) -> dict[str, Any]:
    return {"touser": [WANG.openid, LI.openid], "msgtype": "text", "text": {"content": content}} | other


def everyone(content: str = "通知", **other: Any) -> dict[str, Any]:
    return {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": content}} | other


async def test_reaches_the_listed_and_tells_the_end(api: Api, platform: Platform, service: Service) -> None:
    body = some(touser=[WANG.openid, ZHAO.openid])
    sent = await api("message/mass/send", body)
    assert sent["errmsg"] == "send job submission success"
    await platform.quiet()
    told = service.received[0].message
    assert [told.value(name) for name in ("Event", "Status", "TotalCount", "SentCount", "ErrorCount")] == [
        "MASSSENDJOBFINISH",
        "send success",
        "2",
        "1",
        "1",
    ]
    assert (await api("message/mass/get", {"msg_id": sent["msg_id"]}))["msg_status"] == "SEND_SUCCESS"
    assert [bubble.through for bubble in platform.phone("wang").chat.bubbles] == ["mass"]


async def test_the_same_id_is_sent_once(api: Api, platform: Platform) -> None:
    first = await api("message/mass/send", some(clientmsgid="march"))
    soon = await api("message/mass/send", some("anders", clientmsgid="march"))
    assert (soon["errcode"], soon["msg_id"]) == (45066, first["msg_id"])
    platform.clock.advance(60)
    later = await api("message/mass/send", some("anders", clientmsgid="march"))
    assert (later["errcode"], later["msg_id"]) == (45065, first["msg_id"])
    await platform.quiet()
    assert len(platform.phone("wang").chat.bubbles) == 1


async def test_without_an_id_the_content_is_the_id(api: Api, platform: Platform) -> None:
    await api("message/mass/send", some("一"))
    assert (await api("message/mass/send", some("一")))["errcode"] == 45066
    assert (await api("message/mass/send", some("二")))["errcode"] == 0


async def test_the_fifth_in_a_month_fails_for_that_person(api: Api, platform: Platform, service: Service) -> None:
    for number in range(5):
        assert (await api("message/mass/send", some(str(number))))["errcode"] == 0
        await platform.quiet()
    assert service.received[-1].message.value("Status") == "send fail"
    assert len(platform.phone("wang").chat.bubbles) == 4
    platform.clock.set("2026-12-01T00:00:00")
    await api("message/mass/send", some("5"))
    assert len(platform.phone("wang").chat.bubbles) == 5


async def test_to_all_once_a_day(api: Api, platform: Platform) -> None:
    assert (await api("message/mass/sendall", everyone("一")))["errcode"] == 0
    assert (await api("message/mass/sendall", everyone("二")))["errcode"] == 45028
    platform.clock.advance(86400)
    assert (await api("message/mass/sendall", everyone("二")))["errcode"] == 0


@pytest.mark.parametrize(
    ("path", "body", "errcode"),
    [
        ("send", some(touser=[WANG.openid]), 40130),
        ("send", some(touser=["oNobody", WANG.openid]), 40003),
        ("send", some(touser=[str(n) for n in range(10_001)]), 40032),
        ("send", some(clientmsgid="i" * 65), 45067),
        ("send", some(msgtype="hologram"), 40008),
        ("sendall", {"msgtype": "text"}, 40130),
        ("sendall", everyone(filter={"tag_id": 2}), 45159),
        ("get", {"msg_id": 1}, 40059),
        ("preview", everyone(touser=ZHAO.openid), 43004),
        ("preview", everyone(touser=WANG.openid), 0),
    ],
)
async def test_refuses(api: Api, path: str, body: dict[str, Any], errcode: int) -> None:
    assert (await api(f"message/mass/{path}", body))["errcode"] == errcode


async def test_a_tag_reaches_those_who_have_it(api: Api, platform: Platform) -> None:
    tag = (await api("tags/create", {"tag": {"name": "内科"}}))["tag"]["id"]
    assert (await api("tags/create", {"tag": {"name": "内科"}}))["errcode"] == 45157
    for openids, errcode in (([WANG.openid], 0), ([ZHAO.openid], 49003), ([WANG.openid] * 51, 40032)):
        answer = await api("tags/members/batchtagging", {"tagid": tag, "openid_list": openids})
        assert answer["errcode"] == errcode
    assert (await api("user/tag/get", {"tagid": tag}))["data"] == {"openid": [WANG.openid]}
    body = everyone(filter={"is_to_all": False, "tag_id": tag})
    assert (await api("message/mass/sendall", body))["errcode"] == 0
    await platform.quiet()
    assert [len(platform.phone(one).chat.bubbles) for one in ("wang", "li")] == [1, 0]
    assert (await api("message/mass/sendall", everyone(filter={"tag_id": 7})))["errcode"] == 45159
