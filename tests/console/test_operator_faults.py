"""Each fault that the stand-in can inject, and each that a process can have, lights its own lamp and no other."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.errors import ChannelError
from console.operator.figures import gather
from console.operator.lamps import Colour, Lamp, lamps
from domain.message import Channel, Message, MessageKind
from handlers import routes
from simulator.faults import Armed, Fault
from simulator.push import PushSettings
from storage.vitals import Process
from tests.service.world import ACCOUNT, World, world

ASKED = "我还差多少学时"


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[World]:
    """The service with somebody who has just spoken, a token at hand and the ledger looked at."""
    async with world(tmp_path) as running:
        await running.platform.phone("p0").text(ASKED)
        await running.service.client.send_text(running.platform.phone("p0").person.openid, "你好")
        operations = running.service.operations
        await operations.look_now()
        await operations.check_ledger()
        await operations.audit.finished()
        yield running


async def lit(running: World) -> dict[str, Lamp]:
    """The lamps that are not green; the rule book's and the disk's depend on the day and the machine."""
    await running.service.operations.look_now()
    figures = await gather(running.service.store, running.service.book, running.service.now())
    hanging = [lamp for _, group in lamps(figures) for lamp in group]
    return {lamp.name: lamp for lamp in hanging if lamp.colour is not Colour.GREEN and lamp.name not in _OUTSIDE}


_OUTSIDE = {"rules", "pictures"}


async def spoken(running: World) -> None:
    await running.platform.phone("p0").text(ASKED)


async def spoken_while_time_passes(running: World) -> None:
    """What takes seconds in the world takes a moment here: the clock is moved while the push is under way."""
    running.platform.pusher.settings = PushSettings(timeout=2.0)
    push = running.platform.phone("p0").text(ASKED)
    await asyncio.sleep(0.3)
    running.platform.clock.advance(5)
    await push


async def sent(running: World) -> None:
    with contextlib.suppress(ChannelError):
        await running.service.client.send_text(running.platform.phone("p0").person.openid, "还差90学时")


async def fetched(running: World) -> None:
    with contextlib.suppress(ChannelError):
        await running.service.client.download_media("a picture of last week")


Act = Callable[[World], Awaitable[None]]
SEND = "message/custom/send"
FAULTS: dict[Fault, tuple[Armed, Act, str]] = {
    Fault.ANSWER_LOST: (Armed(times=1), spoken_while_time_passes, "unheard"),
    Fault.SLOW: (Armed(times=1, seconds=1.2), spoken_while_time_passes, "way"),
    Fault.DUPLICATE: (Armed(times=1), spoken, "twins"),
    Fault.API_BUSY: (Armed(times=1, path=SEND), sent, "busy"),
    Fault.TOKEN_KILLED: (Armed(times=1, path=SEND), sent, "token"),
    Fault.API_TIMEOUT: (Armed(times=1, seconds=0.2, path=SEND), sent, "carried"),
    Fault.API_UNREACHED: (Armed(times=1, seconds=0.2, path=SEND), sent, "unreached"),
    Fault.API_ERROR: (Armed(times=1, path=SEND), sent, "gateway"),
    Fault.MEDIA_EXPIRED: (Armed(times=1), fetched, "media"),
}


def test_every_fault_has_its_lamp() -> None:
    assert set(FAULTS) == set(Fault)
    names = [name for _, _, name in FAULTS.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("fault", list(Fault))
async def test_a_fault_lights_its_lamp_and_no_other(there: World, fault: Fault) -> None:
    assert await lit(there) == {}
    armed, act, name = FAULTS[fault]
    there.platform.faults.arm(fault, armed)
    await act(there)
    found = await lit(there)
    assert set(found) == {name}
    assert found[name].values["count"] == 1
    there.platform.clock.advance(timedelta(hours=2).total_seconds())
    await there.service.clockwork.tick()
    await there.service.operations.look_now()
    assert name not in await lit(there), "what is over for an hour is no longer shown"


async def test_a_turn_that_fails_is_shown_and_run_again_once(there: World, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = there.platform.phone("p0")
    before = len(phone.chat.heard())
    with monkeypatch.context() as broken:
        broken.setattr(routes, "answer", _broken)
        await phone.text(ASKED)
    assert set(await lit(there)) == {"failures"}
    (failed,) = await there.service.store.queues.failed()
    assert failed.reason == "ZeroDivisionError"
    operations = there.service.operations
    assert sorted(await asyncio.gather(*(operations.replay(failed.key) for _ in range(3)))) == [
        "gone",
        "gone",
        "settled",
    ]
    heard = await phone.chat.hears(before + 2)
    assert "还差90学时" in heard[-1].text
    assert heard[-1].through == "customer"
    await asyncio.sleep(0.3)
    assert len(phone.chat.heard()) == before + 2, "an apology and one answer"
    assert await lit(there) == {}


def _broken(_turn: object) -> None:
    raise ZeroDivisionError


async def test_words_run_again_a_day_later_mean_the_day_they_were_said(there: World) -> None:
    """今天 is the day on which it was said, however late it is answered."""
    said_at = there.service.now() - timedelta(days=3)
    openid = there.platform.phone("p0").person.openid
    message = Message(
        key=f"official:{ACCOUNT.appid}:{openid}:msg:1",
        channel=Channel.OFFICIAL,
        account=ACCOUNT.appid,
        sender=openid,
        kind=MessageKind.TEXT,
        text="今天参加培训班《消防安全》，专业课，6学时",
        sent_at=said_at,
    )
    reply = await there.service.turns.run(message)
    assert reply is not None
    assert f"{said_at.month}月{said_at.day}日" in reply.text


async def test_a_process_that_died_is_missed_until_another_takes_its_place(there: World) -> None:
    store, now = there.service.store, there.service.now()
    dead = Process("host-9", "worker", now - timedelta(hours=3), now - timedelta(minutes=20))
    await store.vitals.beat(dead)
    found = await lit(there)
    assert found["processes"].colour is Colour.RED
    assert found["processes"].values["name"] == "host-9"
    follower = Process("host-10", "worker", now - timedelta(minutes=15), now, details=_of(there))
    await store.vitals.beat(follower)
    assert (await lit(there))["processes"].colour is Colour.YELLOW
    await store.vitals.beat(Process("host-9", "worker", now, now, ended_at=now))
    assert "processes" not in await lit(there)


def _of(running: World) -> dict[str, object]:
    return dict(running.service.operations._described())
