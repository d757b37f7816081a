"""视为完成: awards, works, degrees and examinations that stand for a year's hours, or for an appointment period's."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from domain.vocabulary import Mode, Unit
from rules.exact import exact
from rules.plan import YearPlan
from rules.ruling import Case, Citation, Step
from rules.values import DeemedRule


class Deemed(NamedTuple):
    """`answer` as in the ruling: None when nothing is claimed, else {"value": …, "scope"?: …}.

    `open` says that a claim lacks a fact which would decide it.
    """

    answer: dict[str, Any] | None = None
    steps: tuple[Step, ...] = ()
    flags: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    open: bool = False

    @property
    def complete(self) -> bool:
        return self.answer is not None and bool(self.answer["value"])


NOT_CLAIMED = Deemed()
ONLY_DEEMED = frozenset({Mode.AWARD, Mode.MONOGRAPH, Mode.PAPER, Mode.EXAM})  # no way of learning: results of it


def stands_for_hours(case: Case, plan: YearPlan) -> bool:
    """Is this an item that gives no hours itself here, but may make the year complete?

    A course of study counts by its hours as well; only the degree itself is such an item.
    """
    return case.mode in plan.deemed_modes and (case.unit is Unit.ITEM or case.mode is not Mode.DEGREE)


def deem(cases: Sequence[Case], plan: YearPlan, profile: Mapping[str, Any], year: int, on: date) -> Deemed:
    """What the claimed items make of `year`; nothing dated after `on` has happened."""
    if not plan.deemed:
        return NOT_CLAIMED
    claims = [case for case in cases if stands_for_hours(case, plan)]
    if not claims:
        return NOT_CLAIMED
    happened = [case for case in claims if case.day <= on]
    period = appointment(profile)
    used = tuple(dict.fromkeys(rule.source.citation for rule in plan.deemed for c in claims if rule.mode is c.mode))
    for rule in plan.deemed:
        matching = _matching(rule, happened, profile, year, period)
        if matching and not rule.unsettled:
            return _complete(rule, matching, used)
    return _incomplete(claims, happened, plan, profile, year, used)


def appointment(profile: Mapping[str, Any]) -> tuple[date, date] | None:
    """The appointment period (聘期) of `profile`, without an end while it lasts. Raises ValueError when unreadable."""
    said = profile.get("appointment")
    if said is None:
        return None
    if not isinstance(said, Mapping):
        raise ValueError("appointment must have start and end")  # noqa: TRY004 (bad input, not a wrong call)
    start, end = _day(said.get("start")), _day(said.get("end") or date.max)
    if end < start:
        raise ValueError("appointment must end after it starts")
    return start, end


def label_of(case: Case, plan: YearPlan, profile: Mapping[str, Any]) -> tuple[Step, ...]:
    """What one item by itself would make complete, for a question about it."""
    for rule in plan.deemed:
        if rule.unsettled or rule.mode is not case.mode or not _enough(rule, [case]):
            continue
        if all(test.holds(_facts(case), profile) for test in rule.when):
            return (_step(f"rules.deemed.{rule.scope}", rule, case.id),)
    rules = [rule for rule in plan.deemed if rule.mode is case.mode]
    return tuple(_step("rules.deemed.needs", rule, case.id) for rule in rules if not rule.unsettled)


def _complete(rule: DeemedRule, matching: list[Case], used: tuple[Citation, ...]) -> Deemed:
    answer = {"value": True, "scope": rule.scope}
    return Deemed(answer, (_step(f"rules.deemed.{rule.scope}", rule, matching[0].id),), (), used)


def _incomplete(
    claims: list[Case],
    happened: list[Case],
    plan: YearPlan,
    profile: Mapping[str, Any],
    year: int,
    used: tuple[Citation, ...],
) -> Deemed:
    steps = [Step("rules.deemed.not", {"count": len(claims), "year": year}, used[0])]
    flags = []
    undecided = False
    asked_about = [(rule, _matching(rule, happened, profile, year, None)) for rule in plan.deemed if rule.unsettled]
    for case in happened:
        unsettled = [rule for rule, matching in asked_about if case in matching]
        lacking = case.day.year == year and any(
            _holds(rule, case, profile) is None for rule in plan.deemed if rule.mode is case.mode
        )
        if unsettled or lacking:
            flags.append(f"to_confirm:{case.id}")
            steps += [_step("rules.deemed.unsettled", rule, case.id) for rule in unsettled]
        undecided = undecided or lacking
    return Deemed({"value": False}, tuple(steps), tuple(flags), used, undecided)


def _matching(
    rule: DeemedRule, cases: list[Case], profile: Mapping[str, Any], year: int, period: tuple[date, date] | None
) -> list[Case]:
    """The cases that meet the rule together; empty when they do not."""
    found = [
        case
        for case in cases
        if rule.mode is case.mode and _in_time(rule, case.day, year, period) and _holds(rule, case, profile)
    ]
    alike = bool(rule.differ_in) and len({case.attrs.get(rule.differ_in) for case in found}) < 2
    return found if _enough(rule, found) and not alike else []


def _enough(rule: DeemedRule, cases: list[Case]) -> bool:
    items = sum((exact(case.quantity) if case.unit is Unit.ITEM else 1 for case in cases), 0)
    return bool(cases) and items >= exact(rule.at_least)


def _in_time(rule: DeemedRule, day: date, year: int, period: tuple[date, date] | None) -> bool:
    if rule.scope == "annual" or period is None:
        return day.year == year
    start, end = period
    return start <= day <= end and start.year <= year <= end.year


def _holds(rule: DeemedRule, case: Case, profile: Mapping[str, Any]) -> bool | None:
    answers = [test.holds(_facts(case), profile) for test in rule.when]
    if False in answers:
        return False
    return None if None in answers else True


def _facts(case: Case) -> Mapping[str, Any]:
    """The attributes; a work whose quantity is in characters states its own characters by it."""
    if case.unit is Unit.CHAR and "own_chars" not in case.attrs:
        return {**case.attrs, "own_chars": case.quantity}
    return case.attrs


def _step(key: str, rule: DeemedRule, case: str) -> Step:
    return Step(key, {"label": rule.label}, rule.source.citation, None, case)


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else _refuse()
    except ValueError:
        return _refuse()


def _refuse() -> date:
    raise ValueError("appointment must have start and end as dates like 2024-01-31")
