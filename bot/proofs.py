"""The work on proofs that follows an answer: fetch and keep a picture, read it, show it to a reviewer, remove it.

Each is a worker of `bot.chores` and may be done twice: what it leaves behind is the same both times.
"""

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

import structlog
from PIL import Image

from bot.channels.errcodes import ErrorKind
from bot.channels.errors import ChannelRefused
from bot.channels.wire import Answer
from bot.chores import Worker
from bot.photos import PhotoGone, Photos
from bot.picture import inspect, pixels
from domain.picture import Flaw, PictureRefused
from domain.proof import Kept
from domain.task import Task, TaskKind
from handlers.precheck import marks
from nlp.proofs.proof import Proof, proof_of, record_of
from storage.store import Store

log = structlog.get_logger()

GONE = "gone"  # the platform keeps what was sent for three days
TOO_LARGE = 45001  # the client's refusal of an answer over its limit
SHOWN_SIDE = 1600  # pixels of the longest side of a picture as it is shown
SHOWN_QUALITY = 85


Check = Callable[[Task, str], Awaitable[None]]


class Media(Protocol):
    """A channel's client, as far as pictures go; its methods raise ChannelError."""

    async def download_media(self, media_id: str) -> Answer: ...

    async def upload_media(self, content: bytes, content_type: str) -> str: ...


class Reads(Protocol):
    """Reads a picture; raises PictureRefused."""

    async def read(self, picture: bytes, holder: str | None = None) -> Proof: ...


class ProofWork:
    """The workers for pictures. `media` are the clients by channel, `now` is the service's clock; `check` has the
    platform look at a picture that was read.
    """

    def __init__(
        self,
        store: Store,
        photos: Photos,
        media: Mapping[str, Media],
        reader: Reads,
        now: Callable[[], datetime],
        check: Check | None = None,
    ) -> None:
        self._store = store
        self._photos = photos
        self._media = media
        self._reader = reader
        self._now = now
        self._check = check

    def workers(self) -> dict[TaskKind, Worker]:
        return {
            TaskKind.KEEP_PHOTO: self.keep,
            TaskKind.READ_PROOF: self.read,
            TaskKind.SHOW_PHOTO: self.show,
        }

    async def keep(self, task: Task) -> dict[str, Any]:
        """{"media_id"} → {"photo"} when the picture is kept, {"flaw"} when it cannot be."""
        try:
            answer = await self._media[task.channel].download_media(str(task.content["media_id"]))
        except ChannelRefused as refused:
            if refused.kind is ErrorKind.MEDIA:
                return {"flaw": GONE}
            if refused.errcode == TOO_LARGE:
                return {"flaw": Flaw.TOO_LARGE.value}
            raise
        try:
            header = await asyncio.to_thread(inspect, answer.content)
        except PictureRefused as refused:
            return {"flaw": refused.flaw.value}
        photo = await self._photos.keep(task.person_id, answer.content)
        size = len(answer.content)
        await self._store.desk.keep_photo(task.person_id, photo, f"image/{header.format.lower()}", size, self._now())
        return {"photo": photo}

    async def read(self, task: Task) -> dict[str, Any]:
        """{"photo", "holder"} → {"reading", "twins"}, or {"flaw"}. A picture read before is not read again."""
        person_id, photo = task.person_id, str(task.content["photo"])
        known = await self._known(person_id, photo)
        if known is not None and known.reading is not None:
            return await self._read(person_id, photo, proof_of(known.reading))
        try:
            picture = await self._photos.open(person_id, photo)
        except PhotoGone:
            return {"flaw": GONE}
        try:
            proof = await self._reader.read(picture, task.content.get("holder"))
        except PictureRefused as refused:
            flaw = refused.flaw.value
            await self._store.desk.save_reading(person_id, photo, None, flaw, (), self._now())
            return {"flaw": flaw}
        found = marks(proof, photo)
        await self._store.desk.save_reading(person_id, photo, record_of(proof), "", found, self._now())
        if self._check is not None:
            await self._check(task, photo)
        return await self._read(person_id, photo, proof)

    async def _known(self, person_id: str, photo: str) -> Kept | None:
        kept = await self._store.desk.photos_of(person_id)
        return next((one for one in kept if one.photo == photo), None)

    async def _read(self, person_id: str, photo: str, proof: Proof) -> dict[str, Any]:
        twins = await self._store.desk.twins(person_id, photo, marks(proof, photo))
        told = [{"mark": twin.mark.value, "photo": twin.photo} for twin in twins if twin.own]
        return {"reading": record_of(proof), "twins": told}

    async def show(self, task: Task) -> dict[str, Any]:
        """{"person", "photo", "unit"} → {"media_id"}, or {"flaw"}. The look is logged before anything is shown."""
        whose, photo = str(task.content["person"]), str(task.content["photo"])
        try:
            picture = await self._photos.open(whose, photo)
        except PhotoGone:
            return {"flaw": GONE}
        try:
            shown = await asyncio.to_thread(as_shown, picture)
        except PictureRefused as refused:
            return {"flaw": refused.flaw.value}
        unit = str(task.content["unit"])
        await self._store.desk.look(task.key, whose, photo, task.person_id, unit, self._now())
        return {"media_id": await self._media[task.channel].upload_media(shown, "image/jpeg")}


def as_shown(picture: bytes) -> bytes:
    """A picture as others see it: the right way up, at most SHOWN_SIDE long, and without what a camera writes into it.

    Raises PictureRefused.
    """
    shown = io.BytesIO()
    Image.fromarray(pixels(picture, SHOWN_SIDE)).save(shown, "JPEG", quality=SHOWN_QUALITY)
    return shown.getvalue()


async def remove_due(store: Store, photos: Photos, now: datetime) -> int:
    """Removes the pictures whose time is over; entry and hash stay. How many."""
    removed = 0
    while due := await store.desk.due_photos(now):
        for person_id, photo in due:
            await photos.delete(person_id, photo)  # first: a crash in between does it again
            removed += await store.desk.remove_photo(person_id, photo, now)
    if removed:
        log.info("photos_removed", count=removed)
    return removed
