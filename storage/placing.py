"""Where employees belong: moved to another unit or department with all that they have, or out; invitations on a wall.

A record follows its person by itself: entries, queue and standings name the person, not the unit. What is moved is the
roster row, and beside it stands who moved it, for both units to see.
"""

from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, delete, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.census import Enrolled, Moved, Poster, Record
from domain.delivery import Purpose, Reply
from storage import agendas, dialogs, entering, members, outbox, people
from storage.refusals import Conflict, GuardFailed
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Values, Visit
from storage.tables import PersonRow, columns, table
from storage.tables_placing import MoveRow, PosterRow
from storage.tables_proofs import InvitationRow, MemberRow

MOVES_SHOWN = 50
POSTERS_SHOWN = 50

_MEMBERS, _MOVES, _POSTERS = table(MemberRow), table(MoveRow), table(PosterRow)
_PEOPLE, _INVITATIONS = table(PersonRow), table(InvitationRow)

_NOTE_MOVE = Statement(insert(_MOVES).values(columns(MoveRow)))
_AS_READ = (
    _MEMBERS.c.id == bindparam("of"),
    _MEMBERS.c.unit == bindparam("was_in"),
    _MEMBERS.c.person_id.is_not_distinct_from(bindparam("bound_to", type_=_MEMBERS.c.person_id.type)),
    _MEMBERS.c.active,
)
_INTO_DEPARTMENT = Statement(update(_MEMBERS).where(*_AS_READ).values(department=bindparam("to_department")))
_SEALED = ("name", "phone", "id_number")
_INTO_UNIT = Statement(
    update(_MEMBERS)
    .where(*_AS_READ)
    .values(
        unit=bindparam("to_unit"),
        department=bindparam("to_department"),
        identity=bindparam("new_identity"),
        **{name: bindparam(f"new_{name}", type_=_MEMBERS.c[name].type) for name in _SEALED},
    )
)
_OUT = Statement(update(_MEMBERS).where(*_AS_READ).values(active=False))
_THERE = Statement(
    select(_MEMBERS.c.id, _MEMBERS.c.person_id, _MEMBERS.c.active).where(_MEMBERS.c.identity == bindparam("key"))
)
_ONTO_ROW = Statement(
    update(_MEMBERS)
    .where(_MEMBERS.c.id == bindparam("of_row"))
    .where(or_(_MEMBERS.c.person_id.is_(None), _MEMBERS.c.person_id == bindparam("who")))
    .values(
        active=True,
        department=bindparam("to_department"),
        person_id=bindparam("who"),
        bound_at=bindparam("since", type_=_MEMBERS.c.bound_at.type),
    )
)
_MOVED: Any = select(
    *(_MOVES.c[name] for name in ("from_unit", "from_department", "to_unit", "to_department", "moved_at")),
    _PEOPLE.c.id,
    _PEOPLE.c.name,
    _MOVES.c.member_id,
    _MEMBERS.c.identity,
    _MEMBERS.c.name,
).select_from(
    _MOVES.join(_PEOPLE, _PEOPLE.c.id == _MOVES.c.moved_by).join(_MEMBERS, _MEMBERS.c.id == _MOVES.c.member_id)
)
_HISTORY = Statement(
    _MOVED.where(or_(_MOVES.c.member_id == bindparam("of"), _MOVES.c.person_id == bindparam("who")))
    .order_by(_MOVES.c.id.desc())
    .limit(MOVES_SHOWN)
)
_MAKE_POSTER = Statement(insert(_POSTERS).values(columns(PosterRow, ended_at=None)))
_END_POSTER = Statement(
    update(_POSTERS)
    .where(_POSTERS.c.id == bindparam("of"), _POSTERS.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
_UNINVITE = Statement(delete(_INVITATIONS).where(_INVITATIONS.c.digest == bindparam("of")))


class Taken(Exception):
    """The place is held by somebody else: the other unit's roster has this employee bound to another person."""


def move(
    vault: Vault, key: str, one: Enrolled, unit: str, department: str, moved_by: str, told: str, now: datetime
) -> Visit[int]:
    """Moves an employee to a unit and department (`unit` empty: off the roster); the roster row where they then stand.

    `key` makes it once; `told` is said to the person. Conflict: the roster has changed. Taken: see there.
    """
    row, place = one.member, (unit, department)
    steps, there = yield from _moving(vault, one, *place)
    noted = {
        "key": key,
        "person_id": row.person_id,
        "member_id": row.id,
        "from_unit": row.unit,
        "from_department": row.department,
        "to_unit": unit,
        "to_department": department,
        "moved_by": moved_by,
        "moved_at": now,
    }
    theirs = yield from _of_theirs(vault, key, row.person_id, place, told, now)
    try:
        yield (Step(_NOTE_MOVE, noted), *steps, *theirs)
    except GuardFailed:
        raise Conflict("the roster or the person has changed") from None
    return there


def _moving(vault: Vault, one: Enrolled, unit: str, department: str) -> Visit[tuple[list[Step], int]]:
    """The steps on the roster, and the row where the employee then stands."""
    row = one.member
    read = {"of": row.id, "was_in": row.unit, "bound_to": row.person_id}
    if not unit:
        return [Step(_OUT, read, must=True)], row.id
    if unit == row.unit:
        return [Step(_INTO_DEPARTMENT, {**read, "to_department": department}, must=True)], row.id
    employee = members.Employee(row.name, row.phone, one.id_number, department)
    keys = members.identities(vault, unit, employee)
    there = None
    for key in keys:
        (rows,) = yield (Step(_THERE, {"key": key}),)
        there = there or (rows[0] if rows else None)
    if there is None:
        sealed = {f"new_{name}": value for name, value in members.sealed(vault, employee, keys[0]).items()}
        moved = {**read, "to_unit": unit, "to_department": department, "new_identity": keys[0], **sealed}
        return [Step(_INTO_UNIT, moved, must=True)], row.id
    other = there[1]
    if other is not None and other != row.person_id:
        raise Taken
    onto = {"of_row": there[0], "who": row.person_id, "to_department": department, "since": one.bound_at}
    return [Step(_OUT, read, must=True), Step(_ONTO_ROW, onto, must=True)], there[0]


def _of_theirs(
    vault: Vault, key: str, person_id: str | None, place: tuple[str, str], told: str, now: datetime
) -> Visit[list[Step]]:
    """What a move means for a person who is bound: their profile, their agenda, and a word to them."""
    found: Record | None = None if person_id is None else (yield from entering.record(vault, person_id, ()))
    if found is None or person_id is None:
        return []
    unit, department = place
    kept = {name: value for name, value in found.person.profile.items() if name not in ("unit", "department")}
    profile = {**kept, "unit": unit, "department": department} if unit else kept
    steps = [
        dialogs.move(vault, person_id, found.version, None),
        people.change(vault, person_id, {"profile": profile}),
        agendas.touch(person_id, now),
    ]
    where = found.address
    if where is not None and told:
        reply = Reply(text=told)
        steps.append(
            outbox.notice(vault, f"move:{key}", person_id, where.channel, where.sender, reply, Purpose.ANSWER, now)
        )
    return steps


def history(vault: Vault, member_id: int, person_id: str | None) -> Visit[list[Moved]]:
    """Where an employee has been moved, the latest first."""
    (rows,) = yield (Step(_HISTORY, {"of": member_id, "who": person_id or ""}),)
    return [_moved(vault, row) for row in rows]


@lru_cache(64)
def _latest(units: int) -> Statement:
    wanted = [bindparam(f"u{place}", type_=_MOVES.c.from_unit.type) for place in range(units)]
    found = _MOVED.where(or_(_MOVES.c.from_unit.in_(wanted), _MOVES.c.to_unit.in_(wanted)))
    return Statement(found.order_by(_MOVES.c.id.desc()).limit(literal_column(str(MOVES_SHOWN))))


def latest(vault: Vault, units: Sequence[str]) -> Visit[list[Moved]]:
    """The latest moves out of or into these units."""
    if not units:
        return []
    (rows,) = yield (Step(_latest(len(units)), _units(units)),)
    return [_moved(vault, row) for row in rows]


def _moved(vault: Vault, row: Row) -> Moved:
    by = people.opened_name(vault, row[5], row[6])
    name = members.opened(vault, row[8], "name", row[9])
    return Moved(row[0], row[1], row[2], row[3], by, row[4], name, row[7])


# Invitations that can be printed


def make_poster(vault: Vault, poster: Poster, made_by: str, now: datetime) -> Visit[bool]:
    """Keeps an invitation with its code; False: this one was made before."""
    values: Values = {
        "id": poster.id,
        "unit": poster.unit,
        "department": poster.department,
        "code": vault.seal(poster.code.encode(), _place(poster.id)),
        "address": poster.address,
        "made_by": made_by,
        "made_at": poster.made_at,
        "expires_at": poster.expires_at,
    }
    invited = members.invite(vault, poster.code, poster.unit, made_by, now, poster.department)
    try:
        yield (Step(_MAKE_POSTER, values), invited)
    except GuardFailed:
        return False
    return True


@lru_cache(64)
def _posters(units: int, *, one: bool) -> Statement:
    wanted = [bindparam(f"u{place}", type_=_POSTERS.c.unit.type) for place in range(units)]
    names = ("id", "unit", "department", "code", "address", "made_at", "expires_at", "ended_at")
    found = select(*(_POSTERS.c[name] for name in names)).where(_POSTERS.c.unit.in_(wanted))
    if one:
        return Statement(found.where(_POSTERS.c.id == bindparam("of")))
    now = bindparam("now", type_=_POSTERS.c.expires_at.type)
    still = found.where(_POSTERS.c.ended_at.is_(None), _POSTERS.c.expires_at > now)
    return Statement(still.order_by(_POSTERS.c.made_at.desc()).limit(literal_column(str(POSTERS_SHOWN))))


def posters(vault: Vault, units: Sequence[str], now: datetime) -> Visit[list[Poster]]:
    """The invitations that these units' people may still use, the latest first."""
    if not units:
        return []
    (rows,) = yield (Step(_posters(len(units), one=False), {**_units(units), "now": now}),)
    return [_poster(vault, row) for row in rows]


def poster(vault: Vault, units: Sequence[str], poster_id: str) -> Visit[Poster | None]:
    """An invitation of one of these units, also one that is over."""
    if not units:
        return None
    (rows,) = yield (Step(_posters(len(units), one=True), {**_units(units), "of": poster_id}),)
    return _poster(vault, rows[0]) if rows else None


def end_poster(vault: Vault, one: Poster, now: datetime) -> Visit[None]:
    """An invitation may no longer be used; done again, it changes nothing."""
    codes = vault.digests(one.code, "invitations")
    yield (Step(_END_POSTER, {"of": one.id, "now": now}), *(Step(_UNINVITE, {"of": code}) for code in codes))


def _poster(vault: Vault, row: Row) -> Poster:
    id_, unit, department, code, address, made_at, expires_at, ended_at = row
    told = vault.open(code, _place(id_)).decode()
    return Poster(id_, unit, department, told, address, made_at, expires_at, ended_at)


def _units(units: Sequence[str]) -> Values:
    return {f"u{place}": unit for place, unit in enumerate(units)}


def _place(poster_id: str) -> str:
    return f"posters/{poster_id}"


class PlacingStore:
    """Made by the store (`Store.placing`); `run` is its driver's."""

    def __init__(self, run: Callable[..., Coroutine[Any, Any, Any]], vault: Vault) -> None:
        self._run = run
        self._vault = vault

    async def move(
        self, key: str, one: Enrolled, unit: str, department: str, moved_by: str, told: str, now: datetime
    ) -> int:
        """Moves an employee with all that they have, or (`unit` empty) off the roster; where they then stand.

        `key` makes it once. Conflict: moved before, or the roster has changed. Taken: somebody else stands there.
        """
        visit = move(self._vault, key, one, unit, department, moved_by, told, now)
        there: int = await self._run(visit, durable=True)
        return there

    async def history(self, member_id: int, person_id: str | None) -> list[Moved]:
        """Where an employee has been moved, the latest first."""
        found: list[Moved] = await self._run(history(self._vault, member_id, person_id))
        return found

    async def latest(self, units: Sequence[str]) -> list[Moved]:
        """The latest moves out of or into these units."""
        found: list[Moved] = await self._run(latest(self._vault, units))
        return found

    async def make_poster(self, poster: Poster, made_by: str, now: datetime) -> bool:
        """Keeps an invitation that can be printed again; False: made before."""
        made: bool = await self._run(make_poster(self._vault, poster, made_by, now), durable=True)
        return made

    async def posters(self, units: Sequence[str], now: datetime) -> list[Poster]:
        """The invitations that may still be used, the latest first."""
        found: list[Poster] = await self._run(posters(self._vault, units, now))
        return found

    async def poster(self, units: Sequence[str], poster_id: str) -> Poster | None:
        found: Poster | None = await self._run(poster(self._vault, units, poster_id))
        return found

    async def end_poster(self, one: Poster, now: datetime) -> None:
        await self._run(end_poster(self._vault, one, now), durable=True)
