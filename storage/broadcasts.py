"""Broadcasts to rows and back: a page of deliveries at a time, verdicts, and what became of them.

A page of deliveries, its recipients and the cursor behind it are one bundle: a crash between two pages loses nobody and
doubles nobody, and of two processes at the same page one is refused.
"""

from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, literal_column, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.broadcast import (
    Audience,
    Broadcast,
    BroadcastState,
    Colleague,
    Forecast,
    NewBroadcast,
    Noticing,
    Progress,
    Recipient,
    Verdict,
    Whom,
    delivery_key,
)
from domain.delivery import Purpose, Reply
from domain.person import Role
from storage import outbox
from storage.audiences import forecast, page
from storage.members import opened
from storage.refusals import GuardFailed
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Visit
from storage.tables import DeliveryRow, GrantRow, IdentityRow, columns, table
from storage.tables_broadcasts import GOING, BroadcastRow, RecipientRow
from storage.tables_proofs import MemberRow

Written = Callable[[str, str, str, Recipient], Reply]  # of unit, id and text of a notice, for somebody

PAGE = 50  # roster rows of one bundle
LATEST = 5
NAMES = 30  # of those not reached

_BROADCASTS, _RECIPIENTS, _DELIVERIES = table(BroadcastRow), table(RecipientRow), table(DeliveryRow)
_MEMBERS, _IDENTITIES, _GRANTS = table(MemberRow), table(IdentityRow), table(GrantRow)

_NEW = Statement(insert(_BROADCASTS).values(columns(BroadcastRow, decided_by=None, cursor=0)).on_conflict_do_nothing())
_JUDGE = Statement(
    update(_BROADCASTS)
    .where(_BROADCASTS.c.id == bindparam("of"), _BROADCASTS.c.unit == bindparam("of_unit"))
    .where(or_(_BROADCASTS.c.state == bindparam("was"), _BROADCASTS.c.state == bindparam("or_was")))
    .values(state=bindparam("becomes"), decided_by=bindparam("by"))
)
_SELECTED = [
    _BROADCASTS.c[name]
    for name in (
        *("id", "unit", "whom", "year", "department", "region", "state", "author_id", "due_at", "created_at", "size"),
        *("content", "cursor"),
    )
]
_OF_UNIT = Statement(
    select(*_SELECTED)
    .where(_BROADCASTS.c.unit == bindparam("of_unit"))
    .order_by(_BROADCASTS.c.created_at.desc(), _BROADCASTS.c.id)
    .limit(LATEST)
)
_NEXT = Statement(
    select(*_SELECTED)
    .where(text(GOING), _BROADCASTS.c.due_at <= bindparam("now"))
    .order_by(_BROADCASTS.c.due_at, _BROADCASTS.c.id)
    .limit(1)
)
_MOVE = Statement(
    update(_BROADCASTS)
    .where(_BROADCASTS.c.id == bindparam("of"), text(GOING), _BROADCASTS.c.cursor == bindparam("from_cursor"))
    .values(cursor=bindparam("to_cursor"), state=bindparam("becomes"))
)
_RECIPIENT = Statement(insert(_RECIPIENTS).values(columns(RecipientRow, read_at=None)).on_conflict_do_nothing())
_READ = Statement(
    update(_RECIPIENTS)
    .where(_RECIPIENTS.c.person_id == bindparam("of_person"), _RECIPIENTS.c.broadcast_id == bindparam("of"))
    .where(_RECIPIENTS.c.read_at.is_(None))
    .values(read_at=bindparam("now"))
)
_WITH_DELIVERY = _RECIPIENTS.outerjoin(_DELIVERIES, _DELIVERIES.c.key == _RECIPIENTS.c.delivery_key)
_STATE = func.coalesce(_DELIVERIES.c.state, literal_column("'nobody'"))
_COUNTED: Any = (
    select(_STATE, func.count(), func.count(_RECIPIENTS.c.read_at))
    .select_from(_WITH_DELIVERY)
    .where(_RECIPIENTS.c.broadcast_id == bindparam("of"))
    .group_by(_STATE)
)
_PROGRESS = Statement(_COUNTED)
_UNREACHED = Statement(
    select(_MEMBERS.c.id, _MEMBERS.c.identity, _MEMBERS.c.name)
    .select_from(_WITH_DELIVERY.join(_MEMBERS, _MEMBERS.c.id == _RECIPIENTS.c.member_id))
    .where(_RECIPIENTS.c.broadcast_id == bindparam("of"))
    .where(_STATE.in_([literal_column("'nobody'"), literal_column("'refused'"), literal_column("'given_up'")]))
    .order_by(_MEMBERS.c.department, _MEMBERS.c.id)
    .limit(bindparam("most", type_=_MEMBERS.c.id.type))
)
_CANCEL = Statement(
    update(_DELIVERIES)
    .where(
        _DELIVERIES.c.key.in_(select(_RECIPIENTS.c.delivery_key).where(_RECIPIENTS.c.broadcast_id == bindparam("of")))
    )
    .where(_DELIVERIES.c.state == literal_column("'waiting'"))
    .values(state="silent", reason="stopped")
)
_HR: Any = (literal_column(f"'{Role.HR_ADMIN.value}'"), literal_column(f"'{Role.APPROVER.value}'"))
_COLLEAGUES = Statement(
    select(_IDENTITIES.c.person_id, _IDENTITIES.c.channel, _IDENTITIES.c.account, _IDENTITIES.c.sender)
    .select_from(_GRANTS.join(_IDENTITIES, _IDENTITIES.c.person_id == _GRANTS.c.person_id))
    .where(_GRANTS.c.unit == bindparam("of_unit"), _GRANTS.c.role.in_(_HR), _GRANTS.c.person_id != bindparam("but"))
    .distinct()
)
_UNITS = Statement(
    select(_GRANTS.c.unit)
    .where(_GRANTS.c.person_id == bindparam("of"), _GRANTS.c.role.in_(_HR))
    .distinct()
    .order_by(_GRANTS.c.unit)
)


