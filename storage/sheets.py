"""Batches to rows and back: taken under a lease, moved on page by page, deleted when their time is over.

A page's work and the place that the batch has come to are one bundle, under the guard that the batch is where it was
read and still this worker's: a crash between two pages loses nothing, and two workers never do one page twice.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, delete, func, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import insert

from domain.batch import Batch, BatchKind, BatchState
from storage.refusals import Conflict, GuardFailed
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Values, Visit
from storage.tables import columns, table
from storage.tables_sheets import IS_AWAITED, IS_MOVING, AttendanceRow, BatchPageRow, BatchRow, DifferenceRow

LEASE = timedelta(seconds=60)
KEPT = timedelta(days=30)  # the rows of a batch
LISTS_KEPT = timedelta(days=5 * 366)  # those of a list that hours rest on, like the pictures of proofs
FILES_KEPT = timedelta(days=3)  # papers that were made to be downloaded
ROWS, FILE = "rows", "file"  # leaves
LISTED = 30  # batches on a page
PURGED = 20  # batches whose rows are deleted at once

_BATCHES, _PAGES = table(BatchRow), table(BatchPageRow)
_FIELDS = ("id", "unit", "kind", "state", "made_by", "made_at", "digest", "rows", "total", "place", "tally", "content")
_SELECTED = [*(_BATCHES.c[name] for name in _FIELDS), _BATCHES.c.ended_at]
_OPEN = Statement(insert(_BATCHES).values(columns(BatchRow, taker="", ended_at=None)).on_conflict_do_nothing())
_PUT = insert(_PAGES).values(columns(BatchPageRow))
_PUT_PAGE = Statement(
    _PUT.on_conflict_do_update(index_elements=["batch_id", "leaf", "page"], set_={"content": _PUT.excluded.content})
)
_PAGE = Statement(
    select(_PAGES.c.content).where(
        _PAGES.c.batch_id == bindparam("of"), _PAGES.c.leaf == bindparam("of_leaf"), _PAGES.c.page == bindparam("at")
    )
)
_NUMBERS = Statement(
    select(_PAGES.c.page)
    .where(_PAGES.c.batch_id == bindparam("of"), _PAGES.c.leaf == bindparam("of_leaf"))
    .order_by(_PAGES.c.page)
)
_FREE: Any = (
    select(_BATCHES.c.id)
    .where(text(IS_MOVING), (_BATCHES.c.taker == literal_column("''")) | (_BATCHES.c.taken_at <= bindparam("lost")))
    .order_by(_BATCHES.c.taken_at)
    .limit(literal_column("1"))
    .with_for_update(skip_locked=True)
)
_TAKE = Statement(
    update(_BATCHES)
    .where(_BATCHES.c.id.in_(_FREE))
    .values(taker=bindparam("by"), taken_at=bindparam("now"))
    .returning(*_SELECTED)
)
_MINE = (
    _BATCHES.c.id == bindparam("of"),
    _BATCHES.c.taker == bindparam("by"),
    _BATCHES.c.place == bindparam("was"),
    text(IS_MOVING),
)
_MOVE = Statement(
    update(_BATCHES)
    .where(*_MINE)
    .values(place=_BATCHES.c.place + literal_column("1"), tally=bindparam("new_tally"), taken_at=bindparam("now"))
)
_END = Statement(
    update(_BATCHES)
    .where(*_MINE)
    .values(
        state=bindparam("new_state"),
        tally=bindparam("new_tally"),
        content=bindparam("new_content"),
        taker="",
        ended_at=bindparam("now"),
        due_at=bindparam("due"),
    )
)
_CHANGE = Statement(
    update(_BATCHES)
    .where(_BATCHES.c.id == bindparam("of"), _BATCHES.c.state == bindparam("old_state"))
    .values(
        state=bindparam("new_state"),
        place=bindparam("new_place"),
        rows=bindparam("new_rows"),
        total=bindparam("new_total"),
        tally=bindparam("new_tally"),
        content=bindparam("new_content"),
        taker="",
        taken_at=bindparam("now"),
        ended_at=bindparam("ended"),
    )
)
RELEASE_ALL = Statement(update(_BATCHES).where(text(IS_MOVING)).values(taker=""))
_DUE = Statement(
    select(_BATCHES.c.id)
    .where(_BATCHES.c.due_at <= bindparam("now"))
    .order_by(_BATCHES.c.due_at)
    .limit(literal_column(str(PURGED)))
)
_DROP = [
    Statement(delete(table(each)).where(table(each).c.batch_id == bindparam("of")))
    for each in (BatchPageRow, DifferenceRow)
]
_DROP_BATCH = Statement(delete(_BATCHES).where(_BATCHES.c.id == bindparam("of")))
_AWAITED = Statement(
    select(func.count())
    .select_from(table(AttendanceRow))
    .where(table(AttendanceRow).c.unit == bindparam("of"), text(IS_AWAITED))
)


def open_batch(vault: Vault, batch: Batch, now: datetime) -> Visit[None]:
    """Begins a batch; opening one again changes nothing. Its pages follow, then `change` sets it going."""
    values: Values = {name: getattr(batch, name) for name in ("id", "unit", "made_by", "made_at", "digest", "rows")}
    values |= {"kind": batch.kind.value, "state": batch.state.value, "total": batch.total, "place": batch.place}
    values |= {
        "tally": json.dumps(batch.tally),
        "content": _sealed(vault, batch),
        "taken_at": now,
        "due_at": now + KEPT,
    }
    yield (Step(_OPEN, values),)


def _sealed(vault: Vault, batch: Batch) -> bytes:
    return vault.seal(json.dumps(batch.content, ensure_ascii=False).encode(), f"batches/{batch.id}")


def put_page(vault: Vault, batch_id: str, leaf: str, page: int, content: bytes) -> Step:
    """The step that writes a page, over the one that was there."""
    sealed = vault.seal(content, f"batch_pages/{batch_id}/{leaf}/{page}")
    return Step(_PUT_PAGE, {"batch_id": batch_id, "leaf": leaf, "page": page, "content": sealed})


def page(vault: Vault, batch_id: str, leaf: str, at: int) -> Visit[bytes | None]:
    """A page's content; None where there is none (any more)."""
    (rows,) = yield (Step(_PAGE, {"of": batch_id, "of_leaf": leaf, "at": at}),)
    return vault.open(rows[0][0], f"batch_pages/{batch_id}/{leaf}/{at}") if rows else None


