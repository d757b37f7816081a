"""A unit's people as its HR looks at them: counted by department, listed by what they lack, and one of them whole."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.ledger import Entry
from domain.person import Person
from domain.review import Address, Chain, Member
from domain.standing import Standing

GAPS = (10, 30, 60)  # 学时: who is behind lacks up to the first, up to the second, …, or more than the last


class Group(StrEnum):
    """Whom a list shows, by where they stand in its year."""

    ALL = ""
    BEHIND = "behind"  # all who are neither done nor left open
    DONE = "done"
    OPEN = "open"  # nothing is missing, and the text leaves open whether that is enough
    SILENT = "silent"  # behind, with nothing recorded
    UNBOUND = "unbound"  # on the roster, and has not said who they are
    PENDING = "pending"  # has records that wait for review
    RETURNED = "returned"  # has records that were sent back
    REVIEWING = "reviewing"  # wants to go for title review in this year


class Order(StrEnum):
    PLACE = ""  # by unit and department, as on the roster
    MISSING = "missing"  # who lacks most first


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter over the rosters of `units`. `lacks` is a category; `gap` a place in GAPS, or the one after its last."""

    units: tuple[str, ...]
    year: int
    department: str | None = None
    group: Group = Group.ALL
    lacks: str = ""
    gap: int | None = None
    order: Order = Order.PLACE


@dataclass(frozen=True, slots=True)
class Figures:
    """A department in a year. `bound` have said who they are; `silent` are behind with nothing recorded; who has not
    come yet counts as behind in both categories. `missing` is in 学时 of those who are behind with something recorded,
    `by_gap` counts them by GAPS.
    """

    unit: str
    department: str
    people: int
    bound: int
    silent: int
    done: int
    open: int
    public_behind: int
    professional_behind: int
    missing: float
    pending: int
    reviewing: int
    by_gap: tuple[int, ...]

    @property
    def behind(self) -> int:
        return self.people - self.done - self.open


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody on a roster, with where they stand in the year that was asked about."""

    member: Member
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A row of a roster with what only the page about this person shows."""

    member: Member
    id_number: str
    imported_at: datetime
    bound_at: datetime | None


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits in a department: how many records, since when the oldest, how many for longer than each of AGES."""

    unit: str
    department: str
    waiting: int
    oldest: datetime
    older: tuple[int, ...]


AGES = (3, 7, 14)  # days that a record has waited


@dataclass(frozen=True, slots=True)
class Course:
    """Hours of a year by month, in 学时 before caps; `regions` counts the people by place code."""

    year: int
    months: tuple[float, ...]
    regions: dict[str, int]


@dataclass(frozen=True, slots=True)
class Record:
    """A person with all that they have recorded, as of the end of `chain`; `version` is that of their talk."""

    person: Person
    entries: list[Entry]
    chain: Chain
    version: int
    address: Address | None


@dataclass(frozen=True, slots=True)
class Moved:
    """An employee was moved, or left (`to_unit` empty). `by` is the name of who did it, empty when not known."""

    from_unit: str
    from_department: str
    to_unit: str
    to_department: str
    by: str
    at: datetime
    name: str = ""
    member_id: int = 0


@dataclass(frozen=True, slots=True)
class Poster:
    """An invitation for the people of a department (empty: of the unit). `address` is what its QR code says."""

    id: str
    unit: str
    department: str
    code: str
    address: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
