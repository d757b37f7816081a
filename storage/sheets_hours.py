"""Hours that a unit records in its people's chains: by a list that vouches for them, or as an official record has them.

Entries of several people are one bundle, each chain guarded where it was read, with reviews, standings and agendas in
the same commit. What a list or an official record decides counts for no reviewer's usual time (`decided_at` stays
empty): nobody has looked at it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import insert

from domain.batch import Attendance, Batch
from domain.ledger import Activity, Entry, EntryKind, NewEntry
from domain.person import Person
from domain.standing import Standing
from storage import ledger, people, reviews, standings
from storage.ledger import Head
from storage.many import any_of, key_values, size
from storage.sealing import Vault
from storage.statements import Statement, Step, Values, Visit
from storage.tables import HeadRow, LedgerRow, PersonKeyRow, PersonRow, columns, table
from storage.tables_proofs import MemberRow, ReviewRow
from storage.tables_sheets import IS_AWAITED, AttendanceRow

AT_ONCE = 50  # awaited hours that are looked at together

_PEOPLE, _HEADS, _KEYS, _LEDGER = table(PersonRow), table(HeadRow), table(PersonKeyRow), table(LedgerRow)
_REVIEWS, _ATTENDANCES, _MEMBERS = table(ReviewRow), table(AttendanceRow), table(MemberRow)
_BEGIN = Statement(insert(_REVIEWS).values(columns(ReviewRow, appealed=False, decided_at=None, took=0.0, code="")))
_DECIDE = Statement(
    update(_REVIEWS)
    .where(_REVIEWS.c.claim_id == bindparam("of"), _REVIEWS.c.person_id != bindparam("by"))
    .values(state=bindparam("new_state"), unit=bindparam("in_unit"), decided_by=bindparam("by"), code="")
)
_WITHDRAW = Statement(update(_REVIEWS).where(_REVIEWS.c.claim_id == bindparam("of")).values(state="withdrawn"))
_ATTEND = Statement(insert(_ATTENDANCES).values(columns(AttendanceRow)))
_ATTENDED = Statement(
    update(_ATTENDANCES)
    .where(_ATTENDANCES.c.key == bindparam("of"), text(IS_AWAITED))
    .values(claim_id=bindparam("claim"), content=None)
)
_AWAITED: Any = (
    select(
        *(_ATTENDANCES.c[name] for name in ("key", "unit", "member_id", "made_by", "digest", "content")),
        *(_MEMBERS.c[name] for name in ("person_id", "department")),
    )
    .select_from(_ATTENDANCES.join(_MEMBERS, _MEMBERS.c.id == _ATTENDANCES.c.member_id))
    .where(text("attendances.claim_id IS NULL"), _MEMBERS.c.person_id.is_not(None))
    .limit(literal_column(str(AT_ONCE)))
)
_READ_AWAITED = Statement(_AWAITED)


@dataclass(frozen=True, slots=True)
class Holder:
    """A person with the end of their chain and the entries of the years asked for, as read together."""

    person: Person
    head: Head
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Recording:
    """What is added to a person's chain. `key` makes the entries once; `head` is the end that they follow."""

    person_id: str
    key: str
    head: Head
    entries: tuple[NewEntry, ...]


Stood = Callable[[Recording, list[Entry]], Sequence[Standing]]  # where somebody stands once their entries are added


@lru_cache(32)
def _who(count: int) -> Statement:
    joined = _PEOPLE.join(_HEADS, _HEADS.c.person_id == _PEOPLE.c.id).outerjoin(
        _KEYS, _KEYS.c.person_id == _PEOPLE.c.id
    )
    selected = [*people.SELECTED, _HEADS.c.seq, _HEADS.c.hash, _KEYS.c.wrapped]
    return Statement(select(*selected).select_from(joined).where(any_of(_PEOPLE.c.id, count, "k")))


@lru_cache(64)
def _entries(count: int, years: int) -> Statement:
    selected = [_LEDGER.c[name] for name in ledger.COLUMNS]
    return Statement(
        select(*selected).where(any_of(_LEDGER.c.person_id, count, "k"), any_of(_LEDGER.c.year, years, "y"))
    )


def holders(vault: Vault, person_ids: Sequence[str], years: Sequence[int]) -> Visit[dict[str, Holder]]:
    """People with their entries of some years. Entries later than a chain's end as read are left out."""
    if not person_ids:
        return {}
    count = size(len(person_ids))
    asked = key_values(person_ids, count, "k")
    (found,) = yield (Step(_who(count), asked),)
    rows: list[Any] = []
    if years:
        (rows,) = yield (Step(_entries(count, len(years)), {**asked, **key_values(years, len(years), "y")}),)
    by_person: dict[str, list[Any]] = {}
    for row in rows:
        by_person.setdefault(row[0], []).append(row)
    held = {}
    for *person, seq, hash_, wrapped in found:
        key = vault.person_key(person[0], wrapped) if wrapped is not None else None
        own = [entry for entry in ledger.entries(by_person.get(person[0], []), key) if entry.seq <= seq]
        held[person[0]] = Holder(people.person(vault, person), Head(seq, hash_, wrapped), own)
    return held


