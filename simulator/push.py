"""Pushing to the service: signed, cut off after five seconds, repeated with the same MsgId.

When all fails, the address is left alone for a minute (MarkFail).
"""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import aiohttp
from yarl import URL

from simulator.account import Account, Mode
from simulator.clock import Clock
from simulator.envelope import Wrapped, signature, wrap
from simulator.faults import Fault, Faults
from simulator.inbound import Fields
from simulator.markup import render
from simulator.replies import ANSWER_BYTES, IllegalReply, Reply, ReplyReader
from simulator.wire import Row, Wire

MARK_LASTS = timedelta(seconds=60)


class Outcome(StrEnum):
    """How one delivery, and in the end the push, went."""

    ANSWERED = "answered"
    ACKNOWLEDGED = "acknowledged"  # success or an empty body
    ILLEGAL = "illegal"
    TIMEOUT = "timeout"
    LOST = "lost"
    UNREACHED = "unreached"
    STATUS = "status"  # an HTTP status other than 200
    MARKED = "marked"  # not even tried: the address is marked as failing


_SETTLED = frozenset({Outcome.ANSWERED, Outcome.ACKNOWLEDGED, Outcome.ILLEGAL})
_GOOD = frozenset({Outcome.ANSWERED, Outcome.ACKNOWLEDGED})


@dataclass(frozen=True)
class PushSettings:
    """`timeout` and `repeat_after` in real seconds.

    `deliveries` in all: 3, or 4 for the documentation read as 1+3.
    `mark_after` failed messages in a row stop pushes for a minute of the platform's clock.
    """

    timeout: float = 5.0
    repeat_after: float = 0.0
    deliveries: int = 3
    mark_after: int = 10


@dataclass
class Push:
    """One message on its way; awaiting it waits until it is settled. `reply` is what the person was answered."""

    openid: str
    phone: str
    fields: Fields
    outcome: Outcome | None = None
    reply: Reply | None = None
    deliveries: int = 0
    settled: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def __await__(self) -> Generator[object, None, "Push"]:
        yield from self.settled.wait().__await__()
        return self

    @property
    def name(self) -> str:
        return str(self.fields.get("Event", self.fields["MsgType"]))

    @property
    def articles(self) -> int:
        """How many news the answer may carry."""
        return 8 if self.fields["MsgType"] == "event" else 1


