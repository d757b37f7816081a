"""The lunar calendar of 1990 to 2056: from a lunar month or day to solar days."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from nlp.wordlists import entries


@dataclass(frozen=True, slots=True)
class LunarYear:
    """`lengths` are the days of its months in order; `leap` is the month that is followed by its leap month, or 0."""

    first: date
    leap: int
    lengths: tuple[int, ...]


@cache
def _years() -> dict[int, LunarYear]:
    return {int(year): _year(int(year), *said) for year, said in entries("lunar.txt").items()}


def _year(year: int, first: str, leap: str, lengths: str) -> LunarYear:
    month, day = (int(part) for part in first.split("-"))
    days = tuple(30 if length == "l" else 29 for length in lengths)
    return LunarYear(date(year, month, day), 0 if leap == "-" else int(leap), days)


def lunar_month(year: int, month: int, leap: bool = False) -> tuple[date, date]:
    """The first and the last solar day of a lunar month. Raises ValueError when the year has no such month or is not
    known."""
    known = _years().get(year)
    if known is None or not 1 <= month <= 12 or (leap and known.leap != month):
        raise ValueError(f"no lunar month {month} of {year}")
    at = month - 1 + (leap or bool(known.leap and month > known.leap))
    first = known.first + timedelta(days=sum(known.lengths[:at]))
    return first, first + timedelta(days=known.lengths[at] - 1)


def lunar_day(year: int, month: int, day: int, leap: bool = False) -> date:
    """The solar day of a lunar one; -1 is the month's last day. Raises ValueError when there is none."""
    first, last = lunar_month(year, month, leap)
    found = last if day == -1 else first + timedelta(days=day - 1)
    if not first <= found <= last:
        raise ValueError(f"no lunar day {day} in month {month} of {year}")
    return found
