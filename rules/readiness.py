"""Ready for title review? Every year of the appointment period (聘期), and what is looked at over the whole of it.

A year and the period are two questions: 南通 asks for each year's hours, and verifies their average. Both are shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from domain.vocabulary import Category
from rules.advice import gaps
from rules.annual_hours import decide
from rules.book import Book
from rules.deadlines import Deadline, UnitDeadline, repair
from rules.deemed import appointment
from rules.exact import Number, exact, plain
from rules.plan import NoRuleInForceError, in_force
from rules.ruling import TOTAL, Case, Citation, Ruling, Step, Subject
from rules.values import PeriodCheck

_Checks = dict[str, PeriodCheck]
YEARS_ASSUMED = 5  # what a review usually looks back on; said to be assumed
YEARS_LIMIT = 50  # no working life is longer


@dataclass(frozen=True, slots=True)
class YearStanding:
    """One year: 学时 asked for, recognised and missing, in all and by category (`gaps`, which add up to the whole).

    `ruling` is None where the book has no rule for the year: `step` says so. `certificate` is of the public subject:
    None where nobody knows, or nobody asks (`asks_certificate`). `fixable_until` is None where nothing is missing, or
    no text lets it be made up any more.
    """

    year: int
    ruling: Ruling | None
    required: float
    recognised: float
    missing: float
    gaps: dict[str, float]
    complete: bool | None
    deemed: str | None
    asks_certificate: bool
    certificate: bool | None
    fixable_until: Deadline | None
    step: Step


@dataclass(frozen=True, slots=True)
class Average:
    """The period's hours a year against what is required a year; a year deemed complete counts as its requirement."""

    hours: float
    required: float
    met: bool
    citation: Citation


@dataclass(frozen=True, slots=True)
class Readiness:
    """The years, what is verified over the period, and the whole: `ready` is None where something is still open.

    `assumed` says that no appointment period is known and the latest years were taken. `deemed` are the items that
    stand for a year's or the period's hours; `steps` say everything beyond the single years, each with its article.
    """

    years: tuple[YearStanding, ...]
    assumed: bool
    average: Average | None
    certificates: bool | None
    deemed: tuple[Step, ...]
    ready: bool | None
    steps: tuple[Step, ...]
    citations: tuple[Citation, ...]


def readiness(
    subject: Subject,
    cases: Sequence[Case],
    on: date,
    book: Book,
    years: Sequence[int] | None = None,
    unit_settings: Iterable[UnitDeadline] = (),
    verification_days: int = 0,
) -> Readiness:
    """Where the person stands on the day `on`, with `cases` of any year.

    Without `years` they are those of the appointment in `subject.profile` up to this one. Raises as `decide`, except
    that a year without a rule is told, not raised.
    """
    known = appointment(subject.profile)
    looked_at = tuple(years) if years is not None else period(known, on)
    checks: _Checks = {check.what: check for check in _checks(book, subject.region, on)}
    settings = tuple(unit_settings)
    standings = tuple(
        _year(subject, cases, year, on, book, settings, verification_days, "public_certificate" in checks)
        for year in looked_at
    )
    average = _average(standings, checks.get("average"))
    certified = "public_certificate" in checks
    certificates = _all(one.certificate for one in standings if one.asks_certificate) if certified else None
    deemed = _deemed_items(standings)
    steps = _told(average, certificates, checks)
    return Readiness(
        years=standings,
        assumed=years is None and known is None,
        average=average,
        certificates=certificates,
        deemed=deemed,
        ready=_ready(standings, average, certificates, checks),
        steps=steps,
        citations=tuple(dict.fromkeys(step.citation for step in (*deemed, *steps) if step.citation is not None)),
    )


def period(known: tuple[date, date] | None, on: date) -> tuple[int, ...]:
    """The calendar years of the appointment that have begun by `on`; the latest years when none is known."""
    if known is None:
        return tuple(range(on.year - YEARS_ASSUMED + 1, on.year + 1))
    last = min(known[1].year, on.year)
    return tuple(range(max(known[0].year, last - YEARS_LIMIT + 1), last + 1))


def _checks(book: Book, place: str, on: date) -> list[PeriodCheck]:
    """What the place looks at over the period, as of the day of asking."""
    named: dict[str, list[PeriodCheck]] = {}
    for check in book.place(place).period_checks:
        named.setdefault(check.key, []).append(check)
    return [found for values in named.values() if (found := in_force(values, on)) is not None]


