"""Pictures of the mini program before the platform's eye: shown by a link of an hour, removed when it refuses them.

Only pictures from the mini program are asked about, after they have been read; without an outside address nobody can
look, and nothing is asked. What is found comes as an event of the mini program's callbacks.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from aiohttp import web

from bot.channels.checks import Checks, finding
from bot.logs import short
from bot.photos import PhotoGone, Photos
from bot.proofs import as_shown
from domain.message import Channel, Message
from domain.picture import PictureRefused
from domain.task import Task
from storage.store import Store

log = structlog.get_logger()

LINK_LASTS = timedelta(hours=1)  # the platform looks within half an hour
REFUSED = "refused"  # the flaw of a picture that the platform refuses


class FileChecks:
    """`public_url` is where the platform reaches this service; `now` is the service's clock."""

    def __init__(
        self, store: Store, photos: Photos, checks: Checks, now: Callable[[], datetime], public_url: str
    ) -> None:
        self._store = store
        self._photos = photos
        self._checks = checks
        self._now = now
        self._public_url = public_url.rstrip("/")

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/checks/{person}/{photo}.jpg", self.show)]

    async def ask(self, task: Task, photo: str) -> None:
        """Has the platform look at a picture that somebody gave in the mini program."""
        if task.channel is not Channel.MINI or not self._public_url:
            return
        until = int((self._now() + LINK_LASTS).timestamp())
        key = self._store.papers.sign(_signed(task.person_id, photo, until))
        address = f"{self._public_url}/checks/{task.person_id}/{photo}.jpg?until={until}&key={key}"
        trace_id = await self._checks.look(task.sender, address)
        if trace_id:
            await self._store.file_checks.asked(trace_id, task.person_id, photo, self._now())

    async def heard(self, message: Message) -> None:
        """Takes what the platform found; told again, it changes nothing."""
        found = finding(message.details)
        about = await self._store.file_checks.found(found.trace_id) if found is not None else None
        if found is None or about is None or found.allowed:
            return
        person_id, photo = about
        await self._photos.delete(person_id, photo)
        await self._store.desk.save_reading(person_id, photo, None, REFUSED, (), self._now())
        log.warning("picture_refused_by_platform", person=short(person_id))

    async def show(self, request: web.Request) -> web.Response:
        """The picture, to whoever has the link while it lasts."""
        person_id, photo = request.match_info["person"], request.match_info["photo"]
        until, key = request.query.get("until", ""), request.query.get("key", "")
        known = until.isdecimal() and len(until) <= 12
        if not known or not self._store.papers.signed(_signed(person_id, photo, int(until)), key):
            raise web.HTTPForbidden
        if int(until) < self._now().timestamp():
            raise web.HTTPGone
        try:
            picture = await self._photos.open(person_id, photo)
            shown = await asyncio.to_thread(as_shown, picture)
        except (PhotoGone, PictureRefused):
            raise web.HTTPNotFound from None
        return web.Response(body=shown, content_type="image/jpeg", headers={"Cache-Control": "no-store"})


def _signed(person_id: str, photo: str, until: int) -> str:
    return f"check {person_id} {photo} {until}"
