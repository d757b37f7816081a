"""How fast and how often the platform's interfaces are called: so many a second, so many a day.

The day's calls are set aside in the store, a few at a time, so that several processes together stay below what the
platform allows. Notices leave a share of the day for answers.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Protocol

from bot.channels.errors import BEIJING

# Calls a day of a new account (每日调用上限); the platform's own figures replace them when it tells them.
DAILY = {
    "message/custom/send": 500_000,
    "message/subscribe/bizsend": 100_000,
    "message/template/send": 100_000,
    "mini:message/custom/send": 500_000,
    "mini:message/subscribe/send": 10_000_000,
    "message/mass/sendall": 100,
    "message/mass/send": 100,
}
SHARE = 0.9  # of a day's calls that notices may use
AT_ONCE = 20  # calls set aside in one visit
PER_SECOND = 40.0  # notices through one interface
BURST = 10


class Usage(Protocol):
    async def reserve(self, interface: str, day: date, count: int, allowed: int) -> int: ...


class Pace:
    """At most so many a second, with short bursts. `clock` is monotonic seconds."""

    def __init__(
        self, per_second: float = PER_SECOND, burst: int = BURST, clock: Callable[[], float] = monotonic
    ) -> None:
        self._interval = 1 / per_second
        self._slack = burst * self._interval
        self._clock = clock
        self._next = clock()

    async def wait(self) -> None:
        """Returns when the next call may be made."""
        now = self._clock()
        self._next = max(self._next, now - self._slack) + self._interval
        if self._next > now:
            await asyncio.sleep(self._next - now)


class Quotas:
    """Counts the calls of a day by interface. `now` is the service's clock."""

    def __init__(self, usage: Usage, now: Callable[[], datetime], daily: Mapping[str, int] | None = None) -> None:
        self._usage = usage
        self._now = now
        self._daily = {**DAILY, **(daily or {})}
        self._stock: dict[tuple[str, date], int] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def allow(self, interface: str, daily: int) -> None:
        """Sets what the platform says it allows a day."""
        self._daily[interface] = daily

    async def take(self, interface: str, share: float = 1.0) -> bool:
        """Uses one call of today; False when the day's (share of) calls are used up."""
        today = self._now().astimezone(BEIJING).date()
        key = (interface, today)
        async with self._locks[interface]:
            if not self._stock.get(key):
                allowed = int(self._daily.get(interface, 1_000_000) * share)
                granted = await self._usage.reserve(interface, today, min(AT_ONCE, max(1, allowed // 50)), allowed)
                self._stock = {other: left for other, left in self._stock.items() if other[1] == today}
                self._stock[key] = granted
            if self._stock[key] <= 0:
                return False
            self._stock[key] -= 1
            return True

    def again_at(self) -> datetime:
        """When the day's calls begin anew: 00:00 in Beijing."""
        now = self._now().astimezone(BEIJING)
        return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
