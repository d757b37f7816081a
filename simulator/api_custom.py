"""Customer-service messages and the typing sign, inside the window that the person opened."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from simulator.account import Kind
from simulator.api import OK, Answer, Call, Endpoint
from simulator.errors import ApiError
from simulator.phones import Phone
from simulator.replies import TEXT_BYTES

_TYPING_AFTER = timedelta(seconds=30)
_TYPING_LASTS = timedelta(seconds=15)
_MENU_ITEMS = 10

Content = tuple[str, dict[str, Any]]  # the text of the bubble, and what else it holds


async def send(call: Call) -> Answer:
    """`POST /cgi-bin/message/custom/send`."""
    phone = receiver(call)
    kind = call.text("msgtype")
    read = _CONTENTS.get(kind)
    if read is None:
        raise ApiError(40008, "invalid message type")
    part = call.body.get(kind)
    if not isinstance(part, dict):
        raise ApiError(47001, f"data format error: {kind} missing")
    text, more = read(call, part)
    _spend(phone, call)
    phone.hear("menu" if kind == "msgmenu" else kind, text, "customer", **more)
    return OK


async def typing(call: Call) -> Answer:
    """`POST /cgi-bin/message/custom/typing`."""
    phone = receiver(call)
    command = call.text("command")
    if command not in {"Typing", "CancelTyping"}:
        raise ApiError(45072, "command field error")
    if phone.spoke_at is None or call.now - phone.spoke_at > _TYPING_AFTER:
        raise ApiError(45080, "need interaction in 30 seconds")
    shown = phone.typing_since is not None and call.now - phone.typing_since < _TYPING_LASTS
    if command == "Typing" and shown:
        raise ApiError(45081, "already in typing status")
    phone.typing(command == "Typing")
    return OK


def receiver(call: Call) -> Phone:
    """Whom `touser` names. ApiError 40003 unknown, 43004 no follower, 48002 reception switched off."""
    phone = call.platform.phone_of(call.text("touser"))
    if phone is None:
        raise ApiError(40003, "invalid openid")
    if not phone.following:
        raise ApiError(43004, "require subscribe")
    if phone.blocked:
        raise ApiError(48002, "user refuse to accept the msg")
    return phone


def _spend(phone: Phone, call: Call) -> None:
    if phone.window.closed(call.now):
        raise ApiError(45015, "response out of time limit or subscription is canceled")
    if phone.window.left < 1:
        raise ApiError(45047, "out of response count limit")
    phone.window = phone.window.spent()


def checked_text(value: object) -> str:
    """ApiError 44004 empty, 45002 beyond 2048 bytes."""
    if not isinstance(value, str) or not value:
        raise ApiError(44004, "empty content")
    if len(value.encode()) > TEXT_BYTES:
        raise ApiError(45002, "content size out of limit")
    return value


def _text(_call: Call, part: Mapping[str, Any]) -> Content:
    return checked_text(part.get("content")), {}


def _media(field: str) -> Callable[[Call, Mapping[str, Any]], Content]:
    def read(call: Call, part: Mapping[str, Any]) -> Content:
        media = call.platform.media.get(str(part.get(field, "")), call.now)
        return str(part.get("title", "")), {"media_id": media.id}

    return read


def _news(_call: Call, part: Mapping[str, Any]) -> Content:
    articles = part.get("articles")
    if not isinstance(articles, list) or not articles:
        raise ApiError(44003, "empty news data")
    if len(articles) > 1:
        raise ApiError(45008, "article size out of limit")
    if not isinstance(articles[0], dict):
        raise ApiError(47001, "data format error: articles")
    article = {name: str(articles[0].get(name, "")) for name in ("title", "description", "url")}
    return article["title"], {"articles": [article]}


def _menu(call: Call, part: Mapping[str, Any]) -> Content:
    if call.platform.account.kind is Kind.SUBSCRIPTION:
        raise ApiError(40200, "invalid account type for msgmenu")
    listed = part.get("list")
    if not isinstance(listed, list) or not 1 <= len(listed) <= _MENU_ITEMS:
        raise ApiError(47001, "data format error: msgmenu list")
    items = [_menu_item(item) for item in listed]
    if len({item["id"] for item in items}) != len(items):
        raise ApiError(47001, "data format error: msgmenu id repeated")
    head, tail = (str(part.get(name) or "") for name in ("head_content", "tail_content"))
    checked_text("\n".join([head, *(item["content"] for item in items), tail]))
    return head, {"items": items, "tail": tail}


def _menu_item(item: object) -> dict[str, str]:
    if not isinstance(item, dict):
        raise ApiError(47001, "data format error: msgmenu list")
    menu_id, content = item.get("id"), item.get("content")
    if not isinstance(menu_id, str | int) or not isinstance(content, str) or not menu_id or not content:
        raise ApiError(47001, "data format error: msgmenu list")
    return {"id": str(menu_id), "content": content}


def _page(_call: Call, part: Mapping[str, Any]) -> Content:
    title, appid, path = (str(part.get(name, "")) for name in ("title", "appid", "pagepath"))
    if not appid or not path:
        raise ApiError(40165, "invalid weapp pagepath")
    return title, {"appid": appid, "pagepath": path}


_CONTENTS: dict[str, Callable[[Call, Mapping[str, Any]], Content]] = {
    "text": _text,
    "image": _media("media_id"),
    "voice": _media("media_id"),
    "video": _media("media_id"),
    "music": _media("thumb_media_id"),
    "news": _news,
    "msgmenu": _menu,
    "miniprogrampage": _page,
}

ENDPOINTS = {
    "/cgi-bin/message/custom/send": Endpoint("POST", send),
    "/cgi-bin/message/custom/typing": Endpoint("POST", typing),
}
