"""The mini program's interfaces: log-in, subscription messages, content checks, customer-service messages."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from simulator import api_account, api_media, inbound
from simulator.account import Template
from simulator.api import OK, Answer, Call, Endpoint
from simulator.api_custom import Content, checked_text
from simulator.errors import ApiError
from simulator.fields import check_fields
from simulator.markup import Value
from simulator.media import content_type_of
from simulator.mini import Mini, Visitor

CHECKED_CHARACTERS = 2500
CHECKED_BYTES = 10 * 1024 * 1024
_PATIENCE = aiohttp.ClientTimeout(total=5)
_STATES = {"", "developer", "trial", "formal"}


async def session(call: Call) -> Answer:
    """`GET /sns/jscode2session`."""
    query, mini = call.request.query, _mini(call)
    if query.get("appid", "") != mini.account.appid:
        raise ApiError(40013, "invalid appid")
    if query.get("secret", "") != mini.account.secret:
        raise ApiError(40125, "invalid appsecret")
    if query.get("grant_type") != "authorization_code":
        raise ApiError(40002, "invalid grant_type")
    if not query.get("js_code"):
        raise ApiError(41008, "missing code")
    visitor, key = mini.redeem(query["js_code"], call.now)
    told = {"openid": visitor.openid, "session_key": key}
    return told | ({"unionid": visitor.unionid} if visitor.unionid else {})


async def subscription(call: Call) -> Answer:
    """`POST /cgi-bin/message/subscribe/send`: one acceptance, one send."""
    mini, visitor = _mini(call), _receiver(call)
    chosen = mini.templates.get(call.text("template_id"))
    if chosen is None:
        raise ApiError(40037, "invalid template_id")
    if call.text("miniprogram_state") not in _STATES:
        raise ApiError(41030, "invalid page")
    values = check_fields(chosen, call.body.get("data"))
    if not mini.grants.spend(visitor.openid, chosen.id):
        raise ApiError(43101, "user refuse to accept the msg")
    msg_id = call.platform.next_msg_id()
    _show(call, visitor, chosen, values)

    def tell() -> None:
        mini.push(inbound.notice_sent(mini.sender(visitor), chosen.id, msg_id, 0, "success"), visitor, at_once=True)

    call.platform.later(tell)
    return OK | {"msgid": msg_id}


async def check_text(call: Call) -> Answer:
    """`POST /wxa/msg_sec_check`, version 2."""
    mini = _mini(call)
    _checked_version(call)
    _checked_scene(call)
    content = call.text("content")
    if not content:
        raise ApiError(44004, "empty content")
    if len(content) > CHECKED_CHARACTERS:
        raise ApiError(45002, "content size out of limit")
    _active(call, "openid")
    suggest = mini.judge(content)
    result = {"suggest": suggest, "label": 100 if suggest == "pass" else 20006}
    return OK | {"result": result, "detail": [{"strategy": "content_model", "errcode": 0, **result}], "trace_id": "t"}


async def check_media(call: Call) -> Answer:
    """`POST /wxa/media_check_async`: the file is fetched, and what it is found to be told by an event."""
    mini = _mini(call)
    _checked_version(call)
    _checked_scene(call)
    if call.body.get("media_type") not in (1, 2):
        raise ApiError(40004, "invalid media type")
    address = call.text("media_url")
    if not address.startswith(("http://", "https://")):
        raise ApiError(40097, "invalid args: media_url")
    visitor = _active(call, "openid")
    trace_id = f"{call.platform.next_msg_id():x}"

    async def look() -> None:
        await asyncio.sleep(call.platform.job_delay)
        suggest, errcode = await _found(address, mini.files_are)
        result: dict[str, Value] = {"suggest": suggest, "label": 20002 if suggest == "risky" else 100}
        detail: list[Value] = [{"strategy": "content_model", "errcode": errcode, **result}]
        told: dict[str, Value] = {"appid": mini.account.appid, "trace_id": trace_id, "version": 2, "errcode": errcode}
        event = mini.sender(visitor).event("wxa_media_check", **told, result=result, detail=detail)
        mini.push(event, visitor, at_once=True)

    call.platform.keep(look())
    return OK | {"trace_id": trace_id}


async def custom(call: Call) -> Answer:
    """`POST /cgi-bin/message/custom/send`, in the talk that the person opened."""
    visitor, kind = _receiver(call), call.text("msgtype")
    read = _CONTENTS.get(kind)
    if read is None:
        raise ApiError(40008, "invalid message type")
    part = call.body.get(kind)
    if not isinstance(part, dict):
        raise ApiError(47001, f"data format error: {kind} missing")
    text, more = read(call, part)
    if visitor.window.closed(call.now):
        raise ApiError(45015, "response out of time limit or subscription is canceled")
    if visitor.window.left < 1:
        raise ApiError(45047, "out of response count limit")
    visitor.window = visitor.window.spent()
    visitor.chat.hear(kind, text, call.now, **more)
    return OK


def _mini(call: Call) -> Mini:
    if call.platform.mini is None or call.desk is not call.platform.mini:
        raise ApiError(48001, "api unauthorized")
    return call.platform.mini


def _receiver(call: Call, name: str = "touser") -> Visitor:
    visitor = _mini(call).visitor_of(call.text(name))
    if visitor is None:
        raise ApiError(40003, "invalid openid")
    return visitor


def _active(call: Call, name: str) -> Visitor:
    visitor = _receiver(call, name)
    if not _mini(call).active(visitor, call.now):
        raise ApiError(61010, "code is expired")
    return visitor


def _checked_version(call: Call) -> None:
    if call.body.get("version") != 2:
        raise ApiError(40097, "invalid args: version")


def _checked_scene(call: Call) -> None:
    if call.body.get("scene") not in (1, 2, 3, 4):
        raise ApiError(40097, "invalid args: scene")


async def _found(address: str, files_are: str) -> tuple[str, int]:
    """What a file at an address is found to be; an error code when it cannot be had."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session,
            session.get(address) as got,
        ):
            content = await got.content.read(CHECKED_BYTES + 1)
    except (aiohttp.ClientError, TimeoutError):
        return "pass", -1008
    if got.status != 200 or len(content) > CHECKED_BYTES or not content_type_of(content):
        return "pass", -1011
    return files_are, 0


