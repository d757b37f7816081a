"""The page's own interface: phones, gestures, the wire, faults and the clock. Loopback only."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from simulator.account import Mode
from simulator.api import PLATFORM
from simulator.api_media import uploaded
from simulator.clock import ClockWouldGoBack
from simulator.errors import ApiError, NotPossible
from simulator.faults import Armed, Fault
from simulator.gestures import GESTURES, menu_path, number
from simulator.phones import Phone, Tap
from simulator.push import Push

_PULSE = 15.0


async def state(request: web.Request) -> web.Response:
    """`GET /control/state`: all that the page draws."""
    platform = request.app[PLATFORM]
    return web.json_response(
        {
            "account": {"name": platform.account.name, "appid": platform.account.appid},
            "mini": platform.mini is not None and platform.mini.shown,
            "links": platform.links,
            "mode": platform.pusher.mode,
            "callback_url": platform.pusher.callback_url,
            "clock": platform.clock_state(),
            "menu": platform.menu_state(),
            "templates": [
                {"id": template.id, "title": template.title}
                for template in platform.templates.values()
                if template.subscription
            ],
            "faults": platform.faults.state(),
            "phones": [phone.state() | {"bubbles": _bubbles(phone)} for phone in platform.phones.values()],
            "wire": [row.shown() for row in platform.wire.rows()][-300:],
        }
    )


async def events(request: web.Request) -> web.StreamResponse:
    """`GET /control/events`: server-sent events bubble, phone, wire, menu, clock, faults, mode."""
    platform = request.app[PLATFORM]
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    listening = platform.feed.listen()
    try:
        await response.write(b"retry: 1000\n\n")
        async for news in _with_pulse(listening):
            line = "" if news is None else f"event: {news.name}\ndata: {json.dumps(news.data, ensure_ascii=False)}"
            await response.write(f"{line or ': '}\n\n".encode())
    except (ConnectionError, asyncio.CancelledError):
        pass
    finally:
        await listening.aclose()
    return response


async def wire(request: web.Request) -> web.Response:
    """`GET /control/wire?phone=`: the rows, oldest first."""
    rows = request.app[PLATFORM].wire.rows(request.query.get("phone", ""))
    return web.json_response({"rows": [row.shown() for row in rows]})


async def clock(request: web.Request) -> web.Response:
    """`GET`, or `POST /control/clock` {advance: seconds} · {set: ISO, backwards?} · {reset: true}."""
    platform = request.app[PLATFORM]
    if request.method == "POST":
        body = await read_object(request)
        if "advance" in body:
            platform.clock.advance(number(body, "advance"))
        elif "set" in body:
            platform.clock.set(str(body["set"]), backwards=body.get("backwards") is True)
        elif body.get("reset") is True:
            platform.clock.reset()
        else:
            raise ValueError("advance, set or reset")
    return web.json_response(platform.clock_state())


async def faults(request: web.Request) -> web.Response:
    """`GET`, `POST /control/faults` {fault, times?, rate?, seconds?, phone?, path?}, `DELETE` disarms all."""
    platform = request.app[PLATFORM]
    if request.method == "DELETE":
        platform.faults.clear()
    elif request.method == "POST":
        body = await read_object(request)
        platform.faults.arm(Fault(str(body.get("fault"))), _armed(body))
    return web.json_response(platform.faults.state())


async def mode(request: web.Request) -> web.Response:
    """`POST /control/mode` {mode: plain · compat · safe}."""
    platform = request.app[PLATFORM]
    platform.pusher.mode = Mode(str((await read_object(request)).get("mode")))
    platform.feed.publish("mode", {"mode": platform.pusher.mode})
    return web.json_response({"mode": platform.pusher.mode})


async def verify(request: web.Request) -> web.Response:
    """`POST /control/verify`: checks the callback address with an echostr."""
    return web.json_response({"verified": await request.app[PLATFORM].pusher.verify()})


async def media(request: web.Request) -> web.Response:
    """`GET /control/media/<id>` and `/mmbiz/<id>`: a picture as phones show it."""
    platform = request.app[PLATFORM]
    found = platform.media.seen(request.match_info["media"])
    if found is None and platform.mini is not None:
        found = platform.mini.media.seen(request.match_info["media"])
    if found is None:
        raise web.HTTPNotFound
    return web.Response(body=found.content, content_type=found.content_type)


async def history(request: web.Request) -> web.Response:
    """`GET /phone/<id>`: the phone with its talk."""
    phone = _phone(request)
    return web.json_response(phone.state() | {"bubbles": _bubbles(phone)})


async def photo(request: web.Request) -> web.Response:
    """`POST /phone/<id>/image`, multipart field `media`; `?menu=0.1` when taken through a menu button."""
    phone = _phone(request)
    content = await uploaded(request)
    menu = request.query.get("menu", "")
    push = phone.tap(menu_path(menu.split(".")), Tap(photos=[content])) if menu else phone.image(content)
    return await _done(request, push)


async def gesture(request: web.Request) -> web.Response:
    """`POST /phone/<id>/<gesture>`; answers at once, or with `?wait=1` when the push is settled."""
    act = GESTURES.get(request.match_info["gesture"])
    if act is None:
        raise web.HTTPNotFound
    return await _done(request, act(_phone(request), await read_object(request)))


@web.middleware
async def refusals(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """What a phone or a control cannot do is 409, unusable values are 400, both with one sentence."""
    try:
        return await handler(request)
    except NotPossible as error:
        return web.json_response({"error": str(error)}, status=409)
    except ApiError as error:
        return web.json_response({"error": error.errmsg, "errcode": error.errcode}, status=400)
    except (ClockWouldGoBack, ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        return web.json_response({"error": str(error)}, status=400)


async def _done(request: web.Request, push: Push | list[Push] | None) -> web.Response:
    pushes = push if isinstance(push, list) else [push] if push else []
    if request.query.get("wait"):
        for one in pushes:
            await one
    return web.json_response(
        {"pushes": [{"name": p.name, "outcome": p.outcome, "deliveries": p.deliveries} for p in pushes]}
    )


async def _with_pulse(listening: Any) -> Any:
    """News, and None whenever nothing happened for a while: that is how a closed page is noticed."""
    waiting = asyncio.ensure_future(anext(listening, None))
    try:
        while True:
            done, _ = await asyncio.wait({waiting}, timeout=_PULSE)
            if not done:
                yield None
                continue
            if (news := waiting.result()) is None:
                return
            yield news
            waiting = asyncio.ensure_future(anext(listening, None))
    finally:
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def read_object(request: web.Request) -> dict[str, Any]:
    """The JSON object of a body; empty without one."""
    raw = await request.read()
    body = json.loads(raw) if raw.strip() else {}
    if not isinstance(body, dict):
        raise TypeError("a JSON object is needed")
    return body


def _phone(request: web.Request) -> Phone:
    phone = request.app[PLATFORM].phones.get(request.match_info["phone"])
    if phone is None:
        raise web.HTTPNotFound
    return phone


def _bubbles(phone: Phone) -> list[dict[str, Any]]:
    return [bubble.shown(phone.person.id) for bubble in phone.chat.bubbles]


def _armed(body: dict[str, Any]) -> Armed:
    return Armed(
        times=int(number(body, "times", 0)),
        rate=number(body, "rate", 0),
        seconds=number(body, "seconds", 3),
        phone=str(body.get("phone", "")),
        path=str(body.get("path", "")),
    )
