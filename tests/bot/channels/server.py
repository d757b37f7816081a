"""A small WeChat API over real HTTP: it checks the token and the form of what is sent, and fails when told to."""

import asyncio
import itertools
import json
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 100


@dataclass
class Moment:
    """A clock that tests move."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Fault:
    """What the next call to an API gets instead of its answer. `seconds` of silence come after it was carried out."""

    errcode: int = 0
    errmsg: str = "fault rid: 6a1b-2c3d-4e5f"
    status: int = 200
    seconds: float = 0
    body: bytes | None = None
    drop: bool = False


@dataclass
class PlatformApi:
    clock: Moment
    appid: str = "wxapp"
    secret: str = "s3cret"
    lifetime: int = 7200
    token: str = ""
    token_ends: datetime | None = None
    killed: set[str] = field(default_factory=set)
    token_calls: list[bool] = field(default_factory=list)  # the force_refresh of each
    sent: list[dict[str, Any]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    menu: dict[str, Any] = field(default_factory=dict)
    media: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    faults: dict[str, deque[Fault]] = field(default_factory=dict)
    slow_tokens: float = 0
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def fail(self, api: str, *faults: Fault) -> None:
        self.faults.setdefault(api, deque()).extend(faults)

    def kill_token(self) -> None:
        """The token stops working and, unlike one that ended, the platform does not notice by itself."""
        self.killed.add(self.token)

    def app(self) -> web.Application:
        app = web.Application(client_max_size=20 * 1024 * 1024)
        app.router.add_post("/cgi-bin/stable_token", self._stable_token)
        app.router.add_post("/cgi-bin/media/upload", self._guarded(self._upload))
        app.router.add_get("/cgi-bin/media/get", self._guarded(self._download))
        app.router.add_post("/cgi-bin/message/custom/send", self._guarded(self._send))
        app.router.add_post("/cgi-bin/message/custom/typing", self._guarded(self._typing))
        app.router.add_post("/cgi-bin/menu/create", self._guarded(self._create_menu))
        return app

    async def _stable_token(self, request: web.Request) -> web.StreamResponse:
        asked = await _json(request)
        self.token_calls.append(asked["force_refresh"])
        await asyncio.sleep(self.slow_tokens)
        fault = await self._fault(request)
        if fault is not None:
            return fault
        if (asked["appid"], asked["secret"], asked["grant_type"]) != (self.appid, self.secret, "client_credential"):
            return _error(40001)
        ending = self.token_ends is None or self.clock() >= self.token_ends - timedelta(minutes=5)
        if ending or asked["force_refresh"]:
            self.token = f"token-{next(self._numbers)}"
            self.token_ends = self.clock() + timedelta(seconds=self.lifetime)
        assert self.token_ends is not None
        left = int((self.token_ends - self.clock()).total_seconds())
        return web.json_response({"access_token": self.token, "expires_in": left})

    def _guarded(self, handler: Any) -> Any:
        async def guarded(request: web.Request) -> web.StreamResponse:
            token = request.query.get("access_token", "")
            if not token:
                return _error(41001)
            if token != self.token or token in self.killed:
                return _error(40001)
            fault = await self._fault(request)
            if fault is not None and not fault.headers.get("X-After"):
                return fault
            answer: web.StreamResponse = await handler(request)
            if fault is not None:
                await asyncio.sleep(float(fault.headers["X-After"]))
            return answer

        return guarded

    async def _fault(self, request: web.Request) -> web.StreamResponse | None:
        waiting = self.faults.get(request.path.removeprefix("/cgi-bin/"))
        if not waiting:
            return None
        fault = waiting.popleft()
        if fault.drop:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if fault.seconds:
            return web.Response(headers={"X-After": str(fault.seconds)})
        if fault.body is not None or fault.status != 200:
            headers = {"Location": str(request.url)} if fault.status == 302 else {}
            return web.Response(status=fault.status, body=fault.body, headers=headers)
        return _error(fault.errcode, fault.errmsg)

    async def _send(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        if b"\\u" in raw:
            return _error(40033)
        message = json.loads(raw)
        if message["msgtype"] == "text":
            if not message["text"]["content"]:
                return _error(44004)
            if len(message["text"]["content"].encode()) > 2048:
                return _error(45002)
        if message["msgtype"] == "image" and message["image"]["media_id"] not in self.media:
            return _error(40007)
        self.sent.append(message)
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def _typing(self, request: web.Request) -> web.StreamResponse:
        self.typed.append((await _json(request))["command"])
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def _create_menu(self, request: web.Request) -> web.StreamResponse:
        self.menu = await _json(request)
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        part = await (await request.multipart()).next()
        if getattr(part, "name", "") != "media" or not getattr(part, "filename", ""):
            return _error(41005)
        media_id = f"media-{next(self._numbers)}"
        content = bytes(await part.read())  # type: ignore[union-attr]
        self.media[media_id] = (content, part.headers["Content-Type"])  # type: ignore[union-attr]
        return web.json_response({"type": request.query["type"], "media_id": media_id, "created_at": 1})

    async def _download(self, request: web.Request) -> web.StreamResponse:
        found = self.media.get(request.query["media_id"])
        if found is None:
            return _error(40007)
        return web.Response(body=found[0], content_type=found[1])


async def _json(request: web.Request) -> Any:
    raw = await request.read()
    assert b"\\u" not in raw
    return json.loads(raw)


def _error(errcode: int, errmsg: str = "error rid: 6a1b-2c3d-4e5f") -> web.Response:
    # As the platform does: an error is HTTP 200, and its media type is not always JSON.
    return web.Response(text=json.dumps({"errcode": errcode, "errmsg": errmsg}), content_type="text/plain")


@dataclass
class TokenRows:
    """The store's token row, in memory: one lease at a time, as the table has it."""

    rows: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    leases: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    reads: int = 0

    async def token(self, appid: str) -> tuple[str, datetime] | None:
        await asyncio.sleep(0)
        self.reads += 1
        return self.rows.get(appid)

    async def lease_token_refresh(self, appid: str, runner: str, now: datetime, seconds: int) -> bool:
        await asyncio.sleep(0)
        holder = self.leases.get(appid)
        if holder is not None and holder[1] > now and holder[0] != runner:
            return False
        self.leases[appid] = (runner, now + timedelta(seconds=seconds))
        return True

    async def save_token(self, appid: str, token: str, expires_at: datetime) -> None:
        await asyncio.sleep(0)
        self.rows[appid] = (token, expires_at)
        self.leases.pop(appid, None)
