"""The days that bind a person: the book's notices and their unit's own, down to the last day that is still safe."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from domain.reminder import Courtesy, DeadlineSetting, ReminderKind
from domain.vocabulary import Category
from rules.book import Book
from rules.deadlines import Deadline, UnitDeadline, binding, deadlines, is_workday, repair
from rules.plan import NoRuleInForceError
from rules.ruling import Subject
from rules.values import DeadlineKind

_TO_EARN = (DeadlineKind.EARN_BY, DeadlineKind.SUBMIT_BY, DeadlineKind.PLATFORM_CLOSES)
_OF_CATEGORY = {
    Category.PUBLIC: ReminderKind.PUBLIC_END,
    Category.PROFESSIONAL: ReminderKind.PROFESSIONAL_END,
}


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a unit has set, as the rules take it, and how it lets its people be spoken to."""

    days: tuple[UnitDeadline, ...] = ()
    courtesy: Courtesy = field(default_factory=Courtesy)


class Goal(NamedTuple):
    """A day to work towards: the deadline whose last safe day comes first. `category` is None for all hours."""

    kind: ReminderKind
    year: int
    deadline: Deadline
    category: Category | None = None


def calendar(settings: Iterable[DeadlineSetting], series: str, courtesy: Courtesy) -> Calendar:
    """A unit's settings for one person: those for every title series, and those for theirs."""
    return Calendar(tuple(_day(one) for one in settings if one.series in ("", series)), courtesy)


def _day(one: DeadlineSetting) -> UnitDeadline:
    return UnitDeadline(
        kind=DeadlineKind(one.kind),
        year=one.year,
        closes=one.closes,
        opens=one.opens,
        label=one.label,
        category=Category(one.category) if one.category else None,
    )


def goals(subject: Subject, on: date, known: Calendar, book: Book) -> list[Goal]:
    """The days that a person works towards on the day `on`: this year's, a former year's that may still be made up,
    and the title review that they have in mind (`review_year` of the profile).
    """
    return [
        *_this_year(subject, on.year, known, book),
        *_last_year(subject, on, known, book),
        *_review(subject, known, book),
    ]


def _this_year(subject: Subject, year: int, known: Calendar, book: Book) -> list[Goal]:
    found = _deadlines(subject, year, known, book)
    whole = _first(binding(found, kind) for kind in _TO_EARN)
    if whole is None:
        return []
    goals = [Goal(ReminderKind.YEAR_END, year, whole)]
    for category, kind in _OF_CATEGORY.items():
        apart = [one for one in found if one.category is category and one.kind in _TO_EARN and one.applies]
        first = _first(iter(apart))
        if first is not None and first.safe.day < whole.safe.day:
            goals.append(Goal(kind, year, first, category))
    return goals


def _last_year(subject: Subject, on: date, known: Calendar, book: Book) -> list[Goal]:
    year, verification = on.year - 1, known.courtesy.verification_days
    try:
        until = repair(book, subject.region, year, on, known.days, subject.profile, verification)
    except NoRuleInForceError:
        return []
    return [Goal(ReminderKind.YEAR_END, year, until)] if until is not None else []


def _review(subject: Subject, known: Calendar, book: Book) -> list[Goal]:
    """The review's window, where a notice or the unit says when it takes applications."""
    year = review_year(subject)
    if year is None:
        return []
    window = binding(_deadlines(subject, year, known, book), DeadlineKind.REVIEW_WINDOW)
    return [Goal(ReminderKind.TITLE_REVIEW, year, window)] if window is not None else []


def review_year(subject: Subject) -> int | None:
    """The year in which the person wants to go for title review, as their profile says."""
    said = subject.profile.get("review_year")
    return said if isinstance(said, int) and not isinstance(said, bool) and 1990 <= said <= 2100 else None


def _deadlines(subject: Subject, year: int, known: Calendar, book: Book) -> tuple[Deadline, ...]:
    verification = known.courtesy.verification_days
    try:
        return deadlines(book, subject.region, year, known.days, subject.profile, verification)
    except NoRuleInForceError:
        return ()


def _first(found: Iterable[Deadline | None]) -> Deadline | None:
    return min((one for one in found if one is not None), key=lambda one: one.safe.day, default=None)


@lru_cache(4096)
def workday_by(day: date) -> date:
    """`day`, or the working day before it."""
    while not is_workday(day)[0]:
        day = date.fromordinal(day.toordinal() - 1)
    return day
