"""A notice goes out in pages of the roster: recipients, their deliveries and the cursor behind them are one bundle.

A crash between two pages loses nobody and doubles nobody, and of two processes at the same page one is refused. Of a
mass message the pages only write down whom it is for, after the platform has taken it.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import bindparam, exists, select, text, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.broadcast import Broadcast, BroadcastState, Recipient, delivery_key
from domain.delivery import Purpose, Reply
from storage import mass, outbox
from storage.audiences import page
from storage.broadcasts import BY_MASS, MASS_REFUSED
from storage.noticed import SELECTED, broadcast
from storage.refusals import GuardFailed
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Visit
from storage.tables import columns, table
from storage.tables_broadcasts import GOING, BroadcastRow, RecipientRow
from storage.tables_marks import MassSendRow

Written = Callable[[str, str, str, Recipient], Reply]  # of unit, id and text of a notice, for somebody

PAGE = 50  # roster rows of one bundle

_BROADCASTS, _RECIPIENTS, _MASS = table(BroadcastRow), table(RecipientRow), table(MassSendRow)

_IS_MASS = exists().where(_MASS.c.broadcast_id == _BROADCASTS.c.id)
_NEXT = Statement(
    select(*SELECTED)
    .where(text(GOING), _BROADCASTS.c.due_at <= bindparam("now"), ~_IS_MASS)
    .order_by(_BROADCASTS.c.due_at, _BROADCASTS.c.id)
    .limit(1)
)
_GOING = Statement(select(*SELECTED).where(text(GOING), _BROADCASTS.c.id == bindparam("of")))
_MOVE = Statement(
    update(_BROADCASTS)
    .where(_BROADCASTS.c.id == bindparam("of"), text(GOING), _BROADCASTS.c.cursor == bindparam("from_cursor"))
    .values(cursor=bindparam("to_cursor"), state=bindparam("becomes"))
)
_RECIPIENT = Statement(insert(_RECIPIENTS).values(columns(RecipientRow, read_at=None)).on_conflict_do_nothing())


def send_page(vault: Vault, written: Written, now: datetime) -> Visit[bool]:
    """Puts the next page of the notice that is due longest into the outbox; False when there is none to go out."""
    (rows,) = yield (Step(_NEXT, {"now": now}),)
    if not rows:
        return False
    yield from _page(vault, rows[0], lambda going, one: _steps(vault, going, one, written, now), now)
    return True


def count_page(vault: Vault, broadcast_id: str, taken: bool, now: datetime) -> Visit[bool]:
    """Writes down the next page of those whom a mass message is for, which the platform has `taken` or refused; False
    when it is no longer going out.
    """
    (rows,) = yield (Step(_GOING, {"of": broadcast_id}),)
    if not rows:
        return False
    yield from _page(vault, rows[0], lambda going, one: _massed(going, one, taken, now), now)
    return True


def _page(vault: Vault, row: Row, steps_of: Callable[[Broadcast, Recipient], list[Step]], now: datetime) -> Visit[None]:
    going, cursor = broadcast(vault, row), row[-1]
    taken = yield from page(vault, going.audience, cursor, PAGE, now)
    becomes = BroadcastState.DUE if len(taken) == PAGE else BroadcastState.OUT
    to = taken[-1].member_id if taken else cursor
    moving = {"of": going.id, "from_cursor": cursor, "to_cursor": to, "becomes": becomes.value}
    steps = [step for one in taken for step in steps_of(going, one)]
    try:
        yield (Step(_MOVE, moving, must=True), *steps)
    except GuardFailed:  # stopped, or another process was first
        return


def _steps(vault: Vault, going: Broadcast, one: Recipient, written: Written, now: datetime) -> list[Step]:
    key = delivery_key(going.id, one.member_id) if one.person_id else None
    steps = [_noted(going, one, key)]
    if key and one.person_id:
        reply = written(going.audience.unit, going.id, going.text, one)
        steps.append(outbox.notice(vault, key, one.person_id, one.channel, one.sender, reply, Purpose.BROADCAST, now))
    return steps


def _massed(going: Broadcast, one: Recipient, taken: bool, now: datetime) -> list[Step]:
    if not taken or not one.massable:
        return [_noted(going, one, None if taken else MASS_REFUSED)]
    return [_noted(going, one, BY_MASS), mass.counted(one, now)]


def _noted(going: Broadcast, one: Recipient, key: str | None) -> Step:
    noted = {"broadcast_id": going.id, "member_id": one.member_id, "person_id": one.person_id, "delivery_key": key}
    return Step(_RECIPIENT, noted)
