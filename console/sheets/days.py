"""Days in cells: dates, serial numbers, and all that people type for a day or for some days.

What can only be read one way is read. What a spreadsheet or a habit may have turned round (3/4/2026, 3.4) is told with
the reading that is most probable, and not taken by itself.
"""

import re
from datetime import date, timedelta
from typing import Any

from console.sheets.cells import CellWrong, shown

_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet, counting its 29 February 1900
_SERIALS = (32874, 73051)  # 1990 to 2099
_YEARS = (1990, 2099)
_Y, _M, _D = r"(?P<y{0}>\d{{4}})", r"(?P<m{0}>\d{{1,2}})", r"(?P<d{0}>\d{{1,2}})"
_SEP = r"\s*[-/.年]\s*"
_DAY = rf"(?:{_Y}{_SEP})?{_M}\s*[-/.月]\s*{_D}\s*[日号]?"
_TIME = r"(?:\s*T?\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_TO = r"\s*(?:-{1,2}|~|至|到|—{1,2}|–)\s*"
_ONE = re.compile(_DAY.format(1) + _TIME)
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})")
_RANGE = re.compile(_DAY.format(1) + _TIME + _TO + _DAY.format(2) + _TIME)
_SHORT = re.compile(_DAY.format(1) + _TO + r"(?P<d2>\d{1,2})\s*[日号]?")
_YEAR_LAST = re.compile(r"(?P<a>\d{1,2})\s*[-/.]\s*(?P<b>\d{1,2})\s*[-/.]\s*(?P<y>\d{4})" + _TIME)
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")

Days = tuple[date, date]


def days(cell: Any, year: int | None) -> Days:
    """The first and the last day of a cell, inclusive; `year` is taken where the cell says none. CellWrong."""
    if isinstance(cell, dict) and "formula" in cell:
        cell = cell["formula"]
    if isinstance(cell, dict):
        day = date.fromisoformat(cell["day"])
        return day, day
    if isinstance(cell, bool):
        raise CellWrong("day_unread")
    if isinstance(cell, float | int):
        return _of_number(float(cell), year)
    said = re.sub(r"\s*[(](?:周|星期).[)]|(?:周|星期)[一二三四五六日天]", "", shown(cell))
    if not said:
        raise CellWrong("day_missing")
    return _of_text(said, year)


def turned(day: date) -> date | None:
    """The day with month and day exchanged: what it was before a program took one for the other."""
    try:
        return day.replace(month=day.day, day=day.month)
    except ValueError:
        return None


def told(found: Days) -> str:
    """Days as a cell may hold them."""
    start, end = found
    return start.isoformat() if start == end else f"{start.isoformat()}至{end.isoformat()}"


def _of_number(number: float, year: int | None) -> Days:
    if number.is_integer() and _SERIALS[0] <= number < _SERIALS[1]:
        day = _EPOCH + timedelta(days=int(number))
        return day, day
    plain = _PLAIN.fullmatch(str(int(number)))
    if number.is_integer() and plain:
        day = _date(int(plain[1]), int(plain[2]), int(plain[3]))
        return day, day
    if 1 <= number < 13 and year:  # 3.15: a day that lost its dot's meaning; 3.1 may have been 3.10
        month, _, rest = f"{number:.10g}".partition(".")
        try:
            raise CellWrong("day_number", date(year, int(month), int(rest or 1)).isoformat())
        except ValueError:
            raise CellWrong("day_unread") from None
    raise CellWrong("day_unread")


def _of_text(said: str, year: int | None) -> Days:
    plain = _PLAIN.fullmatch(said)
    if plain:
        day = _date(int(plain[1]), int(plain[2]), int(plain[3]))
        return day, day
    if re.fullmatch(r"\d{5}(?:\.\d+)?|\d\.\d{1,2}|1[0-2]\.\d{1,2}", said):
        return _of_number(float(int(float(said))) if len(said) >= 5 else float(said), year)
    for pattern in (_ONE, _RANGE, _SHORT):
        found = pattern.fullmatch(said)
        if found:
            return _matched(found.groupdict(), year)
    last = _YEAR_LAST.fullmatch(said)
    if last:
        _year_last(int(last["a"]), int(last["b"]), int(last["y"]))
    if _MONTH.fullmatch(said):
        raise CellWrong("day_month")
    raise CellWrong("day_unread")


def _matched(parts: dict[str, str | None], year: int | None) -> Days:
    first_year = parts["y1"] or year
    if not first_year:
        raise CellWrong("day_year")
    start = _date(int(first_year), int(parts["m1"] or 0), int(parts["d1"] or 0))
    if not parts.get("d2"):
        return start, start
    second_year = int(parts.get("y2") or start.year)
    end = _date(second_year, int(parts.get("m2") or start.month), int(parts["d2"] or 0))
    if end < start:
        raise CellWrong("day_order", f"{end.isoformat()}至{start.isoformat()}")
    return start, end


def _year_last(a: int, b: int, year: int) -> None:
    """3/4/2026: the month comes first in one country and the day in the other; a number over 12 is no month."""
    fits = [(month, day) for month, day in ((a, b), (b, a)) if _is_day(year, month, day)]
    if not fits:
        raise CellWrong("day_none")
    raise CellWrong("day_turned", _date(year, *fits[0]).isoformat())


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def _date(year: int, month: int, day: int) -> date:
    if not _YEARS[0] <= year <= _YEARS[1]:
        raise CellWrong("day_far", year=year)
    if _is_day(year, month, day):
        return date(year, month, day)
    raise CellWrong("day_none", date(year, day, month).isoformat() if _is_day(year, day, month) else None)
