"""One work counts once, whatever it was put in as."""

from collections.abc import Sequence
from datetime import date

from rules.conversion import Measured
from rules.exact import Number
from rules.ruling import Case, Step
from rules.values import SameWork


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
