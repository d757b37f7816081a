"""What statistics and exports of a unit read: figures grouped in the database, and people page by page."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, or_, select, true
from sqlalchemy.dialects.postgresql import insert

from storage.many import any_of, key_values, size
from storage.members import opened
from storage.sealing import Vault
from storage.sheets_roster import Listed
from storage.statements import Statement, Step, Visit
from storage.tables import columns, table
from storage.tables_proofs import MemberRow
from storage.tables_reminders import StandingRow
from storage.tables_sheets import UnitFiguresRow

_MEMBERS, _STANDINGS, _FIGURES = table(MemberRow), table(StandingRow), table(UnitFiguresRow)
_SUMMED = tuple(
    f"{category}_{state}" for category in ("public", "professional", "elective") for state in ("claimed", "verified")
)
_ONE: Any = literal_column("1")
_NO: Any = literal_column("0")
_SET = insert(_FIGURES).values(columns(UnitFiguresRow))
_PUT_FIGURES = Statement(
    _SET.on_conflict_do_update(
        index_elements=["unit", "year"],
        set_={name: _SET.excluded[name] for name in ("content", "set_by", "set_at")},
    )
)
_READ_FIGURES = Statement(
    select(_FIGURES.c.content).where(_FIGURES.c.unit == bindparam("of"), _FIGURES.c.year == bindparam("of_year"))
)


def _count(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, _ONE), else_=_NO)), _NO)


@lru_cache(16)
def _groups(units: int) -> Statement:
    joined = _MEMBERS.outerjoin(
        _STANDINGS, and_(_STANDINGS.c.person_id == _MEMBERS.c.person_id, _STANDINGS.c.year == bindparam("of_year"))
    )
    took_part = or_(*(_STANDINGS.c[name] > 0 for name in _SUMMED))
    verified = or_(*(_STANDINGS.c[name] > 0 for name in _SUMMED if name.endswith("verified")))
    found: Any = (
        select(
            _MEMBERS.c.unit,
            _MEMBERS.c.department,
            func.count(),
            _count(_STANDINGS.c.person_id.is_not(None)),
            _count(took_part),
            _count(verified),
            _count(_STANDINGS.c.complete.is_(true())),
            *(func.coalesce(func.sum(_STANDINGS.c[name]), _NO) for name in _SUMMED),
        )
        .select_from(joined)
        .where(any_of(_MEMBERS.c.unit, units, "u"), _MEMBERS.c.active)
        .group_by(_MEMBERS.c.unit, _MEMBERS.c.department)
        .order_by(_MEMBERS.c.unit, _MEMBERS.c.department)
    )
    return Statement(found)


_SELECTED = [
    *(_MEMBERS.c[name] for name in ("id", "identity", "name", "phone", "id_number", "unit", "department", "person_id"))
]


@lru_cache(16)
def _ids(units: int, *, bound: bool, department: bool) -> Statement:
    found: Any = select(_MEMBERS.c.id).where(any_of(_MEMBERS.c.unit, units, "u"), _MEMBERS.c.active)
    if bound:
        found = found.where(_MEMBERS.c.person_id.is_not(None))
    if department:
        found = found.where(_MEMBERS.c.department == bindparam("of_department"))
    return Statement(found.order_by(_MEMBERS.c.unit, _MEMBERS.c.department, _MEMBERS.c.id))


@lru_cache(64)
def _people(units: int, count: int) -> Statement:
    found: Any = select(*_SELECTED).where(
        any_of(_MEMBERS.c.id, count, "k"), any_of(_MEMBERS.c.unit, units, "u"), _MEMBERS.c.active
    )
    return Statement(found.order_by(_MEMBERS.c.unit, _MEMBERS.c.department, _MEMBERS.c.id))


def groups(units: Sequence[str], year: int) -> Visit[list[tuple[str, str, dict[str, float]]]]:
    """Each department's figures: people, known to us, with hours, with verified hours, complete, and sums of hours."""
    if not units:
        return []
    values = {f"u{place}": unit for place, unit in enumerate(units)}
    (rows,) = yield (Step(_groups(len(units)), {**values, "of_year": year}),)
    names = ("people", "known", "took_part", "with_verified", "complete", *_SUMMED)
    return [(row[0], row[1], {name: float(value) for name, value in zip(names, row[2:], strict=True)}) for row in rows]


def member_ids(units: Sequence[str], department: str, *, bound: bool) -> Visit[list[int]]:
    """The roster rows of these units, of one department where it is told; `bound`: only of people known to us."""
    if not units:
        return []
    values = {f"u{place}": unit for place, unit in enumerate(units)} | {"of_department": department}
    (rows,) = yield (Step(_ids(len(units), bound=bound, department=bool(department)), values),)
    return [row[0] for row in rows]


def people(vault: Vault, units: Sequence[str], ids: Sequence[int]) -> Visit[list[tuple[str, Listed]]]:
    """Some roster rows of these units, each with its unit; who has left since is left out."""
    if not units or not ids:
        return []
    count = size(len(ids))
    values = {f"u{place}": unit for place, unit in enumerate(units)}
    (rows,) = yield (Step(_people(len(units), count), {**values, **key_values(ids, count, "k")}),)
    found = []
    for id_, key, name, phone, id_number, unit, department, person_id in rows:
        told = {"phone": phone, "id_number": id_number}
        plain = {field: "" if value is None else opened(vault, key, field, value) for field, value in told.items()}
        one = Listed(id_, key, department, opened(vault, key, "name", name), **plain, person_id=person_id, active=True)
        found.append((unit, one))
    return found


def set_figures(unit: str, year: int, content: dict[str, Any], by: str, now: datetime) -> Visit[None]:
    """What the unit fills in for a year's statistics."""
    told = json.dumps(content, ensure_ascii=False, sort_keys=True)
    yield (Step(_PUT_FIGURES, {"unit": unit, "year": year, "content": told, "set_by": by, "set_at": now}),)


def figures(unit: str, year: int) -> Visit[dict[str, Any]]:
    """What the unit has filled in; empty where nothing."""
    (rows,) = yield (Step(_READ_FIGURES, {"of": unit, "of_year": year}),)
    return json.loads(rows[0][0]) if rows else {}
