"""Notices as they stand: a unit's latest and all, what has become of each, whom it did not reach, who did what."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, or_, select, tuple_

from domain.broadcast import (
    Act,
    Acted,
    Audience,
    Broadcast,
    BroadcastState,
    Colleague,
    Missed,
    Progress,
    Whom,
)
from domain.person import Role
from storage import mass
from storage.broadcasts import BY_MASS, sealed_at
from storage.members import opened
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Values, Visit
from storage.tables import DeliveryRow, GrantRow, IdentityRow, table
from storage.tables_broadcasts import BroadcastRow, RecipientRow
from storage.tables_marks import NoticeActRow
from storage.tables_proofs import MemberRow

LATEST = 5
NAMES = 30  # of those not reached
PAGE = 50

_BROADCASTS, _RECIPIENTS, _DELIVERIES = table(BroadcastRow), table(RecipientRow), table(DeliveryRow)
_MEMBERS, _IDENTITIES, _GRANTS, _ACTS = table(MemberRow), table(IdentityRow), table(GrantRow), table(NoticeActRow)

SELECTED = [
    _BROADCASTS.c[name]
    for name in (
        *("id", "unit", "whom", "year", "department", "region", "state", "author_id", "due_at", "created_at", "size"),
        *("content", "cursor"),
    )
]
_OF_UNIT = Statement(
    select(*SELECTED)
    .where(_BROADCASTS.c.unit == bindparam("of_unit"))
    .order_by(_BROADCASTS.c.created_at.desc(), _BROADCASTS.c.id)
    .limit(LATEST)
)
_WITH_DELIVERY = _RECIPIENTS.outerjoin(_DELIVERIES, _DELIVERIES.c.key == _RECIPIENTS.c.delivery_key)
_NO_DELIVERY = case(
    (_RECIPIENTS.c.delivery_key == literal_column(f"'{BY_MASS}'"), literal_column("'mass'")),
    else_=literal_column("'nobody'"),
)
_STATE = func.coalesce(_DELIVERIES.c.state, _NO_DELIVERY)
_COUNTED: Any = (
    select(_STATE, func.count(), func.count(_RECIPIENTS.c.read_at))
    .select_from(_WITH_DELIVERY)
    .where(_RECIPIENTS.c.broadcast_id == bindparam("of"))
    .group_by(_STATE)
)
_PROGRESS = Statement(_COUNTED)
_DEPARTMENT = _MEMBERS.c.department
_NO_WORDS: Any = literal_column("''")
_UNREACHED = Statement(
    select(
        *(_MEMBERS.c[name] for name in ("id", "department", "identity", "name")),
        func.coalesce(_RECIPIENTS.c.person_id, _NO_WORDS),
        func.coalesce(_RECIPIENTS.c.delivery_key, _NO_WORDS),
        _STATE,
        func.coalesce(_DELIVERIES.c.reason, _NO_WORDS),
    )
    .select_from(_WITH_DELIVERY.join(_MEMBERS, _MEMBERS.c.id == _RECIPIENTS.c.member_id))
    .where(_RECIPIENTS.c.broadcast_id == bindparam("of"))
    .where(_STATE.in_([literal_column(f"'{state}'") for state in ("nobody", "refused", "given_up", "unknown")]))
    .where(
        or_(
            bindparam("behind", type_=_DEPARTMENT.type) < _DEPARTMENT,
            and_(bindparam("behind", type_=_DEPARTMENT.type) == _DEPARTMENT, _MEMBERS.c.id > bindparam("after")),
        )
    )
    .order_by(_DEPARTMENT, _MEMBERS.c.id)
    .limit(bindparam("most", type_=_MEMBERS.c.id.type))
)
_HR: Any = (literal_column(f"'{Role.HR_ADMIN.value}'"), literal_column(f"'{Role.APPROVER.value}'"))
_COLLEAGUES = Statement(
    select(_IDENTITIES.c.person_id, _IDENTITIES.c.channel, _IDENTITIES.c.account, _IDENTITIES.c.sender)
    .select_from(_GRANTS.join(_IDENTITIES, _IDENTITIES.c.person_id == _GRANTS.c.person_id))
    .where(_GRANTS.c.unit == bindparam("of_unit"), _GRANTS.c.role.in_(_HR), _GRANTS.c.person_id != bindparam("but"))
    .where(_IDENTITIES.c.channel != literal_column("'mini'"))  # who also chats is asked in the chat, once
    .distinct()
)
_DONE = Statement(
    select(*(_ACTS.c[name] for name in ("act", "actor_id", "at")))
    .where(_ACTS.c.broadcast_id == bindparam("of"))
    .order_by(_ACTS.c.id)
)
_UNITS = Statement(
    select(_GRANTS.c.unit)
    .where(_GRANTS.c.person_id == bindparam("of"), _GRANTS.c.role.in_(_HR))
    .distinct()
    .order_by(_GRANTS.c.unit)
)


def broadcast(vault: Vault, row: Row, progress: Progress = Progress()) -> Broadcast:  # noqa: B008 - it is frozen
    id_, unit, whom, year, department, region, state, author_id, due_at, created_at, size, content, _ = row
    audience = Audience(unit, Whom(whom), year, department, region)
    words = vault.open(content, sealed_at(id_)).decode()
    return Broadcast(id_, audience, words, BroadcastState(state), author_id, due_at, created_at, size, progress)


def latest(vault: Vault, unit: str) -> Visit[list[Broadcast]]:
    """A unit's latest notices with what has become of each, the newest first."""
    (rows,) = yield (Step(_OF_UNIT, {"of_unit": unit}),)
    found = []
    for row in rows:
        (counted,) = yield (Step(_PROGRESS, {"of": row[0]}),)
        found.append(broadcast(vault, row, _progress(counted)))
    return found


