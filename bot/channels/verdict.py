"""What becomes of a delivery whose sending failed. Pure decisions; the sender carries them out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.errcodes import ErrorKind
from bot.channels.errors import ChannelBusy, ChannelError, ChannelRefused, PersonUnreachable
from domain.delivery import DeliveryState

TRIES = 3
BACKOFF_SECONDS = 3.0  # before the second try; four times as long before the third
PAUSE = timedelta(seconds=15)  # of a channel that is down or misconfigured; doubled while it stays so
PAUSE_LIMIT = timedelta(minutes=16)
NO_MENUS = 40200
# Refused for what this message is, though the platform counts them as configuration.
_OF_THE_MESSAGE = frozenset({NO_MENUS, 48008})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state that a delivery takes: WAITING is another try, at `retry_at`.

    `pause` stops the whole channel, until `retry_at` or for a while of the circuit's choice when that is None;
    `alert` is for the operator. `reason` is a word or two and the error code, never what was said.
    """

    state: DeliveryState
    reason: str = ""
    retry_at: datetime | None = None
    pause: bool = False
    alert: bool = False


def judge(error: ChannelError, tries: int, now: datetime, jitter: float) -> Verdict:
    """What a failed try means. `tries` counts this one; `jitter` is 0..1 and spreads the back-off."""
    reason = str(error)[:200]
    match error:
        case PersonUnreachable():
            return Verdict(DeliveryState.REFUSED, reason)
        case ChannelBusy():
            return _busy(error, reason, tries, _after(tries, now, jitter))
        case ChannelRefused(kind=ErrorKind.CONFIG | ErrorKind.TOKEN) if error.errcode not in _OF_THE_MESSAGE:
            return Verdict(DeliveryState.WAITING, reason, pause=True, alert=True)
        case ChannelRefused():
            ours = error.kind in (ErrorKind.BUG, ErrorKind.CONFIG)
            return Verdict(DeliveryState.REFUSED, reason, alert=ours)
        case _:
            return Verdict(DeliveryState.UNKNOWN, reason)


def _busy(error: ChannelBusy, reason: str, tries: int, later: datetime) -> Verdict:
    if error.kind is ErrorKind.QUOTA:
        return Verdict(DeliveryState.WAITING, reason, error.retry_at, pause=True, alert=True)
    if error.errcode == 0:  # the platform was not reached at all: that is no fault of this delivery
        return Verdict(DeliveryState.WAITING, reason, pause=True)
    if tries >= TRIES:
        return Verdict(DeliveryState.GIVEN_UP, reason)
    return Verdict(DeliveryState.WAITING, reason, max(error.retry_at or later, later))


def _after(tries: int, now: datetime, jitter: float) -> datetime:
    return now + timedelta(seconds=BACKOFF_SECONDS * 4 ** (tries - 1) * (0.5 + jitter))


@dataclass(slots=True)
class Circuit:
    """Whether a channel may be used; each pause without a success between them is twice as long."""

    closed_until: datetime | None = None
    pauses: int = 0

    def blocked(self, now: datetime) -> datetime | None:
        """Until when nothing may be sent; None when it may."""
        return self.closed_until if self.closed_until is not None and now < self.closed_until else None

    def pause(self, now: datetime, until: datetime | None = None) -> datetime:
        """Stops the channel, unless somebody has just done so, and says until when."""
        standing = self.blocked(now)
        if standing is not None and (until is None or until <= standing):
            return standing
        self.closed_until = until or now + min(PAUSE * 2**self.pauses, PAUSE_LIMIT)
        self.pauses = min(self.pauses + 1, 16)
        return self.closed_until

    def succeed(self) -> None:
        self.closed_until, self.pauses = None, 0
