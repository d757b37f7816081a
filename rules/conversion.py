"""From one activity to 学时: does it count here, and by which measure. Before any cap."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from domain.vocabulary import Unit
from rules.book import NATIONAL, Book
from rules.deemed import label_of, stands_for_hours
from rules.exact import Number, exact, plain
from rules.plan import DayRules, YearPlan
from rules.ruling import Case, Citation, Conversion, Step, Subject
from rules.values import Condition, ConversionRule, Elsewhere

_NOTHING: tuple[Citation, ...] = ()


class UnusableCaseError(ValueError):
    """A fact of an activity cannot be what it says; `fact` names it, the message never repeats its content."""

    def __init__(self, case: str, fact: str, wanted: str) -> None:
        super().__init__(f"{fact} of {case} must be {wanted}")
        self.fact = fact


class Measured(NamedTuple):
    """What an activity gives: `hours` None where the text does not say; articles used beyond those of the steps."""

    hours: Number | None
    steps: tuple[Step, ...]
    flags: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = _NOTHING


def convert(case: Case, subject: Subject, on: date, book: Book) -> Conversion:
    """How many 学时 one activity gives, by the rules of its own day; `on` is the day of asking.

    Raises UnknownPlaceError, RuleNotYetInForce, RuleNoLongerInForce, UnusableCaseError.
    """
    plan = book.plan(subject.region, case.day.year)
    measured = measure(case, plan, subject.profile)
    steps = measured.steps
    if stands_for_hours(case, plan):
        steps += label_of(case, plan, subject.profile)
    flags = measured.flags + tuple(f"provisional:{key}" for day, key in plan.review if day < on)
    return Conversion(None if measured.hours is None else plain(measured.hours), steps, flags)


def measure(case: Case, plan: YearPlan, profile: Mapping[str, Any]) -> Measured:
    """One activity of the plan's year: mode, place, conditions, then the first conversion that applies."""
    rules = plan.on(case.day)
    if case.category not in plan.place.categories:
        return _skipped(case, "rules.skip.category", rules.decided_in, {})
    if stands_for_hours(case, plan):
        return _skipped(case, "rules.deemed.item", plan.year_rule, {})
    listed = rules.listed.get(case.mode)
    if listed is None:
        return _not_listed(case, rules, plan)
    elsewhere = _from_elsewhere(case, plan, profile)
    if elsewhere == "unknown":
        place = str(case.attrs["earned_in"])[:40]
        return _open(case, "rules.open.elsewhere", rules.decided_in, {"place": place, "decided_by": rules.decided_by})
    failed = _conditions(case, rules, profile, listed)
    if failed is not None:
        return failed
    measured = _by_rule(case, rules, profile, listed, plan)
    if isinstance(elsewhere, Elsewhere):
        step = Step("rules.elsewhere", {"label": elsewhere.label}, elsewhere.source.citation, None, case.id)
        return measured._replace(steps=(*measured.steps, step), flags=(*measured.flags, f"to_confirm:{case.id}"))
    return measured


def _by_rule(
    case: Case, rules: DayRules, profile: Mapping[str, Any], listed: Citation, plan: YearPlan
) -> Measured:
    for rule in rules.conversions[case.mode, case.unit]:
        if not rule.when or all(test.holds(case.attrs, profile) for test in rule.when):
            return _converted(case, rule, listed, plan)
    return _no_measure(case, rules, listed)


def _converted(case: Case, rule: ConversionRule, listed: Citation, plan: YearPlan) -> Measured:
    quantity = _quantity(case, rule)
    if quantity is None:
        return _open(case, "rules.open.own_share", rule.source.citation, {"label": rule.label})
    amount = quantity * rule.units[case.unit]
    off = sum((_number(case, name) for name in rule.less), 0) if rule.less else 0
    amount = max(amount - off, 0)
    if rule.parts == "down":
        parts, rest = divmod(amount, rule.per)
    else:
        parts, rest = amount if rule.per == 1 else exact(amount / exact(rule.per)), 0
    hours = exact(parts * exact(rule.hours))
    citation = listed if rule.cite_mode else rule.source.citation
    values = _values(case, rule, amount, off, hours)
    steps = (Step(_says(case, rule, off), values, citation, plain(hours), case.id),)
    flags: tuple[str, ...] = ()
    if rest:
        steps += (Step(f"rules.rest.{rule.says}", {"rest": plain(exact(rest)), "per": rule.per}, citation, None, case.id),)
    if rule.confirm:
        steps += (Step("rules.to_confirm", {"label": rule.label}, citation, None, case.id),)
        flags = (f"to_confirm:{case.id}",)
    also: tuple[Citation, ...] = () if rule.cite_mode else (listed,)
    if rule.applied_by is not None and (rule.applied_from is None or rule.applied_from.year <= plan.year):
        also += (rule.applied_by.citation,)
    return Measured(hours, steps, flags, also)


