"""What people say and do in the storage tests."""

import asyncio
import sqlite3
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy import make_url

from domain.delivery import Reply
from domain.dialog import Dialog
from domain.ledger import Activity, EntryKind, NewEntry
from domain.message import Channel, Message, MessageKind
from domain.vocabulary import Category, Mode, Unit
from storage.postgresql import dsn
from storage.sqlite import database_path
from storage.store import Change, Opened, Store

KEY = bytes(range(32))
NOW = datetime(2026, 11, 21, 9, 30, 15, 123456, tzinfo=UTC)
YEARS = (2025, 2026)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def message(number: int, sender: str = "oWang", text: str = "我还差多少学时") -> Message:
    return Message(
        key=f"official:wx1:{sender}:msg:{number}",
        channel=Channel.OFFICIAL,
        account="wx1",
        sender=sender,
        kind=MessageKind.TEXT,
        text=text,
        sent_at=NOW + timedelta(seconds=number),
    )


def claim(title: str = "学术讲座", year: int = 2026, **fields: Any) -> NewEntry:
    activity: dict[str, Any] = {
        "start": date(year, 11, 3),
        "end": date(year, 11, 4),
        "category": Category.PROFESSIONAL,
        "mode": Mode.ACADEMIC_LECTURE,
        "quantity": 1.5,
        "unit": Unit.HALF_DAY,
        "title": title,
        "organizer": "内蒙古自治区人社厅",
        "attrs": {"level": "province"},
    }
    return NewEntry(kind=EntryKind.HOURS_CLAIMED, year=year, activity=Activity(**(activity | fields)))


def withdrawal(claim_id: str, year: int = 2026, note: str = "记错了") -> NewEntry:
    return NewEntry(kind=EntryKind.HOURS_WITHDRAWN, year=year, refers_to=claim_id, note=note)


def change(
    said: Message,
    opened: Opened,
    *entries: NewEntry,
    replies: tuple[str, ...] = ("好的",),
    dialog: Dialog | None = None,
    person: dict[str, Any] | None = None,
) -> Change:
    return Change(
        message=said,
        person_id=opened.person.id,
        dialog_version=opened.dialog.version,
        dialog=dialog,
        head=opened.head,
        entries=entries,
        person=person or {},
        replies=tuple(Reply(text=text) for text in replies),
    )


async def opened(store: Store, said: Message, now: datetime = NOW, runner: str = "a", **options: Any) -> Opened:
    return await store.open_turn(said, now, YEARS, runner, **options)


async def done(store: Store, said: Message, *entries: NewEntry, **fields: Any) -> Opened:
    """Runs a whole turn, and opens the settled message again."""
    await store.settle(change(said, await opened(store, said), *entries, **fields), NOW, durable=True)
    return await opened(store, said)


def _raw_sqlite(url: str, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(database_path(url))
    try:
        rows = connection.execute(sql).fetchall()
        connection.commit()
        return rows
    finally:
        connection.close()


async def raw(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Runs SQL past the store, as a stranger with the file or the password would."""
    if make_url(url).get_backend_name() == "sqlite":
        return await asyncio.to_thread(_raw_sqlite, url, sql)
    stranger = await asyncpg.connect(dsn(url))
    try:
        return [tuple(row) for row in await stranger.fetch(sql)]
    finally:
        await stranger.close()
