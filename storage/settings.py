"""What units have set for reviews: organisers, reasons to return a record, how long proofs are kept."""

import json
from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.proof import Objection, due_when_used
from domain.unit import Reason, UnitSettings
from storage.statements import Row, Statement, Step, Values, Visit
from storage.tables import columns, table
from storage.tables_proofs import IS_KEPT, MemberRow, PhotoRow, UnitSettingsRow

PROVEN_YEARS = 16  # a picture still kept proves a claim of one of so many years, the next one the last

_SETTINGS, _PHOTOS, _MEMBERS = table(UnitSettingsRow), table(PhotoRow), table(MemberRow)

_NEW = insert(_SETTINGS).values(columns(UnitSettingsRow))
_PUT = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["unit"],
        set_={name: _NEW.excluded[name] for name in ("organizers", "reasons", "keep_years")},
    )
)
_SELECTED = [_SETTINGS.c[name] for name in ("unit", "organizers", "reasons", "keep_years")]
_OF_UNIT = Statement(select(*_SELECTED).where(_SETTINGS.c.unit == bindparam("of")))
_KEEP_UNTIL = Statement(
    update(_PHOTOS)
    .where(
        text(IS_KEPT),
        _PHOTOS.c.due_at == bindparam("old"),
        _PHOTOS.c.person_id.in_(
            select(_MEMBERS.c.person_id).where(
                _MEMBERS.c.unit == bindparam("of_unit"), _MEMBERS.c.active, _MEMBERS.c.person_id.is_not(None)
            )
        ),
    )
    .values(due_at=bindparam("new"))
)


def of_unit(unit: str) -> Visit[UnitSettings]:
    """What a unit has set; what it has not stands as everywhere."""
    (rows,) = yield (Step(_OF_UNIT, {"of": unit}),)
    return _settings(rows[0]) if rows else UnitSettings()


@lru_cache(32)
def _of_units(count: int) -> Statement:
    wanted = [bindparam(f"u{place}", type_=_SETTINGS.c.unit.type) for place in range(count)]
    return Statement(select(*_SELECTED).where(_SETTINGS.c.unit.in_(wanted)))


def of_units(units: Sequence[str]) -> Visit[dict[str, UnitSettings]]:
    """What some units have set, each of them."""
    if not units:
        return {}
    (rows,) = yield (Step(_of_units(len(units)), {f"u{place}": unit for place, unit in enumerate(units)}),)
    found = {row[0]: _settings(row) for row in rows}
    return {unit: found.get(unit, UnitSettings()) for unit in units}


def put(unit: str, wanted: UnitSettings, now: datetime) -> Visit[None]:
    """Sets all of it, pictures that prove something already with it."""
    before = yield from of_unit(unit)
    values: Values = {
        "unit": unit,
        "organizers": json.dumps(sorted(wanted.organizers), ensure_ascii=False),
        "reasons": json.dumps([[one.code.value, one.words] for one in wanted.reasons], ensure_ascii=False),
        "keep_years": wanted.keep_years,
    }
    yield (Step(_PUT, values), *_moved(unit, before.keep_years, wanted.keep_years, now.year))


def _moved(unit: str, old: int, new: int, this_year: int) -> Iterable[Step]:
    """The steps that move the day of removal: in the order in which none is moved twice."""
    if old == new:
        return
    years = range(this_year + 1, this_year + 1 - PROVEN_YEARS, -1)
    for year in years if new > old else reversed(years):
        due = {"old": _due(year, old), "new": _due(year, new)}
        yield Step(_KEEP_UNTIL, {"of_unit": unit, **due})


def _due(year: int, keep_years: int) -> datetime:
    return datetime.combine(due_when_used(year, keep_years), time(), UTC)


def _settings(row: Row) -> UnitSettings:
    _, organizers, reasons, keep_years = row
    offered = tuple(Reason(Objection(code), words) for code, words in json.loads(reasons) if code in set(Objection))
    return UnitSettings(frozenset(json.loads(organizers)), offered, keep_years)


class SettingsStore:
    """Made by the store; `run` is its driver's."""

    def __init__(self, run: Callable[..., Coroutine[Any, Any, Any]]) -> None:
        self._run = run

    async def of_unit(self, unit: str) -> UnitSettings:
        found: UnitSettings = await self._run(of_unit(unit))
        return found

    async def of_units(self, units: Sequence[str]) -> dict[str, UnitSettings]:
        found: dict[str, UnitSettings] = await self._run(of_units(units))
        return found

    async def put(self, unit: str, wanted: UnitSettings, now: datetime) -> None:
        """Sets all of it; the days on which proofs are removed move with it."""
        await self._run(put(unit, wanted, now), durable=True)
