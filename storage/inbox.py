"""The inbox: a message is accepted once by its key, leased to who works on it, and settled once with its answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, literal_column, or_, select, text, true, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.delivery import Reply, ReplyKind
from domain.message import Message
from storage.sealing import Vault
from storage.statements import Statement, Step, Values, Visit
from storage.tables import OPEN, WORDS_KEPT, InboxRow, columns, table

LEASE = timedelta(seconds=30)  # a turn whose runner has been silent so long is taken over
ATTEMPTS = 5  # runs of one message before it is given up: what fails five times would fail for ever
RESUMED = 200  # open messages handed out at once
WORDS_KEPT_FOR = timedelta(days=7)
PURGED = 1000  # rows blanked in one visit

_TABLE = table(InboxRow)
_IS_OPEN = text(OPEN)

_NEW = insert(_TABLE).values(columns(InboxRow, state="open", settled_at=None, reason="", words_kept=1, answer=None))
ACCEPT = Statement(_NEW.on_conflict_do_nothing())
_TAKE_OVER = Statement(
    update(_TABLE)
    .where(_TABLE.c.key == bindparam("of"), _IS_OPEN)
    .where(or_(_TABLE.c.runner == "", _TABLE.c.runner == bindparam("own"), _TABLE.c.taken_at <= bindparam("expired")))
    .values(
        runner=bindparam("new_runner"),
        taken_at=bindparam("now"),
        attempts=_TABLE.c.attempts + bindparam("tries", type_=_TABLE.c.attempts.type),
    )
    .returning(_TABLE.c.late)
)
_SEEN = Statement(select(_TABLE.c.state, _TABLE.c.late, _TABLE.c.answer).where(_TABLE.c.key == bindparam("of")))
_SETTLE = Statement(
    update(_TABLE)
    .where(_TABLE.c.key == bindparam("of"), _IS_OPEN, _TABLE.c.late == bindparam("was_late"))
    .values(
        state=bindparam("new_state"), reason=bindparam("why"), settled_at=bindparam("now"), answer=bindparam("sealed")
    )
)
_MARK_LATE = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["key"], set_={"late": true()}, where=_TABLE.c.state == literal_column("'open'")
    ).returning(_TABLE.c.key)
)
_ABANDONED = (
    select(_TABLE.c.key)
    .where(_IS_OPEN, _TABLE.c.taken_at <= bindparam("expired"))
    .order_by(_TABLE.c.taken_at)
    .limit(RESUMED)
    .with_for_update(skip_locked=True)
)
_GIVE_UP = Statement(
    update(_TABLE)
    .where(_TABLE.c.key.in_(_ABANDONED.where(_TABLE.c.attempts >= ATTEMPTS)))
    .values(state="failed", reason="given up", settled_at=bindparam("now"))
)
_RESUME = Statement(
    update(_TABLE)
    .where(_TABLE.c.key.in_(_ABANDONED.where(_TABLE.c.attempts < ATTEMPTS)))
    .values(runner="", late=True, taken_at=bindparam("now"))
    .returning(_TABLE.c.key, _TABLE.c.body)
)
RELEASE_ALL = Statement(update(_TABLE).where(_IS_OPEN).values(runner=""))
_OLD_WORDS = (
    select(_TABLE.c.key)
    .where(text(WORDS_KEPT), _TABLE.c.received_at < bindparam("before"), _TABLE.c.state != "open")
    .limit(PURGED)
)
_PURGE = Statement(update(_TABLE).where(_TABLE.c.key.in_(_OLD_WORDS)).values(body=None, answer=None, words_kept=0))
COUNT_OPEN = Statement(select(func.count()).select_from(_TABLE).where(_IS_OPEN))


@dataclass(frozen=True, slots=True)
class Late:
    """Whether the message was already settled, then with its answer unless that left through the outbox."""

    settled: bool
    answer: Reply | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What the inbox says to a message that asks to be worked on. See `storage.turns.Opened.status`."""

    status: str
    answer: Reply | None = None


