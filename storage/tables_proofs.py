"""The tables of proofs and reviews: pictures, what was read in them, who looked, rosters, and what waits for a unit."""

from datetime import datetime

from sqlalchemy import Column, Integer, LargeBinary, String, Text, text
from sqlmodel import Field, SQLModel

from domain.ledger import Entry
from domain.person import Person
from storage.columns import Instant, text_like
from storage.tables import partial_index

HASH = 64  # characters of a SHA-256 in hex
UNIT = 100  # characters of a unit's or a department's name
IS_KEPT = "removed_at IS NULL"
IS_WAITING = "state = 'waiting'"
IS_DECIDED = "decided_at IS NOT NULL"

_PERSON_ID = text_like(Person, "id")
_CLAIM_ID = text_like(Entry, "id")


class PhotoRow(SQLModel, table=True):
    """A picture of a person; its bytes are in the object store, sealed. After `due_at` it is removed, the row stays."""

    __tablename__ = "photos"
    __table_args__ = (partial_index("ix_photos_due", "due_at", where=IS_KEPT),)

    person_id: str = Field(sa_type=_PERSON_ID, primary_key=True, foreign_key="people.id")
    photo: str = Field(sa_column=Column(String(HASH), primary_key=True))
    content_type: str = Field(sa_type=String(40))
    size: int
    kept_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    removed_at: datetime | None = Field(default=None, sa_type=Instant)


class ProofRow(SQLModel, table=True):
    """What was read in a person's picture, sealed; or the flaw for which it cannot be read."""

    __tablename__ = "proofs"

    person_id: str = Field(sa_type=_PERSON_ID, primary_key=True, foreign_key="people.id")
    photo: str = Field(sa_column=Column(String(HASH), primary_key=True))
    read_at: datetime = Field(sa_type=Instant)
    flaw: str = Field(sa_type=String(20))
    reading: bytes | None = Field(default=None, sa_type=LargeBinary)


class MarkRow(SQLModel, table=True):
    """A mark by which the same proof is found again: a keyed digest, so that it tells nothing by itself."""

    __tablename__ = "marks"
    __table_args__ = (partial_index("ix_marks_photo", "person_id", "photo"),)

    digest: str = Field(sa_column=Column(String(HASH), primary_key=True))
    person_id: str = Field(sa_type=_PERSON_ID, primary_key=True, foreign_key="people.id")
    photo: str = Field(sa_column=Column(String(HASH), primary_key=True))
    mark: str = Field(sa_type=String(8))


class LookRow(SQLModel, table=True):
    """Somebody looked at a person's picture; `key` makes each look once."""

    __tablename__ = "looks"
    __table_args__ = (
        partial_index("ix_looks_key", "key", unique=True),
        partial_index("ix_looks_person", "person_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_type=String(340))
    person_id: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    photo: str = Field(sa_type=String(HASH))
    viewer_id: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    unit: str = Field(sa_type=String(UNIT))
    looked_at: datetime = Field(sa_type=Instant)


class ReviewRow(SQLModel, table=True):
    """Where a claim stands with the person's unit: derived from the entries in the commit that adds them.

    `since` is when it began to wait, `event` a keyed digest of title and days; `unit`, `decided_by` and `took`
    (seconds) tell of the latest decision.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        partial_index("ix_reviews_waiting", "person_id", "since", where=IS_WAITING),
        partial_index("ix_reviews_decided", "unit", "decided_at", where=IS_DECIDED),
    )

    claim_id: str = Field(sa_column=Column(_CLAIM_ID, primary_key=True))
    person_id: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    year: int
    state: str = Field(sa_type=String(10))
    since: datetime = Field(sa_type=Instant)
    event: str = Field(sa_type=String(HASH))
    appealed: bool
    unit: str = Field(sa_type=String(UNIT))
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decided_by: str | None = Field(default=None, sa_type=_PERSON_ID)
    took: float
    code: str = Field(sa_type=String(20))


class MemberRow(SQLModel, table=True):
    """An employee on a unit's roster, known to us (`person_id`) or not yet. What is personal is sealed.

    `identity` is a keyed digest of unit and ID number (else unit, name and phone): a roster imported again finds the
    same rows. `who` digests name and phone, `named` the name, for those who say who they are.
    """

    __tablename__ = "members"
    __table_args__ = (
        partial_index("ix_members_identity", "identity", unique=True),
        partial_index("ix_members_unit", "unit", "active"),
        partial_index("ix_members_places", "unit", "active", "department", "id", "person_id"),
        partial_index("ix_members_person", "person_id", "active"),
        partial_index("ix_members_who", "who"),
        partial_index("ix_members_named", "unit", "named"),
        partial_index("ix_members_name", "named"),  # for lists: nothing else may choose how many names are searched
    )

    id: int | None = Field(default=None, primary_key=True)
    unit: str = Field(sa_type=String(UNIT))
    department: str = Field(sa_type=String(UNIT))
    name: bytes = Field(sa_type=LargeBinary)
    phone: bytes | None = Field(default=None, sa_type=LargeBinary)
    id_number: bytes | None = Field(default=None, sa_type=LargeBinary)
    identity: str = Field(sa_type=String(HASH))
    who: str = Field(sa_type=String(HASH))
    named: str = Field(sa_type=String(HASH))
    person_id: str | None = Field(default=None, sa_type=_PERSON_ID, foreign_key="people.id")
    active: bool
    imported_at: datetime = Field(sa_type=Instant)
    bound_at: datetime | None = Field(default=None, sa_type=Instant)


class InvitationRow(SQLModel, table=True):
    """A code with which a unit's people join it; only its digest is kept."""

    __tablename__ = "invitations"

    digest: str = Field(sa_column=Column(String(HASH), primary_key=True))
    unit: str = Field(sa_type=String(UNIT))
    department: str = Field(sa_type=String(UNIT))
    made_by: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    expires_at: datetime = Field(sa_type=Instant)


class UnitSettingsRow(SQLModel, table=True):
    """What a unit has set for its reviews; `organizers` is a JSON list, empty when every organiser will do, `reasons`
    one of pairs of code and words."""

    __tablename__ = "unit_settings"

    unit: str = Field(sa_column=Column(String(UNIT), primary_key=True))
    organizers: str = Field(sa_type=Text)
    reasons: str = Field(sa_column=Column(Text, nullable=False, server_default=text("'[]'")))
    keep_years: int = Field(sa_column=Column(Integer, nullable=False, server_default=text("5")))
