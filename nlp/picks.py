"""Parts picked out of a stretch of days: 第三周, 最后两天, 前三季度, 第一个星期一."""

from datetime import date, timedelta

from nlp.calendar_days import Days, add_months, month_end
from nlp.dates import Pick

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


def picked(days: Days, pick: Pick) -> Days:
    """The part of `days`. Raises ValueError when there is no such part."""
    if pick.weekday is not None:
        return _weekday(days, pick)
    if pick.unit == "day":
        return _run(days, pick)
    if pick.unit == "week":
        return _weeks(days, pick)
    return _months(days, pick, 3 if pick.unit == "quarter" else 1)


def _at(pick: Pick, length: int) -> int:
    """Where the part begins, counted from 0 among `length` units."""
    at = pick.which - 1 if pick.which > 0 else length + pick.which
    if at < 0 or at + pick.count > length:
        raise ValueError("no such part")
    return at


def _run(days: Days, pick: Pick) -> Days:
    start = days[0] + _at(pick, (days[1] - days[0]).days + 1) * _DAY
    return start, start + (pick.count - 1) * _DAY


def _weekday(days: Days, pick: Pick) -> Days:
    first = days[0] + timedelta(days=((pick.weekday or 1) - days[0].isoweekday()) % 7)
    if pick.unit == "week":
        return first, first
    day = first + _at(pick, (days[1] - first).days // 7 + 1) * _WEEK
    return day, day + _DAY if pick.unit == "weekend" else day


def _weeks(days: Days, pick: Pick) -> Days:
    """Weeks of a year are numbered as ISO 8601 and GB/T 7408 do; weeks of anything shorter begin on its Mondays."""
    first, last = days
    if (last - first).days > 300:
        first, last = _iso_week_one(first.year), _iso_week_one(last.year + 1) - _DAY
    else:
        first += timedelta(days=-first.weekday() % 7)
    start = first + _at(pick, (last - first).days // 7 + 1) * _WEEK
    return start, start + pick.count * _WEEK - _DAY


def _iso_week_one(year: int) -> date:
    return date.fromisocalendar(year, 1, 1)


def _months(days: Days, pick: Pick, size: int) -> Days:
    first, last = days
    length = (last.year * 12 + last.month - first.year * 12 - first.month + 1) // size
    start = add_months(first.year, first.month, _at(pick, length) * size)
    return date(*start, 1), month_end(*add_months(*start, pick.count * size - 1))
