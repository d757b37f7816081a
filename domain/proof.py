"""Pictures of proofs: how long they are kept, what HR would object to, and what was decided about a claim."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

UNUSED_FOR = timedelta(days=30)  # a picture that proves no claim yet is removed after this
USED_YEARS = 5  # a picture that does is kept so many years after the claim's: reviews for a title look back so far


class Objection(StrEnum):
    """Why HR may return a claim, and what is looked for before they see it. Each is a hint, never an accusation."""

    NAME_DIFFERS = "name_differs"  # not the name of the person
    YEAR_DIFFERS = "year_differs"  # another year than the claim's
    HOURS_MISSING = "hours_missing"  # no 学时, 学分 or 天 on the proof
    HOURS_DIFFER = "hours_differ"  # the claim says something else than the proof
    UNREADABLE = "unreadable"
    NO_PROOF = "no_proof"  # nothing attached, or the picture has been removed
    ORGANIZER_UNKNOWN = "organizer_unknown"  # not on the unit's list
    OVER_CAP = "over_cap"  # a limit cuts it
    USED_BEFORE = "used_before"  # the same file, number, QR code, or name with title and dates
    NOT_APPLICABLE = "not_applicable"  # no continuing education
    OTHER = "other"


class Mark(StrEnum):
    """By what two proofs are found to be the same."""

    FILE = "file"
    NUMBER = "number"
    QR = "qr"
    EVENT = "event"  # name, title and days


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture of a person as it is kept. `photo` is the SHA-256 of the picture in hex.

    `reading` is the record of `nlp.proofs.proof`, None while it has not been read; `flaw` says why it cannot be.
    `removed` pictures are gone, what was read in them stays.
    """

    photo: str
    person_id: str
    content_type: str
    size: int
    kept_at: datetime
    due_at: datetime
    removed: bool = False
    reading: dict[str, Any] | None = None
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Twin:
    """Another picture with the same mark. `own`: of the same person."""

    mark: Mark
    photo: str
    own: bool


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at a picture. `viewer` is their name, empty when not known."""

    photo: str
    viewer: str
    unit: str
    at: datetime


def due_when_used(year: int, keep_years: int = USED_YEARS) -> date:
    """The day on which a picture that proves a claim of `year` is to be removed."""
    return date(year + keep_years + 1, 1, 1)
