"""`/wechat/official`: verifies, decodes, and answers within the platform's five seconds.

Work that would pass ANSWER_SECONDS is acknowledged with `success`, which is durable first; its answer then leaves
through the outbox as a customer-service message. The turn itself is never cut off.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog
from aiohttp import web

from bot.channels import official
from bot.channels.envelope import Refused, fresh_nonce
from bot.channels.official import Account, Opened
from bot.health import ACKNOWLEDGED_LATE, CALLBACKS
from bot.logs import short
from bot.turns import Turns
from domain.delivery import Reply
from domain.message import Message
from storage.store import Store

log = structlog.get_logger()

ANSWER_SECONDS = 4.5  # the platform cuts off at 5
BODY_LIMIT = 128 * 1024  # bytes; the largest push seen is under 10 KB
PATH = "/wechat/official"
_ANSWERED = CALLBACKS.labels("200")


class Gateway:
    """The callback of one official account. `now` is the service's clock; timestamps are checked against it. `arrived`
    is told of every push that is taken, and when it came.
    """

    def __init__(
        self,
        account: Account,
        turns: Turns,
        store: Store,
        now: Callable[[], datetime],
        arrived: Callable[[Message, datetime], None] = lambda _message, _at: None,
    ) -> None:
        self._arrived = arrived
        self._account = account
        self._turns = turns
        self._store = store
        self._now = now
        self._running: set[asyncio.Task[Reply | None]] = set()

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self.verify), web.post(PATH, self.receive)]

    async def verify(self, request: web.Request) -> web.Response:
        """Answers the platform's check of the address with its echostr."""
        try:
            echo = official.verify(request.query, self._account, self._now())
        except Refused as refusal:
            return refused(refusal)
        return web.Response(text=echo)

    async def receive(self, request: web.Request) -> web.Response:
        """One push: its answer, `success`, or a refusal without content."""
        try:
            body = await read_body(request)
            now = self._now()
            opened = official.open_body(body, request.query, self._account, now)
            message = official.decode(opened.xml, self._account)
        except Refused as refusal:
            return refused(refusal)
        self._arrived(message, now)
        try:
            reply = await self._answer(message)
        except Exception as error:  # the database is gone, say: the platform repeats, and nothing was accepted
            log.error("callback_failed", message=short(message.key), error=error)
            CALLBACKS.labels("500").inc()
            return web.Response(status=500)
        _ANSWERED.inc()
        return web.Response(text=self._rendered(reply, message, opened), content_type="text/xml")

    async def _answer(self, message: Message) -> Reply | None:
        turn = asyncio.create_task(self._turns.run(message))
        self._running.add(turn)
        turn.add_done_callback(self._finished)
        done, _ = await asyncio.wait({turn}, timeout=ANSWER_SECONDS)
        if done:
            return turn.result()
        late = await self._store.mark_late(message, self._now())
        ACKNOWLEDGED_LATE.inc()
        log.info("acknowledged_late", message=short(message.key))
        return late.answer if late.settled else None

    def _finished(self, turn: asyncio.Task[Reply | None]) -> None:
        self._running.discard(turn)
        if not turn.cancelled() and turn.exception() is not None:
            log.error("turn_not_committed", error=turn.exception())

    def _rendered(self, reply: Reply | None, message: Message, opened: Opened) -> str:
        return official.render(reply, message, opened, self._account, fresh_nonce(), self._now())

    async def drain(self, seconds: float) -> None:
        """Waits for the running turns, at most so long: what is left is run again at the next start."""
        if self._running:
            await asyncio.wait(set(self._running), timeout=seconds)


async def read_body(request: web.Request) -> bytes:
    """The body of a push; Refused 413 when it is too large."""
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413, "body too large") from None


def refused(refusal: Refused) -> web.Response:
    """The answer to a push that is not taken: its status and a few words that give nothing away."""
    CALLBACKS.labels(str(refusal.status)).inc()
    log.info("callback_refused", status=refusal.status, reason=refusal.reason)
    return web.Response(status=refusal.status, text=refusal.reason + "\n")
