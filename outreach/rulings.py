"""A person's claims put before the rules: for the talk, for reminders, and for where they stand."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from domain.ledger import Activity, Claim, counted
from domain.person import Person
from rules.annual_hours import decide
from rules.book import NATIONAL, Book
from rules.ruling import Case, Ruling, Subject

PENDING = "new-"  # begins the ids of claims that are not in the ledger yet
RULINGS = 1000  # remembered, of about 10 kB each

_remembered: OrderedDict[tuple[object, ...], Ruling] = OrderedDict()


def subject(region: str | None, work_field: str | None, profile: dict[str, Any]) -> Subject:
    """A person as the rules see them; without a region the national baseline holds."""
    facts = dict(profile)
    if work_field:
        facts.setdefault("work_field", str(work_field))
    return Subject(region=region or NATIONAL, profile=facts)


def subject_of(person: Person) -> Subject:
    return subject(person.region, person.work_field, person.profile)


def case(activity: Activity, name: str) -> Case:
    quantity, unit = activity.quantity, activity.unit
    return Case(name, activity.end, activity.category, activity.mode, quantity, unit, activity.attrs)


def cases(claims: Iterable[Claim]) -> list[Case]:
    """The claims whose hours stand, as the rules take them."""
    return [case(claim.activity, claim.id) for claim in counted(claims)]


def ruled(asked: Subject, claims: Sequence[Claim], year: int, on: date, book: Book) -> Ruling:
    """What the rules say of the claims that stand among `claims`; remembered. Raises as `rules.annual_hours.decide`.

    An entry of the ledger never changes, so its id stands for all that it states: the same ids, facts, year and day
    give the same ruling, and nothing has to be invalidated. What is not in the ledger yet is told by its content.
    """
    standing = counted(claims)
    told = tuple(_content(claim) if claim.id.startswith(PENDING) else claim.id for claim in standing)
    key = (asked.region, repr(asked.profile), year, on, id(book), told)
    found = _remembered.get(key)
    if found is not None:
        _remembered.move_to_end(key)
        return found
    found = decide(asked, [case(claim.activity, claim.id) for claim in standing], year, on, book)
    _remembered[key] = found
    if len(_remembered) > RULINGS:
        _remembered.popitem(last=False)
    return found


def pending(at: int) -> str:
    """The id of the claim at place `at` of those about to be added: told, confirmed and kept, it is ruled once."""
    return f"{PENDING}{at}"


def _content(claim: Claim) -> tuple[object, ...]:
    asked = case(claim.activity, claim.id)
    return (*asked[:-1], repr(asked.attrs))