def new(vault: Vault, author_id: str, wanted: NewBroadcast, now: datetime) -> Step:
    """The step that keeps a notice; one with its id is there already when a turn is run again."""
    audience = wanted.audience
    state = BroadcastState.DUE if wanted.approved else BroadcastState.APPROVAL
    return Step(
        _NEW,
        {
            "id": wanted.id,
            "unit": audience.unit,
            "author_id": author_id,
            "whom": audience.whom.value,
            "year": audience.year,
            "department": audience.department,
            "region": audience.region,
            "state": state.value,
            "size": wanted.size,
            "due_at": wanted.due_at,
            "created_at": now,
            "content": vault.seal(wanted.text.encode(), _place(wanted.id)),
        },
    )


def judge(person_id: str, unit: str, verdict: Verdict) -> list[Step]:
    """The steps of a verdict; the bundle is refused when the notice does not stand as it was seen."""
    first, *others = verdict.was
    values = {
        "of": verdict.broadcast_id,
        "of_unit": unit,
        "was": first.value,
        "or_was": (others[0] if others else first).value,
        "becomes": verdict.state.value,
        "by": person_id,
    }
    steps = [Step(_JUDGE, values, must=True)]
    if verdict.state is BroadcastState.STOPPED:
        steps.append(Step(_CANCEL, {"of": verdict.broadcast_id}))
    return steps


def act(vault: Vault, person_id: str, message_key: str, wanted: Noticing, now: datetime) -> list[Step]:
    """The steps of what a turn does with notices."""
    steps: list[Step] = []
    if wanted.new is not None:
        steps.append(new(vault, person_id, wanted.new, now))
    if wanted.verdict is not None:
        steps += judge(person_id, wanted.unit, wanted.verdict)
    if wanted.read:
        steps.append(Step(_READ, {"of_person": person_id, "of": wanted.read, "now": now}))
    for place, (to, reply) in enumerate(wanted.told):
        key = f"{message_key}#notice:{place}"
        steps.append(outbox.notice(vault, key, to.person_id, to.channel, to.sender, reply, Purpose.ANSWER, now))
    return steps


def _broadcast(vault: Vault, row: Row, progress: Progress = Progress()) -> Broadcast:  # noqa: B008 - it is frozen
    id_, unit, whom, year, department, region, state, author_id, due_at, created_at, size, content, _ = row
    audience = Audience(unit, Whom(whom), year, department, region)
    words = vault.open(content, _place(id_)).decode()
    return Broadcast(id_, audience, words, BroadcastState(state), author_id, due_at, created_at, size, progress)


