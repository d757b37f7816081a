"""Tasks done after the answer: results are told once, failures tried again and then told, slow ones kept apart."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chores import ATTEMPTS, Chores
from domain.message import MessageKind
from domain.task import Task, TaskKind
from storage.store import Store
from storage.tasks import LEASE
from tests.talk import ZONE, Talk, shown, talking

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=ZONE)
KEEP, SHOW = TaskKind.KEEP_PHOTO, TaskKind.SHOW_PHOTO
Work = Callable[[Task], Awaitable[dict[str, Any]]]


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """A talk whose own chores rest: each test runs its own."""
    async with talking(tmp_path, NOW) as held:
        held.chores.stop()
        await held._working
        yield held


async def photographed(talk: Talk) -> None:
    """A picture has been received: one task of kind KEEP_PHOTO waits."""
    talk.said.append(talk.message(MessageKind.IMAGE, media_id="m"))
    await talk.turns.run(talk.said[-1])
    assert await talk.store.waiting_tasks() == {KEEP: 1}


async def worked(talk: Talk, workers: dict[TaskKind, Work], until: Callable[[], Awaitable[bool]]) -> None:
    """Runs the chores until something is so, and stops them."""
    chores = Chores(talk.store, talk.turns, workers, lambda: talk.now)
    running = asyncio.create_task(chores.run())
    async with asyncio.timeout(20):
        while not await until():  # noqa: ASYNC110 - a table, not an event
            await asyncio.sleep(0.005)
    chores.stop()
    await running


def ended(talk: Talk) -> Callable[[], Awaitable[bool]]:
    async def none_waits() -> bool:
        return not await talk.store.waiting_tasks()

    return none_waits


async def heard(talk: Talk) -> str:
    return shown(await talk.sent())


async def test_a_result_is_a_message_that_is_answered_through_the_outbox(talk: Talk) -> None:
    async def gone(task: Task) -> dict[str, Any]:
        assert task.content["media_id"] == "m"
        return {"flaw": "gone"}

    await photographed(talk)
    await worked(talk, {KEEP: gone}, ended(talk))
    assert "已经取不到" in await heard(talk)


async def test_a_failure_is_tried_again_and_told_when_it_is_final(talk: Talk) -> None:
    tries: list[int] = []

    async def fails(task: Task) -> dict[str, Any]:
        tries.append(task.attempts)
        raise ConnectionError("the platform is away")

    await photographed(talk)
    for attempt in range(1, ATTEMPTS + 1):

        async def tried(wanted: int = attempt) -> bool:
            return len(tries) == wanted

        await worked(talk, {KEEP: fails}, tried)
        said = await heard(talk)
        assert ("暂时没有处理成功" in said) == (attempt == ATTEMPTS), said
        talk.now += timedelta(minutes=10)
    assert tries == [1, 2, 3, 4]
    assert await talk.store.waiting_tasks() == {}


async def test_a_failed_try_is_not_made_again_at_once(talk: Talk) -> None:
    tries: list[int] = []

    async def fails(task: Task) -> dict[str, Any]:
        tries.append(task.attempts)
        raise ConnectionError

    async def given_time() -> bool:
        await asyncio.sleep(0.05)
        return bool(tries)

    await photographed(talk)
    await worked(talk, {KEEP: fails}, given_time)
    assert tries == [1]


@pytest.mark.parametrize("crash_in", ["end_task", "mark_late"])
async def test_a_crash_around_the_telling_tells_it_once(
    talk: Talk, crash_in: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies before or after the result is told: the work is done again, and its result is heard once."""
    tries: list[int] = []
    crashed: list[str] = []
    real = getattr(Store, crash_in)

    async def gone(task: Task) -> dict[str, Any]:
        tries.append(task.attempts)
        return {"flaw": "gone"}

    async def crashes(store: Store, *arguments: Any) -> Any:
        if not crashed:
            crashed.append(crash_in)
            raise ConnectionError("the process has died here")
        return await real(store, *arguments)

    async def has_crashed() -> bool:
        return bool(crashed)

    monkeypatch.setattr(Store, crash_in, crashes)
    await photographed(talk)
    await worked(talk, {KEEP: gone}, has_crashed)
    said = await heard(talk)
    talk.now += LEASE
    await worked(talk, {KEEP: gone}, ended(talk))
    said += await heard(talk)
    assert tries == [1, 2]
    assert said.count("已经取不到") == 1


async def test_slow_tasks_of_one_kind_hold_up_no_other(talk: Talk) -> None:
    slow, quick = asyncio.Event(), asyncio.Event()

    async def waits(_task: Task) -> dict[str, Any]:
        await slow.wait()
        return {"flaw": "gone"}

    async def at_once(_task: Task) -> dict[str, Any]:
        quick.set()
        return {"flaw": "gone"}

    for _ in range(10):
        talk.said.append(talk.message(MessageKind.IMAGE, media_id="m"))
        await talk.turns.run(talk.said[-1])
    chores = Chores(talk.store, talk.turns, {KEEP: waits, SHOW: at_once}, lambda: talk.now)
    running = asyncio.create_task(chores.run())
    async with asyncio.timeout(20):
        await asyncio.sleep(0.05)
        await talk.store._driver.run(_put_show(talk))
        chores.wake()
        await quick.wait()
    slow.set()
    chores.stop()
    await running


def _put_show(talk: Talk) -> Any:
    from domain.task import NewTask
    from storage import tasks

    steps = tasks.put(talk.store._vault, talk.said[-1], "somebody", [NewTask(SHOW, {"photo": "x"})], talk.now)
    yield tuple(steps)


async def test_stopping_lets_what_has_begun_finish_and_begins_nothing(talk: Talk) -> None:
    begun, let_go = asyncio.Event(), asyncio.Event()

    async def waits(_task: Task) -> dict[str, Any]:
        begun.set()
        await let_go.wait()
        return {"flaw": "gone"}

    await photographed(talk)
    chores = Chores(talk.store, talk.turns, {KEEP: waits}, lambda: talk.now)
    running = asyncio.create_task(chores.run())
    await asyncio.wait_for(begun.wait(), 20)
    talk.said.append(talk.message(MessageKind.IMAGE, media_id="m"))
    await talk.turns.run(talk.said[-1])
    chores.stop()
    let_go.set()
    await asyncio.wait_for(running, 20)
    assert await talk.store.waiting_tasks() == {KEEP: 1}
    assert (await heard(talk)).count("已经取不到") == 1


async def test_a_store_that_fails_is_outlived(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[int] = []
    real = Store.take_tasks

    async def fails_twice(store: Store, *arguments: Any) -> Any:
        if len(failures) < 2:
            failures.append(1)
            raise ConnectionError
        return await real(store, *arguments)

    async def gone(_task: Task) -> dict[str, Any]:
        return {"flaw": "gone"}

    monkeypatch.setattr("bot.chores.POLL_SECONDS", 0.01)
    monkeypatch.setattr(Store, "take_tasks", fails_twice)
    await photographed(talk)
    await worked(talk, {KEEP: gone}, ended(talk))
    assert failures == [1, 1]
    assert "已经取不到" in await heard(talk)
