"""The tables of second looks at what was approved, of mass sends, and of what was done with each notice by whom."""

from datetime import datetime

from sqlalchemy import Column, String
from sqlmodel import Field, SQLModel

from domain.ledger import Entry
from domain.message import Message
from domain.person import Person
from storage.columns import Instant, text_like
from storage.tables import partial_index
from storage.tables_proofs import UNIT

IS_UNSEEN = "second_looks.decided_at IS NULL"

_PERSON_ID = text_like(Person, "id")
_ACCOUNT = text_like(Message, "account")


class SecondLookRow(SQLModel, table=True):
    """An approved claim that was drawn for a second look. `agreed` is what the second reviewer found."""

    __tablename__ = "second_looks"
    __table_args__ = (
        partial_index("ix_second_looks_unseen", "unit", "asked_at", where="decided_at IS NULL"),
        partial_index("ix_second_looks_unit", "unit", "decided_at", where="decided_at IS NOT NULL"),
    )

    claim_id: str = Field(sa_column=Column(text_like(Entry, "id"), primary_key=True))
    person_id: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    unit: str = Field(sa_type=String(UNIT))
    first_by: str = Field(sa_type=_PERSON_ID)
    asked_at: datetime = Field(sa_type=Instant)
    decided_by: str | None = Field(default=None, sa_type=_PERSON_ID)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    agreed: bool | None = None


class SecondShareRow(SQLModel, table=True):
    """How many of a hundred approved claims of a unit are looked at once more."""

    __tablename__ = "second_shares"

    unit: str = Field(sa_column=Column(String(UNIT), primary_key=True))
    percent: int


class TagRow(SQLModel, table=True):
    """The platform's tag of everybody of a unit (`department` "") or of one of its departments."""

    __tablename__ = "tags"

    account: str = Field(sa_column=Column(_ACCOUNT, primary_key=True))
    unit: str = Field(sa_column=Column(String(UNIT), primary_key=True))
    department: str = Field(sa_column=Column(String(UNIT), primary_key=True))
    tag_id: int


class MassSendRow(SQLModel, table=True):
    """A notice that leaves as one mass message to a tag. `state` is a MassState; `message_id` is the platform's."""

    __tablename__ = "mass_sends"
    __table_args__ = (partial_index("ix_mass_sends_message", "account", "message_id"),)

    broadcast_id: str = Field(sa_column=Column(String(16), primary_key=True))
    account: str = Field(sa_type=_ACCOUNT)
    state: str = Field(sa_type=String(10))
    message_id: str = Field(sa_type=String(20))
    reason: str = Field(sa_type=String(200))
    retry_at: datetime | None = Field(default=None, sa_type=Instant)


class MassResultRow(SQLModel, table=True):
    """What the platform told when a mass message had gone out; it may tell it before its own answer is kept."""

    __tablename__ = "mass_results"

    account: str = Field(sa_column=Column(_ACCOUNT, primary_key=True))
    message_id: str = Field(sa_column=Column(String(20), primary_key=True))
    status: str = Field(sa_type=String(40))
    total: int
    filtered: int
    sent: int
    failed: int
    told_at: datetime = Field(sa_type=Instant)


class NoticeActRow(SQLModel, table=True):
    """Who wrote, approved, rejected, stopped or resumed a notice, and when."""

    __tablename__ = "notice_acts"
    __table_args__ = (partial_index("ix_notice_acts_of", "broadcast_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    broadcast_id: str = Field(sa_type=String(16))
    actor_id: str = Field(sa_type=_PERSON_ID)
    act: str = Field(sa_type=String(10))
    at: datetime = Field(sa_type=Instant)
