"""A unit at a glance, for its HR: how far each department is, and one person's figures."""

from dataclasses import dataclass

from domain.standing import Standing


@dataclass(frozen=True, slots=True)
class Group:
    """A department in a year. `open`: the rules leave it open whether they are done. `silent` have no record yet."""

    department: str
    people: int
    done: int
    open: int
    public_behind: int
    pending: int
    silent: int


@dataclass(frozen=True, slots=True)
class Employed:
    """Somebody on the roster by name, with where they stand in the year that was asked about."""

    name: str
    department: str
    joined: bool
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """What HR asks about a unit: its groups, the names of who is behind in one, people of one name."""

    unit: str = ""
    year: int = 0
    groups: tuple[Group, ...] = ()
    behind: tuple[str, ...] = ()
    found: tuple[Employed, ...] = ()
