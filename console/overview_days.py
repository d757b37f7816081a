"""The next deadlines of a unit's people: notices of the places that they work in, and days that the unit has set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.reminder import Courtesy, DeadlineSetting
from handlers import show
from outreach.calendars import calendar
from rules.book import NATIONAL, Book
from rules.deadlines import Deadline, deadlines
from rules.plan import NoRuleInForceError
from wording import say

SHOWN = 8
PLACES = 4  # in which most of the people work


@dataclass(frozen=True, slots=True)
class Day:
    """A day to come. `safe` is the last one that leaves time for the unit's verification; `unit` is whose day it is,
    empty for a notice; `left` are days from today.
    """

    closes: date
    safe: date
    left: int
    text: str
    source: str
    unit: str = ""
    unsure: bool = False


def upcoming(
    book: Book,
    people: Mapping[str, int],
    settings: Sequence[DeadlineSetting],
    courtesies: Mapping[str, Courtesy],
    today: date,
) -> list[Day]:
    """The days from `today` on about this year's and last year's hours, the earliest first; each said once.

    `people` counts them by place code.
    """
    places = sorted(people, key=lambda place: (-people[place], place))[:PLACES] or [NATIONAL]
    known = [place for place in places if place in book.places]
    slowest = max((one.verification_days for one in courtesies.values()), default=0)
    found = [
        _day(book, place, one, today)
        for place in known
        for year in (today.year - 1, today.year)
        for one in _of_place(book, place, year, slowest)
    ]
    found += [
        _day(book, known[0] if known else NATIONAL, one, today, setting.unit)
        for setting in settings
        for one in _of_unit(book, setting, courtesies.get(setting.unit, Courtesy()))
    ]
    to_come = dict.fromkeys(one for one in found if one.closes >= today)
    return sorted(to_come, key=lambda one: (one.closes, one.unit, one.text))[:SHOWN]


def _of_place(book: Book, place: str, year: int, verification_days: int) -> list[Deadline]:
    """The place's notices; the end of the calendar year where there are none."""
    try:
        found = deadlines(book, place, year, (), None, verification_days)
    except NoRuleInForceError:
        return []
    notices = [one for one in found if one.basis == "notice"]
    return notices or [one for one in found if one.basis == "calendar"]


def _of_unit(book: Book, setting: DeadlineSetting, courtesy: Courtesy) -> list[Deadline]:
    days = calendar([setting], setting.series, courtesy).days
    try:
        found = deadlines(book, NATIONAL, setting.year, days, None, courtesy.verification_days)
    except NoRuleInForceError:
        return []
    return [one for one in found if one.basis == "unit"]


def _day(book: Book, place: str, one: Deadline, today: date, unit: str = "") -> Day:
    source = show.cited(book, place, one.source) if one.source else say("deadline.unit") if unit else ""
    return Day(
        closes=one.closes,
        safe=one.safe.day,
        left=(one.closes - today).days,
        text=say(one.step.key, **one.step.values),
        source=source,
        unit=unit,
        unsure=one.applies is None,
    )
