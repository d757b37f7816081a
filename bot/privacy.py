"""A person's right to a copy of their data, and to its deletion (个人信息保护法 第四十五条、第四十七条)."""

import asyncio
import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.chores import Worker
from bot.html import HEADERS, said
from bot.photos import PhotoGone, Photos
from domain.task import Task, TaskKind
from storage.store import Store
from wording import say

LINK_HOURS = 24
_SUFFIX = {"image/jpeg": "jpg", "image/png": "png"}


class Privacy:
    """`public_url` is where links begin; empty: a copy cannot be given by link."""

    def __init__(self, store: Store, photos: Photos, now: Callable[[], datetime], public_url: str) -> None:
        self._store = store
        self._photos = photos
        self._now = now
        self._public_url = public_url.rstrip("/")

    def workers(self) -> dict[TaskKind, Worker]:
        return {TaskKind.COPY_DATA: self.link, TaskKind.ERASE: self.erase}

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/documents/mine/{person}.zip", self.download)]

    async def link(self, task: Task) -> dict[str, Any]:
        """The link to the person's copy, and how much is in it."""
        entries = await self._store.load_entries(task.person_id, None)
        kept = await self._store.desk.photos_of(task.person_id)
        until = int((self._now() + timedelta(hours=LINK_HOURS)).timestamp())
        key = self._store.papers.sign(_signed(task.person_id, until))
        path = f"/documents/mine/{task.person_id}.zip?until={until}&key={key}"
        link = f"{self._public_url}{path}" if self._public_url else ""
        return {"link": link, "entries": len(entries), "photos": sum(not one.removed for one in kept)}

    async def erase(self, task: Task) -> None:
        """Deletes pictures, then everything else. Nothing is told afterwards: there is nobody left to tell."""
        for one in await self._store.desk.photos_of(task.person_id):
            await self._photos.delete(task.person_id, one.photo)
        await self._store.erase(task.person_id, self._now())

    async def download(self, request: web.Request) -> web.Response:
        person_id = request.match_info["person"]
        until, key = request.query.get("until", ""), request.query.get("key", "")
        if not until.isdecimal() or not self._store.papers.signed(_signed(person_id, int(until[:12])), key):
            return said("verify.bad_link_title", "verify.bad_link", 403)
        if int(until[:12]) < self._now().timestamp():
            return said("verify.old_link_title", "verify.old_link", 410)
        body = await self.copy(person_id)
        if body is None:
            return said("verify.bad_link_title", "verify.bad_link", 404)
        named = {"Content-Disposition": 'attachment; filename="my-data.zip"'}
        return web.Response(body=body, content_type="application/zip", headers={**HEADERS, **named})

    async def copy(self, person_id: str) -> bytes | None:
        """The copy as a ZIP: what is known as JSON, and the pictures. None when nobody is known by this id any more."""
        person = await self._store.find_person(person_id)
        if person is None or await self._store.desk.address(person_id) is None:
            return None
        kept = await self._store.desk.photos_of(person_id)
        known = {
            "person": person.model_dump(mode="json"),
            "entries": [entry.model_dump(mode="json") for entry in await self._store.load_entries(person_id, None)],
            "proofs": [{"photo": one.photo, "kept_at": one.kept_at.isoformat(), "read": one.reading} for one in kept],
        }
        known["seen_by"] = [
            {"who": one.viewer, "unit": one.unit, "what": one.what, "at": one.at.isoformat()}
            for one in await self._store.accesses.of_person(person_id)
        ]
        pictures = {}
        for one in kept:
            if not one.removed:
                try:
                    name = f"{one.photo}.{_SUFFIX.get(one.content_type, 'bin')}"
                    pictures[name] = await self._photos.open(person_id, one.photo)
                except PhotoGone:
                    continue
        return await asyncio.to_thread(_zipped, known, pictures)


def _signed(person_id: str, until: int) -> str:
    return f"mine {person_id} {until}"


def _zipped(known: dict[str, Any], pictures: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", say("privacy.readme"))
        archive.writestr("data.json", json.dumps(known, ensure_ascii=False, indent=2))
        for name, picture in pictures.items():
            archive.writestr(f"photos/{name}", picture)
    return packed.getvalue()
