"""On which day a festival falls, and which days people have off around it."""

from datetime import date, timedelta
from functools import cache

from nlp.lunar import lunar_day
from nlp.wordlists import entries

_USUAL_DAYS_OFF = {"国庆": 7, "春节": 8, "劳动": 5}  # where no notice is known; others 3
_SAME = {  # one holiday, two names
    "十一": "国庆",
    "五一": "劳动",
    "除夕": "春节",
    "大年初一": "春节",
    "农历新年": "春节",
    "新年": "元旦",
}


@cache
def _listed() -> dict[str, str]:
    """The day of each festival as the list writes it."""
    return {name: said[0] for name, said in entries("festivals.txt").items()}


@cache
def festival_names() -> str:
    """The expression of all names of festivals."""
    listed = entries("festivals.txt")
    return "|".join(name + "".join(said[1:]) for name, said in listed.items())


def festival_day(name: str, year: int) -> date | None:
    """The day of the festival in `year` (a lunar one: in the lunar year of that number), or None when not known."""
    said = _listed().get(name)
    try:
        return None if said is None else _day(name, said, year)
    except ValueError:
        return None


def lunar_date(name: str) -> tuple[int, int] | None:
    """Month and day of a festival of the lunar calendar, None for others."""
    said = _listed().get(name, "")
    month, _, day = said.removeprefix("L").partition("-")
    return (int(month), int(day)) if said.startswith("L") else None


def _day(name: str, said: str, year: int) -> date:
    if name == "清明":
        return _qingming(year)
    if "/" in said:
        return _nth_weekday(year, *(int(part) for part in said.split("/")))
    month, _, day = said.removeprefix("L").partition("-")
    if said.startswith("L"):
        return lunar_day(_lunar_year(name, year), int(month), int(day))
    return date(year, int(month), int(day))


def _qingming(year: int) -> date:
    """A solar term: when the sun stands at 15 degrees, in Beijing time."""
    if not 2000 <= year < 2044:
        raise ValueError("not known")
    return date(year, 4, 5 if year % 4 in (2, 3) else 4)


def _nth_weekday(year: int, month: int, weekday: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (which - 1))


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
