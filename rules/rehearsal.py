"""A change of law rehearsed: the same year by the book as it is and as it would be, and why the answers differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rules.annual_hours import decide
from rules.book import Book, UnknownPlaceError
from rules.plan import NoRuleInForceError
from rules.ruling import TOTAL, Case, Citation, Requirement, Ruling, Subject


@dataclass(frozen=True, slots=True)
class Reason:
    """One figure that changed, as each book has it (None: it has none), and the article of the new book, or the old.

    `what` is `required total`, `gives training_class by day`, `cap …` or `deemed complete`.
    """

    what: str
    before: object
    after: object
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A person-year that the new book answers otherwise. A ruling is None where its book has no rule for the year."""

    year: int
    before: Ruling | None
    after: Ruling | None
    reasons: tuple[Reason, ...]


def rehearse(subject: Subject, cases: Sequence[Case], year: int, on: date, old: Book, new: Book) -> Move | None:
    """What the change of books does to one person's year; None when every figure stays. ValueError as `decide`."""
    before, after = _ruling(subject, cases, year, on, old), _ruling(subject, cases, year, on, new)
    if before == after:
        return None
    if before is None or after is None:
        known = before or after
        citation = known.required[TOTAL].citation if known else None
        return Move(year, before, after, (Reason("a rule for the year", bool(before), bool(after), citation),))
    reasons = (
        *_required(before, after),
        *_given(before, after, cases),
        *_capped(before, after),
        *_deemed(before, after),
    )
    return Move(year, before, after, reasons) if reasons or _figures(before) != _figures(after) else None


def _ruling(subject: Subject, cases: Sequence[Case], year: int, on: date, book: Book) -> Ruling | None:
    try:
        return decide(subject, cases, year, on, book)
    except (NoRuleInForceError, UnknownPlaceError):
        return None


def _figures(ruling: Ruling) -> tuple[object, ...]:
    return ruling.totals, ruling.remaining, ruling.complete


def _required(before: Ruling, after: Ruling) -> Iterator[Reason]:
    for name in dict.fromkeys((*before.required, *after.required)):
        old, new = before.required.get(name), after.required.get(name)
        if _asked(old) != _asked(new):
            known = new or old
            yield Reason(f"required {name}", _asked(old), _asked(new), known.citation if known else None)


def _asked(need: Requirement | None) -> str | None:
    return None if need is None else f"{need.hours:g} ({need.strength})"


def _given(before: Ruling, after: Ruling, cases: Sequence[Case]) -> Iterator[Reason]:
    """What activities of one kind give together, where that differs."""
    for what in dict.fromkeys(_kind(case) for case in cases):
        group = [case.id for case in cases if _kind(case) == what]
        old, new = _sum(before, group), _sum(after, group)
        if old != new or any(before.recognised[one] != after.recognised[one] for one in group):
            steps = [step for step in after.steps if step.case in group and step.citation is not None]
            yield Reason(f"gives {what}", old, new, steps[0].citation if steps else None)


def _kind(case: Case) -> str:
    return f"{case.mode} by {case.unit}"


def _sum(ruling: Ruling, group: Sequence[str]) -> float:
    return sum(ruling.recognised[one] or 0 for one in group)


def _capped(before: Ruling, after: Ruling) -> Iterator[Reason]:
    old, new = ({cap.rule: cap for cap in ruling.caps} for ruling in (before, after))
    for rule in dict.fromkeys((*old, *new)):
        limit, later = (caps[rule].limit if rule in caps else None for caps in (old, new))
        if limit != later:
            yield Reason(f"cap {rule}", limit, later, (new.get(rule) or old[rule]).citation)


def _deemed(before: Ruling, after: Ruling) -> Iterator[Reason]:
    if before.deemed_complete != after.deemed_complete:
        old, new = ((ruling.deemed_complete or {}).get("value") for ruling in (before, after))
        steps = [step for step in after.steps if step.key.startswith("rules.deemed.")]
        yield Reason("deemed complete", old, new, steps[0].citation if steps else None)
