"""Desk work that takes longer than one page: a list to import, an official record to compare, papers of many people.

A batch goes through its rows in pages: what a page does and how far the batch has come are one commit, so a crash
repeats nothing and leaves nothing out.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from domain.ledger import Activity


class BatchKind(StrEnum):
    ROSTER = "roster"  # 名册
    ATTENDANCE = "attendance"  # 培训名单：单位登记的学时
    OFFICIAL = "official"  # 官方平台导出的记录
    FORMS = "forms"  # 多人登记表
    WORKBOOK = "workbook"  # 单位明细表


class BatchState(StrEnum):
    """`read` while its rows are still being put down; `rehearsing` and `running` move by themselves."""

    READ = "read"
    REHEARSING = "rehearsing"
    REHEARSED = "rehearsed"  # waits for somebody to say go
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"  # by somebody; what was done stays
    FAILED = "failed"


MOVING = (BatchState.REHEARSING, BatchState.RUNNING)


@dataclass(frozen=True, slots=True)
class Batch:
    """`total` pages, of which the present stage has done `place`; `tally` counts rows by what became of them.

    `digest` is the SHA-256 of the file that was handed in; `content` (sealed) holds its name and what was chosen.
    """

    id: str
    unit: str
    kind: BatchKind
    state: BatchState
    made_by: str
    made_at: datetime
    digest: str = ""
    rows: int = 0
    total: int = 0
    place: int = 0
    tally: dict[str, int] = field(default_factory=dict)
    content: dict[str, Any] = field(default_factory=dict)
    ended_at: datetime | None = None

    @property
    def moves(self) -> bool:
        """Whether it goes on by itself."""
        return self.state in MOVING


@dataclass(frozen=True, slots=True)
class Attendance:
    """Hours of a person that their unit vouches for by a list. `key` is a keyed digest of unit, event, person and
    days: no list records it twice. `person_id` is None until the employee has said who they are.
    """

    key: str
    member_id: int
    row: int
    activity: Activity
    person_id: str | None = None


class Cause(StrEnum):
    """Why an official record and ours are not the same; the first that holds."""

    UNVERIFIED = "unverified"  # the same, but our record still waits for the unit
    HOURS = "hours"
    DATES = "dates"
    CATEGORY = "category"
    TITLE = "title"  # near, not equal
    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    UNBOUND = "unbound"  # an employee who does not use the service yet
    UNKNOWN = "unknown"  # nobody on the roster


class DifferenceState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"  # the official record holds; entries were added
    KEPT = "kept"  # ours holds; HR has said so


@dataclass(frozen=True, slots=True)
class Official:
    """A record of an official platform's export. `hours` are 学时 as it shows them."""

    title: str
    hours: float
    start: date | None = None
    end: date | None = None
    year: int = 0
    category: str = ""
    organizer: str = ""
    number: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference of a batch. `ours` is the claim's activity, None where we have none."""

    batch_id: str
    number: int
    cause: Cause
    state: DifferenceState
    name: str
    department: str
    year: int
    official: Official | None = None
    ours: Activity | None = None
    claim_id: str | None = None
    person_id: str | None = None
    verified: bool = False
    decided_at: datetime | None = None
