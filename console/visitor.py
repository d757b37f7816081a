"""Somebody signed in who has opened a door: what was asked, what they may see, and the answers that a room gives.

`visitor.page("people/list.html", people=…)` is the usual answer to a GET, `visitor.say_and_go("console.people.saved",
"/console/people")` to a POST.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web

from console.doors import Room
from console.drawing import drawn
from console.forms import Form, clean
from console.office import Office
from console.scope import Scope
from domain.access import Seen, SignIn

FLASH = "xueshi-flash"
_FLASH_SECONDS = 60
_FLASH_LENGTH = 2000  # a cookie has 4 KB
_INTEGER = 2**31 - 1


class Missing(Exception):
    """There is no such thing, or not for this visitor: they get a page that says so. Both look the same."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who sits there. `name` may be empty."""

    id: str
    name: str


@dataclass
class Visitor:
    """One request of somebody signed in. `form` holds the posted fields, its token already checked."""

    request: web.Request
    office: Office
    signed: SignIn
    now: datetime
    form: Form = field(default_factory=Form)
    rooms: tuple[Room, ...] = ()

    @property
    def person(self) -> Somebody:
        return Somebody(self.signed.person_id, self.signed.name)

    @cached_property
    def scope(self) -> Scope:
        return Scope(self.signed.granted, self.signed.unit)

    @cached_property
    def menu(self) -> tuple[tuple[str, str], ...]:
        """The rooms that the visitor may use, as (name, address)."""
        shown = [room for room in self.rooms if room.shown and self.scope.has(room.roles)]
        return tuple((room.name, f"/console{room.doors[0].path}") for room in shown)

    @cached_property
    def asked(self) -> Mapping[str, str]:
        """What stands behind the `?`, without control characters and spaces around."""
        return {name: clean(value).strip() for name, value in self.request.query.items()}

    def part(self, name: str) -> str:
        """A part of the path that the door names in braces."""
        return self.request.match_info[name]

    def number(self, name: str) -> int:
        """A part of the path that is a number. Missing: it is none, or larger than any id."""
        words = self.request.match_info[name]
        if not words.isdecimal() or len(words) > 10 or int(words) > _INTEGER:
            raise Missing
        return int(words)

    @cached_property
    def form_token(self) -> str:
        return self.office.store.console.form_token(self.signed.digest)

    @property
    def once(self) -> str:
        """The key of the posted form: equal when it is posted again, so that `storage.console.once` refuses it.

        The forms of one page carry one token, and differ in where they are posted to.
        """
        who, where = self.signed.person_id, self.request.path
        return hashlib.sha256(f"{who}\n{where}\n{self.form.get('once', '')}".encode()).hexdigest()[:40]

    # Answers

    def page(self, template: str, *, status: int = 200, block: str = "content", **values: Any) -> web.Response:
        """A page of `console/templates`; when htmx asks, only its `block`."""
        asks = self.request.headers
        part = (
            asks.get("HX-Request") == "true" and "HX-Boosted" not in asks and "HX-History-Restore-Request" not in asks
        )
        body = drawn(template, self._values() | values | {"fragment": block if part else ""})
        response = web.Response(text=body, status=status, content_type="text/html")
        response.headers["Vary"] = "HX-Request"
        if FLASH in self.request.cookies and not part:
            response.del_cookie(FLASH, path="/console/")
        return response

    def say_and_go(self, key: str, path: str, **values: Any) -> web.Response:
        """Shows another page of the console, with the sentence `key` above it."""
        gone = self.go(path)
        packed = json.dumps([key, values], ensure_ascii=False, default=str).encode()
        if len(packed) <= _FLASH_LENGTH:
            cookie = base64.urlsafe_b64encode(packed).decode().rstrip("=")
            secure = self.office.secure
            gone.set_cookie(
                FLASH, cookie, max_age=_FLASH_SECONDS, path="/console/", httponly=True, samesite="Strict", secure=secure
            )
        return gone

    def go(self, path: str) -> web.Response:
        """Shows another page of the console."""
        if not path.startswith("/console/") or "\n" in path or "\r" in path:
            raise ValueError("a page of the console begins with /console/")
        if self.request.headers.get("HX-Request") == "true":
            return web.Response(status=204, headers={"HX-Redirect": path})
        return web.Response(status=303, headers={"Location": path})

    def download(self, what: bytes | Path, filename: str, content_type: str) -> web.StreamResponse:
        """A file to keep. A path is streamed, and must be there until the answer is complete."""
        named = f"attachment; filename*=UTF-8''{quote(clean(filename), safe='')}"
        headers = {"Content-Disposition": named, "Content-Type": content_type}
        if isinstance(what, Path):
            return web.FileResponse(what, headers=headers)
        return web.Response(body=what, headers=headers)

    def missing(self) -> web.Response:
        """There is no such thing, or not for this visitor: both look the same."""
        return self.page("hall/said.html", status=404, title="console.missing_title", sentence="console.missing")

    # The access log

    async def note_look(self, person_id: str, unit: str, what: Seen = Seen.RECORD) -> None:
        """Writes down that the visitor is about to see what is kept of a person; to be called before they do."""
        await self.office.store.accesses.note(self.signed.person_id, person_id, unit, what, self.now)

    async def note_export(self, unit: str, what: Seen = Seen.EXPORT) -> None:
        """Writes down that the visitor takes out a list of a unit's people."""
        await self.office.store.accesses.note(self.signed.person_id, None, unit, what, self.now)

    def _values(self) -> dict[str, Any]:
        """What every page knows."""
        return {"visitor": self, "flash": self._flash(), "once": secrets.token_urlsafe(16)}

    def _flash(self) -> tuple[str, dict[str, Any]] | None:
        cookie = self.request.cookies.get(FLASH, "")
        try:
            key, values = json.loads(base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4)))
        except (ValueError, TypeError):
            return None
        return (key, values) if isinstance(key, str) and isinstance(values, dict) else None
