"""The year's ruling: what activities give, what caps leave, what is required, what is missing, whether it is done."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from rules.book import Book
from rules.caps import Capped, Counted, cap
from rules.conversion import Measured, at_once, counted, given, measure
from rules.deemed import Deemed, deem, stands_for_hours
from rules.exact import Number, exact, plain
from rules.once import counted_already, same_work
from rules.plan import YearPlan
from rules.remarks import remarks, summed
from rules.ruling import TOTAL, Case, Citation, Reasons, Requirement, Ruling, Step, Subject
from rules.values import SameWork
from rules.ways import Measure
from rules.years import FOR_YEAR, OF_YEARS, START, first_day, learned_for, not_split, part_of_year


class _Tally(NamedTuple):
    """The activities measured: hours per activity, what counted, and the categories that an open one could add to.

    `measured` has each activity's answer, or the bare measure where that is the whole answer: its step is written late.
    """

    recognised: dict[str, float | None]
    counted: list[Counted]
    measured: list[Measured | Measure]
    open: set[str]


class _Standard(NamedTuple):
    """What the year asks of this person, after waivers and an industry's higher total."""

    required: dict[str, Requirement]
    steps: list[Step]
    flags: list[str]


def decide(subject: Subject, cases: Sequence[Case], year: int, on: date, book: Book) -> Ruling:
    """The answer for one person and calendar year, given on the day `on`.

    Raises UnknownPlaceError, RuleNotYetInForce, RuleNoLongerInForce; UnusableCaseError or ValueError when a fact of an
    activity or of the profile cannot be what it says.
    """
    plan = book.plan(subject.region, year)
    tally = _tally(cases, plan, subject.profile, year, on)
    standard = _standard(plan, subject.profile)
    required = standard.required
    capped = cap(tally.counted, plan, required)
    totals = _totals(tally.counted, capped, plan)
    deemed = deem(cases, plan, subject.profile, year, on)
    reached = _alternative(cases, tally, plan)
    covered = deemed.complete or reached is not None
    remaining = {name: _missing(totals[name], need, covered and name == TOTAL) for name, need in required.items()}
    if deemed.open:
        tally.open.add(TOTAL)
    complete = _complete(plan, required, remaining, totals, tally.open, deemed)

    def why() -> Reasons:
        activities = [_reasoned(case, found) for case, found in zip(cases, tally.measured, strict=True)]
        learned = frozenset(case.mode for case in cases if case.day.year == year)
        told = remarks(plan, subject.profile, required, totals, remaining, deemed, learned, on)
        steps = (
            *(step for one in activities for step in one.steps),
            *(*capped.steps, *summed(plan, totals), *deemed.steps, *(reached or ()), *standard.steps, *told.steps),
        )
        flags = (flag for one in activities for flag in one.flags)
        overdue = (f"provisional:{key}" for day, key in plan.review if day < on)
        also = (citation for one in activities for citation in one.citations)
        return Reasons(
            flags=tuple(dict.fromkeys((*flags, *deemed.flags, *standard.flags, *told.flags, *overdue))),
            citations=_cited(steps, (*also, *deemed.citations)),
            steps=steps,
        )

    return Ruling(
        region=subject.region,
        year=year,
        recognised=tally.recognised,
        caps=capped.results,
        totals={name: plain(hours) for name, hours in totals.items()},
        required=required,
        remaining={name: plain(hours) for name, hours in remaining.items()},
        complete=complete,
        deemed_complete=deemed.answer,
        why=why,
    )


def _tally(cases: Sequence[Case], plan: YearPlan, profile: Mapping[str, Any], year: int, on: date) -> _Tally:
    tally = _Tally({}, [], [], set())
    for case in cases:
        timely = case.day.year == year and case.day <= on and not case.attrs
        found: Measured | Measure | None = at_once(case, plan) if timely else None
        hours: Number | None
        if isinstance(found, Measure):
            hours = given(exact(case.quantity) * found.factor, found)
        else:
            found = _looked_at(case, plan, profile, year, on)
            hours = found.hours
            if found.open:
                tally.open.update((case.category, TOTAL))
        tally.measured.append(found)
        tally.recognised[case.id] = hours if type(hours) is int or hours is None else plain(hours)
        tally.counted.append((case, hours or 0))
    for rule in plan.same_work:
        _count_once(rule, tally)
    return tally


def _looked_at(case: Case, plan: YearPlan, profile: Mapping[str, Any], year: int, on: date) -> Measured:
    """The answer for an activity with more to ask: which year's it is, whether it has happened, what it gives."""
    if not OF_YEARS.isdisjoint(case.attrs):
        return _of_years(case, plan, profile, year, on)
    if (case.day.year == year and case.day <= on) or stands_for_hours(case, plan):
        return measure(case, plan, profile)
    return _out_of_time(case, plan, year, on)


def _of_years(case: Case, plan: YearPlan, profile: Mapping[str, Any], year: int, on: date) -> Measured:
    """The answer for an activity that crosses New Year, or was learned for another year."""
    attrs = {name: fact for name, fact in case.attrs.items() if name not in OF_YEARS}
    notice = learned_for(case, plan, profile)
    if notice is not None and case.day <= on:
        found = _learned_for(case._replace(attrs=attrs), case.attrs[FOR_YEAR], plan, profile)
        return found._replace(citations=(*found.citations, notice.source.citation))
    if START in case.attrs:
        part = part_of_year(case, year)
        if part is None and first_day(case) <= on:
            return not_split(case, plan)
        case = part or case
    return _looked_at(case._replace(attrs=attrs), plan, profile, year, on)


