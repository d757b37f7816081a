"""Rosters: who belongs to a unit, how somebody who writes is found on one, and what a unit has set for its reviews."""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, bindparam, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.person import Role
from domain.proof import USED_YEARS
from domain.review import Join, Member, Membership
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Values, Visit
from storage.tables import GrantRow, columns, table
from storage.tables_console import UnitRow
from storage.tables_proofs import InvitationRow, MemberRow, UnitSettingsRow

REVIEWERS = (Role.HR_ADMIN, Role.REVIEWER)
INVITED_FOR = timedelta(days=30)
_MOST = 20  # roster rows that one name may point at
LEVELS = 8  # of units below each other that a role reaches in the talk

_MEMBERS, _GRANTS = table(MemberRow), table(GrantRow)
_INVITATIONS, _SETTINGS, _UNITS = table(InvitationRow), table(UnitSettingsRow), table(UnitRow)

_SELECTED = [
    *(_MEMBERS.c[name] for name in ("id", "unit", "department", "identity", "name", "phone", "person_id", "active"))
]
_IMPORT = insert(_MEMBERS).values(columns(MemberRow, person_id=None, active=True, bound_at=None))
_IMPORTED = ("department", "name", "phone", "id_number", "who", "named", "active", "imported_at")
_PUT = Statement(
    _IMPORT.on_conflict_do_update(
        index_elements=["identity"], set_={name: _IMPORT.excluded[name] for name in _IMPORTED}
    )
)
_HAS = Statement(select(_MEMBERS.c.id).where(_MEMBERS.c.identity == bindparam("key")))
_OF_PERSON = Statement(
    select(*_SELECTED).where(_MEMBERS.c.person_id == bindparam("of"), _MEMBERS.c.active).order_by(_MEMBERS.c.id)
)
_OF_UNIT = Statement(select(*_SELECTED).where(_MEMBERS.c.unit == bindparam("of"), _MEMBERS.c.active))
_ALL_OF_UNIT = Statement(select(*_SELECTED).where(_MEMBERS.c.unit == bindparam("of")))
_LEAVE = Statement(update(_MEMBERS).where(_MEMBERS.c.id == bindparam("of")).values(active=False))
_BIND = Statement(
    update(_MEMBERS)
    .where(_MEMBERS.c.id == bindparam("of"), _MEMBERS.c.person_id.is_(None), _MEMBERS.c.active)
    .values(person_id=bindparam("who_it_is"), bound_at=bindparam("now"))
)
_ADD = Statement(insert(_MEMBERS).values(columns(MemberRow, active=True, id_number=None)).on_conflict_do_nothing())
_INVITE = Statement(insert(_INVITATIONS).values(columns(InvitationRow)).on_conflict_do_nothing())


def _reach() -> Any:
    """Units and roles of somebody: those granted, then those of the units below, level by level."""
    top: Any = literal_column("0", Integer).label("depth")
    granted = select(_GRANTS.c.unit, _GRANTS.c.role, top).where(_GRANTS.c.person_id == bindparam("of"))
    reach = granted.cte("reach", recursive=True)
    deeper = (reach.c.depth + literal_column("1", Integer)).label("depth")
    below = select(_UNITS.c.name, reach.c.role, deeper).where(
        _UNITS.c.parent == reach.c.unit, reach.c.depth < literal_column(str(LEVELS))
    )
    reach = reach.union(below)
    return select(reach.c.unit, reach.c.role).order_by(reach.c.depth, reach.c.unit)


_UNITS_OF = Statement(_reach())
_SET_ORGANIZERS = insert(_SETTINGS).values(columns(UnitSettingsRow, reasons="[]", keep_years=USED_YEARS))
_PUT_ORGANIZERS = Statement(
    _SET_ORGANIZERS.on_conflict_do_update(
        index_elements=["unit"], set_={"organizers": _SET_ORGANIZERS.excluded.organizers}
    )
)
_ORGANIZERS = Statement(select(_SETTINGS.c.organizers).where(_SETTINGS.c.unit == bindparam("of")))


@dataclass(frozen=True, slots=True)
class Employee:
    """A row of a roster as it was handed in, already checked."""

    name: str
    phone: str = ""
    id_number: str = ""
    department: str = ""


