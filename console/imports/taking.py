"""A file that was handed in becomes a batch: its rows are read as they come, understood one by one, and kept in pages.

The file itself is not kept: its rows are, sealed, and its SHA-256 stands in every entry that rests on it.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from console.batches import packed
from console.imports import attendance, roster
from console.sheets.headings import LOOKED_AT, Found, Headings, find, letter
from console.sheets.reading import Row, SheetRefused, reading
from console.sheets.rows import Read
from domain.batch import Batch, BatchKind, BatchState
from storage.sheets_store import ROWS
from storage.store import Store

MAX_BYTES = 20 << 20
MAX_ROWS = 50_000
DEPARTMENTS = 500  # of a list that are remembered with how many rows name them
_CHUNK = 1 << 20


class Repeats(Protocol):
    """Remembers what the rows before said, and tells a row that repeats one."""

    def seen(self, one: Read, found: Found) -> Read: ...


class Once:
    """For lists in which nothing can repeat."""

    def seen(self, one: Read, found: Found) -> Read:
        return one


@dataclass(frozen=True, slots=True)
class Form:
    """What a kind of list looks like. `page` rows are done in one commit."""

    kind: BatchKind
    headings: Headings
    needed: Sequence[Sequence[str]]
    page: int
    read: Callable[[Row, Found], Read]
    repeats: Repeats = field(default_factory=Once)


def roster_form() -> Form:
    return Form(BatchKind.ROSTER, roster.HEADINGS, roster.NEEDED, 100, roster.read, roster.Repeats())


def attendance_form(shared: Mapping[str, Any], now: datetime) -> Form:
    """`shared` is what is said of all rows; a day without a year is in the year of its days, else in this one."""
    year = int(shared["start"][:4]) if shared.get("start") else now.year

    def read(row: Row, found: Found) -> Read:
        return attendance.read(row, found, shared, year, now.date())

    return Form(BatchKind.ATTENDANCE, attendance.HEADINGS, attendance.NEEDED, 20, read, attendance.Repeats())


async def take_in(store: Store, batch: Batch, form: Form, path: Path, now: datetime, least: int = 1) -> Batch:
    """Keeps the rows of a file, and sets the batch going in at least so many pages. SheetRefused: nothing that can be
    gone on with is there.
    """
    batch = replace(batch, digest=await asyncio.to_thread(_digest, path))
    pages = rows = 0
    departments: Counter[str] = Counter()
    async with reading(path) as sheet:
        first, found = await _heading(sheet.rows, form)
        await store.sheets.open(batch, now)
        page: list[Any] = []
        async for row in _data(first, sheet.rows, found):
            rows += 1
            if rows > MAX_ROWS:
                raise SheetRefused("rows", found=sheet.last, limit=MAX_ROWS)
            one = form.repeats.seen(form.read(row, found), found)
            if len(departments) < DEPARTMENTS and one.values.get("department"):
                departments[one.values["department"]] += 1
            page.append(one.record())
            if len(page) == form.page:
                await store.sheets.put_page(batch.id, ROWS, pages, packed(page))
                pages, page = pages + 1, []
        if page:
            await store.sheets.put_page(batch.id, ROWS, pages, packed(page))
            pages += 1
    if not rows:
        raise SheetRefused("no_rows")
    told = {
        "sheet": sheet.name,
        "others": sheet.others,
        "columns": found.columns,
        "letters": {name: letter(at) for name, at in found.columns.items()},
        "unread": list(found.unread),
        "departments": dict(departments),
    }
    going = replace(
        batch, state=BatchState.REHEARSING, rows=rows, total=max(pages, least), content={**batch.content, **told}
    )
    await store.sheets.change(BatchState.READ, going, now)
    return going


async def _heading(rows: AsyncIterator[Row], form: Form) -> tuple[list[Row], Found]:
    """The first rows, and the heading among them."""
    first = []
    async for row in rows:
        first.append(row)
        if len(first) == LOOKED_AT:
            break
    return first, find(first, form.headings, form.needed)


async def _data(first: Sequence[Row], rest: AsyncIterator[Row], found: Found) -> AsyncIterator[Row]:
    """The rows below the heading that say something in a column that is read."""
    columns = set(found.columns.values())

    def says_something(row: Row) -> bool:
        return any(at < len(row.cells) and row.cells[at] not in (None, "") for at in columns)

    for row in first:
        if row.number > found.number and says_something(row):
            yield row
    async for row in rest:
        if says_something(row):
            yield row


def _digest(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise SheetRefused("bytes", limit=MAX_BYTES >> 20)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
