"""Limits on what several activities can give together, and which of their hours a limit cuts."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from domain.vocabulary import Category
from rules.exact import Number, exact, plain
from rules.plan import YearPlan
from rules.ruling import CapResult, Case, Requirement, Step
from rules.values import Cap

Counted = tuple[Case, Number]


class Capped(NamedTuple):
    results: tuple[CapResult, ...]
    steps: tuple[Step, ...]
    cuts: dict[Category, Number]


def cap(counted: Sequence[Counted], plan: YearPlan, required: Mapping[str, Requirement]) -> Capped:
    """Applies every cap of the plan, in the book's order, each to what the earlier ones left.

    A cap is told whenever its group has hours, also when it cuts nothing.
    """
    results: list[CapResult] = []
    steps: list[Step] = []
    cuts: dict[Category, Number] = {}
    left = list(counted)
    for rule, limit in plan.caps:
        group = [(case, hours) for case, hours in left if case.mode in rule.modes and hours]
        if not group:
            continue
        before = sum((hours for _, hours in group), 0)
        after = min(before, limit)
        results.append(_result(rule, limit, before, after, group))
        steps.append(_told(rule, limit, before, after))
        taken = _cut(group, before - after, _order(left, required)) if after < before else []
        for case, hours in taken:
            steps.append(_taken(rule, case, hours))
            cuts[case.category] = cuts.get(case.category, 0) + hours
        left = _without(left, taken)
    return Capped(tuple(results), tuple(steps), cuts)


def _without(counted: list[Counted], taken: list[Counted]) -> list[Counted]:
    lost = {case.id: hours for case, hours in taken}
    return [(case, hours - lost.get(case.id, 0)) for case, hours in counted] if lost else counted


def _order(counted: Sequence[Counted], required: Mapping[str, Requirement]) -> list[Category]:
    """Categories in the order they lose hours: those with a figure to reach first, the one that lacks most before.

    No text says which hours a cap cuts; cutting where it hurts keeps the answer on the safe side.
    """
    have = {category: sum((h for c, h in counted if c.category is category), 0) for category in Category}

    def gap(category: Category) -> tuple[bool, Number]:
        figure = required.get(category)
        return figure is None, have[category] - (0 if figure is None else exact(figure.hours))

    return sorted(Category, key=gap)


def _cut(group: list[Counted], excess: Number, order: list[Category]) -> list[Counted]:
    """Takes `excess` hours from the group: by category in `order`, the latest activity first."""
    taken: list[Counted] = []
    latest_first = sorted(group, key=lambda item: item[0].day, reverse=True)
    for case, hours in sorted(latest_first, key=lambda item: order.index(item[0].category)):
        if excess <= 0:
            break
        part = min(hours, excess)
        taken.append((case, part))
        excess -= part
    return taken


def _result(rule: Cap, limit: Number, before: Number, after: Number, group: list[Counted]) -> CapResult:
    cases = tuple(case.id for case, _ in group)
    return CapResult(rule.key, plain(limit), plain(before), plain(after), rule.source.citation, cases)


def _told(rule: Cap, limit: Number, before: Number, after: Number) -> Step:
    key = "rules.cap.over" if after < before else "rules.cap.within"
    values = {"label": rule.label, "limit": plain(limit), "before": plain(before), "after": plain(after)}
    return Step(key, values, rule.source.citation)


def _taken(rule: Cap, case: Case, hours: Number) -> Step:
    values = {"hours": plain(hours), "label": rule.label}
    return Step(f"rules.cap.cut.{case.category}", values, rule.source.citation, -plain(hours), case.id)
