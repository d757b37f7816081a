"""Puts the notices that are due into the outbox, a page at a time; the sender does the rest at its own pace."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from outreach.broadcasts import notice
from storage.store import Store

log = structlog.get_logger()

POLL_SECONDS = 2.0


class Broadcasting:
    """`wake` tells the sender of new deliveries, `mass` does the next step of a mass message (False: there is none).

    Several processes may run it: each page is one's.
    """

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        wake: Callable[[], None],
        mass: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self._store = store
        self._now = now
        self._wake = wake
        self._mass = mass
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Works until `stop`. Outlives failures of the store."""
        while not self._stopping.is_set():
            if not (await self._page() | await self._massed()):
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), POLL_SECONDS)

    def stop(self) -> None:
        self._stopping.set()

    async def _massed(self) -> bool:
        try:
            return self._mass is not None and await self._mass()
        except Exception as error:  # the next look goes on where this one stopped
            log.error("mass_step_failed", error=error)
            return False

    async def _page(self) -> bool:
        try:
            there = await self._store.broadcasts.send_page(notice, self._now())
        except Exception as error:  # the next look tries again: the page is all or nothing
            log.error("notice_page_failed", error=error)
            return False
        if there:
            self._wake()
        return there
