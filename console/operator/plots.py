"""The lines of the plots: answer times and queue ages over a day, a point for each ten minutes."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from console.operator.figures import DAY
from console.operator.times import quantile
from domain.vitals import SLOT, WITHIN, slot_of
from storage.store import Store
from storage.vitals import Figure, Point

AGES = "age."
QUEUES = ("inbox", "outbox", "tasks")

Line = list[float | None]


async def lines(store: Store, now: datetime) -> dict[str, object]:
    """{"at": seconds since 1970, "answers": {half, most, slowest}, "ages": {inbox, outbox, tasks}}; None: no figure."""
    since = slot_of(now - DAY)
    times = _steps([*await store.vitals.series(WITHIN, since), *await store.vitals.series("answers", since)])
    ages = _steps(await store.vitals.series(AGES, since))
    steps = _between(min([*times, *ages], default=now), now)
    return {
        "at": [step.timestamp() for step in steps],
        "answers": {
            "half": [_quantile(times.get(step), 0.5) for step in steps],
            "most": [_quantile(times.get(step), 0.95) for step in steps],
            "slowest": [_peak(times.get(step), "answers") for step in steps],
        },
        "ages": {name: [_peak(ages.get(step), AGES + name) for step in steps] for name in QUEUES},
    }


def _steps(points: Iterable[Point]) -> dict[datetime, dict[str, Figure]]:
    """The figures of each slot."""
    found: defaultdict[datetime, dict[str, Figure]] = defaultdict(dict)
    for point in points:
        found[point.slot][point.name] = point.figure
    return dict(found)


def _between(first: datetime, last: datetime) -> list[datetime]:
    count = max(0, int((last - slot_of(first)) / SLOT))
    return [slot_of(first) + SLOT * place for place in range(count + 1)]


def _quantile(figures: dict[str, Figure] | None, share: float) -> float | None:
    found = quantile(figures, share) if figures else 0.0
    return round(found, 3) or None


def _peak(figures: dict[str, Figure] | None, name: str) -> float | None:
    return round(figures[name].peak, 3) if figures and name in figures else None
