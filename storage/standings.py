"""Where people stand, year by year: written along with what changes it, read by pages and audiences."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.standing import Standing
from storage.shaping import shaped
from storage.statements import Row, Statement, Step, Visit
from storage.tables import columns, table
from storage.tables_reminders import StandingRow

_TABLE = table(StandingRow)
_KEY = ("person_id", "year")
FIELDS = tuple(Standing.model_fields)
_FIELDS = set(FIELDS)
SELECTED = [_TABLE.c[name] for name in FIELDS]

_NEW = insert(_TABLE).values(columns(StandingRow))


def _over(kept: tuple[str, ...]) -> Statement:
    written = {name: _NEW.excluded[name] for name in FIELDS if name not in kept}
    return Statement(_NEW.on_conflict_do_update(index_elements=list(_KEY), set_=written))


_PUT = _over(_KEY)
_PUT_HOURS = _over((*_KEY, "unit", "department"))
READ = Statement(select(*SELECTED).where(_TABLE.c.person_id == bindparam("of")).order_by(_TABLE.c.year))


def put(standing: Standing, *, placed: bool = True) -> Step:
    """The step that writes a standing over the one before. A turn does not know the person's unit (not `placed`)."""
    return Step(_PUT if placed else _PUT_HOURS, {name: getattr(standing, name) for name in FIELDS})


def standing(row: Row) -> Standing:
    """A standing from its row (SELECTED)."""
    values = dict(zip(FIELDS, row, strict=True))
    complete = values["complete"]
    values["complete"] = None if complete is None else bool(complete)
    return shaped(Standing, _FIELDS, values)


def read(person_id: str) -> Visit[list[Standing]]:
    """A person's standings, by year."""
    (rows,) = yield (Step(READ, {"of": person_id}),)
    return [standing(row) for row in rows]


def put_all(standings: Sequence[Standing]) -> Visit[None]:
    """Writes standings that were computed outside a turn."""
    for start in range(0, len(standings), _AT_ONCE):
        yield tuple(put(one) for one in standings[start : start + _AT_ONCE])


_AT_ONCE = 20  # steps of one bundle
