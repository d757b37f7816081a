"""A talk with the bot over the real turns, store and rules: what dialog tests and benchmarks speak through."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.turns import Turns
from domain.delivery import Reply, ReplyKind
from domain.ledger import counted, fold
from domain.message import Channel, Message, MessageKind
from rules.articles import Texts
from rules.book import Book, load
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Store

ZONE = ZoneInfo("Asia/Shanghai")
KEY = bytes(range(32))
ACCOUNT = "wx00000000000000a1"


class Talk:
    """One person and the bot. Every message has a MsgId of its own; the clock stands still unless moved."""

    def __init__(self, url: str, now: datetime, sender: str = "oTalk") -> None:
        self.url = url
        self.now = now
        self.sender = sender
        self.book: Book = load()
        self.said: list[Message] = []
        self.store: Store
        self.turns: Turns

    async def start(self) -> None:
        self.store = await Store.open(self.url, Vault([KEY]))
        self.turns = Turns(
            self.store, self.book, Texts(self.book), lambda: self.now, f"runner-{os.getpid()}", lambda: None
        )

    async def stop(self) -> None:
        await self.store.close()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def message(self, kind: MessageKind, **fields: object) -> Message:
        number = len(self.said) + 1
        return Message(
            key=f"official:{ACCOUNT}:{self.sender}:msg:{number}",
            channel=Channel.OFFICIAL,
            account=ACCOUNT,
            sender=self.sender,
            kind=kind,
            sent_at=self.now.astimezone(UTC),
            **fields,
        )

    async def send(self, message: Message) -> list[Reply]:
        """The bubbles that a message brings: the passive answer, and what the turn put into the outbox."""
        self.said.append(message)
        first = await self.turns.run(message)
        return ([first] if first else []) + await self.sent()

    async def sent(self) -> list[Reply]:
        deliveries = await self.store.take_deliveries(self.now + timedelta(seconds=1), 50, "talk")
        for delivery in deliveries:
            await self.store.finish_delivery(delivery.id, "sent", "", self.now)
        return [delivery.reply for delivery in deliveries]

    async def say(self, text: str) -> list[Reply]:
        return await self.send(self.message(MessageKind.TEXT, text=text))

    async def follow(self) -> list[Reply]:
        return await self.send(self.message(MessageKind.EVENT, event="subscribe"))

    async def tap(self, key: str) -> list[Reply]:
        return await self.send(self.message(MessageKind.EVENT, event="click", event_key=key))

    async def pick(self, choice: str, label: str = "") -> list[Reply]:
        return await self.send(self.message(MessageKind.TEXT, text=label or choice, details={"menu_choice": choice}))

    async def person_id(self) -> str:
        opened = await self.store.open_turn(self.said[-1], self.now, (self.now.year,), "looks")
        return opened.person.id

    async def standing(self) -> int:
        """How many claims stand in the ledger."""
        entries = await self.store.load_entries(await self.person_id(), None)
        return len(counted(fold(entries)))


def shown(replies: list[Reply]) -> str:
    """All bubbles as a person reads them."""
    lines = []
    for reply in replies:
        lines.append(reply.text)
        if reply.kind is ReplyKind.MENU:
            lines += [choice.label for choice in reply.choices]
    return "\n".join(lines)


@asynccontextmanager
async def talking(folder: Path, now: datetime) -> AsyncIterator[Talk]:
    url = f"sqlite+aiosqlite:///{folder / 'talk.db'}"
    migrate(url)
    talk = Talk(url, now)
    await talk.start()
    try:
        yield talk
    finally:
        await talk.stop()
