"""How much one person may ask in a minute: buckets that fill up again, in memory, for the process alone.

They hold back the careless and the curious; nothing rests on them. Codes are guarded by counts in the store.
"""

from collections import OrderedDict
from collections.abc import Callable
from math import ceil

KEPT = 20_000  # buckets; the longest unused go first


class Limit:
    """`most` requests at once, and as many again over `seconds`. `clock` gives seconds that only go forward."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float]) -> None:
        self._most = most
        self._rate = most / seconds
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str) -> int:
        """0 when the request may go on; else the seconds after which one may."""
        now = self._clock()
        left, at = self._buckets.pop(who, (float(self._most), now))
        left = min(self._most, left + max(0.0, now - at) * self._rate)
        wait = 0 if left >= 1 else max(1, ceil((1 - left) / self._rate))
        self._buckets[who] = (left if wait else left - 1, now)
        if len(self._buckets) > KEPT:
            self._buckets.popitem(last=False)
        return wait