def accept(vault: Vault, message: Message, now: datetime, runner: str, *, late: bool = False) -> Step:
    """The step that changes a row when the message is new, and none when its key is known."""
    return Step(ACCEPT, _new_values(vault, message, now, runner, late=late, attempts=1))


def _new_values(vault: Vault, message: Message, now: datetime, runner: str, *, late: bool, attempts: int) -> Values:
    return {
        "key": message.key,
        "late": late,
        "runner": runner,
        "taken_at": now,
        "attempts": attempts,
        "received_at": now,
        "body": sealed(vault, message),
    }


def sealed(vault: Vault, message: Message) -> bytes:
    """The message as its row keeps it."""
    return vault.seal(message.model_dump_json().encode(), _place(message.key, "body"))


def opened(vault: Vault, key: str, body: bytes) -> Message:
    """The message of a row."""
    return Message.model_validate_json(vault.open(body, _place(key, "body")))


def see_again(vault: Vault, key: str, now: datetime, runner: str, *, retake: bool) -> Visit[Seen]:
    """Takes over an open row that nobody works on (`retake`: or this very runner); else tells how it stands."""
    own = runner if retake else ""
    tries = 0 if retake else 1  # giving way to another turn is no failure
    values = {"of": key, "own": own, "expired": now - LEASE, "new_runner": runner, "now": now, "tries": tries}
    (taken,) = yield (Step(_TAKE_OVER, values),)
    if taken:
        return Seen("late" if taken[0][0] else "new")
    return (yield from _how_it_stands(vault, key))


def _how_it_stands(vault: Vault, key: str) -> Visit[Seen]:
    (rows,) = yield (Step(_SEEN, {"of": key}),)
    state, late, answer = rows[0]
    if state == "open":
        return Seen("running")
    if answer is None:
        return Seen("settled")
    reply = Reply.model_validate_json(vault.open(answer, _place(key, "answer")))
    return Seen("settled", None if late and reply.kind is not ReplyKind.RECEIPT else reply)


def receipt(vault: Vault, key: str) -> Visit[tuple[str, Reply | None] | None]:
    """How a message stands and its receipt, once there is one; None: it never came."""
    (rows,) = yield (Step(_SEEN, {"of": key}),)
    if not rows:
        return None
    seen = yield from _how_it_stands(vault, key)
    kept = seen.answer if seen.answer is not None and seen.answer.kind is ReplyKind.RECEIPT else None
    return seen.status, kept


def settle(vault: Vault, key: str, answer: Reply | None, now: datetime, *, late: bool, failed: str) -> Step:
    """The step that settles an open row marked late or not; it fails when the row is not so."""
    sealed = None
    if answer is not None:
        sealed = vault.seal(answer.model_dump_json().encode(), _place(key, "answer"))
    state = "failed" if failed else "settled"
    values = {"of": key, "was_late": late, "new_state": state, "why": failed[:200], "now": now, "sealed": sealed}
    return Step(_SETTLE, values, must=True)


def mark_late(vault: Vault, message: Message, now: datetime) -> Visit[Late]:
    """From now on the answer leaves through the outbox, unless the row is settled already. Accepts a new message."""
    (rows,) = yield (Step(_MARK_LATE, _new_values(vault, message, now, "", late=True, attempts=0)),)
    if rows:
        return Late(settled=False)
    seen = yield from _how_it_stands(vault, message.key)
    return Late(settled=True, answer=seen.answer)


def unfinished(vault: Vault, now: datetime, lease: timedelta) -> Visit[list[Message]]:
    """Open messages that nobody has worked on for `lease`, oldest first, marked late and free to be taken over."""
    values = {"expired": now - lease, "now": now}
    yield (Step(_GIVE_UP, values),)
    (rows,) = yield (Step(_RESUME, values),)
    messages = [opened(vault, key, body) for key, body in rows]
    return sorted(messages, key=lambda message: message.sent_at)


def purge(now: datetime) -> Visit[int]:
    """Blanks what was said in up to PURGED old rows; how many."""
    (rows,) = yield (Step(_PURGE, {"before": now - WORDS_KEPT_FOR}),)
    return len(rows)


def _place(key: str, part: str) -> str:
    return f"inbox/{key}/{part}"
