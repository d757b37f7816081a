"""A push: what is delivered, how often it was tried, how it ended, and when the platform stops trying (MarkFail)."""

import asyncio
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from simulator.inbound import Fields
from simulator.replies import Reply

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


SETTLED = frozenset({Outcome.ANSWERED, Outcome.ACKNOWLEDGED, Outcome.ILLEGAL})
GOOD = frozenset({Outcome.ANSWERED, Outcome.ACKNOWLEDGED})


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
    """One message on its way; awaiting it waits until it is settled. `reply` is what the person was answered.

    `outcome` stays None if the platform closed first.
    """

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


class Mark:
    """MarkFail: after some failed messages in a row the address is left alone for a minute of the platform's clock."""

    def __init__(self, after: int) -> None:
        self._after = after
        self._failed_in_row = 0
        self._since: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Whether pushes are stopped. A clock moved back before the mark lifts it."""
        if self._since is None:
            return False
        if self._since <= now < self._since + MARK_LASTS:
            return True
        self._since, self._failed_in_row = None, 0
        return False

    def count(self, outcome: Outcome, now: datetime) -> None:
        self._failed_in_row = 0 if outcome in GOOD else self._failed_in_row + 1
        if self._failed_in_row >= self._after:
            self._since = now
