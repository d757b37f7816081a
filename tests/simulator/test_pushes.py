"""Deliveries: the three modes, what is accepted as an answer, the cut, the repeats, the order and MarkFail."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from aiohttp import web

from simulator.account import Mode
from simulator.chat import Side
from simulator.markup import Value, render
from simulator.platform import SERVICE_FAILED, Platform
from simulator.push import Mark, Outcome
from tests.simulator.conftest import CUT, PEOPLE, START
from tests.simulator.service import ACCOUNT, Received, Service, after, echo, saying, success


def notices(platform: Platform, person: str = "wang") -> list[str]:
    return [bubble.text for bubble in platform.phone(person).chat.bubbles if bubble.side is Side.SYSTEM]


@pytest.mark.parametrize("mode", Mode)
async def test_every_mode_is_opened_and_answered_by_another_implementation(
    platform: Platform, service: Service, mode: Mode
) -> None:
    platform.pusher.mode = mode
    push = await platform.phone("wang").text("  我还差多少学时 😀 ]]> <b>&amp;")
    assert push.outcome is Outcome.ANSWERED
    assert service.received[0].message.value("Content") == "  我还差多少学时 😀 ]]> <b>&amp;"
    assert int(service.received[0].message.value("CreateTime")) == int(START.timestamp())
    assert platform.phone("wang").chat.heard()[-1].text.endswith("😀 ]]> <b>&amp;")
    assert ("encrypt_type" in service.received[0].query) is (mode is not Mode.PLAIN)
    assert (b"<Content>" in service.received[0].body) is (mode is not Mode.SAFE)


async def test_checks_the_address_with_an_echo(platform: Platform, service: Service) -> None:
    assert await platform.pusher.verify()
    platform.pusher.callback_url = service.url + "/nowhere"
    assert not await platform.pusher.verify()


@pytest.mark.parametrize("deliveries", [3, 4])
async def test_repeats_the_same_message_in_a_fresh_envelope(
    platform: Platform, service: Service, deliveries: int
) -> None:
    platform.pusher.settings = replace(platform.pusher.settings, deliveries=deliveries)
    service.answer = after(CUT * 3)
    push = await platform.phone("wang").text("你好")
    assert (push.outcome, push.deliveries) == (Outcome.TIMEOUT, deliveries)
    assert len(service.received) == deliveries
    assert len({received.message.value("MsgId") for received in service.received}) == 1
    assert len({received.query["nonce"] for received in service.received}) == deliveries
    assert len({received.body for received in service.received}) == deliveries
    assert notices(platform) == [SERVICE_FAILED]
    assert not platform.phone("wang").chat.heard()


async def test_a_repeat_that_is_answered_in_time_is_shown_once(platform: Platform, service: Service) -> None:
    service.answers = [after(CUT * 2), echo]
    push = await platform.phone("wang").text("你好")
    assert (push.outcome, push.deliveries) == (Outcome.ANSWERED, 2)
    await asyncio.sleep(CUT * 2)
    assert [bubble.text for bubble in platform.phone("wang").chat.heard()] == ["收到：你好"]
    assert [row.attempt for row in platform.wire.rows("wang")] == [1, 2]
    assert [row.verdict for row in platform.wire.rows("wang")] == ["timeout", "answered"]


@pytest.mark.parametrize("body", [b"success", b""])
async def test_an_acknowledgement_needs_no_encryption_and_says_nothing(
    platform: Platform, service: Service, body: bytes
) -> None:
    service.answer = saying(body)
    push = await platform.phone("wang").text("你好")
    assert push.outcome is Outcome.ACKNOWLEDGED
    assert not notices(platform)
    assert not platform.phone("wang").chat.heard()


def articles(count: int) -> dict[str, Value]:
    items: list[Value] = [{"Title": "t", "Description": "d", "PicUrl": "p", "Url": "https://example.test/"}] * count
    return {"MsgType": "news", "ArticleCount": count, "Articles": {"item": items}}


def forged(service: Service, received: Received) -> web.Response:
    text = str(service.sealed(received, service.text_to(received, "x")).text)
    start = text.index("<MsgSignature><![CDATA[") + len("<MsgSignature><![CDATA[")
    return web.Response(text=text[:start] + "0" * 40 + text[start + 40 :])


Change = Callable[[Service, Received], web.Response]
ILLEGAL: dict[str, tuple[str, Change]] = {
    "plain text in safe mode": (
        "not encrypted",
        lambda s, r: web.Response(body=s.text_to(r, "x")),
    ),
    "json": ("not well-formed", lambda s, r: web.json_response({"ok": True})),
    "quoted success": ("not well-formed", lambda s, r: web.Response(text='"success"')),
    "another openid": ("ToUserName", lambda s, r: s.sealed(r, s.text_to(r, "x", ToUserName="oElse"))),
    "another account": ("FromUserName", lambda s, r: s.sealed(r, s.text_to(r, "x", FromUserName="gh_else"))),
    "no time": ("CreateTime", lambda s, r: s.sealed(r, s.text_to(r, "x", CreateTime="now"))),
    "unknown type": ("MsgType", lambda s, r: s.sealed(r, s.text_to(r, "x", MsgType="hologram"))),
    "empty text": ("Content is empty", lambda s, r: s.sealed(r, s.text_to(r, ""))),
    "text of 2049 bytes": ("2048 bytes", lambda s, r: s.sealed(r, s.text_to(r, "学" * 683))),
    "unknown media": (
        "media id",
        lambda s, r: s.sealed(r, s.text_to(r, "x", MsgType="image", Image={"MediaId": "none"})),
    ),
    "two articles": ("more than 1", lambda s, r: s.sealed(r, s.text_to(r, "x", **articles(2)))),
    "count of articles": ("differ", lambda s, r: s.sealed(r, s.text_to(r, "x", **(articles(1) | {"ArticleCount": 2})))),
    "broken xml": ("not well-formed", lambda s, r: s.sealed(r, b"<xml><ToUserName>")),
    "document type": ("document type", lambda s, r: s.sealed(r, b"<!DOCTYPE xml><xml></xml>")),
    "field twice": (
        "occurs twice",
        lambda s, r: s.sealed(r, s.text_to(r, "x").replace(b"</xml>", b"<Content>y</Content></xml>")),
    ),
    "forged signature": ("MsgSignature", forged),
}


@pytest.mark.parametrize("name", ILLEGAL)
async def test_an_illegal_answer_is_told_to_the_person_and_not_repeated(
    platform: Platform, service: Service, name: str
) -> None:
    reason, change = ILLEGAL[name]

    async def answer(service: Service, received: Received) -> web.Response:
        return change(service, received)

    service.answer = answer
    push = await platform.phone("wang").text("你好")
    assert (push.outcome, push.deliveries) == (Outcome.ILLEGAL, 1)
    assert reason in platform.wire.rows("wang")[-1].reason
    assert notices(platform) == [SERVICE_FAILED]


async def test_an_event_may_be_answered_with_eight_articles(platform: Platform, service: Service) -> None:
    async def answer(service: Service, received: Received) -> web.Response:
        return service.sealed(received, service.text_to(received, "x", **articles(8)))

    service.answer = answer
    push = await platform.phone("zhao").follow()
    assert push.outcome is Outcome.ANSWERED
    assert len(platform.phone("zhao").chat.heard()[0].more["articles"]) == 8


async def test_text_of_exactly_2048_bytes_is_shown(platform: Platform, service: Service) -> None:
    longest = "学" * 682 + "ab"

    async def answer(service: Service, received: Received) -> web.Response:
        return service.sealed(received, service.text_to(received, longest))

    service.answer = answer
    await platform.phone("wang").text("你好")
    assert platform.phone("wang").chat.heard()[0].text == longest


async def test_in_plain_mode_an_encrypted_answer_is_illegal_and_in_compatible_mode_both_are_fine(
    platform: Platform, service: Service
) -> None:
    async def plain(service: Service, received: Received) -> web.Response:
        return web.Response(body=service.text_to(received, "x"))

    async def sealed(service: Service, received: Received) -> web.Response:
        return service.sealed(received, service.text_to(received, "x"))

    outcomes = {}
    for mode in (Mode.PLAIN, Mode.COMPAT):
        for answer in (plain, sealed):
            platform.pusher.mode, service.answer = mode, answer
            if mode is Mode.PLAIN and answer is sealed:
                service.answer = saying(render({"Encrypt": "x", "MsgSignature": "x", "TimeStamp": "1", "Nonce": "n"}))
            outcomes[mode, answer.__name__] = (await platform.phone("wang").text("你好")).outcome
    assert outcomes == {
        (Mode.PLAIN, "plain"): Outcome.ANSWERED,
        (Mode.PLAIN, "sealed"): Outcome.ILLEGAL,
        (Mode.COMPAT, "plain"): Outcome.ANSWERED,
        (Mode.COMPAT, "sealed"): Outcome.ANSWERED,
    }


async def test_an_error_status_is_repeated(platform: Platform, service: Service) -> None:
    service.answers = [saying("no", 500), saying("no", 403), success]
    push = await platform.phone("wang").text("你好")
    assert (push.outcome, push.deliveries) == (Outcome.ACKNOWLEDGED, 3)
    assert [row.status for row in platform.wire.rows("wang")] == [500, 403, 200]


async def test_messages_of_one_phone_arrive_in_order_those_of_another_do_not_wait(
    platform: Platform, service: Service
) -> None:
    service.answers = [after(CUT / 2)]
    pushes = [platform.phone("wang").text(str(number)) for number in range(3)]
    other = await platform.phone("li").text("other")
    assert other.outcome is Outcome.ANSWERED
    assert pushes[0].outcome is None
    for push in pushes:
        await push
    said = [received.message.value("Content") for received in service.received]
    assert [content for content in said if content != "other"] == ["0", "1", "2"]


async def test_a_burst_comes_at_once(platform: Platform, service: Service) -> None:
    service.answer = after(CUT / 3)
    pushes = platform.burst(platform.phone("wang"), [str(number) for number in range(5)])
    async with asyncio.timeout(CUT):
        for push in pushes:
            await push
    assert {received.message.value("MsgId") for received in service.received} != set()
    assert len({received.message.value("MsgId") for received in service.received}) == 5


async def test_a_service_that_is_down_is_left_alone_for_a_minute(platform: Platform, service: Service) -> None:
    url, platform.pusher.callback_url = service.url, "http://127.0.0.1:9/wechat/official"
    for _ in range(3):
        assert (await platform.phone("wang").text("x")).outcome is Outcome.UNREACHED
    platform.pusher.callback_url = url
    marked = await platform.phone("wang").text("x")
    assert (marked.outcome, marked.deliveries) == (Outcome.MARKED, 0)
    platform.clock.advance(60)
    assert (await platform.phone("wang").text("x")).outcome is Outcome.ANSWERED


def test_a_success_between_failures_keeps_the_address_unmarked() -> None:
    mark = Mark(after=2)
    for outcome in (Outcome.TIMEOUT, Outcome.ACKNOWLEDGED, Outcome.TIMEOUT):
        mark.count(outcome, START)
    assert not mark.stands(START)


async def test_ids_do_not_repeat_across_stand_ins(platform: Platform, service: Service) -> None:
    again = Platform(platform.account, (), service.url, seed=7)
    assert again.next_msg_id() > platform.next_msg_id()


async def test_handing_over_to_people_and_silence_after_leaving(platform: Platform, service: Service) -> None:
    async def answer(service: Service, received: Received) -> web.Response:
        return service.sealed(received, service.text_to(received, "x", MsgType="transfer_customer_service"))

    service.answer = answer
    await platform.phone("wang").text("人工")
    assert notices(platform) == ["正在为你转接人工客服"]
    service.answer = echo
    await platform.phone("wang").unfollow()
    assert not platform.phone("wang").chat.heard()


async def test_closing_wakes_who_waits(service: Service) -> None:
    reached = asyncio.Event()

    async def never(_service: Service, _received: Received) -> web.Response:
        reached.set()
        await asyncio.sleep(CUT * 10)
        return web.Response()

    service.answer = never
    async with Platform(ACCOUNT, PEOPLE, service.url) as platform:
        push = platform.phone("wang").text("你好")
        await reached.wait()
    async with asyncio.timeout(1):
        assert (await push).outcome is None