def numbers(batch_id: str, leaf: str) -> Visit[list[int]]:
    """Which pages there are."""
    (rows,) = yield (Step(_NUMBERS, {"of": batch_id, "of_leaf": leaf}),)
    return [row[0] for row in rows]


def _batch(vault: Vault, row: Row) -> Batch:
    values = dict(zip((*_FIELDS, "ended_at"), row, strict=True))
    values["kind"], values["state"] = BatchKind(values["kind"]), BatchState(values["state"])
    values["tally"] = json.loads(values["tally"])
    values["content"] = json.loads(vault.open(values["content"], f"batches/{values['id']}"))
    return Batch(**values)


@lru_cache(32)
def _find(units: int) -> Statement:
    return Statement(select(*_SELECTED).where(_BATCHES.c.id == bindparam("of"), _in_units(units)))


@lru_cache(32)
def _recent(units: int, kinds: int) -> Statement:
    wanted = [bindparam(f"k{place}", type_=_BATCHES.c.kind.type) for place in range(kinds)]
    return Statement(
        select(*_SELECTED)
        .where(_in_units(units), _BATCHES.c.kind.in_(wanted))
        .order_by(_BATCHES.c.made_at.desc(), _BATCHES.c.id)
        .limit(literal_column(str(LISTED)))
    )


def _in_units(count: int) -> Any:
    return _BATCHES.c.unit.in_([bindparam(f"u{place}", type_=_BATCHES.c.unit.type) for place in range(count)])


