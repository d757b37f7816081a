"""From one activity to 学时: does it count here, and by which measure. Before any cap."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from domain.vocabulary import Unit
from rules.book import NATIONAL, Book
from rules.deemed import ONLY_DEEMED, label_of, stands_for_hours
from rules.exact import Number, exact, plain
from rules.plan import YearPlan
from rules.ruling import Case, Citation, Conversion, Step, Subject
from rules.values import Condition, ConversionRule, Elsewhere
from rules.ways import DayRules, Measure, Way


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
    citations: tuple[Citation, ...] = ()
    rest_open: bool = False  # more than `hours` may come of it

    @property
    def open(self) -> bool:
        return self.hours is None or self.rest_open


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


def at_once(case: Case, plan: YearPlan) -> Measure | None:
    """The conversion that `measure` would find, when that takes one look; None when there is more to ask."""
    if case.attrs:
        return None
    found = plan.on(case.day).plain.get((case.category, case.mode, case.unit))
    if found is not None and found.rest_open and exact(case.quantity) * found.factor % found.per:
        return None
    return found


def given(amount: Number, found: Measure) -> Number:
    """The hours for `amount` of the measure; what does not fill a part gives none where the rule says so."""
    return exact((amount // found.per if found.down else amount) * found.rate)


def counted(case: Case, found: Measure) -> Measured:
    """The answer for an activity of which nothing else is to be asked."""
    return _counted(case, found, exact(case.quantity) * found.factor, 0)


def measure(case: Case, plan: YearPlan, profile: Mapping[str, Any]) -> Measured:
    """One activity of the plan's year: mode, place, conditions, then the first conversion that applies."""
    rules = plan.on(case.day)
    if case.category not in plan.place.categories:
        return _skipped(case, "rules.skip.category", rules.decided_in, {})
    if plan.deemed_modes and stands_for_hours(case, plan):
        article = next(rule.source.citation for rule in plan.deemed if rule.mode is case.mode)
        return _skipped(case, "rules.deemed.item", article, {})
    way = rules.ways.get((case.mode, case.unit))
    if way is None:
        return _not_listed(case, rules, plan)
    if "earned_in" in case.attrs:
        return _earned_in(case, case.attrs["earned_in"], way, rules, plan, profile)
    return _measured(case, way, rules, profile)


def _measured(case: Case, way: Way, rules: DayRules, profile: Mapping[str, Any]) -> Measured:
    met: tuple[Citation, ...] = ()
    for condition, names in way.conditions:
        if names is not None and names.isdisjoint(case.attrs):
            continue
        failed = _fails(case, condition, way, profile)
        if failed is not None:
            return failed
        if not condition.categories or case.category in condition.categories:
            met += (condition.source.citation,)
    measured = _by_measure(case, way, rules, profile)
    return measured._replace(citations=(*measured.citations, *met)) if met else measured


def _by_measure(case: Case, way: Way, rules: DayRules, profile: Mapping[str, Any]) -> Measured:
    for found in way.measures:
        if found.plain:
            return counted(case, found)
        if all(test.holds(case.attrs, profile) for test in found.rule.when):
            return _asked(case, found)
    return _no_measure(case, way, rules)


def _asked(case: Case, found: Measure) -> Measured:
    """A conversion that looks at the activity's attributes first."""
    rule = found.rule
    quantity = _quantity(case, rule)
    if quantity is None:
        values = {"label": rule.label}
        return _open(case, "rules.open.own_share", found.citation, values, "to_confirm", found.also)
    off = sum((_number(case, name) for name in rule.less), 0)
    measured = _counted(case, found, max(quantity * found.factor - off, 0), off)
    if not rule.confirm or measured.hours is None:
        return measured
    step = Step("rules.to_confirm", {"label": rule.label}, found.citation, None, case.id)
    return measured._replace(steps=(*measured.steps, step), flags=(f"to_confirm:{case.id}",))


def _counted(case: Case, found: Measure, amount: Number, off: Number) -> Measured:
    """`amount` of the measure in hours; what does not fill a part is told and given up where the rule says so."""
    rule = found.rule
    hours = given(amount, found)
    rest = amount % found.per if found.down else 0
    shown, amount_shown = plain(hours), plain(amount)
    if rest and not hours and found.rest_open:
        return _open(
            case,
            f"rules.open.part.{rule.says}",
            found.decided_in,
            {"rest": plain(exact(rest))},
            "to_confirm",
            found.also,
        )
    values = {**found.values, "quantity": case.quantity, "amount": amount_shown, "hours": shown}
    key = found.key
    if off:
        key, values["off"] = f"{key}_less", plain(exact(off))
    steps: tuple[Step, ...] = (Step(key, values, found.citation, shown, case.id),)
    if rest:
        left = {"rest": plain(exact(rest)), "per": found.per}
        decided = found.decided_in if found.rest_open else found.citation
        steps += (Step(f"rules.rest.{rule.says}", left, decided, None, case.id),)
    rest_open = bool(rest) and found.rest_open
    return Measured(hours, steps, (f"to_confirm:{case.id}",) if rest_open else (), found.also, rest_open)


