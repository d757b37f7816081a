"""From what a date phrase says to the days it means, looking back or ahead from a given day."""

from calendar import monthrange
from datetime import date, timedelta

from nlp.dates import DatePhrase
from nlp.festivals import days_off, festival_day

Days = tuple[date, date]
_DAY = timedelta(days=1)


def resolve(phrase: DatePhrase, today: date, back: bool) -> tuple[Days, ...]:
    """The honest readings of `phrase`, the likeliest first; `back` prefers the latest not after `today`. Empty when
    the words name no existing day."""
    try:
        if phrase.until is not None:
            return _range(phrase, today, back)
        return _single(phrase, today, back)
    except (ValueError, OverflowError):
        return ()


def _range(phrase: DatePhrase, today: date, back: bool) -> tuple[Days, ...]:
    last = phrase.until
    assert last is not None  # noqa: S101 the caller looked
    if (_floating(phrase) and last.year is not None) or (
        phrase.month is None and phrase.day is not None and last.month is not None
    ):
        return _range_from_end(phrase, last, today, back)
    if phrase.month is None and phrase.day is not None and phrase.month_shift is None and last.month_shift is not None:
        return _range_from_end(phrase, last, today, back)
    firsts = _single(phrase, today, back)
    if not firsts:
        return ()
    start = firsts[0][0]
    readings = [start] if len(firsts) == 1 else [days[0] for days in firsts]
    ends = [_end_from(last, start_at, today) for start_at in readings]
    pairs = [
        (start_at, end) for start_at, end in zip(readings, ends, strict=True) if end is not None and end >= start_at
    ]
    if back and phrase.week_shift is None and phrase.weekday is not None and pairs and pairs[0][1] > today:
        week = timedelta(days=7)
        return ((pairs[0][0] - week, pairs[0][1] - week), pairs[0])
    return tuple(pairs)


def _floating(phrase: DatePhrase) -> bool:
    return phrase.year is None and phrase.year_shift is None and phrase.month is not None


def _range_from_end(first: DatePhrase, last: DatePhrase, today: date, back: bool) -> tuple[Days, ...]:
    """The end is said more fully than the start: 28号到10月2号, 8月到2025年1月."""
    ends = _single(last, today, back)
    if not ends:
        return ()
    end = ends[0][1]
    if first.month is not None:
        start = _latest_month_day(first.month, first.day or 1, end)
    else:
        start = _latest_day(first.day or 1, end)
    return ((start, end),)


def _end_from(last: DatePhrase, start: date, today: date) -> date | None:
    """The end of a range that began at `start`: what is left out is taken from there, and it is never before."""
    if last.weekday is not None and last.week_shift is None:
        return start + timedelta(days=(last.weekday - start.isoweekday()) % 7)
    if last.month is not None and last.year is None and last.year_shift is None:
        year = start.year if _month_end(start.year, last.month) >= start else start.year + 1
        return _in_month(last, year, last.month)[1]
    if last.day is not None and last.month is None and last.month_shift is None:
        year, month = start.year, start.month
        if last.day < start.day:
            year, month = _add_months(year, month, 1)
        return date(year, month, last.day)
    if (
        last.part is not None
        and last.month is None
        and last.month_shift in (None, 0)
        and not last.part.startswith("年")
    ):
        return _part_of_month(start.year, start.month, last.part)[1]
    found = _single(last, today, back=False)
    return found[0][1] if found else None


def _single(phrase: DatePhrase, today: date, back: bool) -> tuple[Days, ...]:
    if phrase.day_shift is not None:
        return _one(today + timedelta(days=phrase.day_shift))
    if phrase.window is not None:
        return (_window(phrase.window, today),)
    if phrase.offset is not None:
        return (_offset(phrase.offset, today),)
    if phrase.weekday is not None or phrase.week_shift is not None:
        return _week(phrase, today, back)
    if phrase.festival is not None:
        return _festival(phrase, today, back)
    if phrase.quarter is not None or phrase.quarter_shift is not None or phrase.half is not None:
        return _part_of_year(phrase, today, back)
    if phrase.part is not None and phrase.part.startswith("年"):
        return _turn_of_year(phrase, today, back)
    if phrase.month is not None or phrase.month_shift is not None or phrase.day is not None or phrase.part is not None:
        return _month(phrase, today, back)
    year = _said_year(phrase, today)
    return ((date(year, 1, 1), date(year, 12, 31)),) if year is not None else ()