def _units(units: Sequence[str]) -> Values:
    return {f"u{place}": unit for place, unit in enumerate(units)}


def find(vault: Vault, batch_id: str, units: Sequence[str]) -> Visit[Batch | None]:
    """A batch of one of these units."""
    if not units:
        return None
    (rows,) = yield (Step(_find(len(units)), {"of": batch_id, **_units(units)}),)
    return _batch(vault, rows[0]) if rows else None


def recent(vault: Vault, units: Sequence[str], kinds: Sequence[BatchKind]) -> Visit[list[Batch]]:
    """The latest batches of these units, the latest first."""
    if not units:
        return []
    named = {f"k{place}": kind.value for place, kind in enumerate(kinds)}
    (rows,) = yield (Step(_recent(len(units), len(kinds)), {**_units(units), **named}),)
    return [_batch(vault, row) for row in rows]


def take(vault: Vault, now: datetime, taker: str) -> Visit[Batch | None]:
    """A batch that moves and that nobody works on, or whose worker has been silent for LEASE."""
    (rows,) = yield (Step(_TAKE, {"now": now, "lost": now - LEASE, "by": taker}),)
    return _batch(vault, rows[0]) if rows else None


def move(batch: Batch, taker: str, tally: Mapping[str, int], steps: Sequence[Step], now: datetime) -> Visit[None]:
    """Commits a page's steps and moves the batch on. Conflict: it has been stopped or taken over, or a guard of the
    steps has failed; then nothing was done."""
    values: Values = {"of": batch.id, "by": taker, "was": batch.place, "new_tally": json.dumps(dict(tally)), "now": now}
    try:
        yield (Step(_MOVE, values, must=True), *steps)
    except GuardFailed:
        raise Conflict("the batch or what it changes has moved on") from None


def end(
    vault: Vault, batch: Batch, taker: str, state: BatchState, tally: Mapping[str, int], now: datetime
) -> Visit[None]:
    """The present stage is over. Conflict as above."""
    values: Values = {"of": batch.id, "by": taker, "was": batch.place, "new_tally": json.dumps(dict(tally)), "now": now}
    values |= {"new_state": state.value, "new_content": _sealed(vault, batch), "due": now + kept(batch.kind, state)}
    try:
        yield (Step(_END, values, must=True),)
    except GuardFailed:
        raise Conflict("the batch has moved on") from None


def kept(kind: BatchKind, state: BatchState) -> timedelta:
    """How long the rows of a batch are kept."""
    if kind is BatchKind.ATTENDANCE and state is BatchState.DONE:
        return LISTS_KEPT
    return FILES_KEPT if kind in {BatchKind.FORMS, BatchKind.WORKBOOK} else KEPT


def change(vault: Vault, was: BatchState, batch: Batch, now: datetime) -> Visit[None]:
    """Puts a batch into the state that `batch` has, from `was`. Conflict: it is no longer in that one."""
    values: Values = {"of": batch.id, "old_state": was.value, "new_state": batch.state.value, "now": now}
    values |= {"new_place": batch.place, "new_rows": batch.rows, "new_total": batch.total, "ended": batch.ended_at}
    values |= {"new_tally": json.dumps(batch.tally), "new_content": _sealed(vault, batch)}
    try:
        yield (Step(_CHANGE, values, must=True),)
    except GuardFailed:
        raise Conflict("the batch is in another state") from None


def awaited(unit: str) -> Visit[int]:
    """How many hours of lists wait for employees who have not said who they are."""
    (rows,) = yield (Step(_AWAITED, {"of": unit}),)
    return int(rows[0][0])


def purge(now: datetime) -> Visit[int]:
    """Deletes batches whose time is over, with their rows; the entries that they made stay. How many."""
    (rows,) = yield (Step(_DUE, {"now": now}),)
    for (batch_id,) in rows:
        yield (*(Step(statement, {"of": batch_id}) for statement in _DROP), Step(_DROP_BATCH, {"of": batch_id}))
    return len(rows)
