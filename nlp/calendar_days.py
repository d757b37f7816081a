"""Years, quarters, months, their parts and days: from what was said of them to days, looking back or ahead."""

from calendar import monthrange
from datetime import date, timedelta

from nlp.dates import DatePhrase
from nlp.lunar import lunar_day, lunar_month

Days = tuple[date, date]
Readings = tuple[Days, ...]
_SEASONS = {"春": (3, 3), "夏": (6, 3), "秋": (9, 3), "冬": (12, 3), "暑": (7, 2)}  # first month, how many
_PARTS_OF_YEAR = {"初": (1, 1), "中": (6, 2), "底": (12, 1), "末": (12, 1)}
_PARTS_OF_MONTH = {
    "上旬": (1, 10), "初": (1, 10), "中旬": (11, 20), "中": (11, 20), "下旬": (21, 31), "底": (21, 31), "末": (21, 31),
    "中上旬": (1, 20), "上中旬": (1, 20), "中下旬": (11, 31), "上半": (1, 15), "下半": (16, 31),
}  # fmt: skip


def add_months(year: int, month: int, count: int) -> tuple[int, int]:
    turned = year * 12 + month - 1 + count
    return turned // 12, turned % 12 + 1


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def said_year(phrase: DatePhrase, today: date) -> int | None:
    if phrase.year is not None:
        return phrase.year
    return today.year + phrase.year_shift if phrase.year_shift is not None else None


def whole_year(phrase: DatePhrase, today: date) -> Readings:
    year = said_year(phrase, today)
    return ((date(year, 1, 1), date(year, 12, 31)),) if year is not None else ()


def some_months(year: int, month: int, count: int) -> Days:
    """`count` months from the first of `month`."""
    return (date(year, month, 1), month_end(*add_months(year, month, count - 1)))


def of_some_year(phrase: DatePhrase, today: date, back: bool, month: int, count: int) -> Readings:
    """These months of the year said, or else of the nearest year in the direction, this year's second."""
    year = said_year(phrase, today)
    this = some_months(year or today.year, month, count)
    if year is None and back and this[0] > today:
        return (some_months(today.year - 1, month, count), this)
    if year is None and not back and this[1] < today:
        return (some_months(today.year + 1, month, count), this)
    return (this,)


def season(phrase: DatePhrase, today: date, back: bool) -> Readings:
    """By months: 夏天 is June to August, 暑假 July and August."""
    return of_some_year(phrase, today, back, *_SEASONS[phrase.season or "春"])


def turn_of_year(phrase: DatePhrase, today: date, back: bool) -> Readings:
    """年初 is January, 年中 June and July, 年底 December."""
    return of_some_year(phrase, today, back, *_PARTS_OF_YEAR[(phrase.part or "年底")[1]])


