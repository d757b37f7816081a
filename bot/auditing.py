"""The ledger looked at while the service runs: each night in the process that leads, and whenever the operator asks.

The walk is in a thread with a loop of its own, on a snapshot beside the service, and rests a little after every person,
so that answers stay quick. How far it is stands in the database, where every process can show it.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from storage.store import Store
from storage.verification import Finding, Tally, verify
from storage.vitals_ledger import FINDINGS_KEPT

log = structlog.get_logger()

NIGHT_HOUR = 3  # from when the night's look may begin
NIGHT, DEMAND = "night", "demand"
TOLD_SECONDS = 1.0  # between two words on how far it is
REST_SECONDS = 0.0005  # after every person
_ZONE = ZoneInfo("Asia/Shanghai")


class _Stopped(Exception):
    """The service is ending."""


class Audit:
    """`url` names the database, `runner` this process; `now` is the service's clock."""

    def __init__(self, store: Store, url: str, runner: str, now: Callable[[], datetime]) -> None:
        self._store = store
        self._url = url
        self._runner = runner
        self._now = now
        self._walking: asyncio.Task[None] | None = None
        self._stopping = threading.Event()

    async def begin(self, reason: str) -> bool:
        """Begins a look in the background; False when one is running, here or in another process."""
        number = await self._store.ledger_checks.begin(reason, self._runner, self._now())
        if number is None:
            return False
        self._walking = asyncio.create_task(self._look(number))
        return True

    async def night(self) -> None:
        """Begins the night's look when it is due: once a day, also late."""
        now = self._now().astimezone(_ZONE)
        if now.hour < NIGHT_HOUR or (self._walking is not None and not self._walking.done()):
            return
        looked = [check for check in await self._store.ledger_checks.latest() if check.reason == NIGHT]
        if not looked or looked[0].started_at.astimezone(_ZONE).date() != now.date():
            await self.begin(NIGHT)

    async def finished(self) -> None:
        """Waits until nothing is being looked at by this process."""
        if self._walking is not None:
            await self._walking

    async def close(self) -> None:
        self._stopping.set()
        await self.finished()

    async def _look(self, number: int) -> None:
        tally, found = Tally(), list[Finding]()

        def progress(so_far: Tally) -> None:
            tally.people, tally.entries, tally.findings = so_far.people, so_far.entries, so_far.findings
            if self._stopping.is_set():
                raise _Stopped
            time.sleep(REST_SECONDS)

        def report(finding: Finding) -> None:
            if len(found) < FINDINGS_KEPT:
                found.append(finding)

        walking = asyncio.create_task(asyncio.to_thread(_walk, self._url, report, progress))
        try:
            while not (await asyncio.wait({walking}, timeout=TOLD_SECONDS))[0]:
                await self._store.ledger_checks.advance(
                    number, tally.people, tally.entries, tally.findings, self._now()
                )
            tally = walking.result()
            state = "broken" if tally.findings else "whole"
        except Exception as error:
            log.error("ledger_not_checked", error=error)
            state = "lost" if isinstance(error, _Stopped) else "failed"
        if tally.findings:
            log.error("ledger_broken", findings=tally.findings)
        told = [str(finding) for finding in found]
        await self._store.ledger_checks.end(
            number, state, tally.people, tally.entries, told, tally.findings, tally.root, self._now()
        )


def _walk(url: str, report: Callable[[Finding], None], progress: Callable[[Tally], None]) -> Tally:
    return asyncio.run(verify(url, report, progress))