def _show(call: Call, visitor: Visitor, chosen: Template, values: Mapping[str, str]) -> None:
    """A card among the phone's service notices, which opens the mini program at its page."""
    lines = [{"label": chosen.fields[key], "value": value} for key, value in values.items()]
    phone = call.platform.phone(visitor.person.id)
    more = {"lines": lines, "url": "", "from": _mini(call).account.name, "page": call.text("page")}
    phone.hear("card", chosen.title, "subscribe", **more)


def _text(_call: Call, part: Mapping[str, Any]) -> Content:
    return checked_text(part.get("content")), {}


def _image(call: Call, part: Mapping[str, Any]) -> Content:
    return "", {"media_id": call.desk.media.get(str(part.get("media_id", "")), call.now).id}


def _link(_call: Call, part: Mapping[str, Any]) -> Content:
    title, url = str(part.get("title", "")), str(part.get("url", ""))
    if not title or not url:
        raise ApiError(44004, "empty link data")
    return title, {"description": str(part.get("description", "")), "url": url}


def _page(_call: Call, part: Mapping[str, Any]) -> Content:
    title, path = str(part.get("title", "")), str(part.get("pagepath", ""))
    if not path:
        raise ApiError(40165, "invalid weapp pagepath")
    return title, {"pagepath": path}


_CONTENTS: dict[str, Callable[[Call, Mapping[str, Any]], Content]] = {
    "text": _text,
    "image": _image,
    "link": _link,
    "miniprogrampage": _page,
}

ENDPOINTS = (
    api_account.ENDPOINTS
    | api_media.ENDPOINTS
    | {
        "/sns/jscode2session": Endpoint("GET", session, token=False),
        "/cgi-bin/message/subscribe/send": Endpoint("POST", subscription),
        "/cgi-bin/message/custom/send": Endpoint("POST", custom),
        "/wxa/msg_sec_check": Endpoint("POST", check_text),
        "/wxa/media_check_async": Endpoint("POST", check_media),
    }
)
