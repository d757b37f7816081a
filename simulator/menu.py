"""The menu at the bottom of the chat: what may be created, and what a tap finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.errors import ApiError

_KEYED = frozenset(
    {
        "click",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
    }
)
_MEDIA = frozenset({"media_id", "article_id", "article_view_limited"})
_KEY_BYTES, _URL_BYTES = 128, 1024
_NAME_BYTES, _SUB_NAME_BYTES = 16, 60


@dataclass(frozen=True)
class Button:
    """A button: `key` of the keyed types, `target` the url of a view or the page path of a mini program.

    With `buttons` it only opens them.
    """

    name: str
    type: str = ""
    key: str = ""
    target: str = ""
    buttons: tuple["Button", ...] = field(default=())


def read_menu(body: Mapping[str, Any]) -> tuple[Button, ...]:
    """The buttons of `menu/create`. ApiError 40016 … 40055 names what breaks a rule."""
    listed = body.get("button")
    if not isinstance(listed, list) or not 1 <= len(listed) <= 3:
        raise ApiError(40016, "invalid button size")
    return tuple(_top(entry) for entry in listed)


def _top(entry: object) -> Button:
    if not isinstance(entry, dict):
        raise ApiError(40017, "invalid button type")
    name = _name(entry, _NAME_BYTES, 40018)
    subs = entry.get("sub_button") or []
    if not subs:
        return _leaf(entry, name)
    if not isinstance(subs, list) or not 1 <= len(subs) <= 5:
        raise ApiError(40023, "invalid sub button size")
    return Button(name, buttons=tuple(_sub(sub) for sub in subs))


def _sub(entry: object) -> Button:
    if not isinstance(entry, dict):
        raise ApiError(40024, "invalid sub button type")
    if entry.get("sub_button"):
        raise ApiError(40022, "invalid sub button level")
    return _leaf(entry, _name(entry, _SUB_NAME_BYTES, 40025))


def _leaf(entry: Mapping[str, Any], name: str) -> Button:
    kind = entry.get("type")
    if kind in _KEYED:
        return Button(name, kind, key=_bounded(entry, "key", _KEY_BYTES, 40019, "invalid button key size"))
    if kind == "view":
        url = _bounded(entry, "url", _URL_BYTES, 40020, "invalid button url size")
        if not url.startswith(("http://", "https://")):
            raise ApiError(40055, "invalid button url domain")
        return Button(name, kind, target=url)
    if kind == "miniprogram":
        _bounded(entry, "url", _URL_BYTES, 40020, "invalid button url size")
        _bounded(entry, "appid", _KEY_BYTES, 40013, "invalid appid")
        return Button(name, kind, target=_bounded(entry, "pagepath", _URL_BYTES, 40020, "invalid pagepath size"))
    if kind in _MEDIA:
        raise ApiError(48001, "api unauthorized: this account has no permanent material")
    raise ApiError(40017, "invalid button type")


def _name(entry: Mapping[str, Any], most: int, errcode: int) -> str:
    return _bounded(entry, "name", most, errcode, "invalid button name size")


def _bounded(entry: Mapping[str, Any], field_name: str, most: int, errcode: int, errmsg: str) -> str:
    value = entry.get(field_name)
    if not isinstance(value, str) or not value or len(value.encode()) > most:
        raise ApiError(errcode, errmsg)
    return value
