"""Does the tasks that turns leave behind, a few of each kind at a time, and tells their results as messages.

A result is a message of kind RESULT with the task's key: it runs through the same turns as everything else, so it is
answered once however often the work itself had to be done again. Its answer leaves through the outbox.
"""

import asyncio
import contextlib
import hashlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.logs import short
from bot.turns import Turns
from domain.message import Message, MessageKind
from domain.task import Task, TaskKind
from storage.refusals import NotTaken
from storage.store import Ended, Store

log = structlog.get_logger()

Result = dict[str, Any]
Worker = Callable[[Task], Awaitable[Result | None]]  # gives the result's details (JSON), None to say nothing; or raises

AT_ONCE = 4  # of one kind: slow ones of another kind hold nobody up
ATTEMPTS = 4  # tries of one task before its failure is told
RETRY_SECONDS = (2, 30, 300)
POLL_SECONDS = 1.0
KEY_LENGTH = 300  # of a message's key


class Chores:
    """`workers` do the tasks by kind; `now` is the service's clock."""

    def __init__(
        self, store: Store, turns: Turns, workers: Mapping[TaskKind, Worker], now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._turns = turns
        self._workers = workers
        self._now = now
        self._running: dict[TaskKind, set[asyncio.Task[None]]] = defaultdict(set)
        self._woken = {kind: asyncio.Event() for kind in workers}
        self._stopping = False

    def wake(self) -> None:
        """Says that a task may have been put down: it is begun at once and not at the next look."""
        for woken in self._woken.values():
            woken.set()

    async def run(self) -> None:
        """Works until `stop`; returns when what was begun has ended. Outlives failures of the store."""
        await asyncio.gather(*(self._serve(kind) for kind in self._workers))

    def stop(self) -> None:
        self._stopping = True
        self.wake()

    async def _serve(self, kind: TaskKind) -> None:
        running, woken = self._running[kind], self._woken[kind]
        while not self._stopping:
            woken.clear()
            if not await self._take(kind):
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), POLL_SECONDS)
        if running:
            await asyncio.wait(set(running))

    async def _take(self, kind: TaskKind) -> bool:
        """Begins what is due and there is room for; whether there may be more at once."""
        running = self._running[kind]
        room = AT_ONCE - len(running)
        if room <= 0:
            await asyncio.wait(set(running), return_when=asyncio.FIRST_COMPLETED)
            return True
        try:
            taken = await self._store.take_tasks(self._now(), kind, room)
        except Exception as error:
            log.error("tasks_not_taken", error=error)
            return False
        for task in taken:
            doing = asyncio.create_task(self._do(task))
            running.add(doing)
            doing.add_done_callback(running.discard)
        return len(taken) == room

    async def _do(self, task: Task) -> None:
        try:
            result = await self._workers[task.kind](task)
        except Exception as error:
            await self._failed(task, error)
        else:
            await self._told(task, result, Ended(done=True))

    async def _failed(self, task: Task, error: Exception) -> None:
        reason = type(error).__name__
        log.warning("task_failed", task=short(task.key), attempt=task.attempts, error=error)
        if task.attempts < ATTEMPTS:
            pause = timedelta(seconds=RETRY_SECONDS[min(task.attempts, len(RETRY_SECONDS)) - 1])
            await self._end(task, Ended(done=False, reason=reason, again_at=self._now() + pause))
            return
        await self._told(task, {"failed": reason}, Ended(done=False, reason=reason))

    async def _told(self, task: Task, result: Result | None, ended: Ended) -> None:
        """Tells the result and ends the task, in this order: a crash between the two tells it again, which is seen."""
        try:
            if result is not None:
                await self._tell(task, result)
        except Exception as error:  # the store: the lease runs out, and it is done again
            log.error("task_not_told", task=short(task.key), error=error)
        else:
            await self._end(task, ended)

    async def _tell(self, task: Task, result: Result) -> None:
        now = self._now()
        message = Message(
            key=message_key_of(task.key),
            channel=task.channel,
            account=task.account,
            sender=task.sender,
            kind=MessageKind.RESULT,
            event=task.kind.value,
            details={**task.content, **result},
            sent_at=now,
        )
        await self._store.mark_late(message, now)
        await self._turns.run(message)

    async def _end(self, task: Task, ended: Ended) -> None:
        try:
            await self._store.end_task(task, ended)
        except NotTaken:
            log.info("task_taken_over", task=short(task.key))
        except Exception as error:  # its lease runs out, and it is done again
            log.error("task_not_ended", task=short(task.key), error=error)


def message_key_of(task_key: str) -> str:
    """A key of the task's own, and no longer than a message's may be."""
    key = f"task:{task_key}"
    return key if len(key) <= KEY_LENGTH else f"task:{hashlib.sha256(task_key.encode()).hexdigest()}"
