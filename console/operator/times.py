"""The distribution of answer times, as it was counted into buckets: shares, quantiles, bars."""

from collections.abc import Mapping

from domain.vitals import BOUNDS, LATE_SECONDS, bucket
from storage.vitals import Figure

_NONE = Figure()
_BEYOND = BOUNDS[-1] * 2  # seconds: falls into the last bucket


def buckets(figures: Mapping[str, Figure]) -> list[tuple[float, float, int]]:
    """Every bucket: longer than so many seconds, not longer than so many, how many answers. The last one ends with the
    slowest answer.
    """
    slowest = max(figures.get("answers", _NONE).peak, BOUNDS[-1])
    bounds = [0.0, *BOUNDS, slowest]
    names = [bucket(bound) for bound in (*BOUNDS, _BEYOND)]
    return [
        (low, high, round(figures.get(name, _NONE).total))
        for low, high, name in zip(bounds[:-1], bounds[1:], names, strict=True)
    ]


def late(figures: Mapping[str, Figure]) -> int:
    """How many answers took longer than the service lets a turn take."""
    return sum(count for low, _, count in buckets(figures) if low >= LATE_SECONDS)


def quantile(figures: Mapping[str, Figure], share: float) -> float:
    """The seconds within which this share of the answers was given, read off the buckets; 0 when there were none."""
    found = buckets(figures)
    wanted, seen = share * sum(count for _, _, count in found), 0
    for low, high, count in found:
        if count and seen + count >= wanted:
            return low + (high - low) * (wanted - seen) / count
        seen += count
    return 0.0