def _progress(rows: Sequence[Row]) -> Progress:
    by = {state: count for state, count, _ in rows}
    return Progress(
        taken=sum(by.values()),
        waiting=by.get("waiting", 0) + by.get("taken", 0),
        sent=by.get("sent", 0),
        unknown=by.get("unknown", 0),
        unreached=by.get("nobody", 0) + by.get("refused", 0) + by.get("given_up", 0),
        read=sum(read for _, _, read in rows),
        stopped=by.get("silent", 0),
        massed=by.get(BY_MASS, 0),
    )


def unreached(vault: Vault, broadcast_id: str, most: int, after: tuple[str, int] = ("", 0)) -> Visit[list[Missed]]:
    """Whom a notice did not reach, or not surely, by department; behind the department and roster row of `after`."""
    values = {"of": broadcast_id, "most": most, "behind": after[0], "after": after[1]}
    (rows,) = yield (Step(_UNREACHED, values),)
    return [
        Missed(member, opened(vault, identity, "name", name), department, _why(*why))
        for member, department, identity, name, *why in rows
    ]


def _why(person_id: str, key: str, state: str, reason: str) -> str:
    """One word: what `outreach.ways.why_unreachable` says, or that nobody was there, or that it is in doubt."""
    if state == "nobody":
        return key or ("closed" if person_id else "no_identity")
    if state == "unknown":
        return "unknown"
    return reason.removeprefix("unreachable: ").partition(" ")[0] or state


@lru_cache(64)
def _of_units(units: int, one: bool, behind: bool) -> Statement:
    wanted = [bindparam(f"u{number}", type_=_BROADCASTS.c.unit.type) for number in range(units)]
    found = select(*SELECTED).where(_BROADCASTS.c.unit.in_(wanted))
    if one:
        found = found.where(_BROADCASTS.c.id == bindparam("of"))
    if behind:
        before = tuple_(bindparam("before", type_=_BROADCASTS.c.created_at.type), bindparam("before_id"))
        found = found.where(tuple_(_BROADCASTS.c.created_at, _BROADCASTS.c.id) < before)
    return Statement(found.order_by(_BROADCASTS.c.created_at.desc(), _BROADCASTS.c.id.desc()).limit(PAGE))


def listed(vault: Vault, units: Sequence[str], before: tuple[datetime, str] | None) -> Visit[list[Broadcast]]:
    """The notices of some units, the newest first, behind the one created at `before`; without their progress."""
    if not units:
        return []
    values: Values = {f"u{number}": unit for number, unit in enumerate(units)}
    if before is not None:
        values |= {"before": before[0], "before_id": before[1]}
    (rows,) = yield (Step(_of_units(len(units), False, before is not None), values),)
    return [broadcast(vault, row) for row in rows]


def find(vault: Vault, units: Sequence[str], broadcast_id: str) -> Visit[Broadcast | None]:
    """A notice of one of these units with what has become of it; None when it is another's."""
    if not units:
        return None
    values: Values = {f"u{number}": unit for number, unit in enumerate(units)}
    (rows,) = yield (Step(_of_units(len(units), True, False), {**values, "of": broadcast_id}),)
    if not rows:
        return None
    (counted,) = yield (Step(_PROGRESS, {"of": broadcast_id}),)
    found = broadcast(vault, rows[0], _progress(counted))
    return replace(found, mass=(yield from mass.of(broadcast_id)))


def acts(broadcast_id: str) -> Visit[list[Acted]]:
    """Who did what with a notice, in order."""
    (rows,) = yield (Step(_DONE, {"of": broadcast_id}),)
    return [Acted(Act(act), actor_id, at) for act, actor_id, at in rows]


def colleagues(unit: str, but: str) -> Visit[list[Colleague]]:
    """Who else may approve a notice of a unit."""
    (rows,) = yield (Step(_COLLEAGUES, {"of_unit": unit, "but": but}),)
    return [Colleague(*row) for row in rows]


def units(person_id: str) -> Visit[list[str]]:
    """The units for which somebody may send notices."""
    (rows,) = yield (Step(_UNITS, {"of": person_id}),)
    return [row[0] for row in rows]