def latest(vault: Vault, unit: str) -> Visit[list[Broadcast]]:
    """A unit's latest notices with what has become of each, the newest first."""
    (rows,) = yield (Step(_OF_UNIT, {"of_unit": unit}),)
    found = []
    for row in rows:
        (counted,) = yield (Step(_PROGRESS, {"of": row[0]}),)
        found.append(_broadcast(vault, row, _progress(counted)))
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
    )


def unreached(vault: Vault, broadcast_id: str, most: int) -> Visit[list[str]]:
    """The names of those whom a notice did not reach, by department."""
    (rows,) = yield (Step(_UNREACHED, {"of": broadcast_id, "most": most}),)
    return [opened(vault, identity, "name", name) for _, identity, name in rows]


def colleagues(unit: str, but: str) -> Visit[list[Colleague]]:
    """Who else may approve a notice of a unit."""
    (rows,) = yield (Step(_COLLEAGUES, {"of_unit": unit, "but": but}),)
    return [Colleague(*row) for row in rows]


def units(person_id: str) -> Visit[list[str]]:
    """The units for which somebody may send notices."""
    (rows,) = yield (Step(_UNITS, {"of": person_id}),)
    return [row[0] for row in rows]


def send_page(vault: Vault, written: Written, now: datetime) -> Visit[bool]:
    """Puts the next page of the notice that is due longest into the outbox; False when there is none to go out."""
    (rows,) = yield (Step(_NEXT, {"now": now}),)
    if not rows:
        return False
    going, cursor = _broadcast(vault, rows[0]), rows[0][-1]
    taken = yield from page(vault, going.audience, cursor, PAGE, now)
    becomes = BroadcastState.DUE if len(taken) == PAGE else BroadcastState.OUT
    to = taken[-1].member_id if taken else cursor
    moving = {"of": going.id, "from_cursor": cursor, "to_cursor": to, "becomes": becomes.value}
    steps = [step for one in taken for step in _steps(vault, going, one, written, now)]
    try:
        yield (Step(_MOVE, moving, must=True), *steps)
    except GuardFailed:  # stopped, or another process was first
        return True
    return True


def _steps(vault: Vault, going: Broadcast, one: Recipient, written: Written, now: datetime) -> list[Step]:
    key = delivery_key(going.id, one.member_id) if one.person_id else None
    noted = {"broadcast_id": going.id, "member_id": one.member_id, "person_id": one.person_id, "delivery_key": key}
    steps = [Step(_RECIPIENT, noted)]
    if key and one.person_id:
        reply = written(going.audience.unit, going.id, going.text, one)
        steps.append(outbox.notice(vault, key, one.person_id, one.channel, one.sender, reply, Purpose.BROADCAST, now))
    return steps


class BroadcastStore:
    """Made by the store (`Store.broadcasts`); `run` is its driver's."""

    def __init__(self, run: Callable[..., Coroutine[Any, Any, Any]], vault: Vault) -> None:
        self._run = run
        self._vault = vault

    async def forecast(self, audience: Audience, now: datetime) -> Forecast:
        found: Forecast = await self._run(forecast(self._vault, audience, now))
        return found

    async def latest(self, unit: str) -> list[Broadcast]:
        found: list[Broadcast] = await self._run(latest(self._vault, unit))
        return found

    async def unreached(self, broadcast_id: str, most: int = NAMES) -> list[str]:
        found: list[str] = await self._run(unreached(self._vault, broadcast_id, most))
        return found

    async def colleagues(self, unit: str, but: str) -> list[Colleague]:
        found: list[Colleague] = await self._run(colleagues(unit, but))
        return found

    async def units(self, person_id: str) -> list[str]:
        found: list[str] = await self._run(units(person_id))
        return found

    async def send_page(self, written: Written, now: datetime) -> bool:
        """Puts the next page of a due notice into the outbox; False when nothing is due."""
        found: bool = await self._run(send_page(self._vault, written, now), durable=True)
        return found


def _place(broadcast_id: str) -> str:
    return f"broadcasts/{broadcast_id}"