def _learned_for(case: Case, said: int, plan: YearPlan, profile: Mapping[str, Any]) -> Measured:
    """The answer for an activity of another day's year that counts for the year `said`, by that year's last rules."""
    if said == plan.year:
        return measure(case._replace(day=date(said, 12, 31)), plan, profile)
    values: dict[str, Any] = {"date": case.day.isoformat(), "year": plan.year, "other": said}
    return Measured(0, (Step("rules.skip.other_year", values, plan.year_rule, 0, case.id),))


def _count_once(rule: SameWork, tally: _Tally) -> None:
    """One work counts once: what stands for it besides gives nothing."""
    for at in same_work(rule, tally.counted):
        case, _ = tally.counted[at]
        tally.measured[at] = counted_already(case, rule)
        tally.recognised[case.id] = 0
        tally.counted[at] = (case, 0)


def _reasoned(case: Case, found: Measured | Measure) -> Measured:
    return found if isinstance(found, Measured) else counted(case, found)


def _out_of_time(case: Case, plan: YearPlan, year: int, on: date) -> Measured:
    """The answer for what belongs to another year or has not happened yet."""
    if case.day.year != year:
        values: dict[str, Any] = {"date": case.day.isoformat(), "year": year, "other": case.day.year}
        return Measured(0, (Step("rules.skip.other_year", values, plan.year_rule, 0, case.id),))
    values = {"date": case.day.isoformat(), "on": on.isoformat()}
    return Measured(0, (Step("rules.skip.not_yet", values, plan.year_rule, 0, case.id),))


def _totals(counted: Sequence[Counted], capped: Capped, plan: YearPlan) -> dict[str, Number]:
    totals: dict[str, Number] = dict.fromkeys(plan.place.categories, 0)
    for case, hours in counted:
        if hours:
            totals[case.category] += hours
    for category, hours in capped.cuts.items():
        totals[category] -= hours
    totals[TOTAL] = sum(totals.values(), 0)
    return {str(name): exact(hours) for name, hours in totals.items()}


def _standard(plan: YearPlan, profile: Mapping[str, Any]) -> _Standard:
    standard = _Standard(dict(plan.required), [], [])
    _raise_total(plan, profile, standard)
    for waiver, now in plan.waivers:
        if not all(test.holds({}, profile) for test in waiver.when):
            continue
        citation = waiver.source.citation
        if now:
            standard.required[waiver.category] = Requirement(0, "waived", citation)
            standard.flags.append(waiver.flag)
        key = "rules.waiver.holds" if now else "rules.waiver.over"
        standard.steps.append(Step(key, {"label": waiver.label, "year": plan.year}, citation))
    return standard


def _raise_total(plan: YearPlan, profile: Mapping[str, Any], standard: _Standard) -> None:
    """A higher total of the industry prevails where the text says so; elsewhere it is only pointed out."""
    said = profile.get("industry_required_total")
    if said is None:
        return
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said <= 10_000:
        raise ValueError("industry_required_total must be a number of hours")
    own = standard.required[TOTAL]
    if said <= own.hours:
        return
    values = {"hours": plain(exact(said)), "own": own.hours}
    if plan.industry is None:
        standard.flags.append("industry_total_higher")
        standard.steps.append(Step("rules.industry.not_named", values, own.citation))
        return
    citation = plan.industry[1]
    standard.required[TOTAL] = Requirement(plain(exact(said)), own.strength, citation)
    standard.steps.append(Step("rules.industry.prevails", values, citation))


def _alternative(cases: Sequence[Case], tally: _Tally, plan: YearPlan) -> tuple[Step, ...] | None:
    """Another way to the total that the text offers (12 days, 40 credits), when the year's activities reach it."""
    for way in plan.total.alternatives:
        sums: Number = 0
        for case in cases:
            rejected = case.id not in tally.recognised or tally.recognised[case.id] == 0
            if not rejected and case.unit is way.unit and (not way.modes or case.mode in way.modes):
                sums += exact(case.quantity)
        if sums >= exact(way.quantity):
            values = {"quantity": plain(sums), "needed": plain(exact(way.quantity))}
            return (Step(f"rules.alternative.{way.unit}", values, plan.total.source.citation),)
    return None


def _missing(have: Number, need: Requirement, covered: bool) -> Number:
    return 0 if covered else max(exact(need.hours) - have, 0)


def _complete(
    plan: YearPlan,
    required: Mapping[str, Requirement],
    remaining: Mapping[str, Number],
    totals: Mapping[str, Number],
    open_names: set[str],
    deemed: Deemed,
) -> bool | None:
    """False when a hard figure is missed for certain; None when only a 一般 one is, or the text leaves it open."""
    undecided = False
    for name, need in required.items():
        if not remaining[name] or need.strength == "waived":
            continue
        if need.strength == "general":
            undecided = undecided or not deemed.complete or name in open_names
        elif name in open_names or (name == TOTAL and _may_be_short(plan, totals[TOTAL])):
            undecided = True
        else:
            return False
    return None if undecided else True


def _may_be_short(plan: YearPlan, total: Number) -> bool:
    """Is a total below the figure no certain failure: made up in the appointment, or above a local figure?"""
    disputed = plan.total.disputed
    return plan.total.accumulates or (disputed is not None and total >= exact(disputed))


def _cited(steps: Sequence[Step], also: Sequence[Citation]) -> tuple[Citation, ...]:
    """Every article the ruling rests on, once, in the order of the steps."""
    cited = (*(step.citation for step in steps if step.citation is not None), *also)
    return tuple(dict.fromkeys({id(citation): citation for citation in cited}.values()))
