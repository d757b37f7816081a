"""The tables of belonging: who was moved from where to where, and the invitations that hang on a wall."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlmodel import Field, SQLModel

from domain.person import Person
from storage.columns import Instant, text_like
from storage.tables import partial_index
from storage.tables_proofs import UNIT

KEY = 64  # characters of what makes an act of the console once

_PERSON_ID = text_like(Person, "id")


class MoveRow(SQLModel, table=True):
    """An employee has been moved, or (`to_unit` empty) has left. `key` makes each move once; `member_id` is the row of
    the new place, or the one that was left.
    """

    __tablename__ = "moves"
    __table_args__ = (
        partial_index("ix_moves_key", "key", unique=True),
        partial_index("ix_moves_person", "person_id", "id"),
        partial_index("ix_moves_member", "member_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_type=String(KEY))
    person_id: str | None = Field(default=None, sa_type=_PERSON_ID, foreign_key="people.id")
    member_id: int
    from_unit: str = Field(sa_type=String(UNIT))
    from_department: str = Field(sa_type=String(UNIT))
    to_unit: str = Field(sa_type=String(UNIT))
    to_department: str = Field(sa_type=String(UNIT))
    moved_by: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    moved_at: datetime = Field(sa_type=Instant)


class PosterRow(SQLModel, table=True):
    """An invitation that can be printed again: its sealed code, and what its QR code says (`address`, "" for none)."""

    __tablename__ = "posters"
    __table_args__ = (partial_index("ix_posters_unit", "unit", "made_at"),)

    id: str = Field(sa_type=String(KEY), primary_key=True)
    unit: str = Field(sa_type=String(UNIT))
    department: str = Field(sa_type=String(UNIT))
    code: bytes = Field(sa_type=LargeBinary)
    address: str = Field(sa_type=String(200))
    made_by: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    made_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
