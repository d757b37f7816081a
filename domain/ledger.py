"""The ledger: entries that are only ever added, and the folds that read them.

A claim is what a person says they did, in the raw quantity and unit; how many 学时 it gives is always asked of the
rules, because a rule changes and the fact does not. Later entries point at the claim they answer.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from domain.vocabulary import Category, EntryState, Mode, Unit

GENESIS = "0" * 64  # the hash before a person's first entry
OF_THIS = "#"  # begins a `refers_to` that counts the entries of the same outcome from 0


class EntryKind(StrEnum):
    HOURS_CLAIMED = "hours_claimed"
    HOURS_VERIFIED = "hours_verified"
    HOURS_RETURNED = "hours_returned"
    HOURS_WITHDRAWN = "hours_withdrawn"
    HOURS_APPEALED = "hours_appealed"
    PROOF_ATTACHED = "proof_attached"


class Activity(SQLModel):
    """The fact that a claim states. Dates are inclusive days; `quantity` is in `unit`.

    `attrs` are the conditions that rules ask about (level of a meeting, travel minutes, assessed, …), named as in
    `xueshi decide`. `title` and `organizer` are the person's own words and sealed at rest.
    """

    start: date
    end: date
    category: Category
    mode: Mode
    quantity: float = Field(ge=0, le=10_000_000)
    unit: Unit
    title: str = Field(default="", max_length=200)
    organizer: str = Field(default="", max_length=200)
    attrs: dict[str, Any] = Field(default_factory=dict)


class NewEntry(SQLModel):
    """What a handler asks to be added. Its id follows from the message and its place in it, so it is added once.

    `year` is the year of the claim, also on entries that answer one: a year's entries are then complete in
    themselves. `refers_to` is the claim answered; OF_THIS and a number means the entry at that place of the same
    outcome. A correction is two entries, a withdrawal and a claim with `replaces` naming the old one. `note` is what
    the reviewer says (a return), what the person says (an appeal), or the picture's hash (a proof attached).
    """

    kind: EntryKind
    year: int
    activity: Activity | None = None
    refers_to: str | None = None
    replaces: str | None = None
    note: str = Field(default="", max_length=500)


class Entry(NewEntry):
    """A ledger entry as it stands: numbered from 1 per person, linked to the one before by hash."""

    id: str = Field(max_length=40)
    person_id: str = Field(max_length=32)
    seq: int
    recorded_at: datetime
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


@dataclass(slots=True)
class Claim:
    """An activity with its state, folded from the entries about it; `number` is its place in the person's list.

    `note` is that of the latest entry that moved the state; `proofs` are the hashes of its pictures, oldest first;
    `appealed` says that its one appeal has been made.
    """

    id: str
    number: int
    year: int
    activity: Activity
    state: EntryState
    recorded_at: datetime
    replaces: str | None = None
    note: str = ""
    proofs: tuple[str, ...] = ()
    appealed: bool = False


_STANDING = (EntryState.CLAIMED, EntryState.VERIFIED)
_STATE_AFTER = {
    EntryKind.HOURS_VERIFIED: EntryState.VERIFIED,
    EntryKind.HOURS_RETURNED: EntryState.RETURNED,
    EntryKind.HOURS_WITHDRAWN: EntryState.WITHDRAWN,
    EntryKind.HOURS_APPEALED: EntryState.CLAIMED,
}


def fold(entries: Iterable[Entry]) -> list[Claim]:
    """The claims of `entries` (in order of `seq`) with the state that the entries about them give.

    A withdrawn claim stays withdrawn: later entries about it change nothing.
    """
    claims: dict[str, Claim] = {}
    for entry in entries:
        if entry.kind is EntryKind.HOURS_CLAIMED and entry.activity is not None:
            # by position: names cost a third more, for every entry of every turn
            number, state = len(claims) + 1, EntryState.CLAIMED
            claims[entry.id] = Claim(
                entry.id, number, entry.year, entry.activity, state, entry.recorded_at, entry.replaces, entry.note
            )
        elif entry.refers_to in claims and entry.kind in _STATE_AFTER:
            claim = claims[entry.refers_to]
            if claim.state is not EntryState.WITHDRAWN:
                claim.state = _STATE_AFTER[entry.kind]
                claim.note = entry.note
                claim.appealed = claim.appealed or entry.kind is EntryKind.HOURS_APPEALED
        elif entry.kind is EntryKind.PROOF_ATTACHED and entry.refers_to in claims and entry.note:
            claim = claims[entry.refers_to]
            if entry.note not in claim.proofs:
                claim.proofs += (entry.note,)
    return list(claims.values())


def counted(claims: Iterable[Claim]) -> list[Claim]:
    """The claims whose hours stand: claimed and verified ones."""
    return [claim for claim in claims if claim.state in _STANDING]


def chain_hash(previous: str, content: dict[str, Any]) -> str:
    """SHA-256 in hex over the previous entry's hash and the canonical JSON of this entry's stored columns.

    Sealed parts enter as their ciphertext, so the chain still verifies when their key is destroyed.
    """
    return hashlib.sha256(f"{previous}\n{_CANONICAL.encode(content)}".encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"cannot hash a {type(value).__name__}")


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
