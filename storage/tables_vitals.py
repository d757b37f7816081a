"""What the processes of the service write down about themselves, and what became of each look at the ledger.

Nothing here is about a person: a name of a figure, a number, a time.
"""

from datetime import datetime

from sqlalchemy import Column, String, Text
from sqlmodel import Field, SQLModel

from storage.columns import Instant
from storage.tables import partial_index

RUNNER = 64  # characters of a process's name
FIGURE = 80  # characters of a figure's name
RUNNING = "state = 'running'"


class VitalRow(SQLModel, table=True):
    """A figure of one process in ten minutes: `total` is the sum of what it counted, `peak` the largest single one."""

    __tablename__ = "vitals"

    slot: datetime = Field(sa_type=Instant, primary_key=True)
    runner: str = Field(sa_column=Column(String(RUNNER), primary_key=True))
    name: str = Field(sa_column=Column(String(FIGURE), primary_key=True))
    total: float
    peak: float


class ProcessRow(SQLModel, table=True):
    """A process: `seen_at` is its last sign of life, `ended_at` when it was stopped (None: it was not, so far).

    `details` is JSON: versions, memory, workers.
    """

    __tablename__ = "processes"

    runner: str = Field(sa_column=Column(String(RUNNER), primary_key=True))
    role: str = Field(sa_type=String(8))
    started_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    leads: bool
    details: str = Field(sa_type=Text)


class LedgerCheckRow(SQLModel, table=True):
    """A look at every chain. `state`: running, whole, broken, failed, lost; at most one is running.

    `people` and `entries` are what it has seen so far, of `expected` people; `root` stands for all heads at its end;
    `details` is JSON: the first findings.
    """

    __tablename__ = "ledger_checks"
    __table_args__ = (partial_index("ix_ledger_checks_running", "state", where=RUNNING, unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    reason: str = Field(sa_type=String(8))
    runner: str = Field(sa_type=String(RUNNER))
    state: str = Field(sa_type=String(8))
    started_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    expected: int
    people: int
    entries: int
    findings: int
    root: str = Field(sa_type=String(64))
    details: str = Field(sa_type=Text)
