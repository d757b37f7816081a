"""Which year an activity is of: that of its last day, apart from activities across New Year and from make-up.

The hours of a year are learned in it (计入本人当年). An activity across New Year is divided between its years; one that
was learned for another year counts there only where a notice lets that year still be learned, or made up, on its day.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from rules.conversion import Measured, UnusableCaseError
from rules.plan import YearPlan
from rules.ruling import Case, Step
from rules.values import DeadlineKind, DeadlineRule

START = "start"  # the first day of an activity, where that is not its only one
BY_YEAR = "quantity_by_year"  # how much of it was learned in which year, as its papers show
FOR_YEAR = "for_year"  # the year that it was learned for, where that is not its own
OF_YEARS = frozenset({START, FOR_YEAR})  # the attributes that want a look at the year


def part_of_year(case: Case, year: int) -> Case | None:
    """What of the activity falls into `year`: all of it where it does not cross New Year.

    None when it does, and nobody said how much was learned when. Raises UnusableCaseError.
    """
    first = first_day(case)
    if first.year == case.day.year or not first.year <= year <= case.day.year:
        return case
    parts = case.attrs.get(BY_YEAR)
    if parts is None:
        return None
    part = parts.get(str(year), 0) if isinstance(parts, Mapping) else None
    if isinstance(part, bool) or not isinstance(part, int | float) or not 0 <= part <= case.quantity:
        raise UnusableCaseError(case.id, BY_YEAR, "the quantity of each year")
    return case._replace(day=min(case.day, date(year, 12, 31)), quantity=part)


def not_split(case: Case, plan: YearPlan) -> Measured:
    """The answer while nobody has said how much of an activity across New Year belongs to the year."""
    values = {"start": str(case.attrs[START]), "end": case.day.isoformat(), "year": plan.year}
    return Measured(
        None, (Step("rules.open.two_years", values, plan.year_rule, None, case.id),), (f"to_confirm:{case.id}",)
    )


def learned_for(case: Case, plan: YearPlan, profile: Mapping[str, Any]) -> DeadlineRule | None:
    """The notice by which an activity of another day's year counts for the year it names; None where none allows it."""
    said = case.attrs.get(FOR_YEAR)
    if type(said) is not int or said == case.day.year:
        return None
    return next((rule for rule in plan.place.deadlines if _allows(rule, case, said, profile)), None)


def _allows(rule: DeadlineRule, case: Case, said: int, profile: Mapping[str, Any]) -> bool:
    opens = rule.opens or date(rule.year, 1, 1)
    return (
        rule.kind is DeadlineKind.EARN_BY
        and (rule.year == said or said in rule.makes_up)
        and rule.category in (None, case.category)
        and opens <= case.day <= rule.closes
        and all(test.holds({}, profile) for test in rule.when)
    )


def first_day(case: Case) -> date:
    """The first day of an activity that names one. Raises UnusableCaseError."""
    said = case.attrs[START]
    try:
        first = date.fromisoformat(said) if isinstance(said, str) and len(said) == 10 else said
    except ValueError:
        first = None
    if not isinstance(first, date) or first > case.day:
        raise UnusableCaseError(case.id, START, "a date like 2024-01-31, no later than the activity's own")
    return first
