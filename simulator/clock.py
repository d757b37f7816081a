"""The one clock of the stand-in, movable by hand, so that a week of waiting takes a click.

The service under test may be given the same object: all it needs is `now()`.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class ClockWouldGoBack(ValueError):
    """A move into the past that was not asked for as such."""


class Clock:
    """Real time plus an offset, in Asia/Shanghai.

    Runs on the monotonic clock, so the machine's own corrections never turn it back.

    `start` (aware) is where it begins; without it the real time. A `frozen` clock stands still between moves.
    """

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        self._begun = time.monotonic()
        self._real_start = datetime.now(UTC)
        self._origin = _aware(start) if start else self._real_start
        self._offset = timedelta()
        self._frozen = frozen
        self._listeners: list[Callable[[datetime], None]] = []

    def now(self) -> datetime:
        """The aware time in Asia/Shanghai."""
        running = timedelta() if self._frozen else self._elapsed()
        return (self._origin + running + self._offset).astimezone(SHANGHAI)

    def advance(self, seconds: float) -> datetime:
        """Moves forward; ClockWouldGoBack for a negative number of seconds."""
        return self.set(self.now() + timedelta(seconds=seconds))

    def set(self, moment: datetime | str, *, backwards: bool = False) -> datetime:
        """Moves to `moment` (aware or ISO 8601, without a zone Beijing time); into the past only with `backwards`."""
        target = _aware(datetime.fromisoformat(moment) if isinstance(moment, str) else moment)
        now = self.now()
        if target < now and not backwards:
            raise ClockWouldGoBack(f"{target.isoformat()} lies before {now.isoformat()}")
        self._offset += target - now
        moved = self.now()
        for listener in self._listeners:
            listener(moved)
        return moved

    def reset(self) -> datetime:
        """Back to the real time, the one place where going back is meant."""
        return self.set(self._real_start + self._elapsed(), backwards=True)

    @property
    def moved(self) -> timedelta:
        """How far it is ahead of (or behind) real time."""
        return self.now() - (self._real_start + self._elapsed())

    def listen(self, listener: Callable[[datetime], None]) -> None:
        """Calls `listener(now)` after every move by hand."""
        self._listeners.append(listener)

    def _elapsed(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._begun)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
