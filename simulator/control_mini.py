"""The mini program in the page: its frame and files, what its owner's phone does, and its way to its own server.

The program is built beforehand (`simulator/preview/build.js`); what runs it is the platform's own simulator. It reaches
one server only, through here, as WeChat lets a mini program reach what is registered for it. Loopback only.
"""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from simulator.api import PLATFORM
from simulator.api_media import uploaded
from simulator.control import read_object, refusals
from simulator.mini import Mini
from simulator.platform import Platform
from simulator.push import Push

NETWORK = web.AppKey("network", aiohttp.ClientSession)
MOST_BYTES = 24 * 1024 * 1024  # of one upload: more than the service takes, so that its refusal is seen
_FRAME = Path(__file__).parent / "static" / "mini"
_FRAME_FILES = ("host.css", "host.js", "tags.js", "sheets.js", "crop.js", "wx.js")
# The simulator compiles with `new Function`, and a mini program's templates carry styles of their own.
_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_SENT_ON = ("Accept", "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match")
_KEPT_BACK = ("connection", "content-encoding", "content-length", "keep-alive", "set-cookie", "transfer-encoding")


def build(platform: Platform) -> web.Application:
    """What lies below /mini."""
    app = web.Application(middlewares=[refusals], client_max_size=MOST_BYTES)
    app[PLATFORM] = platform
    app.cleanup_ctx.append(_network)
    app.router.add_routes(
        [
            web.get("/static/{file}", _frame_file),
            web.get("/program/{path:.+}", _program_file),
            web.route("*", "/net/{path:.*}", through),
            web.get("/{phone}", frame),
            web.get("/{phone}/state", state),
            web.get("/{phone}/talk", talk),
            web.post("/{phone}/login", login),
            web.post("/{phone}/subscribe", subscribe),
            web.post("/{phone}/withdraw", withdraw),
            web.post("/{phone}/enter", enter),
            web.post("/{phone}/say", say),
            web.post("/{phone}/photo", photo),
        ]
    )
    return app


async def _network(app: web.Application) -> AsyncIterator[None]:
    """The connections of the phones' mini programs, while the application runs."""
    app[NETWORK] = aiohttp.ClientSession(auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar())
    yield
    await app[NETWORK].close()


async def frame(request: web.Request) -> web.StreamResponse:
    """`GET /mini/<phone>`: the page that runs the mini program; the page inside is named behind the #."""
    _visitor(request)
    if not _mini(request).shown:
        return web.Response(status=503, text="the mini program's preview has not been built\n")
    return web.FileResponse(_FRAME / "host.html", headers=_HEADERS)


async def state(request: web.Request) -> web.Response:
    """`GET /mini/<phone>/state`: what the frame needs to begin."""
    program = _mini(request).program
    _visitor(request)
    return web.json_response(
        {
            "name": program.account.name,
            "appid": program.account.appid,
            "service": program.service_url,
            "ext": dict(program.ext),
            "now": request.app[PLATFORM].clock.now().isoformat(timespec="milliseconds"),
            "templates": [{"id": template.id, "title": template.title} for template in program.templates],
        }
    )


async def talk(request: web.Request) -> web.Response:
    """`GET /mini/<phone>/talk`: the talk with the mini program's customer service."""
    chat = _mini(request).visitors[_visitor(request)].chat
    return web.json_response({"bubbles": [bubble.shown(chat.phone) for bubble in chat.bubbles]})


async def login(request: web.Request) -> web.Response:
    return web.json_response({"code": _mini(request).login(_visitor(request))})


async def subscribe(request: web.Request) -> web.Response:
    """`POST /mini/<phone>/subscribe` {answers: {template: true or false}}."""
    answers = (await read_object(request)).get("answers")
    if not isinstance(answers, dict):
        raise TypeError("answers is an object")
    given = {str(template): accept is True for template, accept in answers.items()}
    return await _told(request, _mini(request).answer_popup(_visitor(request), given))


async def withdraw(request: web.Request) -> web.Response:
    template = str((await read_object(request)).get("template"))
    return await _told(request, _mini(request).withdraw(_visitor(request), template))


async def enter(request: web.Request) -> web.Response:
    where = str((await read_object(request)).get("session_from", ""))
    return await _told(request, _mini(request).enter(_visitor(request), where))


async def say(request: web.Request) -> web.Response:
    text = (await read_object(request)).get("text")
    if not isinstance(text, str) or not text.strip():
        raise TypeError("text is a text")
    return await _told(request, _mini(request).say(_visitor(request), text))


async def photo(request: web.Request) -> web.Response:
    """`POST /mini/<phone>/photo`, multipart field `media`: a picture for the customer service."""
    return await _told(request, _mini(request).photo(_visitor(request), await uploaded(request)))


async def through(request: web.Request) -> web.StreamResponse:
    """The mini program's own requests, sent on to the server that it has registered."""
    service = URL(_mini(request).program.service_url)
    url = service.with_path(URL(f"/{request.match_info['path']}").path).with_query(request.query_string)
    headers = CIMultiDict({name: request.headers[name] for name in _SENT_ON if name in request.headers})
    body = request.content if request.can_read_body else None
    try:
        async with request.app[NETWORK].request(
            request.method, url, headers=headers, data=body, allow_redirects=False
        ) as answer:
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in _KEPT_BACK}
            response = web.StreamResponse(status=answer.status, headers=_as_it_came(answer.headers, kept))
            await response.prepare(request)
            async for chunk in answer.content.iter_chunked(65536):
                await response.write(chunk)
            await response.write_eof()
            return response
    except (aiohttp.ClientError, TimeoutError):
        return web.Response(status=502, text="the mini program's server does not answer\n")


def _as_it_came(headers: Mapping[str, str], kept: dict[str, str]) -> dict[str, str]:
    """With what tells the browser how the body is packed, because it is passed on as it came."""
    packed = headers.get("Content-Encoding")
    return kept | ({"Content-Encoding": packed} if packed else {})


async def _frame_file(request: web.Request) -> web.StreamResponse:
    if request.match_info["file"] not in _FRAME_FILES:
        raise web.HTTPNotFound
    return web.FileResponse(_FRAME / request.match_info["file"], headers=_HEADERS)


async def _program_file(request: web.Request) -> web.StreamResponse:
    preview = _mini(request).program.preview
    if preview is None:
        raise web.HTTPNotFound
    root = preview.resolve()
    wanted = (root / request.match_info["path"]).resolve()
    if not wanted.is_relative_to(root) or not wanted.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(wanted, headers=_HEADERS)


async def _told(request: web.Request, push: Push) -> web.Response:
    if request.query.get("wait"):
        await push
    return web.json_response({"push": push.name, "outcome": push.outcome})


def _mini(request: web.Request) -> Mini:
    mini = request.app[PLATFORM].mini
    if mini is None:
        raise web.HTTPNotFound
    return mini


def _visitor(request: web.Request) -> str:
    person = request.match_info["phone"]
    if person not in _mini(request).visitors:
        raise web.HTTPNotFound
    return person
