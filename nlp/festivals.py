"""On which day a festival falls. Those of the lunar calendar are listed for the years 2010 to 2030."""

from datetime import date, timedelta
from functools import cache

from nlp.wordlists import entries

_USUAL_DAYS_OFF = {"国庆": 7, "十一": 7, "春节": 7, "五一": 5, "劳动": 5}  # beginning with the festival; others 3
_BY_SPRING = {
    "春节": 0,
    "大年初一": 0,
    "除夕": -1,
    "大年三十": -1,
    "元宵": 14,
}  # days after the first of the lunar year

_NTH_WEEKDAY = {"母亲": (5, 7, 2), "父亲": (6, 7, 3), "感恩": (11, 4, 4)}  # month, weekday, which one


@cache
def _listed() -> dict[str, dict[int, tuple[int, int]]]:
    """Month and day of each festival by year; year 0 stands for every year."""
    return {name: dict(_entry(said) for said in days) for name, days in entries("festivals.txt").items()}


def _entry(said: str) -> tuple[int, tuple[int, int]]:
    *year, month, day = (int(part) for part in said.split("-"))
    return (year[0] if year else 0, (month, day))


def festival_day(name: str, year: int) -> date | None:
    """The day of the festival in `year`, or None when it is not known."""
    if name == "清明":
        return date(year, 4, 5 if year % 4 in (2, 3) else 4) if 2000 <= year < 2044 else None
    days = _listed().get("春节" if name in _BY_SPRING else name, {})
    if name in _NTH_WEEKDAY:
        month, weekday, count = _NTH_WEEKDAY[name]
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (count - 1))
    found = days.get(0) or days.get(year)
    return date(year, *found) + timedelta(days=_BY_SPRING.get(name, 0)) if found else None


def days_off(name: str) -> int:
    """How many days people usually mean by 国庆期间 and the like."""
    return _USUAL_DAYS_OFF.get(name, 3)
