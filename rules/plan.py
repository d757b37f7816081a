"""One place in one year, compiled from the book into lookups: what `decide` and `convert` read on every call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeVar

from domain.vocabulary import Mode
from rules.exact import Number, exact, plain
from rules.ruling import Citation, Requirement
from rules.values import Cap, DeemedRule, Elsewhere, ModeList, Note, PeriodCheck, Place, SameWork, Threshold, Waiver
from rules.ways import DayRules, day_rules
from rules.written import Amount, Dated, Keyed


class NoRuleInForceError(LookupError):
    """The place has no annual standard for the year. `key` and `values` make the sentence for a person."""

    key = "rules.not_in_force"

    def __init__(self, place: Place, year: int, edge: date) -> None:
        super().__init__(self.sentence(place, year, edge))
        self.values = {"place": place.name, "year": year, "date": edge.isoformat()}

    def sentence(self, place: Place, year: int, edge: date) -> str:
        return f"no rule of {place.code} holds in {year}"


class RuleNotYetInForce(NoRuleInForceError):
    """The year lies before the first value of the book."""

    key = "rules.not_yet_in_force"

    def sentence(self, place: Place, year: int, edge: date) -> str:
        return f"the rules of {place.code} in the book start on {edge}; there is none for {year}"


class RuleNoLongerInForce(NoRuleInForceError):
    """The year lies after the last value's end."""

    key = "rules.no_longer_in_force"

    def sentence(self, place: Place, year: int, edge: date) -> str:
        return f"the rules of {place.code} in the book ended on {edge}; there is none for {year}"


@dataclass(frozen=True, slots=True)
class YearPlan:
    """Everything that holds for a year; values are those in force on its last day, `days` those of each stretch."""

    place: Place
    year: int
    first: date  # the first day of the first standard: before it nothing is in force yet
    required: dict[str, Requirement]
    total: Threshold
    shares: dict[str, Fraction]
    public_at_most: tuple[Number, Citation] | None
    industry: tuple[str, Citation] | None
    year_rule: Citation
    yearly: Citation  # where the hours are said to be those of a calendar year
    days: tuple[tuple[date, DayRules], ...]
    caps: tuple[tuple[Cap, Number], ...]
    deemed: tuple[DeemedRule, ...]
    deemed_modes: frozenset[Mode]
    waivers: tuple[tuple[Waiver, bool], ...]  # with: does it hold in this year
    elsewhere: tuple[Elsewhere, ...]
    notes: tuple[Note, ...]
    same_work: tuple[SameWork, ...]
    public_apart: PeriodCheck | None  # the public subject's certificate is verified by itself
    review: tuple[tuple[date, str], ...]  # by when which key must be looked at, earliest first

    def on(self, day: date) -> DayRules:
        """The rules for an activity on `day`; before the first stretch of the year, that one's."""
        rules = self.days[0][1]
        for start, later in self.days[1:]:
            if start > day:
                break
            rules = later
        return rules


_D = TypeVar("_D", bound=Dated)
_K = TypeVar("_K", bound=Keyed)


def plan_year(place: Place, year: int) -> YearPlan:
    """Compiles `place` for `year`. Raises RuleNotYetInForce or RuleNoLongerInForce when it has no annual total then."""
    last = date(year, 12, 31)
    total = in_force(place.annual_hours.total, last)
    deemed = tuple(versions(place.deemed, last))
    deemed_modes = frozenset(rule.mode for rule in deemed)
    days = _stretches(place, year, deemed_modes)
    if total is None or not days:
        raise _no_rule(place, year)
    required = _required(place, last, total)
    upper = in_force(place.annual_hours.public_at_most, last)
    industry = in_force(place.annual_hours.industry_total, last)
    modes = in_force(place.modes, last) or place.modes[-1]
    base = exact(required["total"].hours)
    return YearPlan(
        place=place,
        year=year,
        first=min(value.start for value in place.annual_hours.total),
        required=required,
        total=total,
        shares=_shares(place, last),
        public_at_most=(_amount(upper, base), upper.source.citation) if upper else None,
        industry=(industry.fact, industry.source.citation) if industry else None,
        year_rule=modes.source.citation,
        yearly=(modes.yearly or modes.source).citation,
        days=days,
        caps=tuple((cap, _amount(cap, base)) for cap in versions(place.caps, last)),
        deemed=deemed,
        deemed_modes=deemed_modes,
        waivers=tuple((waiver, _overlaps(waiver, year)) for waiver in place.waivers if waiver.start <= last),
        elsewhere=tuple(versions(place.elsewhere, last)),
        notes=tuple(versions(place.notes, last)),
        same_work=tuple(versions(place.same_work, last)),
        public_apart=next(
            (one for one in versions(place.period_checks, last) if one.what == "public_certificate"), None
        ),
        review=_review(place, year),
    )