def _values(case: Case, rule: ConversionRule, amount: Number, off: Number, hours: Number) -> dict[str, Any]:
    return {
        "quantity": plain(exact(case.quantity)),
        "amount": plain(exact(amount)),
        "off": plain(exact(off)),
        "per": rule.per,
        "rate": plain(exact(rule.hours)),
        "hours": plain(hours),
        "label": rule.label,
    }


def _says(case: Case, rule: ConversionRule, off: Number) -> str:
    if off:
        return f"rules.conversion.{rule.says}_less"
    if rule.says == "half_days" and case.unit is Unit.DAY:
        return "rules.conversion.half_days_of_days"
    return f"rules.conversion.{rule.says}"


def _quantity(case: Case, rule: ConversionRule) -> Number | None:
    """The quantity that counts: the person's own part of a shared work where the rule asks for it."""
    if not rule.amount:
        return exact(case.quantity)
    if rule.amount in case.attrs:
        return min(_number(case, rule.amount), exact(case.quantity))
    if rule.amount_when is not None and rule.amount_when.holds(case.attrs, {}):
        return None
    return exact(case.quantity)


def _number(case: Case, name: str) -> Number:
    fact = case.attrs.get(name, 0)
    if isinstance(fact, bool) or not isinstance(fact, int | float) or not 0 <= fact <= 10_000_000:
        raise UnusableCaseError(case.id, name, "a number from 0 to 10000000")
    return exact(fact)


def _no_measure(case: Case, rules: DayRules, listed: Citation) -> Measured:
    """The mode counts, but the text has no measure for this unit: who decides, and a guess where one is honest."""
    rule = rules.open_units.get((case.mode, case.unit))
    if rule is None:
        decided = {"decided_by": rules.decided_by}
        return _open(case, "rules.open.unit_decided", rules.decided_in, decided, also=(listed,))
    key, values = "rules.open.unit", dict[str, Any](instead=rule.instead)
    if rule.estimate_per and case.unit in (Unit.MINUTE, Unit.CLOCK_HOUR):
        minutes = exact(case.quantity) * (60 if case.unit is Unit.CLOCK_HOUR else 1)
        key, values["estimate"] = "rules.open.unit_estimate", plain(exact(minutes // rule.estimate_per))
        values["per"] = rule.estimate_per
    return _open(case, key, rule.source.citation, values, flag=rule.flag, also=(listed,))


def _not_listed(case: Case, rules: DayRules, plan: YearPlan) -> Measured:
    if rules.other is None:
        return _skipped(case, "rules.skip.mode", plan.year_rule, {})
    values = {"decided_by": rules.decided_by}
    return _open(case, "rules.open.mode", rules.other, values, also=(rules.decided_in,))


def _conditions(
    case: Case, rules: DayRules, profile: Mapping[str, Any], listed: Citation
) -> Measured | None:
    """The answer when a condition is not met or not known to be; None when all are met."""
    for rule in rules.conditions[case.mode]:
        if rule.categories and case.category not in rule.categories:
            continue
        answers = [test.holds(case.attrs, profile) for test in rule.requires]
        if False in answers:
            return _unmet(case, rule, listed)
        if None in answers:
            return _open(case, "rules.open.condition", rule.source.citation, {"label": rule.label}, "to_confirm", (listed,))
    return None


def _unmet(case: Case, rule: Condition, listed: Citation) -> Measured:
    citation, values = rule.source.citation, {"label": rule.label}
    if rule.unmet == "open":
        return _open(case, "rules.open.condition", citation, values, rule.flag or "to_confirm", (listed,))
    flags = (f"{rule.flag}:{case.id}",) if rule.flag else ()
    return _skipped(case, "rules.skip.condition", citation, values)._replace(flags=flags, citations=(listed,))


def _from_elsewhere(case: Case, plan: YearPlan, profile: Mapping[str, Any]) -> Elsewhere | Literal["here", "unknown"]:
    """Where the hours were earned: here, in a place that a rule recognises (that rule), or where no text helps."""
    where = case.attrs.get("earned_in")
    if not where or plan.place.code == NATIONAL:
        return "here"
    if not isinstance(where, str):
        raise UnusableCaseError(case.id, "earned_in", "the name of a place")
    if _is_in(where, (plan.place.code, plan.place.name, *plan.place.names)):
        return "here"
    for rule in plan.elsewhere:
        moved = rule.unless is None or not rule.unless.holds(case.attrs, profile)
        if moved and _is_in(where, rule.places):
            return rule
    return "unknown"


def _is_in(where: str, places: tuple[str, ...]) -> bool:
    said = where.strip().lower()
    return any(said.startswith(place) for place in places)


def _skipped(case: Case, key: str, citation: Citation, values: dict[str, Any]) -> Measured:
    return Measured(0, (Step(key, values, citation, 0, case.id),))


def _open(
    case: Case,
    key: str,
    citation: Citation,
    values: dict[str, Any],
    flag: str = "needs_recognition",
    also: tuple[Citation, ...] = _NOTHING,
) -> Measured:
    return Measured(None, (Step(key, values, citation, None, case.id),), (f"{flag}:{case.id}",), also)

