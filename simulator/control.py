"""The page's own interface: phones, gestures, the wire, faults and the clock. Loopback only."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from simulator.account import Mode
from simulator.api import PLATFORM, read_json
from simulator.api_media import uploaded
from simulator.clock import ClockWouldGoBack
from simulator.errors import ApiError, NotPossible
from simulator.faults import Armed, Fault
from simulator.inbound import Place
from simulator.phones import HERE, Phone, Tap
from simulator.platform import Platform
from simulator.push import Push

_BURST = 20
_PULSE = 15.0

Gesture = Callable[[Phone, dict[str, Any]], Push | list[Push] | None]


async def state(request: web.Request) -> web.Response:
    """`GET /control/state`: all that the page draws."""
    platform = request.app[PLATFORM]
    return web.json_response(
        {
            "account": {"name": platform.account.name, "appid": platform.account.appid},
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
        body = read_json(await request.read())
        if "advance" in body:
            platform.clock.advance(_number(body, "advance"))
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
        body = read_json(await request.read())
        platform.faults.arm(Fault(str(body.get("fault"))), _armed(body))
    return web.json_response(platform.faults.state())


async def mode(request: web.Request) -> web.Response:
    """`POST /control/mode` {mode: plain · compat · safe}."""
    platform = request.app[PLATFORM]
    platform.pusher.mode = Mode(str(read_json(await request.read()).get("mode")))
    platform.feed.publish("mode", {"mode": platform.pusher.mode})
    return web.json_response({"mode": platform.pusher.mode})


async def verify(request: web.Request) -> web.Response:
    """`POST /control/verify`: checks the callback address with an echostr."""
    return web.json_response({"verified": await request.app[PLATFORM].pusher.verify()})


async def media(request: web.Request) -> web.Response:
    """`GET /control/media/<id>` and `/mmbiz/<id>`: a picture as phones show it."""
    found = request.app[PLATFORM].media.seen(request.match_info["media"])
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
    push = phone.tap(_path(menu.split(".")), Tap(photos=[content])) if menu else phone.image(content)
    return await _done(request, push)


async def gesture(request: web.Request) -> web.Response:
    """`POST /phone/<id>/<gesture>`; answers at once, or with `?wait=1` when the push is settled."""
    act = _GESTURES.get(request.match_info["gesture"])
    if act is None:
        raise web.HTTPNotFound
    raw = await request.read()
    body = json.loads(raw) if raw.strip() else {}
    if not isinstance(body, dict):
        raise TypeError("a JSON object")
    return await _done(request, act(_phone(request), body))


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
    except (ClockWouldGoBack, ValueError, TypeError, KeyError, OverflowError) as error:
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


def _phone(request: web.Request) -> Phone:
    phone = request.app[PLATFORM].phones.get(request.match_info["phone"])
    if phone is None:
        raise web.HTTPNotFound
    return phone


def _bubbles(phone: Phone) -> list[dict[str, Any]]:
    return [bubble.shown(phone.person.id) for bubble in phone.chat.bubbles]


def _armed(body: dict[str, Any]) -> Armed:
    return Armed(
        times=int(_number(body, "times", 0)),
        rate=_number(body, "rate", 0),
        seconds=_number(body, "seconds", 3),
        phone=str(body.get("phone", "")),
        path=str(body.get("path", "")),
    )


def _number(body: dict[str, Any], name: str, default: float | None = None) -> float:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} is a number")
    return value


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise TypeError(f"{name} is a text")
    return value


def _path(values: object) -> list[int]:
    if not isinstance(values, list) or not 1 <= len(values) <= 2:
        raise TypeError("a menu path has one or two numbers")
    return [int(value) for value in values]


def _place(body: dict[str, Any]) -> Place:
    if not body:
        return HERE
    return Place(_number(body, "latitude"), _number(body, "longitude"), _text(body, "label"))


def _burst(phone: Phone, body: dict[str, Any]) -> list[Push]:
    texts = body.get("texts")
    if not isinstance(texts, list) or not 1 <= len(texts) <= _BURST:
        raise TypeError(f"texts is a list of 1 to {_BURST}")
    return [phone.text(str(text), at_once=True) for text in texts]


def _block(phone: Phone, body: dict[str, Any]) -> None:
    phone.block(body.get("on") is True)


_GESTURES: dict[str, Gesture] = {
    "text": lambda phone, body: phone.text(_text(body, "text")),
    "burst": _burst,
    "voice": lambda phone, body: phone.voice(body.get("recognition"), seconds=int(_number(body, "seconds", 3))),
    "location": lambda phone, body: phone.location(_place(body)),
    "link": lambda phone, body: phone.link(_text(body, "title"), str(body.get("description", "")), _text(body, "url")),
    "follow": lambda phone, body: phone.follow(str(body.get("ticket", ""))),
    "unfollow": lambda phone, _body: phone.unfollow(),
    "scan": lambda phone, body: phone.scan(_text(body, "ticket")),
    "menu": lambda phone, body: phone.tap(_path(body.get("path")), Tap(scan_result=str(body.get("scan_result", "")))),
    "choice": lambda phone, body: phone.choose(int(_number(body, "bubble")), _text(body, "item")),
    "grant": lambda phone, body: phone.grant(_text(body, "template"), accept=body.get("accept") is True),
    "withdraw-grant": lambda phone, body: phone.withdraw_grant(_text(body, "template")),
    "block": _block,
}
