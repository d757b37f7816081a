"""Goes on with batches, page by page, in whatever process works: what is begun is finished, whoever dies meanwhile.

What a page does is a Stage's: it reads, and gives the steps of its commit. The commit carries the place that the batch
has come to, so doing a page again after a crash or a conflict changes nothing twice.
"""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from domain.batch import Batch, BatchKind, BatchState
from storage.refusals import Conflict
from storage.statements import Step
from storage.store import Store

log = structlog.get_logger()

POLL_SECONDS = 2.0
TRIES = 20  # of a page that something else changes at the same time
FAILURES = 3  # of a batch, before it is given up
PAUSE_SECONDS = 0.2
ASIDE_EVERY = timedelta(seconds=20)


@dataclass(slots=True)
class Page:
    """What a page does: steps of one commit, and how many rows became what."""

    steps: list[Step] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)


class Stage(Protocol):
    """A stage of a kind of batch. `next_state` is where it leads."""

    @property
    def next_state(self) -> BatchState: ...

    async def begin(self, batch: Batch) -> Any:
        """What all pages need to know; made anew when another process takes over."""

    async def page(self, batch: Batch, facts: Any) -> Page:
        """What the page at `batch.place` does."""

    async def end(self, batch: Batch, facts: Any, tally: Counter[str]) -> dict[str, Any]:
        """What the batch says when the stage is over, beside what it said before."""


Stages = Mapping[tuple[BatchKind, BatchState], Stage]


class Batches:
    """`now` is the service's clock, `real` the one that leases run on; `aside` is looked at now and then between
    batches. Several processes may run it: each page is one's.
    """

    def __init__(
        self,
        store: Store,
        stages: Stages,
        now: Callable[[], datetime],
        real: Callable[[], datetime],
        aside: Sequence[Callable[[], Awaitable[None]]] = (),
    ) -> None:
        self._store = store
        self._stages = stages
        self._now = now
        self._real = real
        self._aside = aside
        self._looked: datetime | None = None
        self._woken = asyncio.Event()
        self._stopping = False
        self._failures: Counter[str] = Counter()

    def wake(self) -> None:
        """Says that there may be something to go on with."""
        self._woken.set()

    def stop(self) -> None:
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Works until `stop`. Outlives failures of the store."""
        while not self._stopping:
            self._woken.clear()
            if not await self.work():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), POLL_SECONDS)

    async def work(self) -> bool:
        """Goes on with one batch to the end of its stage; whether there was one."""
        try:
            await self._look_aside()
            batch = await self._store.sheets.take(self._real())
        except Exception as error:  # the next look tries again
            log.error("batches_not_taken", error=error)
            return False
        if batch is None:
            return False
        try:
            await self._go_on(batch)
        except Conflict:
            log.info("batch_left", batch=batch.id[:8])  # stopped, or somebody else's now
        except Exception as error:
            await self._failed(batch, error)
        return True

    async def _look_aside(self) -> None:
        if self._looked is not None and self._real() - self._looked < ASIDE_EVERY:
            return
        self._looked = self._real()
        for look in self._aside:
            await look()

    async def _go_on(self, batch: Batch) -> None:
        stage = self._stages[batch.kind, batch.state]
        facts = await stage.begin(batch)
        tally: Counter[str] = Counter(batch.tally)
        while batch.place < batch.total:
            if self._stopping:
                return  # the next start goes on here
            tally = await self._page(stage, batch, facts, tally)
            batch = replace(batch, place=batch.place + 1, tally=dict(tally))
            await asyncio.sleep(0)
        said = await stage.end(batch, facts, tally)
        ended = replace(batch, content={**batch.content, **said})
        await self._store.sheets.end(ended, stage.next_state, tally, self._now())
        self._failures.pop(batch.id, None)

    async def _page(self, stage: Stage, batch: Batch, facts: Any, tally: Counter[str]) -> Counter[str]:
        """Does a page and gives the tally after it. Conflict, when it keeps being overtaken or is no longer ours."""
        for attempt in range(TRIES):
            page = await stage.page(batch, facts)
            after = tally + page.tally
            try:
                await self._store.sheets.move(batch, after, page.steps, self._real())
            except Conflict:
                there = await self._store.sheets.find(batch.id, (batch.unit,))
                if there is None or there.place != batch.place or there.state is not batch.state:
                    raise
                if attempt == TRIES - 1:
                    raise
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                return after
        return tally

    async def _failed(self, batch: Batch, error: Exception) -> None:
        """The lease runs out and the batch is taken again; one that keeps failing is ended, and its page says so."""
        self._failures[batch.id] += 1
        log.error("batch_failed", batch=batch.id[:8], kind=batch.kind.value, error=error)
        there = await self._store.sheets.find(batch.id, (batch.unit,))
        if there is None or not there.moves or self._failures[batch.id] < FAILURES:
            return
        try:
            await self._store.sheets.end(there, BatchState.FAILED, there.tally, self._now())
        except Conflict:
            log.info("batch_left", batch=batch.id[:8])


def packed(records: Sequence[Any]) -> bytes:
    """A page's rows as they are kept."""
    return json.dumps(records, ensure_ascii=False, separators=(",", ":")).encode()


def unpacked(content: bytes | None) -> list[Any]:
    found: list[Any] = json.loads(content) if content else []
    return found
