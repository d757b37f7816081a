"""What a ruling says of the year as a whole: each figure against what is there, and what to know besides."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from domain.vocabulary import Category, Mode
from rules.conversion import moved_from
from rules.deemed import Deemed
from rules.exact import Number, exact, plain
from rules.plan import YearPlan
from rules.ruling import TOTAL, Requirement, Step
from rules.values import Elsewhere, Note, PeriodCheck


class Remarks(NamedTuple):
    """What is said of the year as a whole, and the flags that go with it."""

    steps: list[Step]
    flags: list[str]

    def add(self, key: str, rule: Note | PeriodCheck | Elsewhere, flag: str) -> None:
        self.steps.append(Step(key, {"label": rule.label}, rule.source.citation))
        self.flags.append(flag)


def summed(plan: YearPlan, totals: Mapping[str, Number]) -> list[Step]:
    return [
        Step(f"rules.sum.{name}", {"hours": plain(hours), "year": plan.year}, plan.year_rule)
        for name, hours in totals.items()
        if hours or name == TOTAL
    ]


def remarks(
    plan: YearPlan,
    profile: Mapping[str, Any],
    required: Mapping[str, Requirement],
    totals: Mapping[str, Number],
    remaining: Mapping[str, Number],
    deemed: Deemed,
    learned: frozenset[Mode],
    on: date,
) -> Remarks:
    """Every figure against what is there, then what a person should know besides; `learned` are this year's modes."""
    told = Remarks([], [])
    for name, need in required.items():
        _tell_figure(told, name, need, remaining[name], deemed.complete and name == TOTAL)
    _tell_dispute(told, plan, totals[TOTAL])
    _tell_shares(told, plan, totals)
    _tell_bound(told, plan, totals)
    _tell_notes(told, plan, profile, totals, learned)
    _tell_moved(told, plan, profile)
    if deemed.complete and plan.public_apart is not None:
        told.add("rules.public_apart", plan.public_apart, "public_certificate_apart")
    if on < plan.first:
        values = {"start": plan.first.isoformat(), "on": on.isoformat()}
        told.steps.append(Step("rules.not_begun", values, plan.year_rule))
        told.flags.append("not_yet_in_force")
    return told


def _tell_figure(told: Remarks, name: str, need: Requirement, gap: Number, deemed: bool) -> None:
    if need.strength == "waived":
        return
    state = "deemed" if deemed else "short" if gap else "met"
    values = {"need": need.hours, "gap": plain(gap)}
    told.steps.append(Step(f"rules.figure.{name}.{need.strength}.{state}", values, need.citation))
    if gap and need.strength == "general":
        told.flags.append(f"general_shortfall:{name}")


def _tell_dispute(told: Remarks, plan: YearPlan, total: Number) -> None:
    """A lower local figure beside the national one: both are shown, the higher is planned for."""
    figure = plan.total
    if figure.accumulates and total < exact(figure.hours or 0):
        told.steps.append(Step("rules.accumulates", {"need": figure.hours}, figure.source.citation))
        told.flags.append("accumulates_over_appointment")
    if figure.disputed is None:
        return
    source = figure.disputed_source or figure.source
    key = "rules.dispute.between" if figure.disputed <= total < (figure.hours or 0) else "rules.dispute.exists"
    values = {"local": plain(exact(figure.disputed)), "need": plain(exact(figure.hours or 0))}
    told.steps.append(Step(key, values, source.citation))
    told.flags.append("standard_disputed")


def _tell_shares(told: Remarks, plan: YearPlan, totals: Mapping[str, Number]) -> None:
    for name, share in plan.shares.items():
        figure = plan.required[name]
        wanted = exact(share * Fraction(totals[TOTAL]))
        if exact(figure.hours) <= totals[name] < wanted:
            values = {"have": plain(totals[name]), "wanted": plain(wanted)}
            told.steps.append(Step(f"rules.share.{name}", values, figure.citation))
            told.flags.append(f"below_share_of_actual_total:{name}")


def _tell_bound(told: Remarks, plan: YearPlan, totals: Mapping[str, Number]) -> None:
    if plan.public_at_most is None:
        return
    limit, citation = plan.public_at_most
    have = totals[Category.PUBLIC]
    if have > limit:
        told.steps.append(Step("rules.bound.public", {"limit": plain(limit), "have": plain(have)}, citation))
        told.flags.append("general_upper_bound_exceeded:public")


def _tell_notes(
    told: Remarks, plan: YearPlan, profile: Mapping[str, Any], totals: Mapping[str, Number], learned: frozenset[Mode]
) -> None:
    for note in plan.notes:
        enough = note.category is not None and totals[note.category] >= exact(note.below or 0)
        absent = bool(note.modes) and learned.isdisjoint(note.modes)
        if not enough and not absent and all(test.holds({}, profile) for test in note.when):
            told.add("rules.note", note, note.flag)


def _tell_moved(told: Remarks, plan: YearPlan, profile: Mapping[str, Any]) -> None:
    """Whoever moved here from a place whose hours are recognised is told so."""
    for rule in plan.elsewhere:
        if moved_from(rule, profile):
            told.add("rules.moved", rule, "earlier_hours_recognised")
