"""What units have set: deadlines by year and title series, and how their people may be spoken to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select, text
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.reminder import Courtesy, DeadlineSetting
from storage.statements import Row, Statement, Step, Visit
from storage.tables import columns, table
from storage.tables_proofs import IS_DECIDED, MemberRow, ReviewRow
from storage.tables_reminders import CourtesyRow, DeadlineRow

_TABLE = table(DeadlineRow)
_COURTESIES = table(CourtesyRow)
_MEMBERS = table(MemberRow)
_REVIEWS = table(ReviewRow)
_KEY = ("unit", "year", "series", "kind", "category")
_FIELDS = tuple(DeadlineSetting.model_fields)
_SELECTED = [_TABLE.c[name] for name in _FIELDS]
_AT_ONCE = 20  # steps of one bundle
REVIEWED = 50  # latest reviews of a unit, from which its time is measured

_NEW = insert(_TABLE).values(columns(DeadlineRow))
_PUT = Statement(
    _NEW.on_conflict_do_update(
        index_elements=list(_KEY),
        set_={name: _NEW.excluded[name] for name in (*_FIELDS, "set_at") if name not in _KEY},
    )
)
_REMOVE = Statement(delete(_TABLE).where(*(_TABLE.c[name] == bindparam(f"of_{name}") for name in _KEY)))
_OF_UNIT = Statement(
    select(*_SELECTED)
    .where(_TABLE.c.unit == bindparam("of"))
    .order_by(_TABLE.c.year, _TABLE.c.closes, _TABLE.c.kind, _TABLE.c.series, _TABLE.c.category)
)
_ALL = Statement(select(*_SELECTED).where(_TABLE.c.year >= bindparam("from_year")))
_NEW_COURTESY = insert(_COURTESIES).values(columns(CourtesyRow))
_PUT_COURTESY = Statement(
    _NEW_COURTESY.on_conflict_do_update(index_elements=["unit"], set_={"content": _NEW_COURTESY.excluded.content})
)
_UNITS = Statement(select(_MEMBERS.c.unit).where(_MEMBERS.c.active).distinct())
_REVIEWED = Statement(
    select(_REVIEWS.c.since, _REVIEWS.c.decided_at)
    .where(text(IS_DECIDED), _REVIEWS.c.unit == bindparam("of"))
    .order_by(_REVIEWS.c.decided_at.desc())
    .limit(REVIEWED)
)
_ALL_COURTESIES = Statement(select(_COURTESIES.c.unit, _COURTESIES.c.content))


def put(settings: Sequence[DeadlineSetting], now: datetime) -> Visit[None]:
    """Sets days; one of the same unit, year, series, kind and category is replaced."""
    for start in range(0, len(settings), _AT_ONCE):
        some = settings[start : start + _AT_ONCE]
        yield tuple(Step(_PUT, {**{name: getattr(one, name) for name in _FIELDS}, "set_at": now}) for one in some)


def remove(setting: DeadlineSetting) -> Visit[bool]:
    """Takes a day away; False when there was none."""
    (rows,) = yield (Step(_REMOVE, {f"of_{name}": getattr(setting, name) for name in _KEY}),)
    return bool(rows)


def of_unit(unit: str) -> Visit[list[DeadlineSetting]]:
    """Every day that a unit has set, by year and day."""
    (rows,) = yield (Step(_OF_UNIT, {"of": unit}),)
    return [_setting(row) for row in rows]


def since(year: int) -> Visit[list[DeadlineSetting]]:
    """The days of all units for `year` and later."""
    (rows,) = yield (Step(_ALL, {"from_year": year}),)
    return [_setting(row) for row in rows]


def put_courtesy(unit: str, courtesy: Courtesy) -> Visit[None]:
    yield (Step(_PUT_COURTESY, {"unit": unit, "content": courtesy.model_dump_json()}),)


def courtesies() -> Visit[dict[str, Courtesy]]:
    """What units have set of how their people are spoken to, by unit."""
    (rows,) = yield (Step(_ALL_COURTESIES, {}),)
    return {unit: Courtesy.model_validate_json(content) for unit, content in rows}


def units() -> Visit[list[str]]:
    """The units that have people."""
    (rows,) = yield (Step(_UNITS, {}),)
    return [row[0] for row in rows]


def reviewed(unit: str) -> Visit[list[tuple[datetime, datetime]]]:
    """When a unit's latest reviewed claims were handed in and decided."""
    (rows,) = yield (Step(_REVIEWED, {"of": unit}),)
    return [(since, decided_at) for since, decided_at in rows]


def _setting(row: Row) -> DeadlineSetting:
    return DeadlineSetting.model_construct(**dict(zip(_FIELDS, row, strict=True)))
