"""Units within units, and who has which role in them: roles are given and withdrawn in the console."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.person import Role
from storage import people
from storage.refusals import Conflict, GuardFailed
from storage.sealing import Vault
from storage.statements import Statement, Step, Values, Visit
from storage.tables import GrantRow, PersonRow, columns, table
from storage.tables_console import UnitRow
from storage.tables_proofs import MemberRow

_UNITS, _GRANTS, _PEOPLE, _MEMBERS = table(UnitRow), table(GrantRow), table(PersonRow), table(MemberRow)

_NEW = insert(_UNITS).values(columns(UnitRow))
_PLACE = Statement(_NEW.on_conflict_do_update(index_elements=["name"], set_={"parent": _NEW.excluded.parent}))
_REMOVE = Statement(delete(_UNITS).where(_UNITS.c.name == bindparam("of"), _UNITS.c.parent == bindparam("below")))


def _line() -> Any:
    """A unit and all that stand above it."""
    line = select(_UNITS.c.name, _UNITS.c.parent).where(_UNITS.c.name == bindparam("of")).cte("line", recursive=True)
    line = line.union(select(_UNITS.c.name, _UNITS.c.parent).where(_UNITS.c.name == line.c.parent))
    return select(line.c.parent)


_ABOVE = Statement(_line())
_TAKEN_BY_GRANT = Statement(select(_GRANTS.c.unit).where(_GRANTS.c.unit == bindparam("of")).limit(1))
_TAKEN_BY_MEMBER = Statement(select(_MEMBERS.c.unit).where(_MEMBERS.c.unit == bindparam("of")).limit(1))
_WITHDRAW = Statement(
    delete(_GRANTS).where(
        _GRANTS.c.person_id == bindparam("of"),
        _GRANTS.c.unit == bindparam("in_unit"),
        _GRANTS.c.role == bindparam("as_role"),
    )
)
_ROLES_LEFT = Statement(select(_GRANTS.c.unit, _GRANTS.c.role).where(_GRANTS.c.person_id == bindparam("of")))
_SET_ROLES = Statement(
    update(_PEOPLE)
    .where(_PEOPLE.c.id == bindparam("of"), _PEOPLE.c.roles == bindparam("old"))
    .values(roles=bindparam("new"))
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with a role in a unit."""

    person_id: str
    name: str
    unit: str
    role: Role


def place(name: str, parent: str) -> Visit[bool]:
    """Puts a unit under another. False: that would make a circle."""
    (rows,) = yield (Step(_ABOVE, {"of": parent}),)
    if name == parent or name in {row[0] for row in rows}:
        return False
    yield (Step(_PLACE, {"name": name, "parent": parent}),)
    return True


def remove(name: str, parent: str) -> Visit[bool]:
    """A unit no longer stands under another; what is kept of it stays."""
    (rows,) = yield (Step(_REMOVE, {"of": name, "below": parent}),)
    return bool(rows)


def is_known(name: str) -> Visit[bool]:
    """Whether anybody has a role in a unit, or is on its roster."""
    (granted,) = yield (Step(_TAKEN_BY_GRANT, {"of": name}),)
    (listed,) = yield (Step(_TAKEN_BY_MEMBER, {"of": name}),)
    return bool(granted or listed)


@lru_cache(32)
def _colleagues(units: int) -> Statement:
    wanted = [bindparam(f"u{place}", type_=_GRANTS.c.unit.type) for place in range(units)]
    return Statement(
        select(_GRANTS.c.person_id, _GRANTS.c.unit, _GRANTS.c.role, _PEOPLE.c.name)
        .select_from(_GRANTS.join(_PEOPLE, _PEOPLE.c.id == _GRANTS.c.person_id))
        .where(_GRANTS.c.unit.in_(wanted))
        .order_by(_GRANTS.c.unit, _GRANTS.c.role, _GRANTS.c.person_id)
    )


def colleagues(vault: Vault, units: Sequence[str]) -> Visit[list[Colleague]]:
    """Who has a role in one of the units."""
    if not units:
        return []
    (rows,) = yield (Step(_colleagues(len(units)), {f"u{place}": unit for place, unit in enumerate(units)}),)
    return [Colleague(id_, people.opened_name(vault, id_, name), unit, Role(role)) for id_, unit, role, name in rows]


def withdraw(vault: Vault, person_id: str, unit: str, role: Role) -> Visit[bool]:
    """Takes a role in a unit away; False when it was not there. Conflict: roles have just been changed."""
    found = yield from people.find(vault, person_id)
    (rows,) = yield (Step(_ROLES_LEFT, {"of": person_id}),)
    there = {(in_unit, Role(as_role)) for in_unit, as_role in rows}
    if found is None or (unit, role) not in there:
        return False
    left = {as_role for _, as_role in there - {(unit, role)}}
    gone: Values = {"of": person_id, "in_unit": unit, "as_role": role.value}
    roles = {"of": person_id, "old": ",".join(found.roles), "new": ",".join(sorted(left))}
    try:
        yield (Step(_WITHDRAW, gone, must=True), Step(_SET_ROLES, roles, must=True))
    except GuardFailed:
        raise Conflict("the person's roles have just been changed: try again") from None
    return True