def record(
    vault: Vault, recordings: Sequence[Recording], unit: str, by: str, now: datetime, stood: Stood
) -> tuple[list[Step], dict[str, list[Entry]]]:
    """The steps that add entries to several chains with all that follows; and the entries to be, by person."""
    steps: list[Step] = []
    added: dict[str, list[Entry]] = {}
    for one in recordings:
        more, entries = ledger.append(vault, one.person_id, one.key, one.head, one.entries, now)
        steps += [*more, *_reviewed(vault, one.person_id, entries, unit, by, now)]
        steps += [standings.put(standing, placed=False) for standing in stood(one, entries)]
        added[one.person_id] = entries
    return steps, added


def _reviewed(vault: Vault, person_id: str, added: Sequence[Entry], unit: str, by: str, now: datetime) -> list[Step]:
    """What the entries mean for the review of each claim: new ones, and those that they answer."""
    own = {entry.id for entry in added if entry.kind is EntryKind.HOURS_CLAIMED}
    answered = {entry.refers_to: entry.kind for entry in added if entry.kind in _STATE_OF}
    if answered and person_id == by:
        raise ValueError("nobody decides about themselves")
    steps = []
    for entry in added:
        if entry.kind is EntryKind.HOURS_CLAIMED:
            state = _STATE_OF[answered[entry.id]] if entry.id in answered else "waiting"
            values: Values = {"claim_id": entry.id, "person_id": person_id, "year": entry.year, "since": now}
            values |= {"event": reviews.event(vault, entry), "state": state}
            values |= {"unit": unit if entry.id in answered else "", "decided_by": by if entry.id in answered else None}
            steps.append(Step(_BEGIN, values))
        elif entry.kind is EntryKind.HOURS_WITHDRAWN:
            steps.append(Step(_WITHDRAW, {"of": entry.refers_to}))
        elif entry.kind in _STATE_OF and entry.refers_to not in own:
            decided = {"of": entry.refers_to, "by": by, "in_unit": unit, "new_state": _STATE_OF[entry.kind]}
            steps.append(Step(_DECIDE, decided, must=True))
    return steps


_STATE_OF = {EntryKind.HOURS_VERIFIED: "verified", EntryKind.HOURS_RETURNED: "returned"}


# What lists have recorded


@lru_cache(32)
def _known(count: int) -> Statement:
    return Statement(select(_ATTENDANCES.c.key).where(any_of(_ATTENDANCES.c.key, count, "k")))


def known(keys: Sequence[str]) -> Visit[set[str]]:
    """Which of these hours a list has recorded already."""
    if not keys:
        return set()
    count = size(len(keys))
    (rows,) = yield (Step(_known(count), key_values(keys, count, "k")),)
    return {row[0] for row in rows}


def attend(vault: Vault, batch: Batch, one: Attendance, claim_id: str | None, now: datetime) -> Step:
    """The step that keeps hours of a list by their key; without a claim they wait. The key that is there refuses it."""
    content = None
    if claim_id is None:
        content = vault.seal(one.activity.model_dump_json().encode(), f"attendances/{one.key}")
    values: Values = {"key": one.key, "unit": batch.unit, "member_id": one.member_id, "batch_id": batch.id}
    values |= {"made_by": batch.made_by, "made_at": now, "digest": batch.digest, "claim_id": claim_id}
    return Step(_ATTEND, {**values, "content": content})


def attended(key: str, claim_id: str) -> Step:
    """The step that puts an end to waiting; it fails when somebody else has done so."""
    return Step(_ATTENDED, {"of": key, "claim": claim_id}, must=True)


@dataclass(frozen=True, slots=True)
class Awaited:
    """Hours of a list whose employee has now said who they are."""

    key: str
    unit: str
    department: str
    member_id: int
    person_id: str
    made_by: str
    digest: str
    activity: Activity


def arrived(vault: Vault) -> Visit[list[Awaited]]:
    """Hours that have waited and need not any more; up to AT_ONCE."""
    (rows,) = yield (Step(_READ_AWAITED, {}),)
    found = []
    for key, unit, member_id, made_by, digest, content, person_id, department in rows:
        said = Activity.model_validate_json(vault.open(content, f"attendances/{key}"))
        found.append(Awaited(key, unit, department, member_id, person_id, made_by, digest, said))
    return found
