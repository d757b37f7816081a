"""What a person still lacks for each day that they work towards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.ledger import Claim
from domain.reminder import ReminderKind
from outreach.calendars import Calendar, Goal
from outreach.rulings import cases
from rules.advice import gaps
from rules.book import Book
from rules.plan import NoRuleInForceError
from rules.readiness import readiness
from rules.regimes import decide_each
from rules.ruling import Subject


@dataclass(frozen=True, slots=True)
class Gap:
    """学时 missing for a goal, by category (`total` is what no category asks for), or by year for a title review.

    `safe` is the last safe day: of the goal, or of the first year's repair where that comes first.
    """

    goal: Goal
    missing: dict[str, float]
    years: tuple[tuple[int, float], ...]
    safe: date

    @property
    def behind(self) -> bool:
        return bool(self.missing or self.years)

    @property
    def hours(self) -> float:
        return sum(self.missing.values()) + sum(hours for _, hours in self.years)


def missing(subject: Subject, claims: Sequence[Claim], year: int, on: date, book: Book) -> dict[str, float]:
    """What the year still lacks, by category; nothing where it is complete or no rule can say."""
    of_year = [claim for claim in claims if claim.year == year]
    try:
        ruling = decide_each(subject, cases(of_year), year, on, book)[0]
    except (NoRuleInForceError, ValueError):  # ValueError: a fact of the profile that cannot be what it says
        return {}
    return {} if ruling.complete else gaps(ruling)


def gap(subject: Subject, claims: Sequence[Claim], goal: Goal, on: date, known: Calendar, book: Book) -> Gap:
    """What is missing for a goal. A former year of which nothing was ever recorded is not held against anybody."""
    if goal.kind is ReminderKind.TITLE_REVIEW:
        return _review(subject, claims, goal, on, known, book)
    of_year = any(claim.year == goal.year for claim in claims)
    lacking = missing(subject, claims, goal.year, on, book) if of_year or goal.year == on.year else {}
    if goal.category is not None:
        lacking = {name: hours for name, hours in lacking.items() if name == goal.category}
    return Gap(goal, lacking, (), goal.deadline.safe.day)


def _review(subject: Subject, claims: Sequence[Claim], goal: Goal, on: date, known: Calendar, book: Book) -> Gap:
    """The years that the review looks at and that can still be mended: those of the appointment, else the last two."""
    verification = known.courtesy.verification_days
    try:
        assumed = None if "appointment" in subject.profile else _latest(goal.year, on)
        found = readiness(subject, cases(claims), on, book, assumed, known.days, verification)
    except (NoRuleInForceError, ValueError):
        return Gap(goal, {}, (), goal.deadline.safe.day)
    open_years = [one for one in found.years if one.missing and one.fixable_until is not None and not one.complete]
    safe = min([goal.deadline.safe.day, *(one.fixable_until.safe.day for one in open_years if one.fixable_until)])
    return Gap(goal, {}, tuple((one.year, one.missing) for one in open_years), safe)


def _latest(review_year: int, on: date) -> tuple[int, ...]:
    return tuple(year for year in (review_year - 1, review_year) if year <= on.year)
