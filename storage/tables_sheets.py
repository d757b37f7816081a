"""The tables of desk work: batches with their rows, hours that await an employee, differences to official records."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary, String, Text
from sqlmodel import Field, SQLModel

from domain.ledger import Entry
from domain.person import Person
from storage.columns import Instant, text_like
from storage.tables import partial_index
from storage.tables_proofs import HASH, UNIT

IS_MOVING = "state IN ('rehearsing', 'running')"
IS_AWAITED = "claim_id IS NULL"
IS_OPEN = "state = 'open'"
BATCH_ID = 24

_PERSON_ID = text_like(Person, "id")
_CLAIM_ID = text_like(Entry, "id")


class BatchRow(SQLModel, table=True):
    """A batch; `tally` is JSON, `content` sealed JSON. `taker` and `taken_at` are the lease of who works on it; after
    `due_at` its rows are deleted.
    """

    __tablename__ = "batches"
    __table_args__ = (
        partial_index("ix_batches_unit", "unit", "made_at"),
        partial_index("ix_batches_moving", "taken_at", where=IS_MOVING),
        partial_index("ix_batches_due", "due_at"),
    )

    id: str = Field(sa_column=Column(String(BATCH_ID), primary_key=True))
    unit: str = Field(sa_type=String(UNIT))
    kind: str = Field(sa_type=String(12))
    state: str = Field(sa_type=String(12))
    made_by: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    made_at: datetime = Field(sa_type=Instant)
    digest: str = Field(sa_type=String(HASH))
    rows: int
    total: int
    place: int
    tally: str = Field(sa_type=Text)
    content: bytes = Field(sa_type=LargeBinary)
    taker: str = Field(sa_type=String(64))
    taken_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)


class BatchPageRow(SQLModel, table=True):
    """A page of a batch, sealed: rows as they were read (`leaf` rows) or what was made of them (`leaf` file)."""

    __tablename__ = "batch_pages"

    batch_id: str = Field(sa_column=Column(String(BATCH_ID), primary_key=True))
    leaf: str = Field(sa_column=Column(String(8), primary_key=True))
    page: int = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


class AttendanceRow(SQLModel, table=True):
    """Hours that a unit has recorded for an employee, once by `key`. Without a `claim_id` they wait until the
    employee has said who they are; `content` is the sealed activity, blanked when they are in the ledger.
    """

    __tablename__ = "attendances"
    __table_args__ = (
        partial_index("ix_attendances_awaited", "member_id", where=IS_AWAITED),
        partial_index("ix_attendances_batch", "batch_id"),
    )

    key: str = Field(sa_column=Column(String(HASH), primary_key=True))
    unit: str = Field(sa_type=String(UNIT))
    member_id: int = Field(foreign_key="members.id")
    batch_id: str = Field(sa_type=String(BATCH_ID))
    made_by: str = Field(sa_type=_PERSON_ID)
    made_at: datetime = Field(sa_type=Instant)
    digest: str = Field(sa_type=String(HASH))
    claim_id: str | None = Field(default=None, sa_type=_CLAIM_ID)
    content: bytes | None = Field(default=None, sa_type=LargeBinary)


class DifferenceRow(SQLModel, table=True):
    """Where an official record and ours differ. `content` is sealed JSON: both sides and whom they are about."""

    __tablename__ = "differences"
    __table_args__ = (
        partial_index("ix_differences_open", "batch_id", "cause", where=IS_OPEN),
        partial_index("ix_differences_person", "person_id"),
    )

    batch_id: str = Field(sa_column=Column(String(BATCH_ID), primary_key=True))
    number: int = Field(primary_key=True)
    person_id: str | None = Field(default=None, sa_type=_PERSON_ID, foreign_key="people.id")
    cause: str = Field(sa_type=String(16))
    state: str = Field(sa_type=String(10))
    claim_id: str | None = Field(default=None, sa_type=_CLAIM_ID)
    decided_by: str | None = Field(default=None, sa_type=_PERSON_ID)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    content: bytes = Field(sa_type=LargeBinary)


class UnitFiguresRow(SQLModel, table=True):
    """What a unit fills in for its yearly statistics, because nobody else knows it; `content` is JSON."""

    __tablename__ = "unit_figures"

    unit: str = Field(sa_column=Column(String(UNIT), primary_key=True))
    year: int = Field(primary_key=True)
    content: str = Field(sa_type=Text)
    set_by: str = Field(sa_type=_PERSON_ID)
    set_at: datetime = Field(sa_type=Instant)