class Pusher:
    """Delivers pushes: in order for each phone, unless sent at once."""

    def __init__(
        self,
        account: Account,
        callback_url: str,
        *,
        clock: Clock,
        wire: Wire,
        faults: Faults,
        draw: random.Random,
        settings: PushSettings,
        has_media: Callable[[str], bool],
    ) -> None:
        self.mode = Mode.SAFE
        self.callback_url = callback_url
        self.settings = settings
        self._account, self._clock, self._wire, self._faults, self._draw = account, clock, wire, faults, draw
        self._reader = ReplyReader(account, has_media)
        self._queues: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._failed_in_row = 0
        self._marked_at: datetime | None = None
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        # A connection for each push, as from many machines: none is found dead after a restart of the service.
        connector = aiohttp.TCPConnector(force_close=True, limit=0)
        self._session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=None))

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def verify(self) -> bool:
        """The check of the address, as when it is saved in the console: the echostr must come back unchanged."""
        timestamp, nonce, echo = self._timestamp(), self._nonce(), str(self._draw.randrange(10**18, 10**19))
        query = {
            "signature": signature(self._account.token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "echostr": echo,
        }
        row = self._wire.begin(self._clock.now(), "push", "echostr", sent=echo)
        try:
            status, body = await self._exchange("GET", Wrapped(query, b""), 0.0)
        except (TimeoutError, aiohttp.ClientError) as error:
            self._wire.finish(row, Outcome.UNREACHED, reason=type(error).__name__)
            return False
        right = status == 200 and body == echo.encode()
        verdict = Outcome.ANSWERED if right else Outcome.ILLEGAL
        self._wire.finish(row, verdict, status=status, answered=body[:200].decode("utf-8", "replace"))
        return right

    async def deliver(self, push: Push, show: Callable[[Push], None], *, at_once: bool = False) -> None:
        """Delivers until settled or given up, hands the push to `show`, and only then wakes those who await it."""
        if at_once:
            await self._settle(push, show)
            return
        async with self._queues[push.openid]:
            await self._settle(push, show)

    async def _settle(self, push: Push, show: Callable[[Push], None]) -> None:
        push.outcome, push.reply = await self._deliver(push)
        show(push)
        push.settled.set()

    async def _deliver(self, push: Push) -> tuple[Outcome, Reply | None]:
        if self.marked():
            self._wire.finish(self._row(push, 0), Outcome.MARKED, reason="MarkFail")
            return Outcome.MARKED, None
        outcome, reply = await self._round(push)
        while outcome not in _SETTLED and push.deliveries < self.settings.deliveries:
            await asyncio.sleep(self.settings.repeat_after)
            outcome, reply = await self._round(push)
        self._count(outcome)
        return outcome, reply

    async def _round(self, push: Push) -> tuple[Outcome, Reply | None]:
        push.deliveries += 1
        if not self._faults.strikes(Fault.DUPLICATE, phone=push.phone):
            return await self._attempt(push, push.deliveries)
        first, second = await asyncio.gather(*(self._attempt(push, push.deliveries) for _ in range(2)))
        return first if first[0] in _SETTLED else second

    async def _attempt(self, push: Push, number: int) -> tuple[Outcome, Reply | None]:
        row = self._row(push, number)
        begun = time.monotonic()
        lost = self._faults.strikes(Fault.ANSWER_LOST, phone=push.phone)
        slow = self._faults.strikes(Fault.SLOW, phone=push.phone)
        status, body, outcome, reason = None, b"", None, ""
        try:
            status, body = await self._exchange("POST", self._wrapped(push), slow.seconds if slow else 0.0)
        except TimeoutError:
            outcome = Outcome.TIMEOUT
        except aiohttp.ClientError as error:
            outcome, reason = Outcome.UNREACHED, type(error).__name__
        if outcome is None and lost:
            # The platform waits its five seconds for the answer that was lost on the way.
            await asyncio.sleep(max(0.0, self.settings.timeout - (time.monotonic() - begun)))
            outcome = Outcome.LOST
        elif outcome is None and status != 200:
            outcome = Outcome.STATUS
        reply, answered = None, body[:ANSWER_BYTES].decode("utf-8", "replace")
        if outcome is None or outcome is Outcome.LOST:
            read, reply, reason, answered = self._read(push, body)
            outcome = outcome or read
        self._wire.finish(row, outcome, answered=answered, status=status, reason=reason)
        return outcome, reply

    def _read(self, push: Push, body: bytes) -> tuple[Outcome, Reply | None, str, str]:
        try:
            reply = self._reader.read(body, self.mode, push.openid, articles=push.articles)
        except IllegalReply as refused:
            return Outcome.ILLEGAL, None, refused.reason, refused.xml
        if reply is None:
            return Outcome.ACKNOWLEDGED, None, "", body.decode()
        return Outcome.ANSWERED, reply, "", reply.xml

    async def _exchange(self, method: str, wrapped: Wrapped, slow: float) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("the platform is not started")
        url = URL(self.callback_url).update_query(wrapped.query)
        headers = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"}
        async with asyncio.timeout(self.settings.timeout):
            await asyncio.sleep(slow / 2)
            async with self._session.request(
                method, url, data=wrapped.body, headers=headers, allow_redirects=False
            ) as response:
                body = await _read_at_most(response.content, ANSWER_BYTES + 1)
                await asyncio.sleep(slow / 2)
                return response.status, body

    def _wrapped(self, push: Push) -> Wrapped:
        """Fresh timestamp, nonce and ciphertext for every delivery; the message inside stays."""
        return wrap(
            self._account,
            self.mode,
            render(push.fields),
            openid=push.openid,
            timestamp=self._timestamp(),
            nonce=self._nonce(),
            random16=self._draw.randbytes(16),
        )

    def _row(self, push: Push, number: int) -> Row:
        return self._wire.begin(
            self._clock.now(),
            "push",
            push.name,
            phone=push.phone,
            sent=render(push.fields).decode(),
            mode=self.mode,
            attempt=number,
            attempts=self.settings.deliveries,
            msg_id=str(push.fields.get("MsgId", "")),
        )

    def marked(self) -> bool:
        """Whether pushes are stopped (MarkFail). A clock moved back lifts the mark."""
        if self._marked_at is None:
            return False
        if self._marked_at <= self._clock.now() < self._marked_at + MARK_LASTS:
            return True
        self._marked_at, self._failed_in_row = None, 0
        return False

    def _count(self, outcome: Outcome) -> None:
        self._failed_in_row = 0 if outcome in _GOOD else self._failed_in_row + 1
        if self._failed_in_row >= self.settings.mark_after:
            self._marked_at = self._clock.now()

    def _timestamp(self) -> str:
        return str(int(self._clock.now().timestamp()))

    def _nonce(self) -> str:
        return str(self._draw.randrange(10**8, 10**10))


async def _read_at_most(stream: aiohttp.StreamReader, most: int) -> bytes:
    read = bytearray()
    async for chunk in stream.iter_chunked(65536):
        read += chunk
        if len(read) >= most:
            break
    return bytes(read)