def _year(
    subject: Subject,
    cases: Sequence[Case],
    year: int,
    on: date,
    book: Book,
    settings: tuple[UnitDeadline, ...],
    verification_days: int,
    asks_certificate: bool,
) -> YearStanding:
    try:
        ruling = decide(subject, cases, year, on, book)
    except NoRuleInForceError as none:
        step = Step(none.key, none.values)
        return YearStanding(year, None, 0, 0, 0, {}, None, None, False, None, None, step)
    need = ruling.required[TOTAL]
    missing = gaps(ruling)
    certificate = _certificate(ruling, cases) if asks_certificate else None
    public = ruling.required.get(Category.PUBLIC)
    fix = None
    if missing:
        only = Category.PUBLIC if set(missing) == {Category.PUBLIC} else None
        fix = repair(book, subject.region, year, on, settings, subject.profile, verification_days, only)
    deemed = ruling.deemed_complete or {}
    return YearStanding(
        year=year,
        ruling=ruling,
        required=need.hours,
        recognised=ruling.totals[TOTAL],
        missing=plain(sum((exact(hours) for hours in missing.values()), 0)),
        gaps=missing,
        complete=ruling.complete,
        deemed=deemed.get("scope") if deemed.get("value") else None,
        asks_certificate=asks_certificate and public is not None and public.strength != "waived",
        certificate=certificate,
        fixable_until=fix,
        step=_year_step(ruling, need.citation, missing, fix),
    )


def _year_step(ruling: Ruling, citation: Citation, missing: dict[str, float], fix: Deadline | None) -> Step:
    deemed = bool(ruling.deemed_complete and ruling.deemed_complete["value"])
    state = "done" if ruling.complete else "open" if ruling.complete is None else "fixable" if fix else "closed"
    values: dict[str, Any] = {
        "year": ruling.year,
        "need": ruling.required[TOTAL].hours,
        "have": ruling.totals[TOTAL],
        "gap": plain(sum((exact(hours) for hours in missing.values()), 0)),
        "until": fix.closes.isoformat() if fix else "",
    }
    return Step(f"rules.readiness.{'deemed' if deemed else 'year'}.{state}", values, citation)


def _certificate(ruling: Ruling, cases: Sequence[Case]) -> bool | None:
    """Is there a base's certificate of the year's public subject? None when nobody has said."""
    said = [
        case.attrs.get("base_certificate")
        for case in cases
        if case.category is Category.PUBLIC and case.day.year == ruling.year
    ]
    if True in said:
        return True
    return False if said and all(fact is False for fact in said) else None


def _average(standings: Sequence[YearStanding], check: PeriodCheck | None) -> Average | None:
    ruled = [one for one in standings if one.ruling is not None]
    if check is None or not ruled:
        return None
    needed = sum((exact(one.required) for one in ruled), 0)
    have = sum((_counting(one) for one in ruled), 0)
    return Average(
        hours=_each(have, len(ruled)),
        required=_each(needed, len(ruled)),
        met=have >= needed,
        citation=check.source.citation,
    )


def _each(hours: Number, count: int) -> float:
    return plain(exact(round(Fraction(hours) / count, 2)))


def _counting(one: YearStanding) -> Number:
    have = exact(one.recognised)
    return max(have, exact(one.required)) if one.deemed else have


def _all(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    if False in found:
        return False
    return None if None in found else True


def _deemed_items(standings: Sequence[YearStanding]) -> tuple[Step, ...]:
    steps = (step for one in standings if one.ruling is not None for step in one.ruling.steps)
    found = [step for step in steps if step.key in ("rules.deemed.annual", "rules.deemed.appointment")]
    return tuple({(step.case, step.key): step for step in found}.values())


def _ready(
    standings: Sequence[YearStanding],
    average: Average | None,
    certificates: bool | None,
    checks: _Checks,
) -> bool | None:
    """By what the place verifies over the period where it says so, else by every single year."""
    if average is None:
        return _all(one.complete for one in standings)
    return _all([average.met, *([certificates] if "public_certificate" in checks else [])])


def _told(average: Average | None, certificates: bool | None, checks: _Checks) -> tuple[Step, ...]:
    steps = []
    if average is not None:
        values = {"label": checks["average"].label, "hours": average.hours, "need": average.required}
        state = "met" if average.met else "short"
        steps.append(Step(f"rules.readiness.average.{state}", values, average.citation))
    check = checks.get("public_certificate")
    if check is not None:
        state = "open" if certificates is None else "met" if certificates else "short"
        steps.append(Step(f"rules.readiness.certificate.{state}", {"label": check.label}, check.source.citation))
    return tuple(steps)
