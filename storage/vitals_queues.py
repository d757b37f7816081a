"""What waits, how long it has waited, and what has failed: counted for the operator, without looking inside.

A failed message is opened again only from `failed`, in one statement, and marked late: whoever settles it settles it
once, and its answer leaves through the outbox.
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, text, true, update

from domain.delivery import Purpose
from domain.message import Message
from storage import inbox
from storage.outbox import AGAIN
from storage.sealing import Vault
from storage.statements import Statement, Step, Visit
from storage.tables import FAILED, OPEN, PENDING, DeliveryRow, InboxRow, TokenRow, table
from storage.tables_reminders import JobRow, UsageRow
from storage.tables_tasks import OPEN_TASKS, TaskRow

FAILED_SHOWN = 50

_INBOX, _OUTBOX, _TASKS = table(InboxRow), table(DeliveryRow), table(TaskRow)
_TOKENS, _JOBS, _USAGES = table(TokenRow), table(JobRow), table(UsageRow)

_OPEN_COUNT: Any = select(func.count(), func.min(_INBOX.c.received_at)).where(text(OPEN))
_OPEN = Statement(_OPEN_COUNT)
_DUE = Statement(
    select(_OUTBOX.c.priority, func.count(), func.min(_OUTBOX.c.due_at))
    .where(text(PENDING), _OUTBOX.c.due_at <= bindparam("now", type_=_OUTBOX.c.due_at.type))
    .group_by(_OUTBOX.c.priority)
)
_UNDONE = Statement(
    select(_TASKS.c.kind, func.count(), func.min(_TASKS.c.due_at)).where(text(OPEN_TASKS)).group_by(_TASKS.c.kind)
)
_FAILED_TASKS = Statement(
    select(func.count()).select_from(_TASKS).where(text(FAILED), _TASKS.c.due_at >= bindparam("since"))
)
_FAILED_COUNT = Statement(
    select(func.count()).select_from(_INBOX).where(text(FAILED), _INBOX.c.received_at >= bindparam("since"))
)
_FAILED = Statement(
    select(_INBOX.c.key, _INBOX.c.received_at, _INBOX.c.settled_at, _INBOX.c.reason, _INBOX.c.attempts)
    .add_columns(_INBOX.c.words_kept)
    .where(text(FAILED))
    .order_by(_INBOX.c.received_at.desc())
    .limit(FAILED_SHOWN)
)
_WORDS = Statement(select(_INBOX.c.key, _INBOX.c.body).where(_INBOX.c.key == bindparam("of"), text(FAILED)))
_REOPEN = Statement(
    update(_INBOX)
    .where(_INBOX.c.key == bindparam("of"), text(FAILED), _INBOX.c.body == bindparam("seen"))
    .values(state="open", late=true(), runner="", reason="", attempts=0, settled_at=None, answer=None)
    .values(taken_at=bindparam("now"), body=bindparam("words"))
)
_STANDS = Statement(select(_INBOX.c.state, _INBOX.c.reason).where(_INBOX.c.key == bindparam("of")))
_EXPIRES = Statement(select(_TOKENS.c.appid, _TOKENS.c.expires_at).where(_TOKENS.c.token.is_not(None)))
_USED = Statement(
    select(_USAGES.c.interface, _USAGES.c.used, _USAGES.c.allowed)
    .where(_USAGES.c.day == bindparam("of_day"))
    .order_by(_USAGES.c.interface)
)
_DONE = Statement(select(_JOBS.c.name, _JOBS.c.day, _JOBS.c.done_at))


@dataclass(frozen=True, slots=True)
class Queue:
    """How many wait, and since when the one that has waited longest does."""

    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class FailedTurn:
    """A message that was not answered as it should be. `kept` is not 0 while its words are there to be run again."""

    key: str
    received_at: datetime
    failed_at: datetime | None
    reason: str
    attempts: int
    kept: int


@dataclass(frozen=True, slots=True)
class Job:
    """What a coarse job of the clock has last done: for which day, and when it was through."""

    day: date
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Use:
    """Calls of an interface on a day, as we have set them aside, and how many are allowed."""

    used: int
    allowed: int


@dataclass(frozen=True, slots=True)
class Queues:
    """All that waits or has gone wrong at one moment; `failed` counts turns and `failed_tasks` tasks."""

    inbox: Queue = Queue()
    outbox: dict[Purpose, Queue] = field(default_factory=dict)
    tasks: dict[str, Queue] = field(default_factory=dict)
    failed: int = 0
    failed_tasks: int = 0
    tokens: dict[str, datetime] = field(default_factory=dict)
    usage: dict[str, Use] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)


def queues(now: datetime, since: datetime, day: date) -> Visit[Queues]:
    """What waits now, what has failed since, and the calls of `day` (of Beijing)."""
    opened, due = yield (Step(_OPEN, {}), Step(_DUE, {"now": now}))
    undone, used = yield (Step(_UNDONE, {}), Step(_USED, {"of_day": day}))
    failed, failed_tasks = yield (Step(_FAILED_COUNT, {"since": since}), Step(_FAILED_TASKS, {"since": since}))
    expires, jobs = yield (Step(_EXPIRES, {}), Step(_DONE, {}))
    return Queues(
        inbox=Queue(*opened[0]),
        outbox={Purpose(row[0]): Queue(row[1], row[2]) for row in due},
        tasks={row[0]: Queue(row[1], row[2]) for row in undone},
        failed=failed[0][0],
        failed_tasks=failed_tasks[0][0],
        tokens={row[0]: row[1] for row in expires if row[1] is not None},
        usage={row[0]: Use(row[1], row[2]) for row in used},
        jobs={row[0]: Job(row[1], row[2]) for row in jobs},
    )


def failed() -> Visit[list[FailedTurn]]:
    """The latest messages that failed, the newest first."""
    (rows,) = yield (Step(_FAILED, {}),)
    return [FailedTurn(*row) for row in rows]


def reopen(vault: Vault, key: str, now: datetime) -> Visit[Message | None]:
    """Opens a failed message to be run again, late; None: it is not failed (any more), or its words are gone."""
    (rows,) = yield (Step(_WORDS, {"of": key}),)
    if not rows or rows[0][1] is None:
        return None
    message = inbox.opened(vault, key, rows[0][1])
    again = {**message.details, AGAIN: f"{int(now.timestamp() * 1000)}:"}
    message = message.model_copy(update={"details": again})
    values = {"of": key, "seen": rows[0][1], "words": inbox.sealed(vault, message), "now": now}
    (changed,) = yield (Step(_REOPEN, values),)
    return message if changed else None


def stands(key: str) -> Visit[tuple[str, str] | None]:
    """State and reason of a message."""
    (rows,) = yield (Step(_STANDS, {"of": key}),)
    return (str(rows[0][0]), str(rows[0][1])) if rows else None


class QueueStore:
    """Made by the store (`Store.queues`); `run` is its driver's."""

    def __init__(self, run: Callable[..., Coroutine[Any, Any, Any]], vault: Vault) -> None:
        self._run = run
        self._vault = vault

    async def look(self, now: datetime, since: datetime, day: date) -> Queues:
        found: Queues = await self._run(queues(now, since, day))
        return found

    async def failed(self) -> Sequence[FailedTurn]:
        found: list[FailedTurn] = await self._run(failed())
        return found

    async def reopen(self, key: str, now: datetime) -> Message | None:
        found: Message | None = await self._run(reopen(self._vault, key, now), durable=True)
        return found

    async def stands(self, key: str) -> tuple[str, str] | None:
        found: tuple[str, str] | None = await self._run(stands(key))
        return found
