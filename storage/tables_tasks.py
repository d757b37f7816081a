"""The table of tasks."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary, String
from sqlmodel import Field, SQLModel

from domain.message import Message
from domain.person import Person
from storage.columns import Instant, text_like
from storage.tables import FAILED, partial_index

OPEN_TASKS = "state IN ('waiting', 'taken')"


class TaskRow(SQLModel, table=True):
    """Work to be done once. `state`: waiting, taken, done or failed; `content` is sealed and blanked when it ends.

    `taker` and `taken_at` are the lease of who works on it; `due_at` is also when a failed attempt is made again.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        partial_index("ix_tasks_key", "key", unique=True),
        partial_index("ix_tasks_due", "due_at", "id", where=OPEN_TASKS),
        partial_index("ix_tasks_failed", "due_at", where=FAILED),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_type=String(340))
    kind: str = Field(sa_type=String(32))
    person_id: str = Field(sa_column=Column(text_like(Person, "id"), nullable=False))
    channel: str = Field(sa_type=String(16))
    account: str = Field(sa_type=text_like(Message, "account"))
    sender: str = Field(sa_type=text_like(Message, "sender"))
    state: str = Field(sa_type=String(8))
    due_at: datetime = Field(sa_type=Instant)
    attempts: int
    reason: str = Field(sa_type=String(200))
    taker: str = Field(sa_type=String(64))
    taken_at: datetime | None = Field(default=None, sa_type=Instant)
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
