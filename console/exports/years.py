"""A person's year put before the rules, for papers about it."""

from datetime import date
from typing import Any

from documents.year import Year
from domain.ledger import Claim, counted
from domain.person import Person
from domain.vocabulary import EntryState
from outreach.rulings import ruled, subject_of
from rules.book import Book


def year_of(
    person: Person,
    claims: list[Claim],
    year: int,
    day: date,
    book: Book,
    readings: dict[str, dict[str, Any]],
) -> Year:
    """The claims put before the rules twice: those that are verified, and all that stand."""
    standing = counted(claims)
    verified = [claim for claim in standing if claim.state is EntryState.VERIFIED]
    asked = subject_of(person)
    rulings = (ruled(asked, verified, year, day, book), ruled(asked, standing, year, day, book))
    return Year(person, claims, *rulings, book, day, readings)
