"""Mass messages (群发): a notice that leaves as one message to a whole tag, and what the platform tells of it.

Each step can be made again: the tag is brought in line with the roster, the send carries an id of its own, and whom it
was for is written down in pages behind it. What the platform tells may arrive before its answer to the send.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, literal_column, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.broadcast import MassSend, MassState, Recipient
from domain.message import Message
from storage.audiences import month
from storage.statements import Row, Statement, Step, Visit
from storage.tables import IdentityRow, columns, table
from storage.tables_broadcasts import GOING, BroadcastRow
from storage.tables_marks import MassResultRow, MassSendRow, TagRow
from storage.tables_proofs import MemberRow
from storage.tables_reminders import ReachRow

FINISHED = "masssendjobfinish"  # the platform's event
PEOPLE = 1000  # openids read at once

_BROADCASTS, _MEMBERS, _IDENTITIES = table(BroadcastRow), table(MemberRow), table(IdentityRow)
_SENDS, _RESULTS, _TAGS, _REACH = table(MassSendRow), table(MassResultRow), table(TagRow), table(ReachRow)

_WANTED = Statement(
    insert(_SENDS).values(columns(MassSendRow, state="waiting", message_id="", reason="", retry_at=None))
)
_NEXT = Statement(
    select(
        *(_BROADCASTS.c[name] for name in ("id", "unit", "department")),
        *(_SENDS.c[name] for name in ("account", "state")),
    )
    .select_from(_BROADCASTS.join(_SENDS, _SENDS.c.broadcast_id == _BROADCASTS.c.id))
    .where(text(GOING.replace("state", "broadcasts.state")), _BROADCASTS.c.due_at <= bindparam("now"))
    .where(or_(_SENDS.c.retry_at.is_(None), _SENDS.c.retry_at <= bindparam("now")))
    .order_by(_BROADCASTS.c.due_at, _BROADCASTS.c.id)
    .limit(1)
)
_DUE = select(_BROADCASTS.c.id).where(text(GOING))
_BEGIN = Statement(
    update(_SENDS)
    .where(_SENDS.c.broadcast_id == bindparam("of"), _SENDS.c.broadcast_id.in_(_DUE))
    .where(_SENDS.c.state.in_([literal_column("'waiting'"), literal_column("'sending'")]))
    .values(state="sending")
)
_PUT_OFF = Statement(update(_SENDS).where(_SENDS.c.broadcast_id == bindparam("of")).values(retry_at=bindparam("until")))
_SENT = Statement(
    update(_SENDS)
    .where(_SENDS.c.broadcast_id == bindparam("of"), _SENDS.c.state == literal_column("'sending'"))
    .values(state="sent", message_id=bindparam("message"))
)
_REFUSED = Statement(
    update(_SENDS).where(_SENDS.c.broadcast_id == bindparam("of")).values(state="refused", reason=bindparam("why"))
)
_TAG = Statement(
    select(_TAGS.c.tag_id).where(
        *(_TAGS.c[name] == bindparam(f"of_{name}") for name in ("account", "unit", "department"))
    )
)
_NEW_TAG = insert(_TAGS).values(columns(TagRow))
_KEEP_TAG = Statement(
    _NEW_TAG.on_conflict_do_update(
        index_elements=["account", "unit", "department"], set_={"tag_id": _NEW_TAG.excluded.tag_id}
    )
)
_DEPARTMENT = bindparam("of_department", type_=_MEMBERS.c.department.type)
_HERE = (_REACH.c.channel == _IDENTITIES.c.channel) & (_REACH.c.account == _IDENTITIES.c.account)
_FOLLOWERS: Any = (
    select(_IDENTITIES.c.sender, _MEMBERS.c.id)
    .select_from(
        _MEMBERS.join(_IDENTITIES, _IDENTITIES.c.person_id == _MEMBERS.c.person_id).outerjoin(
            _REACH, _HERE & (_REACH.c.sender == _IDENTITIES.c.sender)
        )
    )
    .where(_MEMBERS.c.unit == bindparam("of_unit"), _MEMBERS.c.active, _IDENTITIES.c.account == bindparam("of_account"))
    .where(or_(literal_column("''") == _DEPARTMENT, _MEMBERS.c.department == _DEPARTMENT))
    .where(or_(_REACH.c.closed.is_(None), _REACH.c.closed == literal_column("''")))
    .where(_MEMBERS.c.id > bindparam("after"))
    .order_by(_MEMBERS.c.id)
    .limit(PEOPLE)
)
_READ_FOLLOWERS = Statement(_FOLLOWERS)
_NOTHING = {"contact": "", "contact_at": None, "left": 0, "until": None, "closed": "", "massed": 1}
_NEW_COUNT = insert(_REACH).values(columns(ReachRow, **_NOTHING))
_SAME_MONTH = _REACH.c.massed_month == _NEW_COUNT.excluded.massed_month
_COUNT = Statement(
    _NEW_COUNT.on_conflict_do_update(
        index_elements=["channel", "account", "sender"],
        set_={
            "massed": case((_SAME_MONTH, _REACH.c.massed + literal_column("1")), else_=literal_column("1")),
            "massed_month": _NEW_COUNT.excluded.massed_month,
        },
    )
)
_TOLD = Statement(insert(_RESULTS).values(columns(MassResultRow)).on_conflict_do_nothing())
_OF = Statement(
    select(
        *(_SENDS.c[name] for name in ("state", "account", "reason")),
        *(_RESULTS.c[name] for name in ("status", "sent", "failed")),
    )
    .select_from(
        _SENDS.outerjoin(
            _RESULTS, (_RESULTS.c.account == _SENDS.c.account) & (_RESULTS.c.message_id == _SENDS.c.message_id)
        )
    )
    .where(_SENDS.c.broadcast_id == bindparam("of"))
)


@dataclass(frozen=True, slots=True)
class MassJob:
    """A mass message whose turn it is."""

    broadcast_id: str
    unit: str
    department: str
    account: str
    state: MassState


def wanted(broadcast_id: str, account: str) -> Step:
    """The step that has a notice leave as a mass message."""
    return Step(_WANTED, {"broadcast_id": broadcast_id, "account": account})


def next_job(now: datetime) -> Visit[MassJob | None]:
    """The mass message that is due longest."""
    (rows,) = yield (Step(_NEXT, {"now": now}),)
    if not rows:
        return None
    broadcast_id, unit, department, account, state = rows[0]
    return MassJob(broadcast_id, unit, department, account, MassState(state))


def followers(job: MassJob) -> Visit[list[str]]:
    """The ids under which everybody of the roster whom the account can write to is known to it."""
    found: list[str] = []
    after = 0
    while True:
        values = {"of_unit": job.unit, "of_department": job.department, "of_account": job.account, "after": after}
        (rows,) = yield (Step(_READ_FOLLOWERS, values),)
        found += [row[0] for row in rows]
        if len(rows) < PEOPLE:
            return list(dict.fromkeys(found))
        after = rows[-1][1]


def tag(job: MassJob) -> Visit[int | None]:
    values = {"of_account": job.account, "of_unit": job.unit, "of_department": job.department}
    (rows,) = yield (Step(_TAG, values),)
    return rows[0][0] if rows else None


def keep_tag(job: MassJob, tag_id: int) -> Visit[None]:
    yield (Step(_KEEP_TAG, {"account": job.account, "unit": job.unit, "department": job.department, "tag_id": tag_id}),)


def begin(broadcast_id: str) -> Step:
    """The step before the wire; refused when the notice has been stopped."""
    return Step(_BEGIN, {"of": broadcast_id}, must=True)


def put_off(broadcast_id: str, until: datetime) -> Visit[None]:
    yield (Step(_PUT_OFF, {"of": broadcast_id, "until": until}),)


def sent(broadcast_id: str, message_id: str) -> Visit[None]:
    """The platform has taken it under this id."""
    yield (Step(_SENT, {"of": broadcast_id, "message": message_id}),)


def refused(broadcast_id: str, reason: str) -> Visit[None]:
    yield (Step(_REFUSED, {"of": broadcast_id, "why": reason[:200]}),)


def counted(one: Recipient, now: datetime) -> Step:
    """The step that counts one of the month's mass messages to somebody."""
    who = {"channel": one.channel, "account": one.account, "sender": one.sender, "person_id": one.person_id}
    return Step(_COUNT, {**who, "massed_month": month(now)})


def told(message: Message, now: datetime) -> Sequence[Step]:
    """The step that keeps what the platform tells when a mass message has gone out; none for other messages."""
    said = message.details
    if message.event != FINISHED or not str(said.get("message_id", "")).isdecimal():
        return ()
    counts = {name: _number(said.get(f"{name}_count")) for name in ("total", "sent")}
    values = {
        "account": message.account,
        "message_id": str(said["message_id"])[:20],
        "status": str(said.get("status", ""))[:40],
        "filtered": _number(said.get("filter_count")),
        "failed": _number(said.get("error_count")),
        "told_at": now,
    }
    return (Step(_TOLD, {**values, **counts}),)


def _number(value: object) -> int:
    return min(int(value), 2**31 - 1) if isinstance(value, int) and value >= 0 else 0


def of(broadcast_id: str) -> Visit[MassSend | None]:
    """How a mass message stands; None for a notice that does not leave as one."""
    (rows,) = yield (Step(_OF, {"of": broadcast_id}),)
    return _send(rows[0]) if rows else None


def _send(row: Row) -> MassSend:
    state, account, reason, status, sent_to, failed = row
    return MassSend(MassState(state), account, reason, status or "", sent_to, failed)
