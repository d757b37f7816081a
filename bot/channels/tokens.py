"""The access token of one account: fetched once for all who need it, in this process and in the others.

`stable_token` gives every caller the same token while it is valid (at most two hours) and a new one in its last five
minutes, while the old one still works. A row of the store holds it for all processes and names the one that refreshes.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from bot.channels.errcodes import ErrorKind
from bot.channels.errors import ChannelBusy, ChannelError, ChannelRefused
from bot.channels.wire import Wire

MARGIN = timedelta(minutes=4)  # inside the five minutes in which the platform hands out the next token
LEASE_SECONDS = 15  # more than one fetch takes
POLL_SECONDS = 0.2  # while another process fetches
FORCE_SPACING = timedelta(minutes=75)  # the platform allows 20 forced refreshes a day
TOKEN_LIMIT = 1024  # characters; the platform asks for room for 512


class Token(NamedTuple):
    value: str
    expires_at: datetime


class TokenStore(Protocol):
    """The row that all processes share. A lease ends with `save_token` or after its seconds."""

    async def token(self, appid: str) -> tuple[str, datetime] | None: ...

    async def lease_token_refresh(self, appid: str, runner: str, now: datetime, seconds: int) -> bool: ...

    async def save_token(self, appid: str, token: str, expires_at: datetime) -> None: ...


class Tokens:
    """Keeps the token of `appid`. `runner` names this process in the store; `now` is the service's clock."""

    def __init__(
        self, appid: str, secret: str, wire: Wire, *, store: TokenStore, runner: str, now: Callable[[], datetime]
    ) -> None:
        self._appid = appid
        self._secret = secret
        self._wire = wire
        self._store = store
        self._runner = runner
        self._now = now
        self._cached: Token | None = None
        self._forced_at: datetime | None = None
        self._refreshing = asyncio.Lock()

    @property
    def expires_at(self) -> datetime | None:
        """When the token at hand ends; None before the first call."""
        return self._cached.expires_at if self._cached else None

    async def current(self) -> str:
        """A token that is valid for some minutes. ChannelError when there is none and none can be had."""
        if self._cached is not None and self._fresh(self._cached):
            return self._cached.value
        async with self._refreshing:
            held = self._cached
            if held is not None and self._fresh(held):  # somebody who waited here first has renewed it
                return held.value
            try:
                return await self._renew(refused="")
            except ChannelError:
                if held is not None and self._now() < held.expires_at:
                    return held.value  # it still works for its last minutes
                raise

    async def replace(self, refused: str) -> str:
        """Another token than `refused`, which the platform has just turned down."""
        async with self._refreshing:
            if self._cached is not None and self._cached.value != refused:
                return self._cached.value
            self._cached = None
            return await self._renew(refused)

    def _fresh(self, token: Token) -> bool:
        return self._now() < token.expires_at - MARGIN

    async def _renew(self, refused: str) -> str:
        """Takes the token that another process saved, or fetches and saves one when it is this process's turn."""
        for _ in range(int(LEASE_SECONDS / POLL_SECONDS) + 1):
            saved = await self._saved()
            if saved is not None and saved.value != refused and self._fresh(saved):
                self._cached = saved
                return saved.value
            if await self._store.lease_token_refresh(self._appid, self._runner, self._now(), LEASE_SECONDS):
                self._cached = await self._fetch(refused)
                await self._store.save_token(self._appid, *self._cached)
                return self._cached.value
            await asyncio.sleep(POLL_SECONDS)
        raise ChannelBusy(0)

    async def _saved(self) -> Token | None:
        row = await self._store.token(self._appid)
        return Token(*row) if row is not None else None

    async def _fetch(self, refused: str) -> Token:
        """The platform's token; forced when it would hand out the refused one again, which it seldom may be."""
        token = await self._ask(force=False)
        if token.value != refused:
            return token
        if self._forced_at is not None and self._now() < self._forced_at + FORCE_SPACING:
            raise ChannelRefused(40001, ErrorKind.CONFIG, "a token refreshed by force is refused again")
        self._forced_at = self._now()
        return await self._ask(force=True)

    async def _ask(self, *, force: bool) -> Token:
        asked_at = self._now()
        wanted = {
            "grant_type": "client_credential",
            "appid": self._appid,
            "secret": self._secret,
            "force_refresh": force,
        }
        try:
            answer = await self._wire.send("stable_token", wanted, repeatable=True)
        except ChannelRefused as error:
            if error.kind is ErrorKind.TOKEN:
                raise ChannelRefused(error.errcode, ErrorKind.CONFIG, "the secret is wrong", error.rid) from None
            raise
        return _token(answer.get("access_token"), answer.get("expires_in"), asked_at)


def _token(value: object, seconds: object, asked_at: datetime) -> Token:
    """The answer of stable_token, checked: text without blanks and a lifetime of at most a day."""
    good = isinstance(value, str) and 0 < len(value) <= TOKEN_LIMIT and value.isprintable() and " " not in value
    if not good or not isinstance(seconds, int) or not 0 < seconds <= 86_400:
        raise ChannelBusy(0)
    return Token(str(value), asked_at + timedelta(seconds=seconds))