def in_force(values: Iterable[_D], day: date) -> _D | None:
    """The value that holds on `day`: the latest start that has come and not ended."""
    held = [value for value in values if value.start <= day and (value.end is None or value.end >= day)]
    return max(held, key=lambda value: value.start, default=None)


def versions(values: Iterable[_K], day: date) -> list[_K]:
    """The values in force on `day`, one per key, in the order of the book."""
    held: dict[str, _K] = {}
    for value in values:
        if value.start <= day and (value.end is None or value.end >= day):
            known = held.get(value.key)
            if known is None or known.start < value.start:
                held[value.key] = value
    return list(held.values())


def _no_rule(place: Place, year: int) -> NoRuleInForceError:
    first = min(value.start for value in place.annual_hours.total)
    if year < first.year:
        return RuleNotYetInForce(place, year, first)
    edges = [value.end for value in place.annual_hours.total if value.end and value.end.year <= year]
    return RuleNoLongerInForce(place, year, max(edges, default=first))


def _amount(amount: Amount, total: Number) -> Number:
    return exact(amount.hours) if amount.hours is not None else exact(Fraction(total) * (amount.share or 0))


def _required(place: Place, day: date, total: Threshold) -> dict[str, Requirement]:
    base = exact(total.hours or 0)
    found: dict[str, Requirement] = {}
    for name, values in place.annual_hours.thresholds().items():
        value = in_force(values, day)
        if value is not None:
            found[name] = Requirement(plain(_amount(value, base)), value.strength, value.source.citation)
    return found


def _shares(place: Place, day: date) -> dict[str, Fraction]:
    values = {name: in_force(values, day) for name, values in place.annual_hours.thresholds().items()}
    return {name: value.share for name, value in values.items() if value is not None and value.share is not None}


def _stretches(place: Place, year: int, deemed_modes: frozenset[Mode]) -> tuple[tuple[date, DayRules], ...]:
    """The year, cut where a rule about activities starts or ends; from the first list of modes on."""
    dated: list[Dated] = [*place.modes, *place.conditions, *place.conversions, *place.open_units]
    edges = {value.start for value in dated} | {value.end + timedelta(days=1) for value in dated if value.end}
    starts = sorted({date(year, 1, 1)} | {edge for edge in edges if edge.year == year})
    found = [(start, in_force(place.modes, start)) for start in starts]
    return tuple((start, _day_rules(place, modes, start, deemed_modes)) for start, modes in found if modes is not None)


def _day_rules(place: Place, modes: ModeList, day: date, deemed_modes: frozenset[Mode]) -> DayRules:
    rules = (versions(place.conditions, day), versions(place.conversions, day), versions(place.open_units, day))
    return day_rules(modes, *rules, day.year, place.categories, deemed_modes)


def _overlaps(value: Dated, year: int) -> bool:
    return value.start <= date(year, 12, 31) and (value.end is None or value.end >= date(year, 1, 1))


def _review(place: Place, year: int) -> tuple[tuple[date, str], ...]:
    """What of this year's values still lives on and so wants a look; what ended or was replaced is settled."""
    newest: dict[str, Dated] = {}
    for key, value in place.dated():
        if key not in newest or newest[key].start < value.start:
            newest[key] = value
    live = [(value.review_by, key) for key, value in newest.items() if value.end is None and _overlaps(value, year)]
    return tuple(sorted(live))