def normal(words: str) -> str:
    """Words as they are compared: NFKC, without spaces, dots and dashes, upper case."""
    return re.sub(r"[\s·•.\-–—]", "", unicodedata.normalize("NFKC", words)).upper()


def _identity(unit: str, employee: Employee) -> str:
    own = normal(employee.id_number) or f"{normal(employee.name)}\n{normal(employee.phone)}"
    return f"{unit}\n{own}"


def _who(vault: Vault, name: str, phone: str) -> str:
    return vault.digest(f"{normal(name)}\n{normal(phone)}", "members")


def _named(vault: Vault, name: str) -> str:
    return vault.digest(normal(name), "members")


def put(vault: Vault, unit: str, employees: Iterable[Employee], now: datetime) -> Visit[None]:
    """Adds employees to a unit's roster, or updates the rows that are there; who is bound stays bound."""
    steps = []
    for one in employees:
        key = yield from _known(vault.digests(_identity(unit, one), "members"))
        steps.append(Step(_PUT, _values(vault, unit, one, key, now)))
    if steps:
        yield tuple(steps)


def _known(keys: Sequence[str]) -> Visit[str]:
    """The identity under which a row was written before the keys were rotated; else the one of today's key."""
    for key in keys[1:]:
        (rows,) = yield (Step(_HAS, {"key": key}),)
        if rows:
            return key
    return keys[0]


def identities(vault: Vault, unit: str, one: Employee) -> tuple[str, ...]:
    """What makes an employee one row of a unit's roster, under every key; today's first."""
    return vault.digests(_identity(unit, one), "members")


def sealed(vault: Vault, one: Employee, key: str) -> dict[str, bytes | None]:
    """What is personal of an employee, for the roster row whose identity is `key`."""
    own = {"phone": one.phone, "id_number": one.id_number}
    kept = {name: vault.seal(words.encode(), _place(key, name)) if words else None for name, words in own.items()}
    return {"name": vault.seal(one.name.encode(), _place(key, "name")), **kept}


def _values(vault: Vault, unit: str, one: Employee, key: str, now: datetime) -> Values:
    return {
        "unit": unit,
        "department": one.department,
        "identity": key,
        **sealed(vault, one, key),
        "who": _who(vault, one.name, one.phone),
        "named": _named(vault, one.name),
        "imported_at": now,
    }


def leave(member_id: int) -> Visit[None]:
    """Takes an employee off the roster; what the unit has decided about them stays."""
    yield (Step(_LEAVE, {"of": member_id}),)


def _member(vault: Vault, row: Row) -> Member:
    id_, unit, department, key, name, phone, person_id, active = row
    return Member(
        id=id_,
        unit=unit,
        department=department,
        name=opened(vault, key, "name", name),
        phone="" if phone is None else opened(vault, key, "phone", phone),
        person_id=person_id,
        active=bool(active),
    )


def opened(vault: Vault, key: str, field: str, sealed: bytes) -> str:
    """A sealed field of the roster row whose identity is `key`."""
    return vault.open(sealed, _place(key, field)).decode()


def _place(key: str, field: str) -> str:
    return f"members/{key}/{field}"


def of_person(vault: Vault, person_id: str) -> Visit[list[Member]]:
    (rows,) = yield (Step(_OF_PERSON, {"of": person_id}),)
    return [_member(vault, row) for row in rows]


def of_unit(vault: Vault, unit: str, *, also_gone: bool = False) -> Visit[list[Member]]:
    """A unit's roster by name; `also_gone` gives those who have left too."""
    (rows,) = yield (Step(_ALL_OF_UNIT if also_gone else _OF_UNIT, {"of": unit}),)
    return sorted((_member(vault, row) for row in rows), key=lambda member: (member.name, member.id))


@lru_cache(16)
def _found_by(column: str, count: int, *, in_unit: bool) -> Statement:
    wanted = [bindparam(f"d{place}", type_=_MEMBERS.c[column].type) for place in range(count)]
    found = select(*_SELECTED).where(_MEMBERS.c[column].in_(wanted), _MEMBERS.c.active)
    if in_unit:
        found = found.where(_MEMBERS.c.unit == bindparam("in_unit"))
    return Statement(found.limit(_MOST))


