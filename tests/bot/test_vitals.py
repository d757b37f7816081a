"""What a process counts and writes down, and what it makes of calls that were never answered."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.errors import ChannelBusy
from bot.channels.wire import Call
from bot.silence import Silence
from bot.vitals import COMING, Vitals
from domain.message import Channel, Message, MessageKind
from domain.vitals import slot_of
from storage.sealing import Vault
from storage.store import Store
from tests.databases import sqlite_url

NOW = datetime(2026, 11, 21, 9, 31, 40, tzinfo=UTC)
SEND = "message/custom/send"


async def _nothing() -> None:
    return


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(sqlite_url(tmp_path), Vault([bytes(32)]))
    yield opened
    await opened.close()


def vitals_of(store: Store, runner: str = "a", now: Callable[[], datetime] = lambda: NOW) -> Vitals:
    return Vitals(store, runner, "all", now, lambda: {"megabytes": 90}, lambda: True, _nothing)


@pytest.fixture
def vitals(store: Store) -> Vitals:
    return vitals_of(store)


async def figures(store: Store) -> dict[str, tuple[float, float]]:
    return {name: (one.total, one.peak) for name, one in (await store.vitals.totals(slot_of(NOW))).items()}


def message(number: int = 1, *, ago: float = 0.3, kind: MessageKind = MessageKind.TEXT) -> Message:
    sent_at = NOW - timedelta(seconds=ago)
    key = f"official:wx1:oWang:msg:{number}"
    return Message(key=key, channel=Channel.OFFICIAL, account="wx1", sender="oWang", kind=kind, sent_at=sent_at)


async def test_two_processes_are_added_up_and_both_are_alive(store: Store) -> None:
    for runner, times in (("a", 2), ("b", 3)):
        one = vitals_of(store, runner)
        for _ in range(times):
            one.answered(0.02)
        await one.beat()
    assert await figures(store) == {"answers": (5, 0.02), "within.0.025": (5, 0.02)}
    assert [one.runner for one in await store.vitals.processes(NOW)] == ["a", "b"]


async def test_what_could_not_be_written_is_written_by_the_next_beat(
    store: Store, vitals: Vitals, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise ConnectionError

    vitals.count("sweeps", 1, 7)
    with monkeypatch.context() as failing:
        failing.setattr(store.vitals, "add", broken)
        with pytest.raises(ConnectionError):
            await vitals.beat()
        vitals.count("sweeps", 1, 9)
    await vitals.beat()
    assert await figures(store) == {"sweeps": (2, 9)}


async def test_a_stopped_process_says_so(store: Store, vitals: Vitals) -> None:
    await vitals.end()
    (process,) = await store.vitals.processes(NOW)
    assert process.ended_at == NOW


@pytest.mark.parametrize(
    ("ago", "outcome", "counted"),
    [
        (0.9, "answered", {"pushes", "turns.answered"}),
        (2.0, "answered", {"pushes", "pushes.slow", "turns.answered"}),
        (-3.0, "late", {"pushes", "pushes.ahead", "turns.late"}),
        (0.5, "repeat", {"repeats.twin"}),
        (5.5, "repeat", {"repeats.unheard"}),
    ],
)
async def test_a_push_is_judged_by_how_long_ago_it_was_sent(
    store: Store, vitals: Vitals, ago: float, outcome: str, counted: set[str]
) -> None:
    vitals.arrived(message(ago=ago), NOW)
    vitals.turned(outcome, message(ago=ago), 0.01)
    await vitals.beat()
    assert set(await figures(store)) == counted


async def test_what_came_by_no_push_says_nothing_about_the_way(store: Store, vitals: Vitals) -> None:
    vitals.turned("answered", message(ago=90_000), 0.1)  # left open by a crash, or run again by the operator
    vitals.turned("repeat", message(kind=MessageKind.RESULT), 0.1)
    await vitals.beat()
    assert set(await figures(store)) == {"turns.answered"}


def test_pushes_whose_turn_never_ends_are_forgotten(vitals: Vitals) -> None:
    for number in range(COMING + 5):
        vitals.arrived(message(number), NOW)
    assert len(vitals._coming) <= COMING


@pytest.mark.parametrize(
    ("errcode", "error", "fault"),
    [
        (0, "", ""),
        (-1, "ChannelBusy", "busy"),
        (40001, "ChannelRefused", "token"),
        (45009, "ChannelBusy", "quota"),
        (40007, "ChannelRefused", "media"),
        (40164, "ChannelRefused", "config"),
        (502, "OutcomeUnknown", "http"),
        (0, "OutcomeUnknown", "silent"),
        (43004, "PersonUnreachable", ""),
    ],
)
async def test_calls_are_sorted_by_what_to_do_about_them(
    store: Store, vitals: Vitals, errcode: int, error: str, fault: str
) -> None:
    vitals.called(Call(SEND, "", errcode, 0.1, "", error))
    await vitals.beat()
    found = set(await figures(store))
    assert found == {f"calls.{SEND}"} | ({f"faults.{fault}.{SEND}"} if fault else set())


async def test_only_callbacks_are_timed_and_only_answers_count_as_such(store: Store, vitals: Vitals) -> None:
    async def answered(request: web.Request) -> web.Response:
        return web.Response(status=403 if "bad" in request.query else 200)

    app = web.Application(middlewares=[vitals.answering])
    app.add_routes([web.post("/wechat/official", answered), web.post("/console/out", answered)])
    async with TestClient(TestServer(app)) as client:
        for path in ("/wechat/official", "/wechat/official?bad=1", "/console/out"):
            await client.post(path)
    await vitals.beat()
    found = await figures(store)
    assert (found["answers"][0], found["refused.403"][0]) == (1, 1)
    assert sum(total for name, (total, _) in found.items() if name.startswith("within.")) == 1


# What the platform has counted against what we were told

Ask = Callable[[str], Awaitable[tuple[int, int] | None]]


def silence(vitals: Vitals, counts: list[int | None], *, alone: bool = True) -> Silence:
    """Asks a platform whose count of the day goes like this; None: it does not say, or is busy."""

    async def ask(_api: str) -> tuple[int, int] | None:
        used = counts.pop(0)
        if used is None:
            raise ChannelBusy(-1)
        return 500_000, used

    async def on_our_own() -> bool:
        return alone

    return Silence(vitals, (SEND,), ask, lambda _api, _daily: None, on_our_own, lambda: NOW)


def call(vitals: Vitals, errcode: int = 0, error: str = "") -> None:
    vitals.called(Call(SEND, "", errcode, 0.1, "", error))


@pytest.mark.parametrize(
    ("counts", "alone", "told"),
    [
        ([100, 103], True, "carried"),  # two answered, one silent: all three were counted
        ([100, 102], True, "dropped"),
        ([100, 103], False, "unclear"),  # another process sends too
        ([100, 3], True, "unclear"),  # a new day has begun between
    ],
)
async def test_a_silent_call_is_held_against_the_platforms_count(
    store: Store, vitals: Vitals, counts: list[int | None], alone: bool, told: str
) -> None:
    watching = silence(vitals, counts, alone=alone)
    await watching.look()
    call(vitals)
    call(vitals, 45015, "PersonUnreachable")
    call(vitals, 0, "OutcomeUnknown")
    call(vitals, -1, "ChannelBusy")  # turned away before it is counted
    await watching.look()
    await vitals.beat()
    found = {name for name in await figures(store) if name.startswith("silence.")}
    assert found == {f"silence.{told}.{SEND}"}


async def test_without_a_count_before_it_nothing_can_be_told(store: Store, vitals: Vitals) -> None:
    watching = silence(vitals, [None, 4])
    call(vitals, 0, "OutcomeUnknown")
    await watching.look()
    await watching.look()
    await vitals.beat()
    assert f"silence.unclear.{SEND}" in await figures(store)


async def test_the_platform_is_not_asked_again_while_nothing_is_silent(vitals: Vitals) -> None:
    counts: list[int | None] = [1, 2, 3]
    watching = silence(vitals, counts)
    for _ in range(3):
        await watching.look()
    assert counts == [2, 3]