def _one(day: date) -> tuple[Days, ...]:
    return ((day, day),)


def _said_year(phrase: DatePhrase, today: date) -> int | None:
    if phrase.year is not None:
        return phrase.year
    return today.year + phrase.year_shift if phrase.year_shift is not None else None


def _week(phrase: DatePhrase, today: date, back: bool) -> tuple[Days, ...]:
    """Weeks run Monday to Sunday. On a Sunday, 这周三 and its like may count from the next Monday."""
    monday = today - timedelta(days=today.weekday())
    if phrase.week_shift is None:
        weekday = phrase.weekday or 1
        distance = (today.isoweekday() - weekday) % 7
        start = today - timedelta(days=distance) if back else today + timedelta(days=(weekday - today.isoweekday()) % 7)
        if back and phrase.last_weekday is not None and weekday != 6 and start + _until(phrase) > today:
            before = start - timedelta(days=7)
            return ((before, before + _until(phrase)), (start, start + _until(phrase)))
        return ((start, start + _until(phrase)),)
    monday += timedelta(days=7 * phrase.week_shift)
    if phrase.weekday is None:
        first = (monday, monday + timedelta(days=6))
    else:
        start = monday + timedelta(days=phrase.weekday - 1)
        first = (start, start + _until(phrase))
    if today.isoweekday() == 7 and phrase.weekday != 7:
        later = (first[0] + timedelta(days=7), first[1] + timedelta(days=7))
        return (first, later) if back or first[1] >= today else (later, first)
    return (first,)


def _until(phrase: DatePhrase) -> timedelta:
    if phrase.last_weekday is None or phrase.weekday is None:
        return timedelta(0)
    return timedelta(days=(phrase.last_weekday - phrase.weekday) % 7)


def _month(phrase: DatePhrase, today: date, back: bool) -> tuple[Days, ...]:
    year = _said_year(phrase, today)
    if phrase.month_shift is not None:
        in_year, in_month = _add_months(today.year, today.month, phrase.month_shift)
        return (_in_month(phrase, year or in_year, in_month),)
    if phrase.month is None:
        return _days_of_some_month(phrase, today, back)
    if year is not None:
        return (_in_month(phrase, year, phrase.month),)
    this_year = _existing(phrase, today.year, phrase.month, -1 if back else 1)
    if back and this_year[0] > today:
        return (_existing(phrase, today.year - 1, phrase.month, -1), this_year)
    if not back and this_year[1] < today:
        return (_existing(phrase, today.year + 1, phrase.month, 1), this_year)
    return (this_year,)


def _existing(phrase: DatePhrase, year: int, month: int, step: int) -> Days:
    """As said, in the nearest year that has the day (29 February)."""
    for tries in range(8):
        try:
            return _in_month(phrase, year + step * tries, month)
        except ValueError:
            if (month, phrase.day) != (2, 29):
                raise
    raise ValueError("no such day")


def _in_month(phrase: DatePhrase, year: int, month: int) -> Days:
    if phrase.day is not None:
        start = date(year, month, phrase.day)
        if phrase.last_day is None:
            return (start, start)
        if phrase.last_day < phrase.day:
            year, month = _add_months(year, month, 1)
        return (start, date(year, month, phrase.last_day))
    if phrase.part is not None:
        return _part_of_month(year, month, phrase.part)
    last_year, last_month = year, phrase.last_month or month
    if last_month < month:
        last_year += 1
    return (date(year, month, 1), _month_end(last_year, last_month))


def _days_of_some_month(phrase: DatePhrase, today: date, back: bool) -> tuple[Days, ...]:
    """25号, 15-17号: the latest such day up to today, or the next one from today."""
    day = phrase.day or 1
    start = _latest_day(day, today) if back else _next_day(day, today)
    return (_in_month(phrase, start.year, start.month),)


def _latest_day(day: int, until: date) -> date:
    year, month = until.year, until.month
    for _ in range(12):
        if day <= monthrange(year, month)[1] and date(year, month, day) <= until:
            return date(year, month, day)
        year, month = _add_months(year, month, -1)
    raise ValueError("no such day")


