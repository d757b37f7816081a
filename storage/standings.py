"""Where people stand, year by year: written along with what changes it, read by pages and audiences."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.standing import Standing
from storage.statements import Row, Statement, Step, Visit
from storage.tables import columns, table
from storage.tables_reminders import StandingRow

_TABLE = table(StandingRow)
_KEY = ("person_id", "year")
FIELDS = tuple(Standing.model_fields)
SELECTED = [_TABLE.c[name] for name in FIELDS]

_NEW = insert(_TABLE).values(columns(StandingRow))
_PUT = Statement(
    _NEW.on_conflict_do_update(
        index_elements=list(_KEY), set_={name: _NEW.excluded[name] for name in FIELDS if name not in _KEY}
    )
)
_READ = Statement(select(*SELECTED).where(_TABLE.c.person_id == bindparam("of")).order_by(_TABLE.c.year))


def put(standing: Standing) -> Step:
    """The step that writes a standing over the one before."""
    return Step(_PUT, {name: getattr(standing, name) for name in FIELDS})


def standing(row: Row) -> Standing:
    """A standing from its row (SELECTED)."""
    values = dict(zip(FIELDS, row, strict=True))
    complete = values["complete"]
    values["complete"] = None if complete is None else bool(complete)
    return Standing.model_construct(**values)


def read(person_id: str) -> Visit[list[Standing]]:
    """A person's standings, by year."""
    (rows,) = yield (Step(_READ, {"of": person_id}),)
    return [standing(row) for row in rows]


def put_all(standings: Sequence[Standing]) -> Visit[None]:
    """Writes standings that were computed outside a turn."""
    for start in range(0, len(standings), _AT_ONCE):
        yield tuple(put(one) for one in standings[start : start + _AT_ONCE])


_AT_ONCE = 20  # steps of one bundle
