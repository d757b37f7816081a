"""Tasks: put down in the commit of the turn that wants them, taken under a lease, ended once.

A task whose worker died is taken again when its lease runs out; one that keeps failing ends as `failed`. Its work must
therefore bear being done twice: what it leads to is told through a message with the task's key, which counts once.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, literal_column, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from domain.message import Channel, Message
from domain.task import NewTask, Task, TaskKind
from storage.refusals import NotTaken
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Visit
from storage.tables import columns, table
from storage.tables_tasks import OPEN_TASKS, TaskRow

LEASE = timedelta(seconds=120)

_TABLE = table(TaskRow)
_IS_OPEN = text(OPEN_TASKS)
_PUT = Statement(
    insert(_TABLE).values(columns(TaskRow, state="waiting", attempts=0, reason="", taker="", taken_at=None))
)
_DUE = (
    select(_TABLE.c.id)
    .where(_IS_OPEN, _TABLE.c.due_at <= bindparam("now"), _TABLE.c.kind == bindparam("of_kind"))
    .where(or_(_TABLE.c.state == literal_column("'waiting'"), _TABLE.c.taken_at <= bindparam("lost")))
    .order_by(_TABLE.c.due_at, _TABLE.c.id)
    .limit(bindparam("most", type_=_TABLE.c.id.type))
    .with_for_update(skip_locked=True)
)
_TOLD = ("id", "key", "kind", "person_id", "channel", "account", "sender", "due_at", "attempts", "content")
_TAKE = Statement(
    update(_TABLE)
    .where(_TABLE.c.id.in_(_DUE))
    .values(state="taken", taker=bindparam("by"), taken_at=bindparam("now"), attempts=_TABLE.c.attempts + 1)
    .returning(*(_TABLE.c[name] for name in _TOLD))
)
_MINE = (
    _TABLE.c.id == bindparam("of"),
    _TABLE.c.state == literal_column("'taken'"),
    _TABLE.c.taker == bindparam("by"),
    _TABLE.c.attempts == bindparam("attempt"),
)
_END = Statement(
    update(_TABLE).where(*_MINE).values(state=bindparam("new_state"), reason=bindparam("why"), content=None)
)
_PUT_OFF = Statement(
    update(_TABLE).where(*_MINE).values(state="waiting", reason=bindparam("why"), due_at=bindparam("again_at"))
)
RELEASE_ALL = Statement(
    update(_TABLE).where(_IS_OPEN, _TABLE.c.state == literal_column("'taken'")).values(state="waiting")
)
_WAITING = Statement(select(_TABLE.c.kind, func.count()).where(_IS_OPEN).group_by(_TABLE.c.kind))


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended: done; put off until `again_at`; or, with neither, failed for good."""

    done: bool
    reason: str = ""
    again_at: datetime | None = None


def put(vault: Vault, message: Message, person_id: str, wanted: Sequence[NewTask], now: datetime) -> list[Step]:
    """The steps that put down what a message's turn wants done."""
    steps = []
    for place, task in enumerate(wanted):
        key = f"{message.key}#{task.kind.value}:{place}"
        values = {
            "key": key,
            "kind": task.kind.value,
            "person_id": person_id,
            "channel": message.channel.value,
            "account": message.account,
            "sender": message.sender,
            "due_at": now,
            "content": vault.seal(json.dumps(task.content, ensure_ascii=False).encode(), _place(key)),
        }
        steps.append(Step(_PUT, values))
    return steps


def take(vault: Vault, now: datetime, kind: TaskKind, limit: int, taker: str) -> Visit[list[Task]]:
    """Up to `limit` tasks of a kind that are due, oldest first, also those whose worker has been silent for LEASE."""
    values = {"now": now, "lost": now - LEASE, "of_kind": kind.value, "most": limit, "by": taker}
    (rows,) = yield (Step(_TAKE, values),)
    return sorted((_task(vault, row) for row in rows), key=lambda task: task.id)


def _task(vault: Vault, row: Row) -> Task:
    id_, key, kind, person_id, channel, account, sender, due_at, attempts, content = row
    return Task(
        kind=TaskKind(kind),
        content=json.loads(vault.open(content, _place(key))),
        id=id_,
        key=key,
        person_id=person_id,
        channel=Channel(channel),
        account=account,
        sender=sender,
        due_at=due_at,
        attempts=attempts,
    )


def end(task: Task, ended: Ended, taker: str) -> Visit[None]:
    """Ends this attempt. NotTaken: the task has been taken over by another worker."""
    values = {"of": task.id, "by": taker, "attempt": task.attempts, "why": ended.reason[:200]}
    if ended.again_at is not None:
        (rows,) = yield (Step(_PUT_OFF, {**values, "again_at": ended.again_at}),)
    else:
        (rows,) = yield (Step(_END, {**values, "new_state": "done" if ended.done else "failed"}),)
    if not rows:
        raise NotTaken("the task has been taken over")


def waiting() -> Visit[dict[TaskKind, int]]:
    """How many tasks of each kind are not done yet."""
    (rows,) = yield (Step(_WAITING, {}),)
    return {TaskKind(kind): count for kind, count in rows}


def _place(key: str) -> str:
    return f"tasks/{key}"
