"""The way of an API call: fault, token, quota, JSON, endpoint; and always an answer as WeChat gives it."""

import asyncio
import contextlib
import json
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from aiohttp import web

from simulator.account import Account
from simulator.errors import ApiError
from simulator.faults import Armed, Fault
from simulator.media import MediaStore
from simulator.platform import Platform
from simulator.quotas import Quotas
from simulator.tokens import Tokens
from simulator.wire import Row

PLATFORM = web.AppKey("platform", Platform)
MOST_BYTES = 12 * 1024 * 1024
_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")
_SECRETS = re.compile(r'("(?:secret|appsecret|access_token|session_key)"\s*:\s*")([^"]{6})[^"]*"')


class Desk(Protocol):
    """An account's books at the platform: the official account's or the mini program's."""

    @property
    def account(self) -> Account: ...
    @property
    def tokens(self) -> Tokens: ...
    @property
    def quotas(self) -> Quotas: ...
    @property
    def media(self) -> MediaStore: ...


@dataclass
class Call:
    """One call: what an endpoint may know of it. `desk` is the account that calls, `body` the JSON object of a POST."""

    platform: Platform
    desk: Desk
    request: web.Request
    now: datetime
    body: dict[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A string of the body; empty if it is missing or no string."""
        value = self.body.get(name)
        return value if isinstance(value, str) else ""


Answer = dict[str, Any] | web.Response
Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True)
class Endpoint:
    """`json` bodies are read before the handler runs; `token` says whether an access_token is needed."""

    method: str
    handler: Handler
    token: bool = True
    json: bool = True


OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}


async def answer(request: web.Request, endpoints: dict[str, Endpoint], desk: Desk) -> web.StreamResponse:
    """Serves any path of the API, for the account whose desk it is."""
    platform = request.app[PLATFORM]
    row = platform.wire.begin(platform.clock.now(), "api", request.path.removeprefix("/cgi-bin/"))
    unreached = _strikes(platform, Fault.API_UNREACHED, request)
    if unreached:
        platform.wire.finish(row, "hung", reason=Fault.API_UNREACHED)
        return await _hang(platform, request, unreached)
    if _strikes(platform, Fault.API_ERROR, request):
        platform.wire.finish(row, "refused", status=502, reason=Fault.API_ERROR)
        return web.Response(status=502, text="<html><body>502 Bad Gateway</body></html>", content_type="text/html")
    timeout = _strikes(platform, Fault.API_TIMEOUT, request)
    try:
        response = await _answered(platform, desk, request, endpoints, row)
    except web.HTTPException as error:
        platform.wire.finish(row, "refused", status=error.status)
        raise
    if timeout:
        platform.wire.amend(row, "hung", Fault.API_TIMEOUT)
        return await _hang(platform, request, timeout)
    return response


async def _answered(
    platform: Platform, desk: Desk, request: web.Request, endpoints: dict[str, Endpoint], row: Row
) -> web.Response:
    try:
        given = await _called(platform, desk, request, endpoints, row)
    except ApiError as error:
        rid = "-".join(secrets.token_hex(4) for _ in range(3))
        given = {"errcode": error.errcode, "errmsg": f"{error.errmsg} rid: {rid}"} | error.extra
    if isinstance(given, web.Response):
        platform.wire.finish(row, "ok", status=given.status, answered=f"{given.content_type}, {given.content_length} B")
        return given
    shown = json.dumps(given, ensure_ascii=False)
    errcode = given.get("errcode", 0)
    platform.wire.finish(
        row, "refused" if errcode else "ok", status=200, errcode=errcode, answered=_masked(shown), reason=_errmsg(given)
    )
    return web.json_response(text=shown)


async def _called(
    platform: Platform, desk: Desk, request: web.Request, endpoints: dict[str, Endpoint], row: Row
) -> Answer:
    endpoint = endpoints.get(request.path)
    if endpoint is None:
        raise ApiError(40066, "invalid url")
    if request.method != endpoint.method:
        code, needed = (43002, "POST") if endpoint.method == "POST" else (43001, "GET")
        raise ApiError(code, f"require {needed} method")
    now = platform.clock.now()
    if _strikes(platform, Fault.API_BUSY, request):
        raise ApiError(-1, "system error")
    if endpoint.token:
        if _strikes(platform, Fault.TOKEN_KILLED, request):
            desk.tokens.kill()
        desk.tokens.check(request.query.get("access_token", ""), now)
    call = Call(platform, desk, request, now)
    if endpoint.method == "POST" and endpoint.json:
        raw = await request.read()
        row.sent = _masked(raw.decode("utf-8", "replace"))[:16_000]
        call.body = read_json(raw)
        row.phone = _phone(platform, call.body)
    desk.quotas.spend(request.path, now)
    return await endpoint.handler(call)


def read_json(raw: bytes) -> dict[str, Any]:
    r"""The object in a body. ApiError 44002 empty, 40033 with \uXXXX escapes or not UTF-8, 47001 no JSON object."""
    if not raw.strip():
        raise ApiError(44002, "empty post data")
    if _ESCAPE.search(raw):
        raise ApiError(40033, "invalid charset. please check your request, if include \\uxxxx will create fail!")
    try:
        body = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ApiError(40033, "invalid charset") from error
    except (ValueError, RecursionError) as error:
        raise ApiError(47001, "data format error") from error
    if not isinstance(body, dict):
        raise ApiError(47001, "data format error")
    return body


async def _hang(platform: Platform, request: web.Request, armed: Armed) -> web.Response:
    """Never answers: waits, then cuts the connection."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(armed.seconds):
            await platform.closing.wait()
    if request.transport:
        request.transport.abort()
    return web.Response(status=504)


def _strikes(platform: Platform, fault: Fault, request: web.Request) -> Armed | None:
    return platform.faults.strikes(fault, path=request.path.removeprefix("/cgi-bin/"))


def _phone(platform: Platform, body: dict[str, Any]) -> str:
    openid = body.get("touser", body.get("openid"))
    phone = platform.owner_of(openid) if isinstance(openid, str) else None
    return phone.person.id if phone else ""


def _masked(text: str) -> str:
    return _SECRETS.sub(r'\1\2…"', text)


def _errmsg(given: dict[str, Any]) -> str:
    return str(given.get("errmsg", "")) if given.get("errcode") else ""
