"""How often an address or a person may knock. Kept in memory by each process: nothing right or wrong rests on it."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

MOST_KEPT = 10_000  # addresses; the one heard of longest ago is forgotten first


class Pace:
    """`burst` at once, then one every `seconds`: a bucket for each key that fills again."""

    def __init__(self, burst: int, seconds: float, now: Callable[[], datetime]) -> None:
        self._burst = burst
        self._seconds = seconds
        self._now = now
        self._kept: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Takes one, if there is one left."""
        now = self._now()
        left, at = self._kept.pop(key, (float(self._burst), now))
        left = min(float(self._burst), left + max(0.0, (now - at).total_seconds()) / self._seconds)
        allowed = left >= 1
        self._kept[key] = (left - 1 if allowed else left, now)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return allowed
