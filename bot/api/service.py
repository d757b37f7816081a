"""The API as aiohttp serves it: token, limits, body and query by the route's models, answer, refusals."""

import hashlib
import ipaddress
import re
from collections.abc import Awaitable, Callable
from time import monotonic

import structlog
from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.api import openapi, problems, uploads
from bot.api.call import Call, Parts
from bot.api.limits import Limit
from bot.api.problems import Problem
from bot.api.route import PREFIX, File, Route
from bot.api.table import ROUTES
from bot.channels.errors import ChannelBusy
from domain.signing_in import Caller

log = structlog.get_logger()

BODY_LIMIT = 64 * 1024  # bytes of a JSON body
REQUESTS, WRITES, UPLOADS = 240, 60, 20  # a minute and person
LOGINS = 300  # a minute and address: a whole unit may share one
_KEY = re.compile(r"[A-Za-z0-9_.:-]{8,64}")
_BEARER = re.compile(r"[Bb]earer ([A-Za-z0-9_-]{20,100})")
_HEADERS = {"X-Content-Type-Options": "nosniff"}

Handled = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Api:
    """Serves the routes of the table over `parts`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._requests = Limit(REQUESTS, 60, monotonic)
        self._writes = Limit(WRITES, 60, monotonic)
        self._logins = Limit(LOGINS, 60, monotonic)
        self._uploads = Limit(UPLOADS, 60, monotonic)

    def routes(self) -> list[web.RouteDef]:
        served = [web.route(route.method, route.pattern, self._serving(route)) for route in ROUTES]
        described = web.get(f"{PREFIX}/openapi.json", _described)
        return [described, *served, web.route("*", PREFIX + "/{rest:.*}", _unknown)]

    def _serving(self, route: Route) -> Handled:
        async def served(request: web.Request) -> web.StreamResponse:
            try:
                return await self._answer(route, request)
            except Problem as problem:
                return problems.response(problem)
            except ChannelBusy:
                return problems.response(Problem(503, "platform_busy", retry=5))
            except (web.HTTPException, ConnectionError):
                raise
            except Exception as error:
                log.error("api_failed", route=f"{route.method} {route.path}", error=error)
                return problems.response(Problem(500, "failed"))

        return served

    async def _answer(self, route: Route, request: web.Request) -> web.StreamResponse:
        call = Call(
            parts=self._parts,
            name=f"{route.method} {route.path}",
            path=dict(request.match_info),
            key=request.headers.get("Idempotency-Key", ""),
            where=_where(request),
        )
        if route.open:
            _let(self._logins, call.where)
        else:
            call.caller = await self._caller(request)
            _let(self._requests, call.caller.person.id)
            if route.method != "GET":
                _let(self._writes, call.caller.person.id)
        if route.keyed and not _KEY.fullmatch(call.key):
            raise Problem(400, "key_missing")
        if route.query is not None or request.query_string:
            call.query = _query(route, request)
        if route.upload:
            _let(self._uploads, call.person.id)
            call.upload = await uploads.file_of(request)
        elif route.body is not None:
            call.body = await _body(route.body, request)
        return _rendered(route, request, await route.run(call))

    async def _caller(self, request: web.Request) -> Caller:
        found = _BEARER.fullmatch(request.headers.get("Authorization", ""))
        caller = await self._parts.store.mini.caller(found[1], self._parts.now()) if found else None
        if caller is None:
            raise Problem(401, "token_refused")
        return caller


def _where(request: web.Request) -> str:
    """The address that asks: the last one named by a proxy inside our own network, else whoever is connected."""
    connected = request.remote or ""
    try:
        inside = ipaddress.ip_address(connected).is_private
    except ValueError:
        inside = False
    named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return named[:64] if inside and named else connected


def _let(limit: Limit, who: str) -> None:
    wait = limit.take(who)
    if wait:
        raise Problem(429, "too_many", retry=wait)


def _query(route: Route, request: web.Request) -> BaseModel | None:
    given = dict(request.query)
    if len(given) != len(request.query):
        raise Problem(422, "invalid")
    if route.query is None:
        raise Problem(422, "invalid")
    try:
        return route.query.model_validate(given)
    except ValidationError as error:
        raise problems.invalid(error) from None


async def _body(model: type[BaseModel], request: web.Request) -> BaseModel:
    if request.content_type != "application/json":
        raise Problem(415, "not_json")
    raw = await uploads.limited(request, BODY_LIMIT, "too_large")
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise problems.invalid(error) from None


def _rendered(route: Route, request: web.Request, told: BaseModel | File | None) -> web.StreamResponse:
    if told is None:
        return web.Response(status=route.status, headers=_HEADERS)
    if isinstance(told, File):
        body, kind = told.content, told.content_type
    else:
        body, kind = told.model_dump_json().encode(), "application/json"
    headers = {**_HEADERS, "Cache-Control": "private, no-cache"}
    if isinstance(told, File) and told.name:
        headers["Content-Disposition"] = f'attachment; filename="{told.name}"'
    if route.method != "GET":
        headers["Cache-Control"] = "no-store"
        return web.Response(status=route.status, body=body, content_type=kind, headers=headers)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers["ETag"] = tag
    if _matches(request.headers.get("If-None-Match", ""), tag):
        return web.Response(status=304, headers=headers)
    return web.Response(status=route.status, body=body, content_type=kind, headers=headers)


def _matches(asked: str, tag: str) -> bool:
    return asked.strip() == "*" or tag in [one.strip().removeprefix("W/") for one in asked.split(",")]


async def _described(request: web.Request) -> web.StreamResponse:
    body, tag = openapi.document()
    headers = {**_HEADERS, "ETag": tag, "Cache-Control": "no-cache"}
    if _matches(request.headers.get("If-None-Match", ""), tag):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type="application/json", headers=headers)


async def _unknown(request: web.Request) -> web.StreamResponse:
    """404, or 405 with what the address does take."""
    path = request.path.removeprefix(PREFIX)
    taken = sorted({route.method for route in ROUTES if route.regex.fullmatch(path)})
    if path == "/openapi.json":
        taken = ["GET"]
    if taken:
        return problems.response(Problem(405, "wrong_method", allow=", ".join(taken)))
    return problems.response(Problem(404, "not_found"))
