"""From what a date phrase says to the days it means, looking back or ahead from a given day."""

from dataclasses import replace
from datetime import date, timedelta
from functools import reduce

from nlp import calendar_days, distances
from nlp.calendar_days import Days, Readings, add_months, month_end, part_of_month, said_year
from nlp.dates import DatePhrase, Pick
from nlp.festivals import days_off, festival_day
from nlp.picks import picked

__all__ = ["Days", "Readings", "resolve"]
_WEEK = timedelta(days=7)


def resolve(phrase: DatePhrase, today: date, back: bool) -> Readings:
    """The honest readings of `phrase`, the likeliest first; `back` prefers the latest not after `today`. Empty when
    the words name no existing day."""
    try:
        if phrase.until is not None:
            return _range(phrase, phrase.until, today, back)
        return _single(phrase, today, back)
    except (ValueError, OverflowError):
        return ()


def _single(phrase: DatePhrase, today: date, back: bool) -> Readings:
    whole = _whole(phrase, today, back)
    parts = [part for days in whole if (part := _part(days, phrase.picks)) is not None]
    return tuple(parts)


def _part(days: Days, picks: tuple[Pick, ...]) -> Days | None:
    """What is picked out of one reading, None when it has no such part."""
    try:
        return reduce(picked, picks, days)
    except ValueError:
        return None


def _whole(phrase: DatePhrase, today: date, back: bool) -> Readings:
    """The readings without what is picked out of them."""
    if phrase.day_shift is not None:
        return distances.near_days(phrase, today)
    if phrase.window is not None:
        return (distances.window(phrase.window, today),)
    if phrase.offset is not None:
        return (distances.offset(phrase.offset, today),)
    if phrase.weekday is not None or phrase.week_shift is not None:
        return distances.week(phrase, today, back)
    if phrase.festival is not None:
        return _festival(phrase, phrase.festival, today, back)
    return _of_the_calendar(phrase, today, back)


def _of_the_calendar(phrase: DatePhrase, today: date, back: bool) -> Readings:
    if phrase.lunar:
        return calendar_days.lunar(phrase, today, back)
    if phrase.season is not None:
        return calendar_days.season(phrase, today, back)
    shifts = (phrase.quarter_shift, phrase.half_shift, phrase.quarter, phrase.half)
    if any(said is not None for said in shifts):
        return calendar_days.part_of_year(phrase, today, back)
    if phrase.part is not None and phrase.part.startswith("年"):
        return calendar_days.turn_of_year(phrase, today, back)
    months = (phrase.month, phrase.month_shift, phrase.day, phrase.part)
    if any(said is not None for said in months):
        return calendar_days.month(phrase, today, back)
    return calendar_days.whole_year(phrase, today)


def _festival(phrase: DatePhrase, name: str, today: date, back: bool) -> Readings:
    year = said_year(phrase, today)
    day = festival_day(name, year or today.year)
    if year is None and day is not None and (day > today if back else day < today):
        day = festival_day(name, today.year + (-1 if back else 1))
    if day is None:
        return ()
    return (days_off(name, day), (day, day)) if phrase.stretch else ((day, day),)


def _range(first: DatePhrase, last: DatePhrase, today: date, back: bool) -> Readings:
    if _end_says_more(first, last):
        return _range_from_end(first, last, today, back)
    first = replace(first, until=None)
    starts = _single(first, today, back)
    ends = [_end_from(last, days[0], today) for days in starts]
    pairs = [(days[0], end) for days, end in zip(starts, ends, strict=True) if end is not None and end >= days[0]]
    if back and first.week_shift is None and first.weekday is not None and pairs and pairs[0][1] > today:
        return ((pairs[0][0] - _WEEK, pairs[0][1] - _WEEK), pairs[0])
    return tuple(pairs)


def _end_says_more(first: DatePhrase, last: DatePhrase) -> bool:
    """28号到10月2号, 8月到2025年1月, 25号到下个月3号."""
    if first.lunar or last.lunar or first.picks or last.picks:
        return False
    if first.month is not None and not first.says_year and last.year is not None and last.month is not None:
        return True
    return first.bare_day and (last.month is not None or last.month_shift is not None)


def _range_from_end(first: DatePhrase, last: DatePhrase, today: date, back: bool) -> Readings:
    readings = []
    for days in _single(last, today, back):
        end = days[1]
        if first.month is not None:
            start = calendar_days.latest_month_day(first.month, first.day or 1, end)
        else:
            start = calendar_days.latest_day(first.day or 1, end)
        readings.append((start, end))
    return tuple(readings)


def _end_from(last: DatePhrase, start: date, today: date) -> date | None:
    """The end of a range that began at `start`: what is left out is taken from there, and it is never before."""
    if last.picks or last.lunar or last.season or last.festival or last.quarter or last.half:
        found = _single(last, today if last.says_year else start, back=False)
        return found[0][1] if found else None
    if last.weekday is not None and last.week_shift is None:
        return start + timedelta(days=(last.weekday - start.isoweekday()) % 7)
    if last.month is not None and not last.says_year:
        year = start.year if month_end(start.year, last.month) >= start else start.year + 1
        end = calendar_days.in_month(last, year, last.month)[1]
        return end if end >= start else calendar_days.in_month(last, year + 1, last.month)[1]
    if last.bare_day:
        year, month = start.year, start.month
        if (last.day or 1) < start.day:
            year, month = add_months(year, month, 1)
        return date(year, month, last.day or 1)
    if last.part is not None and last.month is None and last.month_shift is None and not last.part.startswith("年"):
        return part_of_month(start.year, start.month, last.part)[1]
    found = _single(last, today, back=False)
    return found[0][1] if found else None
