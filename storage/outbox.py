"""The outbox: what is to be said, once by its key, in a person's order, taken by one sender at a time.

A delivery whose sender died is waiting again if its send had not begun, and `unknown` if it had: the platform's
customer-service interface has no client id, so what may have been sent is not sent again.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, bindparam, exists, func, literal_column, or_, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from domain.delivery import Delivery, DeliveryState, Purpose, Reply, ReplyKind
from domain.message import Message
from storage.refusals import GuardFailed, NotTaken
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Visit
from storage.tables import PENDING, TROUBLED, WORDS_KEPT, DeliveryRow, columns, table

_EVER = datetime(9999, 1, 1, tzinfo=UTC)
LEASE = timedelta(seconds=60)  # a taken delivery that is neither begun nor finished by then has lost its sender
WORDS_KEPT_FOR = timedelta(days=7)
PURGED = 1000
AGAIN = "again"  # in a message's details: what tells the answers of this run from those of the one that failed

_TABLE = table(DeliveryRow)
_PENDING = text(PENDING)
_WAITING = literal_column("state") == literal_column("'waiting'")
_TAKEN = _TABLE.c.state == literal_column("'taken'")

_PUT = Statement(
    insert(_TABLE).values(
        columns(
            DeliveryRow,
            state="waiting",
            retry_at=None,
            attempts=0,
            reason="",
            taker="",
            taken_at=None,
            begun_at=None,
            finished_at=None,
            words_kept=1,
            way="",
        )
    )
)


def _take() -> Statement:
    """Takes what is due of one purpose, oldest first, and nothing of a person of whom something that goes first is not
    taken along: what was due earlier, or is said for a purpose that comes before.
    """
    picked = (
        select(_TABLE.c.id, _TABLE.c.recipient, _TABLE.c.priority, _TABLE.c.due_at)
        .where(_PENDING, _WAITING, _TABLE.c.priority == bindparam("purpose"), _TABLE.c.due_at <= bindparam("now"))
        .where(or_(_TABLE.c.retry_at.is_(None), _TABLE.c.retry_at <= bindparam("now")))
        .order_by(_TABLE.c.due_at, _TABLE.c.id)
        .limit(bindparam("most", type_=_TABLE.c.id.type))
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    earlier = _TABLE.alias("earlier")
    held_back = exists().where(
        text(PENDING.replace("state", "earlier.state")),
        earlier.c.recipient == picked.c.recipient,
        earlier.c.due_at <= bindparam("now"),
        tuple_(earlier.c.priority, earlier.c.due_at, earlier.c.id)
        < tuple_(picked.c.priority, picked.c.due_at, picked.c.id),
        earlier.c.id.not_in(select(picked.c.id)),
    )
    # Materialized, so that who is held back is asked once for each that is picked: over tables that have just grown and
    # were not analyzed yet, PostgreSQL would ask it anew for every row that it updates, for minutes.
    wanted = select(picked.c.id).where(~held_back).cte("wanted").prefix_with("MATERIALIZED", dialect="postgresql")
    told = [_TABLE.c[name] for name in _TOLD]
    return Statement(
        update(_TABLE)
        .where(_TABLE.c.id.in_(select(wanted.c.id)), _TABLE.c.state == literal_column("'waiting'"))
        .values(state="taken", taker=bindparam("by"), taken_at=bindparam("leased"))
        .returning(*told)
    )


_TOLD = ("id", "key", "person_id", "channel", "recipient", "content", "due_at", "attempts", "reason", "priority")
_TAKE = _take()
_LOST = and_(_PENDING, _TAKEN, _TABLE.c.taken_at <= bindparam("lost"))
_RETURN_UNBEGUN = Statement(
    update(_TABLE).where(_LOST, _TABLE.c.begun_at.is_(None)).values(state="waiting", taker="", taken_at=None)
)
_DOUBT_BEGUN = Statement(
    update(_TABLE)
    .where(_LOST, _TABLE.c.begun_at.is_not(None))
    .values(state="unknown", reason="the sender stopped while sending")
)
_MINE = (_TABLE.c.id == bindparam("of"), _TAKEN, _TABLE.c.taker == bindparam("by"))
_BEGIN = Statement(
    update(_TABLE)
    .where(*_MINE, _TABLE.c.begun_at.is_(None))
    .values(begun_at=bindparam("leased"), taken_at=bindparam("leased"), attempts=_TABLE.c.attempts + 1)
)
_FINISH = Statement(
    update(_TABLE)
    .where(*_MINE)
    .values(
        state=bindparam("new_state"),
        reason=bindparam("why"),
        finished_at=bindparam("now"),
        retry_at=bindparam("again_at"),
        way=bindparam("left_by"),
        begun_at=None,
        taken_at=None,
        taker="",
    )
)
_AGE = Statement(
    select(_TABLE.c.due_at)
    .where(_PENDING, _TABLE.c.state == literal_column("'waiting'"))
    .where(_TABLE.c.priority == bindparam("purpose"), _TABLE.c.due_at <= bindparam("now"))
    .order_by(_TABLE.c.due_at)
    .limit(1)
)
_COUNTS = [
    Statement(select(_TABLE.c.state, func.count()).where(text(which)).group_by(_TABLE.c.state))
    for which in (PENDING, TROUBLED)
]
_OLD_WORDS = (
    select(_TABLE.c.id)
    .where(text(WORDS_KEPT), _TABLE.c.due_at < bindparam("before"), text(f"NOT {PENDING}"))
    .limit(PURGED)
)
_PURGE = Statement(update(_TABLE).where(_TABLE.c.id.in_(_OLD_WORDS)).values(content=None, words_kept=0))


def put(
    vault: Vault, message: Message, person_id: str, replies: Sequence[Reply], now: datetime, *, after: int
) -> list[Step]:
    """The steps that put the replies from `after` on into the outbox (ids follow their order).

    A message that is run again after it failed has already been apologised for under its first keys.
    """
    again = message.details.get(AGAIN, "")
    steps = []
    for place, reply in enumerate(replies[after:], start=after):
        if reply.kind is ReplyKind.RECEIPT:
            continue
        key = f"{message.key}#{again}{place}"
        values = {
            "key": key,
            "person_id": person_id,
            "channel": message.channel.value,
            "recipient": message.sender,
            "due_at": now,
            "priority": int(Purpose.ANSWER),
            "content": vault.seal(reply.model_dump_json().encode(), _place(key)),
        }
        steps.append(Step(_PUT, values))
    return steps


def notice(
    vault: Vault,
    key: str,
    person_id: str,
    channel: str,
    recipient: str,
    reply: Reply,
    purpose: Purpose,
    due_at: datetime,
) -> Step:
    """The step that puts something into the outbox that answers no message. A key that is there refuses the bundle."""
    values = {
        "key": key,
        "person_id": person_id,
        "channel": channel,
        "recipient": recipient,
        "due_at": due_at,
        "priority": int(purpose),
        "content": vault.seal(reply.model_dump_json().encode(), _place(key)),
    }
    return Step(_PUT, values)


def take(
    vault: Vault, now: datetime, limit: int, taker: str, leased_at: datetime, purposes: Sequence[Purpose]
) -> Visit[list[Delivery]]:
    """What is due of `purposes`, in their order, oldest first and in each person's order.

    What a dead sender left is sorted out before. Leases run on `leased_at`, the real time, because `now` may be moved.
    """
    lost = {"lost": leased_at - LEASE}
    yield (Step(_RETURN_UNBEGUN, lost), Step(_DOUBT_BEGUN, lost))
    taken: list[Delivery] = []
    for purpose in sorted(purposes):
        values = {"now": now, "by": taker, "leased": leased_at, "purpose": int(purpose)}
        (rows,) = yield (Step(_TAKE, {**values, "most": limit - len(taken)}),)
        found = (_delivery(vault, row) for row in rows)
        taken += sorted(found, key=lambda delivery: (delivery.due_at, delivery.id))
        if len(taken) >= limit:
            break
    return taken


def recover() -> list[Step]:
    """The steps that sort out every taken delivery at once, for a database that has one process only."""
    lost = {"lost": _EVER}
    return [Step(_RETURN_UNBEGUN, lost), Step(_DOUBT_BEGUN, lost)]


def _delivery(vault: Vault, row: Row) -> Delivery:
    id_, key, person_id, channel, recipient, content, due_at, attempts, reason, priority = row
    return Delivery(
        id=id_,
        key=key,
        person_id=person_id,
        channel=channel,
        recipient=recipient,
        reply=Reply.model_validate_json(vault.open(content, _place(key))),
        due_at=due_at,
        state=DeliveryState.TAKEN,
        attempts=attempts,
        reason=reason,
        purpose=Purpose(priority),
    )


def begin(id_: int, leased_at: datetime, taker: str) -> Visit[None]:
    """The send starts now. NotTaken when the delivery is not this taker's: then it must not be sent."""
    (rows,) = yield (Step(_BEGIN, {"of": id_, "leased": leased_at, "by": taker}),)
    if not rows:
        raise NotTaken("the delivery has been taken back")


