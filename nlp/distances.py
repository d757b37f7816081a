"""Days told by their distance from today: weekdays, 三天前, 最近一周."""

from calendar import monthrange
from datetime import date, timedelta

from nlp.calendar_days import Days, Readings, add_months
from nlp.dates import DatePhrase

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


def week(phrase: DatePhrase, today: date, back: bool) -> Readings:
    """Weeks run Monday to Sunday. On a Sunday, 这周三 and its like may count from the next Monday."""
    if phrase.week_shift is None:
        return _weekday(phrase, today, back)
    monday = today - timedelta(days=today.weekday()) + phrase.week_shift * _WEEK
    if phrase.weekday is None:
        first = (monday, monday + 6 * _DAY)
    else:
        start = monday + (phrase.weekday - 1) * _DAY
        first = (start, start + _until(phrase))
    if today.isoweekday() == 7 and phrase.weekday != 7:
        later = (first[0] + _WEEK, first[1] + _WEEK)
        return (first, later) if back or first[1] >= today else (later, first)
    return (first,)


def _weekday(phrase: DatePhrase, today: date, back: bool) -> Readings:
    """The latest such day up to today, or the next from today; 周一到周五 on a Wednesday may be last week's."""
    weekday = phrase.weekday or 1
    if not back:
        start = today + timedelta(days=(weekday - today.isoweekday()) % 7)
        return ((start, start + _until(phrase)),)
    start = today - timedelta(days=(today.isoweekday() - weekday) % 7)
    this = (start, start + _until(phrase))
    if phrase.last_weekday is not None and weekday != 6 and this[1] > today:
        return ((this[0] - _WEEK, this[1] - _WEEK), this)
    return (this,)


def _until(phrase: DatePhrase) -> timedelta:
    if phrase.last_weekday is None or phrase.weekday is None:
        return timedelta(0)
    return timedelta(days=(phrase.last_weekday - phrase.weekday) % 7)


def near_days(phrase: DatePhrase, today: date) -> Readings:
    """昨天, 今明两天."""
    first = phrase.day_shift or 0
    last = first if phrase.last_day_shift is None else phrase.last_day_shift
    return ((today + first * _DAY, today + last * _DAY),)


def window(said: tuple[float, str, int], today: date) -> Days:
    """过去三天 are the three days before today, 未来三天 those after it. Hours and minutes do not leave today."""
    count, unit, way = said
    if unit in ("hour", "minute"):
        return (today, today)
    edge = _moved(today, count, unit, way)
    if way < 0:
        return (min(edge, today - _DAY), today - _DAY)
    return (today + _DAY, max(edge, today + _DAY))


def offset(said: tuple[float, str, int], today: date) -> Days:
    """三天前 is a day, 两年前 a year."""
    count, unit, way = said
    if unit == "year" and count >= 1 and count == int(count):
        year = today.year + way * int(count)
        return (date(year, 1, 1), date(year, 12, 31))
    day = _moved(today, count, unit, way)
    return (day, day)


def _moved(day: date, count: float, unit: str, way: int) -> date:
    if unit in ("month", "quarter", "year"):
        months = count * {"month": 1, "quarter": 3, "year": 12}[unit]
        year, month = add_months(day.year, day.month, way * int(months))
        moved = date(year, month, min(day.day, monthrange(year, month)[1]))
        return moved + timedelta(days=way * round((months - int(months)) * 30))
    days = count * {"day": 1, "week": 7, "hour": 1 / 24, "minute": 0}[unit]
    return day + timedelta(days=way * int(days))