def _next_day(day: int, since: date) -> date:
    year, month = since.year, since.month
    for _ in range(12):
        if day <= monthrange(year, month)[1] and date(year, month, day) >= since:
            return date(year, month, day)
        year, month = _add_months(year, month, 1)
    raise ValueError("no such day")


def _latest_month_day(month: int, day: int, until: date) -> date:
    found = date(until.year, month, day)
    return found if found <= until else date(until.year - 1, month, day)


def _part_of_month(year: int, month: int, part: str) -> Days:
    """上旬, 中旬, 下旬; 月初 and 月底 are taken as the first and the last ten days."""
    first = {"上": 1, "初": 1, "中": 11, "下": 21, "底": 21, "末": 21}[part.removeprefix("月")[0]]
    last = _month_end(year, month)
    return (date(year, month, first), last if first == 21 else date(year, month, first + 9))


def _turn_of_year(phrase: DatePhrase, today: date, back: bool) -> tuple[Days, ...]:
    """年初 is January, 年底 December."""
    month = 1 if phrase.part == "年初" else 12
    year = _said_year(phrase, today)
    if year is None:
        year = today.year - (1 if back and date(today.year, month, 1) > today else 0)
        year += 1 if not back and _month_end(year, month) < today else 0
    return ((date(year, month, 1), _month_end(year, month)),)


def _part_of_year(phrase: DatePhrase, today: date, back: bool) -> tuple[Days, ...]:
    year, months = _said_year(phrase, today), 6 if phrase.half is not None else 3
    if phrase.quarter_shift is not None:
        first_year, first_month = _add_months(today.year, (today.month - 1) // 3 * 3 + 1, 3 * phrase.quarter_shift)
        return (_months(year or first_year, first_month, 3),)
    first = (((phrase.half or phrase.quarter or 1) - 1) * months) + 1
    this_year = _months(year or today.year, first, months)
    if year is None and back and this_year[0] > today:
        return (_months(today.year - 1, first, months), this_year)
    if year is None and not back and this_year[1] < today:
        return (_months(today.year + 1, first, months), this_year)
    return (this_year,)


def _months(year: int, month: int, count: int) -> Days:
    return (date(year, month, 1), _month_end(*_add_months(year, month, count - 1)))


def _festival(phrase: DatePhrase, today: date, back: bool) -> tuple[Days, ...]:
    year = _said_year(phrase, today)
    name = phrase.festival or ""
    day = festival_day(name, year or today.year)
    if year is None and day is not None and (day > today if back else day < today):
        day = festival_day(name, today.year + (-1 if back else 1))
    if day is None:
        return ()
    if phrase.stretch:
        return ((day, day + timedelta(days=days_off(name) - 1)), (day, day))
    return _one(day)


def _window(window: tuple[float, str, int], today: date) -> Days:
    """过去三天 are the three days before today, 未来三天 those after it."""
    count, unit, way = window
    edge = _moved(today, count, unit, way)
    if way < 0:
        return (min(edge, today - _DAY), today - _DAY)
    return (today + _DAY, max(edge, today + _DAY))


def _offset(offset: tuple[float, str, int], today: date) -> Days:
    count, unit, way = offset
    if unit == "year" and count >= 1 and count == int(count):
        year = today.year + way * int(count)
        return (date(year, 1, 1), date(year, 12, 31))
    day = _moved(today, count, unit, way)
    return (day, day)


def _moved(day: date, count: float, unit: str, way: int) -> date:
    if unit in ("month", "quarter", "year"):
        months = count * {"month": 1, "quarter": 3, "year": 12}[unit]
        year, month = _add_months(day.year, day.month, way * int(months))
        moved = date(year, month, min(day.day, monthrange(year, month)[1]))
        return moved + timedelta(days=way * round((months - int(months)) * 30))
    days = count * {"day": 1, "week": 7, "hour": 0, "minute": 0}[unit]
    return day + timedelta(days=way * int(days))


def _add_months(year: int, month: int, count: int) -> tuple[int, int]:
    turned = year * 12 + month - 1 + count
    return turned // 12, turned % 12 + 1


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
