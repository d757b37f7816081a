"""How a process's work is counted, so that all processes can be added up: times in buckets, by slots of ten minutes."""

from bisect import bisect_left
from datetime import datetime, timedelta

SLOT = timedelta(minutes=10)

BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 4.5, 5.0)  # seconds
LATE_SECONDS = 4.5  # then a message is acknowledged, and its answer follows as a message of its own
WITHIN = "within."
SLOWER = "slower"


def bucket(seconds: float) -> str:
    """The figure that an answer after so many seconds counts in."""
    place = bisect_left(BOUNDS, seconds)
    return f"{WITHIN}{BOUNDS[place]:05.3f}" if place < len(BOUNDS) else WITHIN + SLOWER


def slot_of(moment: datetime) -> datetime:
    """The slot that a moment falls into, by its beginning."""
    return moment.replace(minute=moment.minute // 10 * 10, second=0, microsecond=0)
