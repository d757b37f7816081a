"""Until when: the days by which a year's hours are earned, handed in, entered on a platform, or put up for review.

A day stands in a notice of the book, or a unit has set it, or it is the end of the calendar year (计入本人当年): each
says which. No day is carried over from another year's notice; `precedents` shows those apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import chinese_calendar

from domain.vocabulary import Category
from rules.book import Book
from rules.ruling import Citation, Step
from rules.values import DeadlineKind, DeadlineRule

Basis = Literal["calendar", "notice", "unit"]
VERIFICATION_DAYS_LIMIT = 250  # a working year


class SafeDay(NamedTuple):
    """The last day that is still safe. `provisional`: the State Council has not published that year's holidays yet,
    so plain weekdays were taken for working days."""

    day: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class UnitDeadline:
    """A day that a unit has set for itself; `year` is the learning year that it is about."""

    kind: DeadlineKind
    year: int
    closes: date
    opens: date | None = None
    label: str = ""
    category: Category | None = None
    makes_up: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """One day with what it ends. `source` is None where the unit has set it.

    `safe` leaves the working days that verification takes. `applies` is None where a notice holds for some only and it
    is not known whether for this person; whom it does not concern is not told of it. `at` is the hour, if one is set.
    """

    kind: DeadlineKind
    year: int
    opens: date | None
    closes: date
    at: str
    label: str
    category: Category | None
    basis: Basis
    source: Citation | None
    safe: SafeDay
    applies: bool | None = True
    makes_up: tuple[int, ...] = ()

    @property
    def step(self) -> Step:
        """The sentence to say of it."""
        values = {
            "year": self.year,
            "closes": f"{self.closes.isoformat()} {self.at}".strip(),
            "opens": self.opens.isoformat() if self.opens else "",
            "label": self.label,
            "safe": self.safe.day.isoformat(),
        }
        return Step(f"rules.deadline.{self.kind}.{self.basis}", values, self.source)


def deadlines(
    book: Book,
    place: str,
    year: int,
    unit_settings: Iterable[UnitDeadline] = (),
    profile: Mapping[str, Any] | None = None,
    verification_days: int = 0,
) -> tuple[Deadline, ...]:
    """Every day that ends something about the hours of `year`, the earliest first.

    `profile` decides which notices concern the person (work_field, area); `verification_days` are the working days that
    the unit's verification usually takes. Raises UnknownPlaceError, RuleNotYetInForce, RuleNoLongerInForce.
    """
    facts = profile or {}
    found = [_calendar(book, place, year, verification_days)]
    for rule in book.place(place).deadlines:
        applies = _applies(rule, facts)
        if rule.year == year and applies is not False:
            found.append(_notice(rule, applies, verification_days))
    found += [_set_by_unit(one, verification_days) for one in unit_settings if one.year == year]
    return tuple(sorted(found, key=lambda one: (one.closes, one.kind, one.label)))


def binding(found: Sequence[Deadline], kind: DeadlineKind, category: Category | None = None) -> Deadline | None:
    """The day that holds for this person and category: a notice instead of the calendar's end; a unit's own if earlier.

    With no `category`, only days that hold for all hours.
    """
    fitting = [
        one for one in found if one.kind is kind and one.applies and (one.category is None or one.category is category)
    ]
    by_law = [one for one in fitting if one.basis == "notice"] or [one for one in fitting if one.basis == "calendar"]
    units = [one for one in fitting if one.basis == "unit"]
    return min([*by_law, *units], key=lambda one: one.closes, default=None)


def repair(
    book: Book,
    place: str,
    year: int,
    on: date,
    unit_settings: Iterable[UnitDeadline] = (),
    profile: Mapping[str, Any] | None = None,
    verification_days: int = 0,
    category: Category | None = None,
) -> Deadline | None:
    """Until when hours can still be earned for `year`, asked on the day `on`; None when no text lets it be made up.

    That is the year's own last day while it lasts (a unit's earlier one first, then the law's), else a later year's
    notice or unit setting that makes it up. `category` also looks at days that hold for it alone. Raises as
    `deadlines`.
    """
    settings = tuple(unit_settings)
    for counted in (settings, ()):
        found = deadlines(book, place, year, counted, profile, verification_days)
        own = binding(found, DeadlineKind.EARN_BY, category)
        if own is not None and own.closes >= on:
            return own
    facts = profile or {}
    rules = [(rule, _applies(rule, facts)) for rule in book.place(place).deadlines if year in rule.makes_up]
    later = [_notice(rule, applies, verification_days) for rule, applies in rules if applies]
    later += [_set_by_unit(one, verification_days) for one in settings if year in one.makes_up]
    still_open = [
        one
        for one in later
        if one.kind is DeadlineKind.EARN_BY and one.closes >= on and one.category in (None, category)
    ]
    return max(still_open, key=lambda one: one.closes, default=None)


def precedents(book: Book, place: str, year: int, profile: Mapping[str, Any] | None = None) -> tuple[Deadline, ...]:
    """What notices of earlier years said, the latest first: a hint when the year's own is not known, never a rule."""
    facts = profile or {}
    rules = [(rule, _applies(rule, facts)) for rule in book.place(place).deadlines if rule.year < year]
    told = [_notice(rule, applies, 0) for rule, applies in rules if applies is not False]
    return tuple(sorted(told, key=lambda one: one.closes, reverse=True))


def last_safe_day(closes: date, verification_days: int) -> SafeDay:
    """The latest day that leaves `verification_days` whole working days until `closes`, that day included.

    Raises ValueError on a number of days that no verification takes.
    """
    if not 0 <= verification_days <= VERIFICATION_DAYS_LIMIT:
        raise ValueError(f"verification takes 0 to {VERIFICATION_DAYS_LIMIT} working days")
    day, left, provisional = closes, verification_days, False
    while left:
        works, published = is_workday(day)
        provisional = provisional or not published
        left -= works
        day -= timedelta(days=1)
    return SafeDay(day, provisional)


@lru_cache(4096)
def is_workday(day: date) -> tuple[bool, bool]:
    """Is `day` a working day, make-up workdays included; and is that published? Else plain weekdays count."""
    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        return day.isoweekday() <= 5, False


def _calendar(book: Book, place: str, year: int, verification_days: int) -> Deadline:
    closes = date(year, 12, 31)
    return Deadline(
        kind=DeadlineKind.EARN_BY,
        year=year,
        opens=date(year, 1, 1),
        closes=closes,
        at="",
        label="",
        category=None,
        basis="calendar",
        source=book.plan(place, year).yearly,
        safe=last_safe_day(closes, verification_days),
    )


def _notice(rule: DeadlineRule, applies: bool | None, verification_days: int) -> Deadline:
    return Deadline(
        kind=rule.kind,
        year=rule.year,
        opens=rule.opens,
        closes=rule.closes,
        at=rule.at,
        label=rule.label,
        category=rule.category,
        basis="notice",
        source=rule.source.citation,
        safe=last_safe_day(rule.closes, verification_days),
        applies=applies,
        makes_up=rule.makes_up,
    )


def _set_by_unit(one: UnitDeadline, verification_days: int) -> Deadline:
    return Deadline(
        kind=one.kind,
        year=one.year,
        opens=one.opens,
        closes=one.closes,
        at="",
        label=one.label,
        category=one.category,
        basis="unit",
        source=None,
        safe=last_safe_day(one.closes, verification_days),
        makes_up=one.makes_up,
    )


def _applies(rule: DeadlineRule, profile: Mapping[str, Any]) -> bool | None:
    answers = [test.holds({}, profile) for test in rule.when]
    if False in answers:
        return False
    return None if None in answers else True
