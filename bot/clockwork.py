"""The few coarse jobs of the running service. Each is a plain function of `now`; what they know is in tables.

APScheduler only rings the bell: a missed ring is made up for once (`coalesce`), and a job run twice changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.health import LEADING
from bot.outreach import Outreach
from bot.turns import Turns
from storage.store import Store

log = structlog.get_logger()

RESUME_SECONDS = 60
SWEEP_SECONDS = 60
UPKEEP_MINUTES = 10
PURGE_HOURS = 24
PURGE_AFTER_MINUTES = 5  # of running
LEASE_SECONDS = 30  # a turn whose runner has been silent so long is run again
_GRACE_SECONDS = 3600


class Clockwork:
    """`daily` are further jobs for once a day; `outreach` and `upkeep` (token and quotas) are jobs of one process among
    several: the one that leads.
    """

    def __init__(
        self,
        store: Store,
        turns: Turns,
        now: Callable[[], datetime],
        daily: Sequence[Callable[[], Awaitable[None]]] = (),
        outreach: Outreach | None = None,
        upkeep: Sequence[Callable[[], Awaitable[None]]] = (),
    ) -> None:
        self._outreach = outreach
        self._upkeep = upkeep
        self._daily = daily
        self._store = store
        self._turns = turns
        self._now = now
        self._ticking = asyncio.Lock()
        self.leads = False
        self.swept: Callable[[], None] = _nobody_counts
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": _GRACE_SECONDS}
        )

    def start(self) -> None:
        self._scheduler.add_job(_logged(self.resume), "interval", seconds=RESUME_SECONDS)
        self._scheduler.add_job(_logged(self.tick), "interval", seconds=SWEEP_SECONDS)
        for job in self._upkeep:
            self._scheduler.add_job(_logged(job), "interval", minutes=UPKEEP_MINUTES)
        soon = datetime.now(UTC) + timedelta(minutes=PURGE_AFTER_MINUTES)  # also where nobody lets it run for a day
        for job in (self.purge, *self._daily):
            self._scheduler.add_job(_logged(job), "interval", hours=PURGE_HOURS, next_run_time=soon)
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)

    async def resume(self, lease_seconds: float = LEASE_SECONDS) -> None:
        """Runs again what a crash left open; the platform has given up on it, so the answer goes through the outbox."""
        for message in await self._store.unfinished(self._now(), lease_seconds):
            await self._turns.run(message)

    async def tick(self) -> None:
        """What the clock rings for each minute, in the process that leads: who is due, and once a day everybody.

        Also to be called when a clock has been moved by hand: everything is a function of the time it shows.
        """
        if self._outreach is None:
            return
        leads = await self._store.leadership.lead()
        LEADING.set(leads)
        self.leads = leads
        if leads and not self._ticking.locked():
            async with self._ticking:
                await self._outreach.night()
                await self._outreach.sweep()
                self.swept()

    async def purge(self) -> None:
        """Blanks what was said in turns settled long ago; their keys stay, so a repeat is still known."""
        await self._store.purge(self._now())


def _nobody_counts() -> None:
    """Nobody has asked to be told of sweeps."""


def _logged(job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        try:
            await job()
        except Exception as error:  # the next ring tries again
            log.error("job_failed", job=getattr(job, "__name__", ""), error=error)

    return run
