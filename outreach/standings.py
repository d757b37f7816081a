"""Where a person stands in a year, for the row that pages and audiences read."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from domain.ledger import Claim, Entry, NewEntry, counted, fold
from domain.person import Person
from domain.standing import Standing
from domain.vocabulary import Category, EntryState
from outreach.rulings import cases, ruled, subject_of
from rules.advice import gaps
from rules.book import Book
from rules.exact import exact
from rules.plan import NoRuleInForceError
from rules.regimes import decide_each, regimes
from rules.ruling import TOTAL, Ruling, Subject


def after(entries: Sequence[Entry], new: Sequence[NewEntry], person_id: str, now: datetime) -> list[Claim]:
    """The claims as they will stand when `new` has been added to `entries`."""
    unlinked = {"person_id": person_id, "seq": 0, "recorded_at": now, "previous_hash": "", "hash": ""}
    added = [Entry.model_construct(**{**one.__dict__, **unlinked, "id": f"new-{at}"}) for at, one in enumerate(new)]
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
        "returned": sum(claim.state is EntryState.RETURNED for claim in of_year),
        "pending": sum(claim.state is EntryState.CLAIMED for claim in of_year),
    }
    return Standing.model_construct(**values, **_hours(of_year, ruling), **_figures(ruling))


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
