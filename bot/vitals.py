"""What this process counts of its own work, written down each minute so that the operator sees all processes together.

Figures are names with a sum and a largest value (`storage.vitals`). They are made where work ends (an answer given, a
call made, a sweep through) and cost a dictionary entry there; the database is visited once a minute. Nothing personal.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

import structlog
from aiohttp import web

from bot.channels.errcodes import ErrorKind
from bot.channels.errors import classify
from bot.channels.wire import Call
from domain.delivery import Delivery, DeliveryState
from domain.message import Message, MessageKind
from domain.vitals import bucket, slot_of
from storage.store import Store
from storage.vitals import Figure, Process

log = structlog.get_logger()

BEAT_SECONDS = 60.0
KEPT = timedelta(days=14)  # of figures
SLOW_WAY = 1.4  # seconds from the platform to us: it gives whole seconds, so up to 1.0 is nothing
AHEAD = -1.0  # seconds: what comes from the future says that one of the clocks is wrong
TWIN_SECONDS = 3.0  # a repeat within these came while the first was on its way; the platform repeats after five
COMING = 10_000  # pushes remembered while their turns run
CALLBACKS = "/wechat/"
# Failed calls by what the operator does about them; what is a matter of one person or message is no fault.
_FAULTS = {
    ErrorKind.RETRY: "busy",
    ErrorKind.TOKEN: "token",
    ErrorKind.QUOTA: "quota",
    ErrorKind.CONFIG: "config",
    ErrorKind.MEDIA: "media",
    ErrorKind.BUG: "bug",
}
_UNCOUNTED = ("busy", "token", "http", "silent")  # calls that the platform need not have counted as made


class Vitals:
    """Made once in a process. `now` is the service's clock, `describe` what the process says of itself at each beat,
    `leads` whether it keeps the clock. `also` is done before each beat: what is measured by asking.
    """

    def __init__(
        self,
        store: Store,
        runner: str,
        role: str,
        now: Callable[[], datetime],
        describe: Callable[[], Mapping[str, Any]],
        leads: Callable[[], bool],
        also: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._runner = runner
        self._role = role
        self._now = now
        self._describe = describe
        self._leads = leads
        self._also = also
        self._figures: dict[str, Figure] = {}
        self._coming: dict[str, float] = {}  # seconds on the way, of pushes whose turn runs
        self._started_at = now()
        self._ended_at: datetime | None = None
        self.counted: Counter[str] = Counter()  # calls of an interface that the platform has surely counted
        self.silent: Counter[str] = Counter()  # calls of it that were never answered

    def count(self, name: str, by: float = 1.0, peak: float | None = None) -> None:
        """Adds to a figure; its largest single value is `peak`, or what was added."""
        known = self._figures.get(name)
        value = by if peak is None else peak
        total, peak = (by, value) if known is None else (known.total + by, max(known.peak, value))
        self._figures[name] = Figure(total, peak)

    # What is told of work that ends

    @web.middleware
    async def answering(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Times the answers to the platform, as it waits for them."""
        if request.method != "POST" or not request.path.startswith(CALLBACKS):
            return await handler(request)
        started = perf_counter()
        response = await handler(request)
        if response.status == 200:
            self.answered(perf_counter() - started)
        else:
            self.count(f"refused.{response.status}")
        return response

    def answered(self, seconds: float) -> None:
        """An answer went back to the platform after so long."""
        self.count("answers", 1, seconds)
        self.count(bucket(seconds), 1, seconds)

    def arrived(self, message: Message, now: datetime) -> None:
        """A push has come in, perhaps again: how long since it was sent, by both clocks."""
        if len(self._coming) >= COMING:
            self._coming.clear()
        self._coming[message.key] = (now - message.sent_at).total_seconds()

    def turned(self, outcome: str, message: Message, seconds: float) -> None:
        """A turn has ended after so many seconds: answered, late, failed, or a repeat of one that had."""
        under_way = self._coming.pop(message.key, None)
        if outcome != "repeat":
            self.count(f"turns.{outcome}", 1, seconds)
            if under_way is not None:  # not one that was left open by a crash
                self._came(under_way)
        elif message.kind is not MessageKind.RESULT:
            since = under_way if under_way is not None else (self._now() - message.sent_at).total_seconds() - seconds
            self.count("repeats.twin" if since < TWIN_SECONDS else "repeats.unheard")

    def _came(self, under_way: float) -> None:
        """A push was so many seconds on its way when it first came."""
        self.count("pushes", 1, max(0.0, under_way))
        if under_way >= SLOW_WAY:
            self.count("pushes.slow", 1, under_way)
        elif under_way < AHEAD:
            self.count("pushes.ahead", 1, -under_way)

    def called(self, call: Call, of: str = "") -> None:
        """A call of the platform's API has ended; `of` tells accounts apart."""
        if of:
            call = replace(call, api=f"{of} {call.api}")
        self.count(f"calls.{call.api}", 1, call.seconds)
        fault = _fault(call)
        if fault:
            self.count(f"faults.{fault}.{call.api}", 1, call.errcode)
        if fault == "silent":
            self.silent[call.api] += 1
        if fault not in _UNCOUNTED:
            self.counted[call.api] += 1

    def delivered(self, delivery: Delivery, state: DeliveryState) -> None:
        """A delivery has ended, or is put off."""
        self.count(f"deliveries.{state.value}.{delivery.purpose.name.lower()}")

    def swept(self) -> None:
        """The clock's minute has been kept: the night looked for and everybody who was due looked at."""
        self.count("sweeps", 1, self._now().timestamp())  # the largest says when the latest was

    # Writing it down

    async def beat(self) -> None:
        """Writes down what has been counted since the last beat, and that this process is alive."""
        await self._also()
        now = self._now()
        figures, self._figures = self._figures, {}
        try:
            await self._store.vitals.add(slot_of(now), self._runner, figures)
        except Exception:
            for name, figure in figures.items():
                self.count(name, figure.total, figure.peak)
            raise
        leads = self._leads()
        process = Process(
            self._runner, self._role, self._started_at, now, self._ended_at, leads, dict(self._describe())
        )
        await self._store.vitals.beat(process)
        if leads:
            await self._store.vitals.purge(now - KEPT)

    async def run(self) -> None:
        """Beats each minute until it is cancelled. Outlives failures of the store."""
        while True:
            await self._try()
            await asyncio.sleep(BEAT_SECONDS)

    async def end(self) -> None:
        """The last beat: this process was stopped, it did not die."""
        self._ended_at = self._now()
        await self._try()

    async def _try(self) -> None:
        try:
            await self.beat()
        except Exception as error:  # the next beat writes it down
            log.error("vitals_not_kept", error=error)


def _fault(call: Call) -> str:
    """What kind of fault a call has met; empty when none."""
    if not call.error:
        return ""
    if call.errcode == 0:
        return "silent"
    if 100 <= call.errcode < 600:
        return "http"
    return _FAULTS.get(classify(call.errcode).kind, "")
