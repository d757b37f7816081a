"""A unit's figures out of rosters and standings: one grouped read, whatever the number of entries."""

from collections.abc import Callable, Coroutine
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, or_, select, true

from domain.overview import Employed, Group, Overview
from storage import members
from storage.members import opened
from storage.sealing import Vault
from storage.standings import SELECTED, standing
from storage.statements import Statement, Step, Visit
from storage.tables import table
from storage.tables_proofs import MemberRow
from storage.tables_reminders import StandingRow

NAMES = 30  # of those who are behind

_MEMBERS, _STANDINGS = table(MemberRow), table(StandingRow)
_JOINED = _MEMBERS.outerjoin(
    _STANDINGS, and_(_STANDINGS.c.person_id == _MEMBERS.c.person_id, _STANDINGS.c.year == bindparam("of_year"))
)
_OF_UNIT = and_(_MEMBERS.c.unit == bindparam("of_unit"), _MEMBERS.c.active)
_NONE = _STANDINGS.c.person_id.is_(None)
_DONE = and_(_STANDINGS.c.person_id.is_not(None), or_(_STANDINGS.c.complete.is_(true()), _STANDINGS.c.missing <= 0))
_ONE: Any = literal_column("1")
_NO: Any = literal_column("0")


def _count(condition: Any) -> Any:
    return func.sum(case((condition, _ONE), else_=_NO))


_GROUPS: Any = (
    select(
        _MEMBERS.c.department,
        func.count(),
        _count(and_(_DONE, _STANDINGS.c.complete.is_(true()))),
        _count(and_(_DONE, _STANDINGS.c.complete.is_not(true()))),
        _count(or_(_NONE, _STANDINGS.c.public_missing > 0)),
        func.coalesce(func.sum(_STANDINGS.c.pending), _NO),
        _count(_NONE),
    )
    .select_from(_JOINED)
    .where(_OF_UNIT)
    .group_by(_MEMBERS.c.department)
    .order_by(_MEMBERS.c.department)
)
_READ_GROUPS = Statement(_GROUPS)
_DEPARTMENT = bindparam("of_department", type_=_MEMBERS.c.department.type)
_BEHIND: Any = (
    select(_MEMBERS.c.id, _MEMBERS.c.identity, _MEMBERS.c.name)
    .select_from(_JOINED)
    .where(_OF_UNIT, or_(_NONE, ~_DONE), or_(literal_column("''") == _DEPARTMENT, _MEMBERS.c.department == _DEPARTMENT))
    .order_by(func.coalesce(_STANDINGS.c.missing, literal_column("9999.0")).desc(), _MEMBERS.c.id)
    .limit(NAMES)
)
_READ_BEHIND = Statement(_BEHIND)
_STANDING: Any = select(*SELECTED).where(
    _STANDINGS.c.person_id == bindparam("of"), _STANDINGS.c.year == bindparam("of_year")
)
_READ_STANDING = Statement(_STANDING)


def groups(unit: str, year: int) -> Visit[tuple[Group, ...]]:
    (rows,) = yield (Step(_READ_GROUPS, {"of_unit": unit, "of_year": year}),)
    return tuple(Group(row[0], *(int(value) for value in row[1:])) for row in rows)


def behind(vault: Vault, unit: str, year: int, department: str) -> Visit[tuple[str, ...]]:
    """Names of who lacks hours, who lacks most first."""
    values = {"of_unit": unit, "of_year": year, "of_department": department}
    (rows,) = yield (Step(_READ_BEHIND, values),)
    return tuple(opened(vault, identity, "name", name) for _, identity, name in rows)


def named(vault: Vault, unit: str, year: int, name: str) -> Visit[tuple[Employed, ...]]:
    """The people of a unit with this name."""
    found = []
    for member in (yield from members.named(vault, unit, name)):
        rows = []
        if member.person_id:
            (rows,) = yield (Step(_READ_STANDING, {"of": member.person_id, "of_year": year}),)
        there = standing(rows[0]) if rows else None
        found.append(Employed(member.name, member.department, member.person_id is not None, there))
    return tuple(found)


def overview(vault: Vault, unit: str, year: int, department: str, name: str) -> Visit[Overview]:
    """A unit's groups with who is behind, or the people of a name when one is said."""
    if name:
        return Overview(unit, year, found=(yield from named(vault, unit, year, name)))
    listed = yield from groups(unit, year)
    return Overview(unit, year, listed, (yield from behind(vault, unit, year, department)))


class OverviewStore:
    """Made by the store (`Store.overview`); `run` is its driver's."""

    def __init__(self, run: Callable[..., Coroutine[Any, Any, Any]], vault: Vault) -> None:
        self._run = run
        self._vault = vault

    async def of(self, unit: str, year: int, department: str = "", name: str = "") -> Overview:
        found: Overview = await self._run(overview(self._vault, unit, year, department, name))
        return found