def _find(vault: Vault, column: str, digests: Sequence[str], unit: str | None) -> Visit[list[Member]]:
    values: Values = {f"d{place}": digest for place, digest in enumerate(digests)}
    if unit is not None:
        values["in_unit"] = unit
    (rows,) = yield (Step(_found_by(column, len(digests), in_unit=unit is not None), values),)
    return [_member(vault, row) for row in rows]


def who_is(vault: Vault, name: str, phone: str) -> Visit[list[Member]]:
    """The roster rows of a name and phone, in any unit."""
    return (yield from _find(vault, "who", vault.digests(f"{normal(name)}\n{normal(phone)}", "members"), None))


def named(vault: Vault, unit: str, name: str) -> Visit[list[Member]]:
    """The roster rows of a unit with this name."""
    return (yield from _find(vault, "named", vault.digests(normal(name), "members"), unit))


@lru_cache(4)
def _invitation(count: int) -> Statement:
    wanted = [bindparam(f"d{place}", type_=_INVITATIONS.c.digest.type) for place in range(count)]
    return Statement(
        select(_INVITATIONS.c.unit, _INVITATIONS.c.department).where(
            _INVITATIONS.c.digest.in_(wanted), _INVITATIONS.c.expires_at > bindparam("now")
        )
    )


def invited(vault: Vault, code: str, now: datetime) -> Visit[tuple[str, str] | None]:
    """The unit and department that a code invites to; None when there is no such code, or no longer."""
    digests = vault.digests(code, "invitations")
    values: Values = {f"d{place}": digest for place, digest in enumerate(digests)}
    (rows,) = yield (Step(_invitation(len(digests)), {**values, "now": now}),)
    return (rows[0][0], rows[0][1]) if rows else None


def invite(vault: Vault, code: str, unit: str, made_by: str, now: datetime, department: str = "") -> Step:
    """The step that makes an invitation; who is on no roster yet joins `department`."""
    values = {"digest": vault.digest(code, "invitations"), "unit": unit, "department": department, "made_by": made_by}
    return Step(_INVITE, {**values, "expires_at": now + INVITED_FOR})


def join(vault: Vault, person_id: str, joining: Join, now: datetime) -> Step:
    """The step that binds a roster row to a person or adds one; it fails when somebody else is bound to it."""
    if joining.member_id is not None:
        return Step(_BIND, {"of": joining.member_id, "who_it_is": person_id, "now": now}, must=True)
    one = Employee(joining.name, joining.phone, department=joining.department)
    key = vault.digest(f"{joining.unit}\n{person_id}", "members")  # nobody is added twice to one unit
    values = _values(vault, joining.unit, one, key, now)
    return Step(_ADD, {**values, "person_id": person_id, "bound_at": now}, must=True)


def units_of(person_id: str) -> Visit[list[tuple[str, Role]]]:
    """The units for which somebody has a role, given there or above; those where it was given come first."""
    (rows,) = yield (Step(_UNITS_OF, {"of": person_id}),)
    return list(dict.fromkeys((unit, Role(role)) for unit, role in rows))


def set_organizers(unit: str, organizers: Iterable[str]) -> Visit[None]:
    """The organisers that a unit accepts without a hint; none of them means that all do."""
    listed = json.dumps(sorted(set(organizers)), ensure_ascii=False)
    yield (Step(_PUT_ORGANIZERS, {"unit": unit, "organizers": listed}),)


def organizers(unit: str) -> Visit[frozenset[str]]:
    (rows,) = yield (Step(_ORGANIZERS, {"of": unit}),)
    return frozenset(json.loads(rows[0][0])) if rows else frozenset()


def membership(vault: Vault, person_id: str, code: str, name: str, phone: str, now: datetime) -> Visit[Membership]:
    """What is known of a person and units; `code`, `name` and `phone` are what they have just said, if anything."""
    mine = yield from of_person(vault, person_id)
    invitation = (yield from invited(vault, code, now)) if code else None
    found: list[Member] = []
    if invitation and name:
        found = yield from named(vault, invitation[0], name)
    elif name and phone:
        found = yield from who_is(vault, name, phone)
    return Membership(
        units=tuple(dict.fromkeys(member.unit for member in mine)),
        found=tuple(found),
        invited=invitation[0] if invitation else None,
        invited_department=invitation[1] if invitation else "",
        organizers=(yield from organizers(mine[0].unit)) if mine else frozenset(),
    )
