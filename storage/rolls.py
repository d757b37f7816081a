"""A unit's people listed and found, with where each stands in a year, out of rosters and standings.

Lists go on by key, not by number, so that the thousandth page costs what the first does. Only the names of a page's
people are opened.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, or_, select, true, tuple_

from domain.census import GAPS, Enrolled, Group, Listed, Order, Wanted
from domain.review import Member
from domain.vocabulary import Category
from storage import standings
from storage.members import normal, opened
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Values, Visit
from storage.tables import table
from storage.tables_proofs import MemberRow
from storage.tables_reminders import StandingRow

PAGE = 50  # people of one page
SEARCHED = 5000  # people of a scope whose names are opened to find a part of one
_LAST = 9999.0  # 学时 that who has recorded nothing is taken to lack, for the order

_MEMBERS, _STANDINGS = table(MemberRow), table(StandingRow)
_NO: Any = literal_column("0")
JOINED = _MEMBERS.outerjoin(
    _STANDINGS, and_(_STANDINGS.c.person_id == _MEMBERS.c.person_id, _STANDINGS.c.year == bindparam("of_year"))
)
_UNRULED = _STANDINGS.c.person_id.is_(None)
_THROUGH = or_(_STANDINGS.c.complete.is_(true()), _STANDINGS.c.missing <= _NO)
_EMPTY = and_(_STANDINGS.c.have <= _NO, _STANDINGS.c.pending == _NO, _STANDINGS.c.returned == _NO)
SILENT = or_(_UNRULED, and_(_EMPTY, ~_THROUGH))
DONE = _STANDINGS.c.complete.is_(true())
OPEN = and_(_STANDINGS.c.missing <= _NO, _STANDINGS.c.complete.is_not(true()))
LACKS_HOURS = and_(_STANDINGS.c.missing > _NO, _STANDINGS.c.complete.is_not(true()), ~_EMPTY)
GROUPS: dict[Group, Any] = {
    Group.BEHIND: or_(_UNRULED, ~_THROUGH),
    Group.DONE: DONE,
    Group.OPEN: OPEN,
    Group.SILENT: SILENT,
    Group.UNBOUND: _MEMBERS.c.person_id.is_(None),
    Group.PENDING: _STANDINGS.c.pending > _NO,
    Group.RETURNED: _STANDINGS.c.returned > _NO,
    Group.REVIEWING: _STANDINGS.c.reviewing.is_(true()),
}
LACKING: dict[str, Any] = {
    Category.PUBLIC: or_(_UNRULED, _STANDINGS.c.public_missing > _NO),
    Category.PROFESSIONAL: or_(_UNRULED, _STANDINGS.c.professional_missing > _NO),
}
_GAP = func.coalesce(_STANDINGS.c.missing, literal_column(str(_LAST)))
_ROW = ("id", "unit", "department", "identity", "name", "phone", "person_id", "active")
_SELECTED = [*(_MEMBERS.c[name] for name in _ROW), *standings.SELECTED]
_MEMBER_END = len(_ROW)


def counting(condition: Any) -> Any:
    """How many rows of a group meet a condition."""
    return func.count().filter(condition)


def in_units(count: int) -> Any:
    """Who is on the roster of one of so many units (parameters u0, u1, …)."""
    wanted = [bindparam(f"u{place}", type_=_MEMBERS.c.unit.type) for place in range(count)]
    return and_(_MEMBERS.c.unit.in_(wanted), _MEMBERS.c.active)


def of_units(units: Sequence[str]) -> Values:
    """The values for `in_units`."""
    return {f"u{place}": unit for place, unit in enumerate(units)}


def between(low: int | None, high: int | None) -> Any:
    """Who lacks more than `low` and at most `high` 学时."""
    more = true() if low is None else _STANDINGS.c.missing > literal_column(str(low))
    return more if high is None else and_(more, _STANDINGS.c.missing <= literal_column(str(high)))


# Listing


@lru_cache(64)
def _departments(count: int) -> Statement:
    place = (_MEMBERS.c.unit, _MEMBERS.c.department)
    return Statement(select(*place, func.count()).where(in_units(count)).group_by(*place).order_by(*place))


def departments(units: Sequence[str]) -> Visit[list[tuple[str, str, int]]]:
    """Unit, department and number of people."""
    if not units:
        return []
    (rows,) = yield (Step(_departments(len(units)), of_units(units)),)
    return [(unit, department, int(people)) for unit, department, people in rows]


def _filtered(selected: Any, wanted: Wanted) -> Any:
    found = selected.select_from(JOINED).where(in_units(len(wanted.units)))
    if wanted.department is not None:
        found = found.where(_MEMBERS.c.department == bindparam("of_department"))
    if wanted.group in GROUPS:
        found = found.where(GROUPS[wanted.group])
    if wanted.lacks in LACKING:
        found = found.where(LACKING[wanted.lacks])
    if wanted.gap is not None:
        bounds = (None, *GAPS, None)
        found = found.where(LACKS_HOURS, between(bounds[wanted.gap], bounds[wanted.gap + 1]))
    return found


def _shape(wanted: Wanted) -> Wanted:
    """The filter without its values: what one compiled statement serves."""
    named = None if wanted.department is None else ""
    return Wanted(("",) * len(wanted.units), 0, named, wanted.group, wanted.lacks, wanted.gap, wanted.order)


def _values(wanted: Wanted) -> Values:
    values = {**of_units(wanted.units), "of_year": wanted.year}
    return values if wanted.department is None else {**values, "of_department": wanted.department}


@lru_cache(256)
def _listed(shape: Wanted, *, after: bool, back: bool) -> Statement:
    by_place = (_MEMBERS.c.unit, _MEMBERS.c.department, _MEMBERS.c.id)
    keys = [bindparam(f"after_{column.name}", type_=column.type) for column in by_place]
    if shape.order is Order.PLACE:
        order: list[Any] = [column.desc() if back else column for column in by_place]
        beyond = tuple_(*by_place) < tuple_(*keys) if back else tuple_(*by_place) > tuple_(*keys)
    else:
        order = [_GAP if back else _GAP.desc(), _MEMBERS.c.id.desc() if back else _MEMBERS.c.id]
        gap = bindparam("after_gap", type_=_STANDINGS.c.missing.type)
        same = and_(gap == _GAP, _MEMBERS.c.id < keys[2] if back else _MEMBERS.c.id > keys[2])
        beyond = or_(gap < _GAP if back else gap > _GAP, same)
    chosen = _filtered(select(_MEMBERS.c.id), shape)
    if after:
        chosen = chosen.where(beyond)
    # Narrow rows are put in order, out of the indices; only a page's people are then read whole.
    page = chosen.order_by(*order).limit(literal_column(str(PAGE + 1))).subquery("page")
    whole = select(*_SELECTED).select_from(JOINED.join(page, page.c.id == _MEMBERS.c.id))
    return Statement(whole.order_by(*order))


def listed(vault: Vault, wanted: Wanted, after: int = 0, *, back: bool = False) -> Visit[tuple[list[Listed], bool]]:
    """A page of people behind the roster row `after` (with `back`, before it), in order, and whether there are more
    that way. 0, or a row that is no longer there: from the beginning.
    """
    if not wanted.units:
        return [], False
    at = yield from _of_ids(vault, wanted.units, [after] if after else [], wanted.year)
    values = _values(wanted) | (_key(at[0], wanted.order) if at else {})
    back = back and bool(at)
    (rows,) = yield (Step(_listed(_shape(wanted), after=bool(at), back=back), values),)
    found = [_one(vault, row) for row in rows[:PAGE]]
    return (found[::-1] if back else found), len(rows) > PAGE


def _key(after: Listed, order: Order) -> Values:
    """Where a page goes on."""
    if order is Order.PLACE:
        place = after.member
        return {"after_unit": place.unit, "after_department": place.department, "after_id": place.id}
    missing = _LAST if after.standing is None else after.standing.missing
    return {"after_gap": missing, "after_id": after.member.id}


def _one(vault: Vault, row: Row) -> Listed:
    standing = row[_MEMBER_END:]
    return Listed(_member(vault, row), None if standing[0] is None else standings.standing(standing))


def _member(vault: Vault, row: Row) -> Member:
    id_, unit, department, key, name, phone, person_id, active = row[:_MEMBER_END]
    told = "" if phone is None else opened(vault, key, "phone", phone)
    return Member(id_, unit, department, opened(vault, key, "name", name), told, person_id, bool(active))


@lru_cache(64)
def _total(shape: Wanted) -> Statement:
    return Statement(_filtered(select(func.count()), shape))


def total(wanted: Wanted) -> Visit[int]:
    """How many people a filter shows."""
    if not wanted.units:
        return 0
    (rows,) = yield (Step(_total(_shape(wanted)), _values(wanted)),)
    return int(rows[0][0])


# Finding somebody


@lru_cache(64)
def _by_digest(column: str, units: int, digests: int) -> Statement:
    sought = [bindparam(f"d{place}", type_=_MEMBERS.c[column].type) for place in range(digests)]
    found = select(_MEMBERS.c.id).where(in_units(units), _MEMBERS.c[column].in_(sought))
    return Statement(found.order_by(_MEMBERS.c.id).limit(PAGE))


@lru_cache(64)
def _names(units: int) -> Statement:
    found = select(_MEMBERS.c.id, _MEMBERS.c.identity, _MEMBERS.c.name).where(in_units(units))
    return Statement(found.order_by(_MEMBERS.c.id).limit(literal_column(str(SEARCHED + 1))))


@lru_cache(64)
def _with_ids(units: int, ids: int) -> Statement:
    sought = [bindparam(f"i{place}", type_=_MEMBERS.c.id.type) for place in range(ids)]
    found: Any = select(*_SELECTED).select_from(JOINED).where(in_units(units), _MEMBERS.c.id.in_(sought))
    return Statement(found.order_by(_MEMBERS.c.unit, _MEMBERS.c.department, _MEMBERS.c.id))


def found(vault: Vault, units: Sequence[str], words: str, year: int) -> Visit[list[Listed]]:
    """Up to PAGE people by their whole name or ID number; by a part of the name too where the scope is not large."""
    if not units or not normal(words):
        return []
    ids = yield from _ids(vault, units, words)
    return (yield from _of_ids(vault, units, ids, year))


def _ids(vault: Vault, units: Sequence[str], words: str) -> Visit[list[int]]:
    sought: dict[str, list[str]] = {"named": list(vault.digests(normal(words), "members"))}
    if any(figure.isdecimal() for figure in words):
        own = [f"{unit}\n{normal(words)}" for unit in units]
        sought = {"identity": [digest for one in own for digest in vault.digests(one, "members")]}
    for column, digests in sought.items():
        values = {**of_units(units), **{f"d{place}": digest for place, digest in enumerate(digests)}}
        (rows,) = yield (Step(_by_digest(column, len(units), len(digests)), values),)
        if rows:
            return [row[0] for row in rows]
    (rows,) = yield (Step(_names(len(units)), of_units(units)),)
    if len(rows) > SEARCHED:
        return []
    part = normal(words)
    return [id_ for id_, identity, name in rows if part in normal(opened(vault, identity, "name", name))][:PAGE]


def _of_ids(vault: Vault, units: Sequence[str], ids: Sequence[int], year: int) -> Visit[list[Listed]]:
    if not ids:
        return []
    values = {**of_units(units), **{f"i{place}": id_ for place, id_ in enumerate(ids)}, "of_year": year}
    (rows,) = yield (Step(_with_ids(len(units), len(ids)), values),)
    return [_one(vault, row) for row in rows]


@lru_cache(64)
def _enrolled(units: int) -> Statement:
    more = (_MEMBERS.c[name] for name in ("id_number", "imported_at", "bound_at"))
    selected = select(*(_MEMBERS.c[name] for name in _ROW), *more)
    return Statement(selected.where(in_units(units), _MEMBERS.c.id == bindparam("of")))


def enrolled(vault: Vault, units: Sequence[str], member_id: int) -> Visit[Enrolled | None]:
    """A row of one of these units' rosters; None when it is no such row, or of another unit."""
    if not units:
        return None
    (rows,) = yield (Step(_enrolled(len(units)), {**of_units(units), "of": member_id}),)
    if not rows:
        return None
    id_number, imported_at, bound_at = rows[0][_MEMBER_END:]
    own = "" if id_number is None else opened(vault, rows[0][3], "id_number", id_number)
    return Enrolled(_member(vault, rows[0]), own, imported_at, bound_at)
