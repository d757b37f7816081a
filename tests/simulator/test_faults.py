"""Faults on purpose, each seen from where the service stands."""

import asyncio
import random
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from simulator.faults import Armed, Fault, Faults
from simulator.platform import Platform
from simulator.push import Outcome
from simulator.qrpicture import picture
from tests.simulator.conftest import CUT, PEOPLE, Api, text_for
from tests.simulator.service import Service

WANG = PEOPLE[0]
SEND = "message/custom/send"


async def test_a_lost_answer_is_followed_by_a_repeat(platform: Platform, service: Service) -> None:
    platform.faults.arm(Fault.ANSWER_LOST, Armed(times=1, phone="wang"))
    assert (await platform.phone("li").text("x")).deliveries == 1
    push = await platform.phone("wang").text("x")
    assert (push.outcome, push.deliveries) == (Outcome.ANSWERED, 2)
    assert [row.verdict for row in platform.wire.rows("wang")] == ["lost", "answered"]
    assert [received.message.value("MsgId") for received in service.received[1:]] == [str(push.fields["MsgId"])] * 2
    assert len(platform.phone("wang").chat.heard()) == 1


async def test_a_slow_network_reaches_the_service_but_loses_the_answer(platform: Platform, service: Service) -> None:
    platform.faults.arm(Fault.SLOW, Armed(times=1, seconds=CUT * 1.5))
    push = await platform.phone("wang").text("x")
    assert [row.verdict for row in platform.wire.rows("wang")] == ["timeout", "answered"]
    assert (len(service.received), push.deliveries) == (2, 2)


async def test_a_duplicate_comes_at_the_same_moment_and_is_shown_once(platform: Platform, service: Service) -> None:
    platform.faults.arm(Fault.DUPLICATE, Armed(times=1))
    await platform.phone("wang").text("x")
    first, second = service.received
    assert first.message.value("MsgId") == second.message.value("MsgId")
    assert first.query["nonce"] != second.query["nonce"]
    assert len(platform.phone("wang").chat.heard()) == 1


async def test_busy_once_then_fine(api: Api, platform: Platform) -> None:
    await platform.phone("wang").text("x")
    platform.faults.arm(Fault.API_BUSY, Armed(times=1, path="message/"))
    assert "ip_list" in await api("getcallbackip")
    assert [(await api(SEND, text_for(WANG)))["errcode"] for _ in range(2)] == [-1, 0]
    assert not platform.faults.armed


async def test_a_killed_token_stays_dead(api: Api, platform: Platform) -> None:
    platform.faults.arm(Fault.TOKEN_KILLED, Armed(times=1))
    old = platform.tokens.stable(platform.clock.now()).value
    assert (await api("getcallbackip"))["errcode"] == 40001
    assert platform.tokens.stable(platform.clock.now()).value != old
    assert "ip_list" in await api("getcallbackip")


@pytest.mark.parametrize(("fault", "shown"), [(Fault.API_TIMEOUT, 1), (Fault.API_UNREACHED, 0)])
async def test_no_answer_with_and_without_effect(
    api: Api, platform: Platform, client: TestClient[web.Request, web.Application], fault: Fault, shown: int
) -> None:
    platform.phone("wang").block(False)
    await platform.phone("wang").text("x")
    heard = len(platform.phone("wang").chat.heard())
    platform.faults.arm(fault, Armed(times=1, seconds=0.2))
    with pytest.raises(aiohttp.ClientError):
        await api(SEND, text_for(WANG))
    assert len(platform.phone("wang").chat.heard()) == heard + shown
    assert platform.wire.rows()[-1].verdict == "hung"


async def test_a_gateway_error_is_no_json(client: TestClient[web.Request, web.Application], platform: Platform) -> None:
    platform.faults.arm(Fault.API_ERROR, Armed(times=1))
    async with client.get("/cgi-bin/getcallbackip") as response:
        assert (response.status, response.content_type) == (502, "text/html")


async def test_media_that_expired_early(api: Api, platform: Platform) -> None:
    await platform.phone("wang").image(picture("a"))
    media_id = str(platform.wire.rows("wang")[0].sent).split("<MediaId><![CDATA[")[1].split("]]>")[0]
    platform.faults.arm(Fault.MEDIA_EXPIRED, Armed(times=1))
    assert (await api("media/get", media_id=media_id))["errcode"] == 40007


def test_rates_follow_the_seed() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults(random.Random(seed))
        faults.arm(Fault.SLOW, Armed(rate=0.3))
        return [faults.strikes(Fault.SLOW) is not None for _ in range(300)]

    assert struck(1) == struck(1)
    assert struck(1) != struck(2)
    assert 60 < sum(struck(1)) < 120


@pytest.mark.parametrize("armed", [Armed(times=-1), Armed(rate=1.1), Armed(seconds=121), Armed(rate=float("nan"))])
def test_values_out_of_range(armed: Armed) -> None:
    with pytest.raises(ValueError, match="times"):
        Faults(random.Random(0)).arm(Fault.SLOW, armed)


async def test_a_service_under_many_faults_hears_every_message(platform: Platform, service: Service) -> None:
    """Half of the answers lost or doubled: still every message arrives, each under its one id."""
    platform.faults.arm(Fault.DUPLICATE, Armed(rate=0.4))
    platform.faults.arm(Fault.SLOW, Armed(rate=0.2, seconds=CUT))
    pushes: list[Any] = []
    for person in ("wang", "li"):
        pushes += platform.burst(platform.phone(person), [str(number) for number in range(15)])
    await asyncio.gather(*(settled(push) for push in pushes))
    ids = {received.message.value("MsgId") for received in service.received}
    assert ids == {str(push.fields["MsgId"]) for push in pushes}
    assert len(service.received) > len(pushes)


async def settled(push: Any) -> None:
    await push
