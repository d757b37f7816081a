"""Nothing counts twice: an activity across New Year is divided between its years, and one work counts once."""

from collections.abc import Mapping, Sequence
from datetime import date

from rules.conversion import Measured, UnusableCaseError
from rules.exact import Number
from rules.plan import YearPlan
from rules.ruling import Case, Step
from rules.values import SameWork

START = "start"  # the first day of an activity, where that is not its only one
BY_YEAR = "quantity_by_year"  # how much of it was learned in which year, as its papers show


def part_of_year(case: Case, year: int) -> Case | None:
    """What of the activity falls into `year`: all of it where it does not cross New Year.

    None when it does, and nobody said how much was learned when. Raises UnusableCaseError.
    """
    first = _day(case)
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


def same_work(rule: SameWork, counted: Sequence[tuple[Case, Number]]) -> set[int]:
    """The places in `counted` of what repeats a work that counts already.

    The first of the rule's modes counts, there the one with the most hours.
    """
    kept: dict[str, int] = {}
    ranked = [at for at, (case, hours) in enumerate(counted) if case.mode in rule.modes and hours and _name(case, rule)]
    ranked.sort(key=lambda at: _rank(rule, *counted[at]))
    return {at for at in ranked if kept.setdefault(_name(counted[at][0], rule), at) != at}


def _rank(rule: SameWork, case: Case, hours: Number) -> tuple[int, Number, date, str, str]:
    """What counts first of one work; nothing hangs on the order in which it was put in."""
    return rule.modes.index(case.mode), -hours, case.day, case.category, case.id


def counted_already(case: Case, rule: SameWork) -> Measured:
    """The answer for a work that counts already as something else."""
    return Measured(0, (Step("rules.skip.same_work", {"label": rule.label}, rule.source.citation, 0, case.id),))


def _name(case: Case, rule: SameWork) -> str:
    said = case.attrs.get(rule.attr)
    return "".join(said.split()).casefold() if isinstance(said, str) else ""


def _day(case: Case) -> date:
    said = case.attrs[START]
    try:
        first = date.fromisoformat(said) if isinstance(said, str) and len(said) == 10 else said
    except ValueError:
        first = None
    if not isinstance(first, date) or first > case.day:
        raise UnusableCaseError(case.id, START, "a date like 2024-01-31, no later than the activity's own")
    return first
