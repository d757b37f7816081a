"""A talk with the bot over the real turns, store and rules: what dialog tests and benchmarks speak through."""

import asyncio
import hashlib
import io
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image

from bot.channels.errcodes import ErrorKind
from bot.channels.errors import ChannelRefused
from bot.channels.wire import Answer
from bot.chores import Chores
from bot.photos import Photos
from bot.proofs import ProofWork
from bot.turns import Turns
from domain.delivery import Reply, ReplyKind
from domain.ledger import counted, fold
from domain.message import Channel, Message, MessageKind
from domain.picture import Flaw, PictureRefused
from domain.task import TaskKind
from nlp.proofs.proof import Proof
from rules.articles import Texts
from rules.book import Book, load
from storage.schema import migrate
from storage.sealing import Vault
from storage.sqlite import database_path
from storage.store import Store

ZONE = ZoneInfo("Asia/Shanghai")
KEY = bytes(range(32))
ACCOUNT = "wx00000000000000a1"


PICTURE_WORK = {TaskKind.KEEP_PHOTO, TaskKind.READ_PROOF, TaskKind.SHOW_PHOTO}


class Pictures:
    """The platform's store of media and, in place of the recogniser, what is to be read on each picture."""

    def __init__(self) -> None:
        self.media: dict[str, bytes] = {}
        self.readings: dict[bytes, Proof | Flaw] = {}
        self.uploaded: list[bytes] = []
        self.holders: list[str | None] = []

    def taken(self, reading: Proof | Flaw | bytes) -> str:
        """A picture as it lies at the platform; the same reading gives the same picture."""
        picture = reading if isinstance(reading, bytes) else photo(repr(reading))
        if not isinstance(reading, bytes):
            self.readings[picture] = reading
        self.media[f"media-{len(self.media)}"] = picture
        return f"media-{len(self.media) - 1}"

    async def download_media(self, media_id: str) -> Answer:
        if media_id not in self.media:
            raise ChannelRefused(40007, ErrorKind.MEDIA, "gone")
        return Answer("image/png", self.media[media_id])

    async def upload_media(self, content: bytes, content_type: str) -> str:
        assert content_type == "image/jpeg"
        self.uploaded.append(content)
        return f"shown-{len(self.uploaded)}"

    async def read(self, picture: bytes, holder: str | None = None) -> Proof:
        self.holders.append(holder)
        reading = self.readings[picture]
        if isinstance(reading, Flaw):
            raise PictureRefused(reading)
        return reading


def photo(seed: str) -> bytes:
    """A picture that is one, different for each seed, with the camera's place in its EXIF data."""
    shade = hashlib.sha256(seed.encode()).digest()
    exif = Image.Exif()
    exif[0x010E] = "shot at home"
    made = io.BytesIO()
    Image.new("RGB", (120, 160), tuple(shade[:3])).save(made, "JPEG", exif=exif, comment=shade)
    return made.getvalue()


class Talk:
    """One person and the bot. Every message has a MsgId of its own; the clock stands still unless moved."""

    def __init__(self, url: str, now: datetime, sender: str = "oTalk") -> None:
        self.url = url
        self.now = now
        self.sender = sender
        self.book: Book = load()
        self.said: list[Message] = []
        self.pictures = Pictures()
        self.overheard: list[tuple[str, Reply]] = []  # all that left with the last message, and to whom
        self.store: Store
        self.turns: Turns

    async def start(self) -> None:
        self.store = await Store.open(self.url, Vault([KEY]))
        self.turns = Turns(
            self.store, self.book, Texts(self.book), lambda: self.now, f"runner-{os.getpid()}", self._wake
        )
        photos = Photos(f"file:{database_path(self.url).parent / 'photos'}", Vault([KEY]))
        work = ProofWork(self.store, photos, {Channel.OFFICIAL: self.pictures}, self.pictures, lambda: self.now)
        self.chores = Chores(self.store, self.turns, work.workers(), lambda: self.now)
        self._working = asyncio.create_task(self.chores.run())

    def _wake(self) -> None:
        self.chores.wake()

    async def stop(self) -> None:
        self.chores.stop()
        await self._working
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
        await self.settled()
        return ([first] if first else []) + await self.sent()

    async def settled(self) -> None:
        """Waits until what was put down to be done with pictures has been done."""
        while PICTURE_WORK & (await self.store.waiting_tasks()).keys():  # noqa: ASYNC110 - a table, not an event
            await asyncio.sleep(0.002)

    async def sent(self) -> list[Reply]:
        deliveries = await self.store.take_deliveries(self.now + timedelta(seconds=1), 50, "talk")
        for delivery in deliveries:
            await self.store.finish_delivery(delivery.id, "sent", "", self.now)
        self.overheard = [(delivery.recipient, delivery.reply) for delivery in deliveries]
        return [delivery.reply for delivery in deliveries if delivery.recipient == self.sender]

    async def say(self, text: str) -> list[Reply]:
        return await self.send(self.message(MessageKind.TEXT, text=text))

    async def photograph(self, reading: Proof | Flaw | bytes) -> list[Reply]:
        """Sends a picture on which the recogniser reads so; a flaw is what it says, bytes are sent as they are."""
        return await self.send(self.message(MessageKind.IMAGE, media_id=self.pictures.taken(reading)))

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
