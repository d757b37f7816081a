"""On which day a festival falls, and which days people have off around it."""

from datetime import date, timedelta
from functools import cache

from nlp.lunar import lunar_day
from nlp.wordlists import entries

_USUAL_DAYS_OFF = {"国庆": 7, "春节": 8, "劳动": 5}  # where no notice is known; others 3
_SAME = {"十一": "国庆", "五一": "劳动", "除夕": "春节", "大年初一": "春节", "新年": "元旦"}  # one holiday, two names
_NTH_WEEKDAY = {"母亲": (5, 7, 2), "父亲": (6, 7, 3), "感恩": (11, 4, 4)}  # month, weekday, which one


@cache
def _listed() -> dict[str, tuple[bool, int, int]]:
    """Whether lunar, month and day of each festival."""
    return {name: _entry(said[0]) for name, said in entries("festivals.txt").items()}


def _entry(said: str) -> tuple[bool, int, int]:
    month, _, day = said.removeprefix("L").partition("-")
    return said.startswith("L"), int(month), int(day)


def festival_day(name: str, year: int) -> date | None:
    """The day of the festival in `year` (a lunar one: in the lunar year of that number), or None when not known."""
    if name == "清明":
        return date(year, 4, 5 if year % 4 in (2, 3) else 4) if 2000 <= year < 2044 else None
    if name in _NTH_WEEKDAY:
        month, weekday, count = _NTH_WEEKDAY[name]
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (count - 1))
    if name not in _listed():
        return None
    lunar, month, day = _listed()[name]
    try:
        return lunar_day(_lunar_year(name, year), month, day) if lunar else date(year, month, day)
    except ValueError:
        return None


def _lunar_year(name: str, year: int) -> int:
    """People count the turn of the lunar year to the solar year that begins: 2026年除夕 is 16 February 2026."""
    return year - 1 if name in ("除夕", "大年三十", "腊八", "小年") else year


@cache
def _holidays() -> dict[tuple[str, int], tuple[date, date]]:
    listed = {}
    for year, said in entries("holidays.txt").items():
        for holiday in said:
            name, _, days = holiday.partition(":")
            listed[name, int(year)] = _days(int(year), days)
    return listed


def _days(year: int, said: str) -> tuple[date, date]:
    first, last = (tuple(int(part) for part in day.split("-")) for day in said.split(".."))
    return date(year - (first > last), *first), date(year, *last)


def days_off(name: str, day: date) -> tuple[date, date]:
    """The days that 国庆期间 and the like mean for the festival on `day`: as announced for that year, or the usual
    number of days."""
    name = _SAME.get(name, name)
    return _holidays().get((name, day.year)) or (day, day + timedelta(days=_USUAL_DAYS_OFF.get(name, 3) - 1))
