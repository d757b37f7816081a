"""Who saw whose record: written when an admin opens it, read by the person it is about and by their unit.

Looks at pictures (`storage.photos`) are shown together with it.
"""

from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from domain.access import Access, Seen
from storage import people
from storage.members import opened
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Values, Visit
from storage.tables import PersonRow, columns, table
from storage.tables_console import AccessRow
from storage.tables_proofs import LookRow, MemberRow

SHOWN = 50
SAME_LOOK = timedelta(minutes=10)  # a page opened again within it is one look

_ACCESSES, _LOOKS, _MEMBERS = table(AccessRow), table(LookRow), table(MemberRow)
_VIEWERS, _SEEN = table(PersonRow).alias("viewers"), table(PersonRow).alias("seen")
_KNOWN = table(MemberRow).alias("known")

_NOTE = Statement(insert(_ACCESSES).values(columns(AccessRow)))
_NOTED = Statement(
    select(_ACCESSES.c.id)
    .where(
        _ACCESSES.c.person_id == bindparam("of"),
        _ACCESSES.c.viewer_id == bindparam("by"),
        _ACCESSES.c.what == bindparam("saw"),
        _ACCESSES.c.at > bindparam("since"),
    )
    .limit(1)
)
_VIEWER = (_VIEWERS.c.id, _VIEWERS.c.name, _KNOWN.c.identity, _KNOWN.c.name)


def _with_viewer(log: Any) -> Any:
    """A log with who it was: as they call themselves, and as the unit's roster does."""
    return log.join(_VIEWERS, _VIEWERS.c.id == log.c.viewer_id).outerjoin(
        _KNOWN, (_KNOWN.c.person_id == log.c.viewer_id) & (_KNOWN.c.unit == log.c.unit) & _KNOWN.c.active
    )


_FOUND: Any = select(*(_ACCESSES.c[name] for name in ("id", "unit", "what", "at")), *_VIEWER).select_from(
    _with_viewer(_ACCESSES)
)
_OF_PERSON = Statement(
    _FOUND.where(_ACCESSES.c.person_id == bindparam("of")).order_by(_ACCESSES.c.id.desc()).limit(SHOWN)
)
_OF_EVERYBODY = Statement(
    _FOUND.where(
        _ACCESSES.c.person_id.is_(None),
        _ACCESSES.c.unit.in_(select(_MEMBERS.c.unit).where(_MEMBERS.c.person_id == bindparam("of"), _MEMBERS.c.active)),
    )
    .order_by(_ACCESSES.c.id.desc())
    .limit(SHOWN)
)
_PICTURES = Statement(
    select(_LOOKS.c.id, _LOOKS.c.unit, literal_column("'picture'"), _LOOKS.c.looked_at, *_VIEWER)
    .select_from(_with_viewer(_LOOKS))
    .where(_LOOKS.c.person_id == bindparam("of"))
    .order_by(_LOOKS.c.id.desc())
    .limit(SHOWN)
)


def _note(viewer_id: str, person_id: str | None, unit: str, what: Seen, now: datetime) -> Visit[None]:
    if person_id is not None:
        before: Values = {"of": person_id, "by": viewer_id, "saw": what.value, "since": now - SAME_LOOK}
        (rows,) = yield (Step(_NOTED, before),)
        if rows:
            return
    values = {"person_id": person_id, "viewer_id": viewer_id, "unit": unit, "what": what.value, "at": now}
    yield (Step(_NOTE, values),)


def _of_person(vault: Vault, person_id: str) -> Visit[list[Access]]:
    found: list[Access] = []
    for statement in (_OF_PERSON, _OF_EVERYBODY, _PICTURES):
        (rows,) = yield (Step(statement, {"of": person_id}),)
        found += [_access(vault, row) for row in rows]
    return sorted(_once(found), key=lambda one: one.at, reverse=True)[:SHOWN]


@lru_cache(32)
def _in_units(units: int) -> Statement:
    wanted = [bindparam(f"u{place}", type_=_ACCESSES.c.unit.type) for place in range(units)]
    return Statement(
        select(
            *(_ACCESSES.c[name] for name in ("id", "unit", "what", "at")),
            *_VIEWER,
            *(_SEEN.c.id, _SEEN.c.name),
        )
        .select_from(_with_viewer(_ACCESSES).outerjoin(_SEEN, _SEEN.c.id == _ACCESSES.c.person_id))
        .where(_ACCESSES.c.unit.in_(wanted), _ACCESSES.c.id < bindparam("before"))
        .order_by(_ACCESSES.c.id.desc())
        .limit(SHOWN)
    )


def _of_units(vault: Vault, units: Sequence[str], before: int) -> Visit[list[Access]]:
    if not units:
        return []
    values: Values = {f"u{place}": unit for place, unit in enumerate(units)} | {"before": before}
    (rows,) = yield (Step(_in_units(len(units)), values),)
    return _once([_access(vault, row[:8], row[8:]) for row in rows])


def _access(vault: Vault, row: Row, seen: Row = ("", None)) -> Access:
    id_, unit, what, at, viewer_id, called, identity, known = row
    viewer = people.opened_name(vault, viewer_id, called)
    if not viewer and known is not None:
        viewer = opened(vault, identity, "name", known)
    of = people.opened_name(vault, *seen) if seen[0] else ""
    return Access(id_, viewer, of, unit, what, at)


def _once(found: Sequence[Access]) -> list[Access]:
    """Somebody who stands on a roster twice has looked once."""
    return list({(one.what == Seen.PICTURE, one.id): one for one in found}.values())


class AccessStore:
    """Made by the store; `run` is its driver's."""

    def __init__(self, run: Callable[..., Coroutine[Any, Any, Any]], vault: Vault) -> None:
        self._run = run
        self._vault = vault

    async def note(self, viewer_id: str, person_id: str | None, unit: str, what: Seen, now: datetime) -> None:
        """Somebody is about to see what is kept of a person, or (None) to take out a list of a unit's people."""
        await self._run(_note(viewer_id, person_id, unit, what, now), durable=True)

    async def of_person(self, person_id: str) -> list[Access]:
        """Who saw a person's record, their pictures, or a list that they stand in; latest first."""
        found: list[Access] = await self._run(_of_person(self._vault, person_id))
        return found

    async def of_units(self, units: Sequence[str], before: int = 2**31 - 1) -> list[Access]:
        """What was seen in units, latest first, before an id; SHOWN of them."""
        found: list[Access] = await self._run(_of_units(self._vault, units, before))
        return found
