"""Where a person stands in a year, for the row that pages and audiences read."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from domain.ledger import Claim, Entry, EntryKind, NewEntry, counted, fold
from domain.person import Person
from domain.review import Decision, File
from domain.standing import MONTHS, Standing
from domain.vocabulary import Category, EntryState
from outreach.rulings import cases, pending, ruled, subject_of
from rules.advice import gaps
from rules.book import Book
from rules.exact import exact
from rules.plan import NoRuleInForceError
from rules.regimes import decide_each, regimes
from rules.ruling import TOTAL, Ruling, Subject


def after(entries: Sequence[Entry], new: Sequence[NewEntry], person_id: str, now: datetime) -> list[Claim]:
    """The claims as they will stand when `new` has been added to `entries`."""
    unlinked = {"person_id": person_id, "seq": 0, "recorded_at": now, "previous_hash": "", "hash": ""}
    added = [Entry.model_construct(**{**one.__dict__, **unlinked, "id": pending(at)}) for at, one in enumerate(new)]
    return fold([*entries, *added])


def stand(
    person: Person, claims: Sequence[Claim], year: int, on: date, book: Book, unit: str = "", department: str = ""
) -> Standing | None:
    """Where the person stands in `year`, with the claims of that year among `claims`; None where no rule can say."""
    of_year = [claim for claim in claims if claim.year == year]
    try:
        ruling = _strictest(subject_of(person), of_year, year, on, book)
    except (NoRuleInForceError, ValueError):  # ValueError: a fact of the profile that cannot be what it says
        return None
    values: dict[str, Any] = {
        "person_id": person.id,
        "year": year,
        "region": person.region or "",
        "unit": unit,
        "department": department,
        "series": series_of(person.profile),
        "reviewing": person.profile.get("review_year") == year,
        "returned": sum(claim.state is EntryState.RETURNED for claim in of_year),
        "pending": sum(claim.state is EntryState.CLAIMED for claim in of_year),
    }
    hours = {**_hours(of_year, ruling), **_by_month(of_year, ruling)}
    return Standing.model_construct(**values, **hours, **_figures(ruling))


def decided(files: Iterable[File], decisions: Sequence[Decision], on: date, book: Book) -> tuple[Standing, ...]:
    """Where the people stand of whom a reviewer decides something: a row for each person and year."""
    by_claim = {file.claim.id: file for file in files}
    moved = {one.claim_id: _DECIDED[one.entry.kind] for one in decisions}
    concerned = {(one.person_id, one.entry.year): by_claim[one.claim_id] for one in decisions}
    found = []
    for (_, year), file in concerned.items():
        claims = [replace(claim, state=moved[claim.id]) if claim.id in moved else claim for claim in file.claims]
        found.append(stand(file.person, claims, year, on, book, file.waiting.unit, file.waiting.department))
    return tuple(one for one in found if one is not None)


_DECIDED = {EntryKind.HOURS_VERIFIED: EntryState.VERIFIED, EntryKind.HOURS_RETURNED: EntryState.RETURNED}


def _strictest(asked: Subject, claims: Sequence[Claim], year: int, on: date, book: Book) -> Ruling:
    """By the regime that binds the person, the strictest of several."""
    if len(regimes(asked)) == 1:
        return ruled(asked, claims, year, on, book)
    return decide_each(asked, cases(claims), year, on, book)[0]


def series_of(profile: dict[str, Any]) -> str:
    """The title series (职称系列) that the person has told, "" when none."""
    said = profile.get("title_series")
    return said[:40] if isinstance(said, str) else ""


def _hours(claims: Iterable[Claim], ruling: Ruling) -> dict[str, Any]:
    hours = {f"{category}_{state}": 0.0 for category in Category for state in (EntryState.CLAIMED, EntryState.VERIFIED)}
    for claim in counted(claims):
        hours[f"{claim.activity.category}_{claim.state}"] += ruling.recognised.get(claim.id) or 0
    return hours


def _by_month(claims: Iterable[Claim], ruling: Ruling) -> dict[str, float]:
    """The same hours by the month in which each activity ended."""
    hours = dict.fromkeys(MONTHS, 0.0)
    for claim in counted(claims):
        hours[MONTHS[claim.activity.end.month - 1]] += ruling.recognised.get(claim.id) or 0
    return hours


def _figures(ruling: Ruling) -> dict[str, Any]:
    missing = gaps(ruling)
    deemed = ruling.complete is True
    return {
        "have": ruling.totals[TOTAL],
        "required": ruling.required[TOTAL].hours,
        "missing": 0.0 if deemed else float(sum((exact(hours) for hours in missing.values()), exact(0))),
        "public_missing": 0.0 if deemed else missing.get(Category.PUBLIC, 0.0),
        "professional_missing": 0.0 if deemed else missing.get(Category.PROFESSIONAL, 0.0),
        "complete": ruling.complete,
    }
