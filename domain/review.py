"""A unit's review of its people's claims: who belongs to it, what waits, and what was decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain.ledger import Claim, NewEntry
from domain.person import Person
from domain.proof import Kept, Objection, Twin
from domain.unit import Reason

NOTE_MARK = "|"  # between the code and the sentence of a return
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # of an invitation: none that are taken for each other
CODE_LENGTH = 8
_SCENE = "join-"  # begins the scene of an invitation's QR code


class ReviewState(StrEnum):
    """Where a claim stands with the unit."""

    WAITING = "waiting"
    VERIFIED = "verified"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is written to."""

    channel: str
    account: str
    sender: str


@dataclass(frozen=True, slots=True)
class Member:
    """An employee on a unit's roster; `person_id` is None until they have said who they are."""

    id: int
    unit: str
    department: str
    name: str
    phone: str = ""
    person_id: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim that waits for review, in short. `event` is equal for claims about one event (title and days)."""

    claim_id: str
    person_id: str
    unit: str
    department: str
    name: str
    year: int
    since: datetime
    event: str
    appealed: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """The end of a person's chain of entries, with their sealed key: what a decision is added to."""

    seq: int
    hash: str
    wrapped_key: bytes | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A waiting claim with all that a reviewer needs. `claims` are the person's of that year, the claim among them."""

    waiting: Waiting
    claim: Claim
    person: Person
    claims: list[Claim]
    chain: Chain
    address: Address | None
    photos: tuple[Kept, ...] = ()
    twins: tuple[Twin, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """What a reviewer has before them: all that waits, oldest first, and the files looked at now.

    `own` counts claims of their own, which somebody else must review; `organizers` are those each unit accepts,
    `reasons` those it offers for a return (none: the usual ones).
    """

    units: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    files: tuple[File, ...] = ()
    own: int = 0
    organizers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reasons: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)

    def file(self, claim_id: str) -> File | None:
        return next((file for file in self.files if file.claim.id == claim_id), None)


@dataclass(frozen=True, slots=True)
class Decision:
    """An entry of a reviewer in somebody else's chain, and what that person is told. It has waited since `since`."""

    person_id: str
    claim_id: str
    chain: Chain
    entry: NewEntry
    unit: str
    since: datetime
    code: Objection | None = None
    address: Address | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """Somebody turns out to be an employee. `member_id` None: they were not on the roster and are added."""

    unit: str
    department: str
    name: str
    phone: str = ""
    member_id: int | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code with which a unit's people join it."""

    code: str
    unit: str


@dataclass(frozen=True, slots=True)
class Membership:
    """What a unit and a person have to do with each other, for the person's own turns.

    `units` are those that they belong to. `found` are roster rows that what they said points at; `invited` is the unit
    of the invitation code that they said. `usual` is how long their unit usually takes, `waits` since when their oldest
    claim has waited.
    """

    units: tuple[str, ...] = ()
    found: tuple[Member, ...] = ()
    invited: str | None = None
    invited_department: str = ""
    usual: timedelta | None = None
    waits: datetime | None = None
    organizers: frozenset[str] = field(default_factory=frozenset)


def returned_note(code: Objection, words: str) -> str:
    """The note of a return: a code for machines, a sentence for people."""
    return f"{code.value}{NOTE_MARK}{words}"[:500]


def returned_words(note: str) -> tuple[Objection, str]:
    """What `returned_note` put together; a note without a code is all sentence."""
    code, mark, words = note.partition(NOTE_MARK)
    if mark and code in set(Objection):
        return Objection(code), words
    return Objection.OTHER, note


def scene_of(code: str) -> str:
    """What the account's QR code for an invitation carries, so that scanning it says the code."""
    return f"{_SCENE}{code}"


def code_of(scene: str) -> str:
    """The invitation of a scene; empty for another scene."""
    code = scene.removeprefix(_SCENE)
    fits = scene.startswith(_SCENE) and len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS)
    return code if fits else ""