def _quantity(case: Case, rule: ConversionRule) -> Number | None:
    """The quantity that counts: the person's own part of a shared work; None when that is not known."""
    if rule.amount and rule.amount in case.attrs:
        return min(_number(case, rule.amount), exact(case.quantity))
    if rule.amount_when is not None and rule.amount_when.holds(case.attrs, {}):
        return None
    return exact(case.quantity)


def _number(case: Case, name: str) -> Number:
    fact = case.attrs.get(name, 0)
    if isinstance(fact, bool) or not isinstance(fact, int | float) or not 0 <= fact <= 10_000_000:
        raise UnusableCaseError(case.id, name, "a number from 0 to 10000000")
    return exact(fact)


def _no_measure(case: Case, way: Way, rules: DayRules) -> Measured:
    """The mode counts, but the text has no measure for this unit: who decides, and a guess where one is honest."""
    rule = way.open_unit
    if rule is None:
        decided = {"decided_by": rules.decided_by}
        return _open(case, "rules.open.unit_decided", rules.decided_in, decided, also=(way.listed,))
    key, values = "rules.open.unit", dict[str, Any](instead=rule.instead)
    if rule.estimate_per and case.unit in (Unit.MINUTE, Unit.CLOCK_HOUR):
        minutes = exact(case.quantity) * (60 if case.unit is Unit.CLOCK_HOUR else 1)
        values |= {"estimate": plain(minutes // rule.estimate_per), "per": rule.estimate_per}
        key = "rules.open.unit_estimate"
    return _open(case, key, rule.source.citation, values, rule.flag, (way.listed,))


def _not_listed(case: Case, rules: DayRules, plan: YearPlan) -> Measured:
    if case.unit is Unit.ITEM and case.mode in ONLY_DEEMED:
        return _skipped(case, "rules.deemed.none", plan.year_rule, {})
    if rules.other is None:
        return _skipped(case, "rules.skip.mode", plan.year_rule, {})
    values = {"decided_by": rules.decided_by}
    return _open(case, "rules.open.mode", rules.other, values, also=(rules.decided_in,))


def _fails(case: Case, rule: Condition, way: Way, profile: Mapping[str, Any]) -> Measured | None:
    """The answer when a condition is not met, or not known to be; None when it is met or not asked."""
    if rule.categories and case.category not in rule.categories:
        return None
    answers = [test.holds(case.attrs, profile) for test in rule.requires]
    if all(answers):
        return None
    citation, values = rule.source.citation, {"label": rule.label}
    if False in answers and rule.unmet == "not_counted":
        flags = (f"{rule.flag}:{case.id}",) if rule.flag else ()
        step = Step("rules.skip.condition", values, citation, 0, case.id)
        return Measured(0, (step,), flags, (way.listed,))
    flag = (rule.flag if False in answers else "") or "to_confirm"
    return _open(case, "rules.open.condition", citation, values, flag, (way.listed,))


def _earned_in(
    case: Case, where: object, way: Way, rules: DayRules, plan: YearPlan, profile: Mapping[str, Any]
) -> Measured:
    """Hours earned in another place: recognised where a rule says so (to be confirmed), else for others to decide."""
    rule = _from_elsewhere(case, where, plan, profile)
    if rule == "unknown":
        values = {"place": str(where)[:40], "decided_by": rules.decided_by}
        return _open(case, "rules.open.elsewhere", rules.decided_in, values)
    measured = _measured(case, way, rules, profile)
    if rule == "here":
        return measured
    step = Step("rules.elsewhere", {"label": rule.label}, rule.source.citation, None, case.id)
    return measured._replace(steps=(*measured.steps, step), flags=(*measured.flags, f"to_confirm:{case.id}"))


def _from_elsewhere(
    case: Case, where: object, plan: YearPlan, profile: Mapping[str, Any]
) -> Elsewhere | Literal["here", "unknown"]:
    if not where or plan.place.code == NATIONAL:
        return "here"
    if not isinstance(where, str):
        raise UnusableCaseError(case.id, "earned_in", "the name of a place")
    if _is_in(where, (plan.place.code, plan.place.name, *plan.place.names, *plan.place.within)):
        return "here"
    for rule in plan.elsewhere:
        moved = rule.unless is None or not rule.unless.holds(case.attrs, profile)
        if moved and _is_in(where, rule.places):
            return rule
    return "unknown"


def moved_from(rule: Elsewhere, profile: Mapping[str, Any]) -> bool:
    """Did the person come here from one of the places whose hours are recognised?"""
    said = profile.get("moved_from")
    moved = rule.unless is None or not rule.unless.holds({}, profile)
    return moved and isinstance(said, str) and _is_in(said, rule.places)


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
    also: tuple[Citation, ...] = (),
) -> Measured:
    return Measured(None, (Step(key, values, citation, None, case.id),), (f"{flag}:{case.id}",), also)
