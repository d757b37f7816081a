"""What the operator's room may do with the running service: its figures, failed messages run again, the ledger's check.

One `Operations` is made with the service and watches it; `docs/operations.md` says what each lamp asks for.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.auditing import DEMAND, Audit
from bot.channels.client import Client
from bot.logs import short
from bot.notices import INTERFACES
from bot.paces import Quotas
from bot.photos import Photos
from bot.silence import Silence
from bot.turns import Turns
from bot.versions import megabytes, versions
from bot.vision import Reader
from bot.vitals import Vitals
from storage.store import Store

log = structlog.get_logger()

START_SECONDS = 5.0  # after the start, until the first beat: the first answers come before
PHOTOS_EVERY = timedelta(minutes=5)
ALIVE = timedelta(minutes=3)  # without a word a process counts as gone


@dataclass(frozen=True, slots=True)
class Watched:
    """The parts of the service that are looked at; `leads` whether it keeps the clock now."""

    client: Client
    turns: Turns
    quotas: Quotas
    reader: Reader
    photos: Photos
    leads: Callable[[], bool]


class Operations:
    """`url` names the database, `runner` this process, `role` what it does; `now` is the service's clock."""

    def __init__(self, store: Store, url: str, runner: str, role: str, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._role = role
        self._watched: Watched | None = None
        self._photos: dict[str, Any] = {}
        self._photos_at: datetime | None = None
        self._begun = False
        self._running: asyncio.Task[None] | None = None
        self.vitals = Vitals(store, runner, role, now, self._described, self._leads, self._measure)
        self.audit = Audit(store, url, runner, now)
        self.silence: Silence | None = None

    def watch(self, watched: Watched) -> None:
        """To be called once, when the service is put together."""
        self._watched = watched
        interfaces = tuple(INTERFACES.values())
        ask, learn = watched.client.quota, watched.quotas.allow
        self.silence = Silence(self.vitals, interfaces, ask, learn, self._sends_alone, self._now)

    def start(self) -> None:
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
        await self.audit.close()
        if self._begun:
            await self.vitals.end()

    # What the room does

    async def look_now(self) -> None:
        """Writes down at once what has been counted."""
        self._begun = True
        await self.vitals.beat()

    async def replay(self, key: str) -> str:
        """Runs a failed message once more; its answer leaves through the outbox. How it then stands: settled, failed,
        open, or `gone` when it was not failed (any more) or its words have been deleted.
        """
        message = await self._store.queues.reopen(key, self._now())
        if message is None or self._watched is None:
            return "gone"
        log.info("message_run_again", message=short(key))
        await self._watched.turns.run(message)
        stands = await self._store.queues.stands(key)
        return stands[0] if stands else "gone"

    async def check_ledger(self) -> bool:
        """Begins a look at the whole ledger; False when one is running."""
        return await self.audit.begin(DEMAND)

    # What is watched

    async def _run(self) -> None:
        await asyncio.sleep(START_SECONDS)
        await asyncio.to_thread(versions)
        self._begun = True
        await self.vitals.run()

    def _leads(self) -> bool:
        return self._watched is not None and self._watched.leads()

    async def _sends_alone(self) -> bool:
        """Whether no other process sends, so that what is counted here is all there is."""
        processes = await self._store.vitals.processes(self._now() - ALIVE)
        return sum(process.role != "gateway" and process.ended_at is None for process in processes) <= 1

    async def _measure(self) -> None:
        """What is found out by asking. A failure of one is told and does not hold up the others."""
        for asked in (self._queues, self._quotas, self._pictures, self._night):
            try:
                await asked()
            except Exception as error:
                log.error("vitals_not_measured", what=asked.__name__.strip("_"), error=error)

    async def _queues(self) -> None:
        """How long the oldest of each queue has waited, for the plot; one process tells it."""
        if not self._leads():
            return
        now = self._now()
        found = await self._store.queues.look(now, now, now.date())
        waiting = {
            "inbox": [found.inbox],
            "outbox": list(found.outbox.values()),
            "tasks": list(found.tasks.values()),
        }
        for name, queues in waiting.items():
            ages = [(now - queue.since).total_seconds() for queue in queues if queue.since is not None]
            self.vitals.count(f"age.{name}", 0, max([0.0, *ages]))

    async def _quotas(self) -> None:
        watched = self._watched
        if watched is None or self.silence is None or self._role == "gateway":
            return
        if watched.client.tokens.expires_at is not None:  # nobody asks the platform before there is something to say
            await self.silence.look()

    async def _pictures(self) -> None:
        now = self._now()
        if self._watched is None or (self._photos_at and timedelta() <= now - self._photos_at < PHOTOS_EVERY):
            return
        self._photos_at = now
        try:
            self._photos = {"free": await self._watched.photos.probe()}
        except Exception as error:
            log.error("photos_not_reached", error=error)
            self._photos = {"error": type(error).__name__}

    async def _night(self) -> None:
        if self._leads():
            await self.audit.night()

    def _described(self) -> dict[str, Any]:
        reader = self._watched.reader if self._watched else None
        workers = [{"pid": pid, "megabytes": megabytes(pid)} for pid in reader.pids] if reader else []
        deaths = reader.deaths if reader else 0
        own = {"megabytes": megabytes(), "photos": self._photos, "workers": workers, "worker_deaths": deaths}
        return {**versions(), **own}
