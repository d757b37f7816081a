"""The tables of broadcasts: the notices of units, and each person that one was for."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary, String
from sqlmodel import Field, SQLModel

from domain.person import Person
from storage.columns import Instant, text_like
from storage.tables import partial_index
from storage.tables_proofs import UNIT

GOING = "state = 'due'"


class BroadcastRow(SQLModel, table=True):
    """A notice of a unit. `cursor` is the last roster row dealt with: a page and its cursor move in one commit."""

    __tablename__ = "broadcasts"
    __table_args__ = (
        partial_index("ix_broadcasts_unit", "unit", "created_at"),
        partial_index("ix_broadcasts_going", "due_at", where=GOING),
    )

    id: str = Field(sa_column=Column(String(16), primary_key=True))
    unit: str = Field(sa_type=String(UNIT))
    author_id: str = Field(sa_column=Column(text_like(Person, "id"), nullable=False))
    decided_by: str | None = Field(default=None, sa_type=text_like(Person, "id"))
    whom: str = Field(sa_type=String(20))
    year: int
    department: str = Field(sa_type=String(UNIT))
    region: str = Field(sa_type=String(32))
    state: str = Field(sa_type=String(10))
    size: int
    cursor: int
    due_at: datetime = Field(sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    content: bytes = Field(sa_type=LargeBinary)


class RecipientRow(SQLModel, table=True):
    """Somebody a notice was for: with the key of their delivery, or none when there was nobody to write to."""

    __tablename__ = "recipients"
    __table_args__ = (partial_index("ix_recipients_person", "person_id", "broadcast_id"),)

    broadcast_id: str = Field(sa_column=Column(String(16), primary_key=True))
    member_id: int = Field(primary_key=True)
    person_id: str | None = Field(default=None, sa_type=text_like(Person, "id"))
    delivery_key: str | None = Field(default=None, sa_type=String(340))
    read_at: datetime | None = Field(default=None, sa_type=Instant)
