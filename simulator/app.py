"""The stand-in as a web application: the page at `/`, the API below `/cgi-bin`, the page's own interface beside."""

import ipaddress
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from simulator import (
    api,
    api_account,
    api_custom,
    api_mass,
    api_media,
    api_menu,
    api_mini,
    api_notices,
    api_people,
    api_tags,
    control,
    control_mini,
)
from simulator.mini import Mini
from simulator.platform import Platform

_STATIC = Path(__file__).parent / "static"
_PAGE_FILES = ("style.css", "page.js", "phone.js", "ask.js", "draw.js", "mini.js", "desk.js", "sample.js", "icon.svg")
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_ENDPOINTS = (
    api_account.ENDPOINTS
    | api_custom.ENDPOINTS
    | api_media.ENDPOINTS
    | api_menu.ENDPOINTS
    | api_notices.ENDPOINTS
    | api_mass.ENDPOINTS
    | api_people.ENDPOINTS
    | api_tags.ENDPOINTS
)


def build(platform: Platform) -> web.Application:
    """The application; start the platform first, and serve it on loopback."""
    app = web.Application(middlewares=[_only_local], client_max_size=api.MOST_BYTES)
    app[api.PLATFORM] = platform
    app.router.add_route("*", "/cgi-bin/showqrcode", api_people.show_code)
    for path in ("/cgi-bin/{path:.*}", "/sns/{path:.*}", "/wxa/{path:.*}"):
        app.router.add_route("*", path, _cgi)
    app.router.add_get("/mmbiz/{media}", control.media)
    app.add_subapp("/control", _control(platform))
    app.add_subapp("/phone", _phones(platform))
    if platform.mini is not None:
        app.add_subapp("/mini", control_mini.build(platform))
    app.router.add_get("/", _page)
    app.router.add_get("/static/{file}", _file)
    app.on_shutdown.append(_close)
    return app


def _control(platform: Platform) -> web.Application:
    app = web.Application(middlewares=[control.refusals])
    app[api.PLATFORM] = platform
    app.router.add_get("/state", control.state)
    app.router.add_get("/events", control.events)
    app.router.add_get("/wire", control.wire)
    app.router.add_get("/clock", control.clock)
    app.router.add_post("/clock", control.clock)
    app.router.add_get("/faults", control.faults)
    app.router.add_post("/faults", control.faults)
    app.router.add_delete("/faults", control.faults)
    app.router.add_post("/mode", control.mode)
    app.router.add_post("/verify", control.verify)
    app.router.add_get("/media/{media}", control.media)
    return app


def _phones(platform: Platform) -> web.Application:
    app = web.Application(middlewares=[control.refusals], client_max_size=api.MOST_BYTES)
    app[api.PLATFORM] = platform
    app.router.add_get("/{phone}", control.history)
    app.router.add_post("/{phone}/image", control.photo)
    app.router.add_post("/{phone}/{gesture}", control.gesture)
    return app


async def _cgi(request: web.Request) -> web.StreamResponse:
    """A call of the API, for the account that its token or its appid names."""
    platform = request.app[api.PLATFORM]
    mini = platform.mini
    if mini is not None and await _is_mini(request, mini):
        return await api.answer(request, api_mini.ENDPOINTS, mini)
    return await api.answer(request, _ENDPOINTS, platform)


async def _is_mini(request: web.Request, mini: Mini) -> bool:
    if request.path.startswith(("/sns/jscode", "/wxa/")) or mini.tokens.issued(request.query.get("access_token", "")):
        return True
    if request.path not in ("/cgi-bin/token", "/cgi-bin/stable_token", "/cgi-bin/clear_quota/v2"):
        return False
    return mini.account.appid in (request.query.get("appid", ""), await _appid(request))


async def _appid(request: web.Request) -> str:
    try:
        body = json.loads(await request.read() or b"{}")
    except (ValueError, RecursionError):
        return ""
    return str(body.get("appid", "")) if isinstance(body, dict) else ""


async def _page(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(_STATIC / "index.html", headers=_HEADERS)


async def _file(request: web.Request) -> web.FileResponse:
    if request.match_info["file"] not in _PAGE_FILES:
        raise web.HTTPNotFound
    return web.FileResponse(_STATIC / request.match_info["file"], headers=_HEADERS)


async def _close(app: web.Application) -> None:
    """Ends the open event streams, so that the server can stop."""
    app[api.PLATFORM].closing.set()
    app[api.PLATFORM].feed.close()


@web.middleware
async def _only_local(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """The page and its interface answer this machine alone, by its own names, and no other site's scripts."""
    if request.path.startswith(("/cgi-bin/", "/sns/", "/wxa/", "/mmbiz/")):
        return await handler(request)
    if not (_from_here(request.remote) and _named_local(request.host) and _same_origin(request)):
        raise web.HTTPForbidden(text="only from this machine")
    return await handler(request)


def _from_here(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def _named_local(host: str) -> bool:
    """Against DNS rebinding: a foreign name that resolves to loopback is refused."""
    return host.rsplit(":", 1)[0] in _LOCAL_NAMES if not host.endswith("]") else host in _LOCAL_NAMES


def _same_origin(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.host}"
