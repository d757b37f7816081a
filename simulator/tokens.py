"""Access tokens: each call of `token` ages the one before, `stable_token` returns the same while it is valid."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.errors import ApiError

LIFETIME = timedelta(seconds=7200)
OVERLAP = timedelta(seconds=300)
FORCED_APART = timedelta(seconds=30)
FORCED_A_DAY = 20


@dataclass
class Token:
    value: str
    expires_at: datetime
    killed: bool = False

    def seconds_left(self, now: datetime) -> int:
        return max(0, int((self.expires_at - now).total_seconds()))


class Tokens:
    """The tokens of one account."""

    def __init__(self) -> None:
        self._known: dict[str, Token] = {}
        self._classic: Token | None = None
        self._stable: Token | None = None
        self._forced: list[datetime] = []

    def issue(self, now: datetime) -> Token:
        """`/cgi-bin/token`: always a new one; the old one works for five minutes more."""
        if self._classic:
            self._classic.expires_at = min(self._classic.expires_at, now + OVERLAP)
        self._classic = self._new(now)
        return self._classic

    def stable(self, now: datetime, *, force: bool = False) -> Token:
        """`/cgi-bin/stable_token`. ApiError 45011 when forced twice in 30 s, 45009 beyond 20 a day."""
        if force:
            return self._force(now)
        current = self._stable
        if current is None or current.killed or current.expires_at - now <= OVERLAP:
            current = self._stable = self._new(now)
        return current

    def check(self, value: str, now: datetime) -> None:
        """ApiError 41001 without a token, 40001 for one never issued or killed, 42001 for one expired."""
        if not value:
            raise ApiError(41001, "access_token missing")
        token = self._known.get(value)
        if token is None or token.killed:
            raise ApiError(40001, "invalid credential, access_token is invalid or not latest")
        if token.expires_at <= now:
            raise ApiError(42001, "access_token expired")

    def issued(self, value: str) -> bool:
        """Whether this account ever got it (and it is not long expired)."""
        return value in self._known

    def kill(self) -> None:
        """Every token dies at once, as when another program takes one without telling."""
        for token in self._known.values():
            token.killed = True
        self._classic = self._stable = None

    def _force(self, now: datetime) -> Token:
        today = [moment for moment in self._forced if moment.date() == now.date() and moment <= now]
        if today and now - today[-1] < FORCED_APART:
            raise ApiError(45011, "api minute-quota reach limit, must slower, retry next minute")
        if len(today) >= FORCED_A_DAY:
            raise ApiError(45009, "reach max api daily quota limit")
        self._forced = [*today, now]
        if self._stable:
            self._stable.killed = True
        self._stable = self._new(now)
        return self._stable

    def _new(self, now: datetime) -> Token:
        self._known = {value: token for value, token in self._known.items() if now - token.expires_at < LIFETIME}
        token = Token(f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(96)}", now + LIFETIME)
        self._known[token.value] = token
        return token