def part_of_year(phrase: DatePhrase, today: date, back: bool) -> Readings:
    if phrase.quarter_shift is not None:
        first = add_months(today.year, (today.month - 1) // 3 * 3 + 1, 3 * phrase.quarter_shift)
        return (some_months(said_year(phrase, today) or first[0], first[1], 3),)
    if phrase.half_shift is not None:
        first = add_months(today.year, (today.month - 1) // 6 * 6 + 1, 6 * phrase.half_shift)
        return (some_months(*first, 6),)
    count = 6 if phrase.half is not None else 3
    return of_some_year(phrase, today, back, ((phrase.half or phrase.quarter or 1) - 1) * count + 1, count)


def month(phrase: DatePhrase, today: date, back: bool) -> Readings:
    """A month, a part or days of it."""
    year = said_year(phrase, today)
    if phrase.month_shift is not None:
        in_year, number = add_months(today.year, today.month, phrase.month_shift)
        return (in_month(phrase, year or in_year, number),)
    if phrase.part is not None and phrase.month is None:
        return _part_of_some_month(phrase.part, today, back)
    if phrase.month is None:
        return days_of_some_month(phrase, today, back)
    if year is not None:
        return (in_month(phrase, year, phrase.month),)
    this = _existing(phrase, today.year, phrase.month, -1 if back else 1)
    if back and this[0] > today:
        return (_existing(phrase, today.year - 1, phrase.month, -1), this)
    if not back and this[1] < today:
        return (_existing(phrase, today.year + 1, phrase.month, 1), this)
    return (this,)


def _part_of_some_month(part: str, today: date, back: bool) -> Readings:
    """月底: this month's, or when that is still to come perhaps the last one's."""
    this = part_of_month(today.year, today.month, part)
    if back and this[0] > today:
        return (part_of_month(*add_months(today.year, today.month, -1), part), this)
    if not back and this[1] < today:
        return (part_of_month(*add_months(today.year, today.month, 1), part), this)
    return (this,)


def _existing(phrase: DatePhrase, year: int, month: int, step: int) -> Days:
    """As said, in the nearest year that has the day (29 February)."""
    for tries in range(8):
        try:
            return in_month(phrase, year + step * tries, month)
        except ValueError:
            if (month, phrase.day) != (2, 29):
                raise
    raise ValueError("no such day")


def in_month(phrase: DatePhrase, year: int, month: int) -> Days:
    if phrase.day is not None:
        start = date(year, month, phrase.day)
        if phrase.last_day is None:
            return (start, start)
        if phrase.last_day < phrase.day:
            year, month = add_months(year, month, 1)
        return (start, date(year, month, phrase.last_day))
    if phrase.part is not None:
        return part_of_month(year, month, phrase.part)
    last_year, last_month = year, phrase.last_month or month
    return (date(year, month, 1), month_end(last_year + (last_month < month), last_month))


def part_of_month(year: int, month: int, part: str) -> Days:
    """上旬, 中旬, 下旬, 上半月; 月初 and 月底 are taken as the first and the last ten days."""
    first, last = _PARTS_OF_MONTH[part.strip("月")]
    return (date(year, month, first), min(date(year, month, 1) + timedelta(days=last - 1), month_end(year, month)))


def days_of_some_month(phrase: DatePhrase, today: date, back: bool) -> Readings:
    """25号, 15-17号: the latest such day up to today, or the next one from today."""
    day = phrase.day or 1
    start = latest_day(day, today) if back else _next_day(day, today)
    return (in_month(phrase, start.year, start.month),)


def latest_day(day: int, until: date) -> date:
    """The latest day of this number not after `until`."""
    year, month = until.year, until.month
    for _ in range(12):
        if day <= monthrange(year, month)[1] and date(year, month, day) <= until:
            return date(year, month, day)
        year, month = add_months(year, month, -1)
    raise ValueError("no such day")


def _next_day(day: int, since: date) -> date:
    year, month = since.year, since.month
    for _ in range(12):
        if day <= monthrange(year, month)[1] and date(year, month, day) >= since:
            return date(year, month, day)
        year, month = add_months(year, month, 1)
    raise ValueError("no such day")


def latest_month_day(month: int, day: int, until: date) -> date:
    """The latest such day of a year not after `until`."""
    found = date(until.year, month, day)
    return found if found <= until else date(until.year - 1, month, day)


def lunar(phrase: DatePhrase, today: date, back: bool) -> Readings:
    """A month or day of the lunar calendar, in the lunar year said or the nearest in the direction."""
    year = said_year(phrase, today)
    if year is not None:
        return (_of_lunar_year(phrase, year),)
    for away in range(-1, 20):  # a leap month comes back after as many years
        days = _in_lunar_year(phrase, today.year - away if back else today.year + away)
        if days and (days[0] <= today if back else days[1] >= today):
            return (days,)
    return ()


def _in_lunar_year(phrase: DatePhrase, year: int) -> Days | None:
    try:
        return _of_lunar_year(phrase, year)
    except ValueError:
        return None


def _of_lunar_year(phrase: DatePhrase, year: int) -> Days:
    if phrase.day is None:
        return lunar_month(year, phrase.month or 1, phrase.leap_month)
    start = lunar_day(year, phrase.month or 1, phrase.day, phrase.leap_month)
    if phrase.last_day is None or phrase.last_day <= phrase.day:
        return (start, start)
    return (start, start + timedelta(days=phrase.last_day - phrase.day))
