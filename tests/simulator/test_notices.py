"""Template messages and subscribe notifications: typed fields, consents, ids that dedup, and the events that follow."""

from typing import Any

import pytest

from simulator.account import Template
from simulator.errors import ApiError
from simulator.fields import check_fields
from simulator.platform import Platform
from tests.simulator.conftest import PEOPLE, Api
from tests.simulator.service import Service

WANG, LI, ZHAO = PEOPLE
DATA = {"thing1": {"value": "2026年度"}, "time2": {"value": "2026年12月31日 23:59"}, "number3": {"value": "18.5"}}
NOTICE = {"phrase1": {"value": "已通过"}, "date2": {"value": "2026年11月21日"}}


def template(**other: Any) -> dict[str, Any]:
    return {"touser": WANG.openid, "template_id": "TEMPLATE", "data": DATA} | other


def notice(**other: Any) -> dict[str, Any]:
    return {"touser": WANG.openid, "template_id": "NOTICE", "data": NOTICE} | other


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("thing1", "学" * 20, "学" * 21),
        ("number1", "12.5", "十二"),
        ("number1", "9" * 32, "9" * 33),
        ("letter1", "AbC", "A1"),
        ("symbol1", "!!", "!!!!!!"),
        ("character_string1", "No-1 /2", "编号1"),
        ("time1", "15:01", "25:01"),
        ("time1", "2019年10月1日 15:01", "下午三点"),
        ("date1", "2019年10月1日", "10月1日"),
        ("date1", "2019-12-25 09:42", "2019.12.25"),
        ("date1", "2019年10月1日~2019年10月3日", "2019年10月1日到3日"),
        ("amount1", "￥100.5元", "一百元"),
        ("phone_number1", "+86-0766-66888866", "电话"),
        ("car_number1", "粤A8Z888挂", "粤A8Z888挂99"),
        ("name1", "十个汉字的名字是这样", "十一个汉字的名字是这样子"),
        ("name1", "Twenty Latin Letters", "Twenty-one Latin Lett."),
        ("phrase1", "已通过", "passed"),
        ("phrase1", "五个字以内", "六个字就不行"),
        ("enum1", "甲", "丙"),
        ("thing1", "一行", "两\n行"),
        ("thing1", "有", "  "),
    ],
)
def test_typed_fields(key: str, good: str, bad: str) -> None:
    chosen = Template("T", "t", {key: "x"}, choices={"enum1": ("甲", "乙")})
    assert check_fields(chosen, {key: {"value": good}}) == {key: good}
    with pytest.raises(ApiError, match=key) as refused:
        check_fields(chosen, {key: {"value": bad}})
    assert refused.value.errcode == 47003


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (template(touser="oNobody"), 40003),
        (template(touser=ZHAO.openid), 43004),
        (template(template_id="NOTICE"), 40037),
        (template(data={}), 47003),
        (template(data=None), 47003),
        (template(), 0),
    ],
)
async def test_template(api: Api, body: dict[str, Any], errcode: int) -> None:
    assert (await api("message/template/send", body))["errcode"] == errcode


async def test_a_template_is_shown_and_its_end_is_told(api: Api, platform: Platform, service: Service) -> None:
    sent = await api("message/template/send", template(url="https://example.test/"))
    await platform.quiet()
    card = platform.phone("wang").chat.bubbles[0]
    assert (card.kind, card.more["lines"][2]) == ("card", {"label": "尚缺学时", "value": "18.5"})
    told = service.received[0].message
    assert (told.value("Event"), told.value("MsgID"), told.value("Status")) == (
        "TEMPLATESENDJOBFINISH",
        str(sent["msgid"]),
        "success",
    )


async def test_a_blocked_template_fails_by_event(api: Api, platform: Platform, service: Service) -> None:
    platform.phone("wang").block(True)
    assert (await api("message/template/send", template()))["errcode"] == 0
    await platform.quiet()
    assert service.received[0].message.value("Status") == "failed:user block"
    assert not platform.phone("wang").chat.bubbles


async def test_the_same_client_id_within_ten_minutes_sends_once(api: Api, platform: Platform) -> None:
    first = await api("message/template/send", template(client_msg_id="a"))
    assert await api("message/template/send", template(client_msg_id="a")) == first
    other = await api("message/template/send", template(client_msg_id="a", touser=LI.openid))
    assert other["msgid"] != first["msgid"]
    await platform.quiet()
    assert sum(bubble.kind == "card" for bubble in platform.phone("wang").chat.bubbles) == 1
    platform.clock.advance(600)
    assert (await api("message/template/send", template(client_msg_id="a")))["msgid"] != first["msgid"]


async def test_one_acceptance_is_one_send_and_a_refusal_none(api: Api, platform: Platform, service: Service) -> None:
    send = "message/subscribe/bizsend"
    assert (await api(send, notice()))["errcode"] == 43101
    await platform.phone("wang").grant("NOTICE")
    await platform.phone("wang").grant("NOTICE")
    await platform.phone("wang").grant("NOTICE", accept=False)
    assert [(await api(send, notice()))["errcode"] for _ in range(3)] == [0, 0, 43101]
    await platform.quiet()
    assert [r.message.value("Event") for r in service.received].count("subscribe_msg_sent_event") == 2
    await platform.phone("wang").grant("NOTICE")
    await platform.phone("wang").withdraw_grant("NOTICE")
    assert (await api(send, notice()))["errcode"] == 43101


async def test_a_broken_notice_costs_no_consent(api: Api, platform: Platform) -> None:
    await platform.phone("wang").grant("NOTICE")
    broken = notice(data=NOTICE | {"phrase1": {"value": "passed"}})
    assert (await api("message/subscribe/bizsend", broken))["errcode"] == 47003
    assert platform.grants.left(WANG.openid, "NOTICE") == 1
