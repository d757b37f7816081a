"""`/wechat/mini`: verifies, decodes, keeps, and acknowledges; answers leave through the outbox.

The mini program's talk takes no words as the answer to a push. So each is accepted durably, marked late, acknowledged
with `success`, and its turn runs afterwards. Without an account the address answers 503.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog
from aiohttp import web

from bot.channels import mini, official
from bot.channels.envelope import Refused
from bot.channels.official import Account
from bot.gateway import read_body, refused
from bot.health import CALLBACKS
from bot.logs import short
from bot.turns import Turns
from domain.delivery import Reply
from domain.message import Message
from storage.store import Store

log = structlog.get_logger()

PATH = "/wechat/mini"
_ACKNOWLEDGED = CALLBACKS.labels("200")


class MiniGateway:
    """The callback of one mini program; `account` None while none is configured. `now` is the service's clock,
    `heard` takes the results of checked files, `arrived` is told of every push that is taken, and when it came.
    """

    def __init__(
        self,
        account: Account | None,
        turns: Turns,
        store: Store,
        heard: Callable[[Message], Awaitable[None]],
        now: Callable[[], datetime],
        arrived: Callable[[Message, datetime], None] = lambda _message, _at: None,
    ) -> None:
        self._arrived = arrived
        self._account = account
        self._turns = turns
        self._store = store
        self._heard = heard
        self._now = now
        self._running: set[asyncio.Task[Reply | None]] = set()

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self.verify), web.post(PATH, self.receive)]

    async def verify(self, request: web.Request) -> web.Response:
        """Answers the platform's check of the address with its echostr."""
        if self._account is None:
            return _not_configured()
        try:
            echo = official.verify(request.query, self._account, self._now())
        except Refused as refusal:
            return refused(refusal)
        return web.Response(text=echo)

    async def receive(self, request: web.Request) -> web.Response:
        """One push: `success` when it is kept, or a refusal without content."""
        if self._account is None:
            return _not_configured()
        try:
            opened = mini.open_body(await read_body(request), request.query, self._account, self._now())
            message = mini.decode(opened.xml, self._account)
        except Refused as refusal:
            return refused(refusal)
        self._arrived(message, self._now())
        try:
            await self._keep(message)
        except Exception as error:  # the database is gone, say: the platform repeats, and nothing was accepted
            log.error("callback_failed", message=short(message.key), error=error)
            CALLBACKS.labels("500").inc()
            return web.Response(status=500)
        _ACKNOWLEDGED.inc()
        return web.Response(text=official.SUCCESS)

    async def _keep(self, message: Message) -> None:
        if message.event == mini.MEDIA_CHECK:
            await self._heard(message)
            return
        late = await self._store.mark_late(message, self._now())
        if late.settled:
            return
        turn = asyncio.create_task(self._turns.run(message))
        self._running.add(turn)
        turn.add_done_callback(self._finished)

    def _finished(self, turn: asyncio.Task[Reply | None]) -> None:
        self._running.discard(turn)
        if not turn.cancelled() and turn.exception() is not None:
            log.error("turn_not_committed", error=turn.exception())

    async def drain(self, seconds: float) -> None:
        """Waits for the running turns, at most so long: what is left is run again at the next start."""
        if self._running:
            await asyncio.wait(set(self._running), timeout=seconds)


def _not_configured() -> web.Response:
    return web.Response(status=503, text="no mini program is configured\n")
