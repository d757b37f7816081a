"""One person's official records beside their own claims of a year: which are the same, and how the others differ. Pure.

Each record is paired with at most one claim, the likeliest pairs first. What a pair differs in is told by the first
cause that holds: hours, days, category, title; a pair that differs in nothing may still wait for the unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from console.sheets.near import likeness
from domain.batch import Cause, Official
from domain.ledger import Claim
from domain.vocabulary import EntryState

ALIKE = 0.6  # titles less alike are two things, whatever else is equal
SURE = 0.92  # and from here on they are one
_NEAR_DAYS = 45  # a platform writes down when a course was finished or entered


@dataclass(frozen=True, slots=True)
class Pair:
    """A record and a claim that are probably one, or one of them alone. `cause` None: they agree."""

    cause: Cause | None
    official: Official | None = None
    claim: Claim | None = None


def paired(
    records: Sequence[Official], claims: Sequence[Claim], hours: dict[str, float | None], covered: frozenset[str]
) -> list[Pair]:
    """Every record and claim once. `hours` are the 学时 that the rules recognise for each claim; `covered` are the
    categories that the platform keeps: of others nothing is missing there."""
    standing = [claim for claim in claims if claim.state in {EntryState.CLAIMED, EntryState.VERIFIED}]
    likely = sorted(
        (
            (score, at, claim.id)
            for at, record in enumerate(records)
            for claim in standing
            if (score := _score(record, claim, hours.get(claim.id))) > 0
        ),
        key=lambda one: (-one[0], one[1], one[2]),
    )
    by_id = {claim.id: claim for claim in standing}
    taken: dict[int, Claim] = {}
    used: set[str] = set()
    for _, at, claim_id in likely:
        if at not in taken and claim_id not in used:
            taken[at] = by_id[claim_id]
            used.add(claim_id)
    pairs = [
        Pair(_cause(record, taken[at], hours.get(taken[at].id)), record, taken[at])
        if at in taken
        else Pair(Cause.MISSING_HERE, record)
        for at, record in enumerate(records)
    ]
    alone = [claim for claim in standing if claim.id not in used and claim.activity.category.value in covered]
    return pairs + [Pair(Cause.MISSING_THERE, None, claim) for claim in alone]


def _score(record: Official, claim: Claim, hours: float | None) -> float:
    """How likely a record and a claim are one thing; 0 for two."""
    titles = likeness(record.title, claim.activity.title) if claim.activity.title else 0.0
    near = _days_between(record, claim)
    same_hours = hours is not None and abs(hours - record.hours) < 0.01
    same_category = not record.category or record.category == claim.activity.category.value
    if not claim.activity.title:  # told without a title: days, hours and category must all speak for it
        return 1.0 if near == 0 and same_hours and same_category else 0.0
    if titles < ALIKE or (titles < SURE and near is not None and near > _NEAR_DAYS):
        return 0.0
    closeness = 0.5 if near is None else max(0.0, 1 - near / _NEAR_DAYS)
    return 3 * titles + closeness + same_hours + 0.5 * same_category


def _days_between(record: Official, claim: Claim) -> int | None:
    """Days between the two, 0 where they overlap; None where the record has no days."""
    if record.start is None or record.end is None:
        return None
    start, end = claim.activity.start, claim.activity.end
    return max(0, (start - record.end).days, (record.start - end).days)


def _cause(record: Official, claim: Claim, hours: float | None) -> Cause | None:
    activity = claim.activity
    if hours is None or abs(hours - record.hours) >= 0.01:
        return Cause.HOURS
    if not _same_days(record.start, record.end, activity.start, activity.end):
        return Cause.DATES
    if record.category and record.category != activity.category.value:
        return Cause.CATEGORY
    if activity.title and likeness(record.title, activity.title) < SURE:
        return Cause.TITLE
    return Cause.UNVERIFIED if claim.state is EntryState.CLAIMED else None


def _same_days(start: date | None, end: date | None, first: date, last: date) -> bool:
    """Whether the days agree: platforms often keep one day of several, mostly the last."""
    if start is None or end is None:
        return True
    return (start, end) == (first, last) or (start == end and first <= end <= last)
