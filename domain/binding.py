"""One person in the chat and in the mini program: codes, and what becomes of records when two turn out to be one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.ledger import OF_THIS, Claim, EntryKind, NewEntry
from domain.person import Person
from domain.vocabulary import EntryState

CODE_DIGITS = 6
CODE_FOR = timedelta(minutes=10)
TRIES = 5  # wrong codes of one person in TRIES_WITHIN
TRIES_WITHIN = timedelta(hours=1)


class BindingRefused(Exception):
    """`reason`: code_unknown, too_many_tries, both_manage."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Identity:
    """A platform's id of somebody, in one account."""

    channel: str
    account: str
    sender: str


@dataclass(frozen=True, slots=True)
class Code:
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Bound:
    """Who the two are now, and what was carried over: `alike` were on both sides, `verify_again` were verified."""

    person_id: str
    carried: int = 0
    alike: int = 0
    verify_again: int = 0


@dataclass(frozen=True, slots=True)
class Carried:
    """What merging adds to the chain that goes on, and to the one that ends."""

    added: tuple[NewEntry, ...]
    ended: tuple[NewEntry, ...]
    alike: int
    verify_again: int

    @property
    def count(self) -> int:
        return sum(entry.kind is EntryKind.HOURS_CLAIMED for entry in self.added)


def weight(person: Person, claims: Sequence[Claim]) -> tuple[bool, int, int, bool]:
    """Whose chain goes on: who may act for a unit, has more verified, has more recorded, has given consent."""
    verified = sum(claim.state is EntryState.VERIFIED for claim in claims)
    return bool(person.roles), verified, len(claims), person.consented_at is not None


def carried(theirs: Sequence[Claim], own: Sequence[Claim]) -> Carried:
    """The records of the chain that ends, claimed anew in the one that goes on.

    What both have is not counted twice: its pictures join those of the record that stays. What was verified is claimed
    again: a verification is a unit's word about one chain, and nobody but the unit says it of another.
    """
    added: list[NewEntry] = []
    ended: list[NewEntry] = []
    alike = again = 0
    free = [claim for claim in own if claim.state is not EntryState.WITHDRAWN]
    for claim in theirs:
        if claim.state is EntryState.WITHDRAWN:
            continue
        ended.append(NewEntry(kind=EntryKind.HOURS_WITHDRAWN, year=claim.year, refers_to=claim.id))
        same = next((one for one in free if _same(one, claim)), None)
        if same is not None:
            free.remove(same)
            alike += 1
            added += _proofs(claim, same.id, [photo for photo in claim.proofs if photo not in same.proofs])
            continue
        again += claim.state is EntryState.VERIFIED
        at = len(added)
        added.append(NewEntry(kind=EntryKind.HOURS_CLAIMED, year=claim.year, activity=claim.activity))
        added += _proofs(claim, f"{OF_THIS}{at}", claim.proofs)
    return Carried(tuple(added), tuple(ended), alike, again)


def _same(one: Claim, other: Claim) -> bool:
    return one.activity == other.activity


def _proofs(claim: Claim, of: str, photos: Sequence[str]) -> list[NewEntry]:
    return [NewEntry(kind=EntryKind.PROOF_ATTACHED, year=claim.year, refers_to=of, note=photo) for photo in photos]


def filled(stays: Person, goes: Person) -> dict[str, object]:
    """The facts that only the one who goes has told."""
    names = ("region", "work_field", "name", "phone", "id_number", "consented_at")
    told: dict[str, object] = {
        name: getattr(goes, name) for name in names if getattr(stays, name) is None and getattr(goes, name) is not None
    }
    profile = {**goes.profile, **stays.profile}
    return told | ({"profile": profile} if profile != stays.profile else {})
