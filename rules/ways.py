"""How activities of a mode and a unit count, made ready from the book: measuring one is a lookup and a division."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.vocabulary import Category, Mode, Unit
from rules.exact import Number, exact, plain
from rules.ruling import Citation
from rules.values import Condition, ConversionRule, ModeList, OpenUnit


@dataclass(frozen=True, slots=True)
class Measure:
    """A conversion for one unit: `rate` hours for each `per` of the measure, of which a unit has `factor`."""

    rule: ConversionRule
    factor: int
    per: int
    rate: Number
    key: str
    citation: Citation
    also: tuple[Citation, ...]  # articles it rests on besides its own
    values: dict[str, Any]  # what its sentence says of every activity alike
    down: bool
    rest_open: bool  # what does not fill a part is for others to decide,
    decided_in: Citation  # by this article
    plain: bool  # nothing to ask, nothing to take off: quantity, factor and rate are all there is


@dataclass(frozen=True, slots=True)
class Way:
    """A listed mode with a unit: conditions first, then the first measure that applies, else `open_unit`."""

    listed: Citation
    conditions: tuple[tuple[Condition, frozenset[str] | None], ...]  # with: met unless one of these is stated
    measures: tuple[Measure, ...]
    open_unit: OpenUnit | None


@dataclass(frozen=True, slots=True)
class DayRules:
    """How activities of a day count. A (mode, unit) without a way is not listed; without `other` it never counts.

    `plain` are the measures that apply at once to an activity of which nothing more was said than how long it was.
    """

    ways: dict[tuple[Mode, Unit], Way]
    plain: dict[tuple[Category, Mode, Unit], Measure]
    other: Citation | None
    decided_by: str
    decided_in: Citation


def day_rules(
    modes: ModeList,
    conditions: Iterable[Condition],
    conversions: Iterable[ConversionRule],
    open_units: Iterable[OpenUnit],
    year: int,
    categories: Iterable[Category],
    deemed_modes: frozenset[Mode],
) -> DayRules:
    """Compiles the values in force on one day; `year` decides which later documents apply a conversion.

    `categories` are the place's; `deemed_modes` are looked at before any measure.
    """
    conditions, conversions, open_units = list(conditions), list(conversions), list(open_units)
    ways, decided = {}, modes.decided_in.citation
    for mode in modes.listed:
        listed = modes.source_of(mode).citation
        asked = tuple((rule, _taken_for_met(rule)) for rule in conditions if not rule.modes or mode in rule.modes)
        for unit in Unit:
            measures = tuple(
                _measure(rule, unit, listed, decided, year) for rule in conversions if _applies(rule, mode, unit)
            )
            ways[mode, unit] = Way(listed, asked, measures, _open_unit(open_units, mode, unit))
    other = Citation(modes.source.document, modes.other) if modes.other else None
    plain = {
        (category, mode, unit): way.measures[0]
        for category in categories
        for (mode, unit), way in ways.items()
        if mode not in deemed_modes and _asks_nothing(way)
    }
    return DayRules(ways, plain, other, modes.decided_by, decided)


def _taken_for_met(rule: Condition) -> frozenset[str] | None:
    if any(test.profile or test.absent != "met" for test in rule.requires):
        return None
    return frozenset(test.attr for test in rule.requires)


def _asks_nothing(way: Way) -> bool:
    return all(names is not None for _, names in way.conditions) and bool(way.measures) and way.measures[0].plain


def _applies(rule: ConversionRule, mode: Mode, unit: Unit) -> bool:
    return unit in rule.units and (not rule.modes or mode in rule.modes)


def _open_unit(rules: list[OpenUnit], mode: Mode, unit: Unit) -> OpenUnit | None:
    fitting = (r for r in rules if (not r.modes or mode in r.modes) and (not r.units or unit in r.units))
    return next(fitting, None)


def _measure(rule: ConversionRule, unit: Unit, listed: Citation, decided_in: Citation, year: int) -> Measure:
    also: tuple[Citation, ...] = () if rule.cite_mode else (listed,)
    if rule.besides is not None and (rule.besides_from or date.min).year <= year:
        also += (rule.besides.citation,)
    whole_days = rule.says == "half_days" and unit is Unit.DAY
    return Measure(
        rule=rule,
        factor=rule.units[unit],
        per=rule.per,
        rate=exact(rule.hours),
        key="rules.conversion.half_days_of_days" if whole_days else f"rules.conversion.{rule.says}",
        citation=listed if rule.cite_mode else rule.source.citation,
        also=also,
        values={"label": rule.label, "per": rule.per, "rate": plain(exact(rule.hours))},
        down=rule.parts != "kept",
        rest_open=rule.parts == "open",
        decided_in=decided_in,
        plain=not (rule.when or rule.less or rule.amount or rule.confirm),
    )