def finish(
    id_: int,
    state: DeliveryState,
    reason: str,
    now: datetime,
    retry_at: datetime | None,
    taker: str,
    way: str = "",
    along: Sequence[Step] = (),
) -> Visit[None]:
    """Ends or, with `waiting`, puts off a delivery; `along` is written with it. NotTaken when it is taken back."""
    ended = {"new_state": state.value, "why": reason[:200], "again_at": retry_at, "left_by": way}
    try:
        yield (Step(_FINISH, {"of": id_, "by": taker, "now": now, **ended}, must=True), *along)
    except GuardFailed:
        raise NotTaken("the delivery has been taken back") from None


def age(now: datetime) -> Visit[float]:
    """Seconds since the oldest waiting delivery became due; 0 when none is."""
    oldest = now
    for purpose in Purpose:
        (rows,) = yield (Step(_AGE, {"now": now, "purpose": int(purpose)}),)
        oldest = min([oldest, *(row[0] for row in rows)])
    return (now - oldest).total_seconds()


def counts() -> Visit[dict[DeliveryState, int]]:
    """How many deliveries are in each state; those sent are not counted, they are most of the table."""
    found: dict[DeliveryState, int] = {}
    for statement in _COUNTS:
        (rows,) = yield (Step(statement, {}),)
        found |= {DeliveryState(state): count for state, count in rows}
    return found


def purge(now: datetime) -> Visit[int]:
    """Blanks what up to PURGED old deliveries said; how many."""
    (rows,) = yield (Step(_PURGE, {"before": now - WORDS_KEPT_FOR}),)
    return len(rows)


def _place(key: str) -> str:
    return f"deliveries/{key}"
