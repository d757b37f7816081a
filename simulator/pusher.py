"""Pushing to the service: signed, cut off after five seconds, repeated with the same MsgId."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable

import aiohttp
from yarl import URL

from simulator.account import Account, Form, Mode
from simulator.clock import Clock
from simulator.envelope import Wrapped, signature, wrap
from simulator.faults import Fault, Faults
from simulator.jsonform import render_json, wrap_json
from simulator.markup import render
from simulator.push import SETTLED, Mark, Outcome, Push, PushSettings
from simulator.replies import ANSWER_BYTES, IllegalReply, Reply, ReplyReader
from simulator.wire import Row, Wire


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
        form: Form | None = None,
    ) -> None:
        self.mode = Mode.SAFE
        self.callback_url = callback_url
        self.settings = settings
        self._account, self._clock, self._wire, self._faults, self._draw = account, clock, wire, faults, draw
        self._reader = ReplyReader(account, has_media)
        self._form = form  # of a mini program, whose pushes take no words as their answer
        self._queues: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._mark = Mark(settings.mark_after)
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
        try:
            push.outcome, push.reply = await self._deliver(push)
            show(push)
        finally:
            push.settled.set()

    async def _deliver(self, push: Push) -> tuple[Outcome, Reply | None]:
        if self._mark.stands(self._clock.now()):
            self._wire.finish(self._row(push, 0), Outcome.MARKED, reason="MarkFail")
            return Outcome.MARKED, None
        outcome, reply = await self._round(push)
        while outcome not in SETTLED and push.deliveries < self.settings.deliveries:
            await asyncio.sleep(self.settings.repeat_after)
            outcome, reply = await self._round(push)
        self._mark.count(outcome, self._clock.now())
        return outcome, reply

    async def _round(self, push: Push) -> tuple[Outcome, Reply | None]:
        push.deliveries += 1
        if not self._faults.strikes(Fault.DUPLICATE, phone=push.phone):
            return await self._attempt(push, push.deliveries)
        first, second = await asyncio.gather(*(self._attempt(push, push.deliveries) for _ in range(2)))
        return first if first[0] in SETTLED else second

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
        if self._form is not None and body not in (b"", b"success"):
            return Outcome.ILLEGAL, None, "a mini program answers success or nothing", body.decode("utf-8", "replace")
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
        kind = "application/json" if self._form is Form.JSON else "text/xml"
        headers = {"Content-Type": kind, "User-Agent": "Mozilla/4.0"}
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
        return (wrap_json if self._form is Form.JSON else wrap)(
            self._account,
            self.mode,
            self._rendered(push),
            openid=push.openid,
            timestamp=self._timestamp(),
            nonce=self._nonce(),
            random16=self._draw.randbytes(16),
        )

    def _rendered(self, push: Push) -> bytes:
        return render_json(push.fields) if self._form is Form.JSON else render(push.fields)

    def _row(self, push: Push, number: int) -> Row:
        return self._wire.begin(
            self._clock.now(),
            "push",
            push.name,
            phone=push.phone,
            sent=self._rendered(push).decode(),
            mode=self.mode,
            attempt=number,
            attempts=self.settings.deliveries,
            msg_id=str(push.fields.get("MsgId", "")),
        )

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
