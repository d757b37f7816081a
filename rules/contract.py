"""`xueshi decide`: one JSON record in, one out, field for field as the public contract says.

Whatever a record holds, the answer is a dict: the ruling, or {"id", "error"} with one sentence that does not repeat
personal content.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from domain.vocabulary import Category, Mode, Unit
from rules.annual_hours import decide
from rules.book import Book, UnknownPlaceError
from rules.plan import NoRuleInForceError
from rules.ruling import Case, Ruling, Step, Subject

ENTRIES_LIMIT = 5_000  # a person's year is a few dozen; more is a mistake
QUANTITY_LIMIT = 10_000_000
YEARS = range(1990, 2101)

_T = TypeVar("_T")
Say = Callable[..., str]  # (key, **values) → the sentence; handed in, because words are not made here


def decide_line(record: object, book: Book, say: Say) -> dict[str, Any]:
    """The answer to one line of `xueshi decide`. Never raises on bad input."""
    said = record.get("id") if isinstance(record, Mapping) else None
    name = said if isinstance(said, str | int) else None
    try:
        subject, cases, year, on = _read(record)
        ruling = decide(subject, cases, year, on, book)
    except UnknownPlaceError:
        return {"id": name, "error": f"regime must be one of {', '.join(book.places)}"}
    except (NoRuleInForceError, ValueError) as error:
        return {"id": name, "error": str(error)}
    return {"id": name, **_written(ruling, say)}


def _read(record: object) -> tuple[Subject, list[Case], int, date]:
    if not isinstance(record, Mapping):
        raise ValueError("a record must be a JSON object")  # noqa: TRY004 (bad input, not a wrong call)
    if not isinstance(record.get("id"), str | int):
        raise ValueError("id must be text")  # noqa: TRY004
    if record.get("kind", "hours") != "hours":
        raise ValueError("only records of kind hours are answered")
    year = record.get("target_year")
    if type(year) is not int or year not in YEARS:
        raise ValueError(f"target_year must be a year from {YEARS.start} to {YEARS.stop - 1}")
    profile = record.get("profile")
    if not isinstance(profile, dict | None):
        raise ValueError("profile must be an object")  # noqa: TRY004
    regime = record.get("regime")
    if not isinstance(regime, str):
        raise ValueError("regime must be the code of a place")  # noqa: TRY004
    return (
        Subject(regime, profile or {}),
        _cases(record.get("entries")),
        year,
        _date(record, "as_of_date", "the record"),
    )


def _cases(entries: object) -> list[Case]:
    if not isinstance(entries, list) or len(entries) > ENTRIES_LIMIT:
        raise ValueError(f"entries must be a list of at most {ENTRIES_LIMIT} entries")
    cases = [_case(entry, at) for at, entry in enumerate(entries, 1)]
    if len({case.id for case in cases}) < len(cases):
        raise ValueError("two entries have the same id")
    return cases


def _case(entry: object, at: int) -> Case:
    where = f"entry {at}"
    if not isinstance(entry, dict):
        raise ValueError(f"{where} must be an object")  # noqa: TRY004
    name = entry.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= 200:
        raise ValueError(f"id of {where} must be text of 1 to 200 characters")
    attrs = entry.get("attrs")
    if attrs is not None and not isinstance(attrs, dict):
        raise ValueError(f"attrs of {where} must be an object")
    return Case(
        name,
        _date(entry, "date", where),
        _one_of(_CATEGORIES, entry, "category", where),
        _one_of(_MODES, entry, "mode", where),
        _quantity(entry.get("quantity"), where),
        _one_of(_UNITS, entry, "unit", where),
        attrs or {},
    )


_CATEGORIES = {str(value): value for value in Category}
_MODES = {str(value): value for value in Mode}
_UNITS = {str(value): value for value in Unit}


def _one_of(values: Mapping[str, _T], entry: Mapping[str, Any], name: str, where: str) -> _T:
    said = entry.get(name)
    found = values.get(said) if isinstance(said, str) else None
    if found is None:
        raise ValueError(f"{name} of {where} must be one of {', '.join(values)}")
    return found


def _quantity(said: object, where: str) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said <= QUANTITY_LIMIT:
        raise ValueError(f"quantity of {where} must be a number from 0 to {QUANTITY_LIMIT}")
    return said


def _date(holder: Mapping[str, Any], name: str, where: str) -> date:
    said = holder.get(name)
    try:
        if isinstance(said, str) and len(said) == 10:
            return date.fromisoformat(said)
    except ValueError:
        pass
    raise ValueError(f"{name} of {where} must be a date like 2024-01-31")


def _written(ruling: Ruling, say: Say) -> dict[str, Any]:
    return {
        "recognised_hours": ruling.recognised,
        "caps": [
            {"rule": cap.rule, "limit": cap.limit, "before": cap.before, "after": cap.after} for cap in ruling.caps
        ],
        "totals": ruling.totals,
        "required": {
            str(name): {"hours": need.hours, "strength": need.strength} for name, need in ruling.required.items()
        },
        "remaining": {str(name): hours for name, hours in ruling.remaining.items()},
        "complete": ruling.complete,
        "deemed_complete": ruling.deemed_complete,
        "flags": list(ruling.flags),
        "citations": [citation.article for citation in ruling.citations],
        "steps": [_step(step, say) for step in ruling.steps],
    }


def _step(step: Step, say: Say) -> dict[str, Any]:
    written: dict[str, Any] = {
        "text": say(step.key, **step.values),
        "citation": step.citation.article if step.citation else None,
    }
    if step.hours is not None:
        written["hours"] = step.hours
    return written
