"""What a push carries beside the fields that every message has, under one set of names.

Source: the tables of messages and events in the platform's documentation. Fields that have no name here keep the
platform's: a new event is then still whole in `Message.details`.
"""

import math
from collections.abc import Callable, Sized
from typing import Any

from bot.channels.envelope import Refused

Fields = dict[str, Any]
DEPTH_LIMIT = 6  # the deepest documented structure has four levels
PARTS_LIMIT = 100  # fields of one push, or of one structure in it; the widest documented has about fifteen

_COMMON = frozenset(
    {
        "ToUserName",
        "FromUserName",
        "CreateTime",
        "MsgType",
        "MsgId",
        "Content",
        "MediaId",
        "Recognition",
        "Event",
        "EventKey",
        "Encrypt",
    }
)
_NAMES = {
    "AppID": "appid",
    "Description": "description",
    "ErrorCode": "error_code",
    "ErrorCount": "error_count",
    "ErrorStatus": "error_status",
    "FilterCount": "filter_count",
    "Format": "format",
    "FromKfAccount": "from_agent",
    "KfAccount": "agent",
    "Label": "label",
    "Latitude": "latitude",
    "Location_X": "latitude",
    "Location_Y": "longitude",
    "Longitude": "longitude",
    "MenuId": "menu_id",
    "MsgID": "message_id",
    "OpenID": "openid",
    "PicUrl": "picture_url",
    "Poiname": "place",
    "PopupScene": "popup_scene",
    "Precision": "precision",
    "RevokeInfo": "revoked",
    "Scale": "scale",
    "ScanResult": "scan_result",
    "ScanType": "scan_type",
    "SentCount": "sent_count",
    "Status": "status",
    "SubscribeStatusString": "consent",  # accept or reject
    "TemplateId": "template_id",
    "ThumbMediaId": "thumb_media_id",
    "Ticket": "ticket",
    "Title": "title",
    "ToKfAccount": "to_agent",
    "TotalCount": "total_count",
    "UnionID": "unionid",
    "Url": "url",
    "bizmsgmenuid": "menu_choice",  # the id of the msgmenu item that was tapped
}
_NUMBERS = frozenset(
    {
        "latitude",
        "longitude",
        "precision",
        "scale",
        "total_count",
        "filter_count",
        "sent_count",
        "error_count",
        "error_code",
        "popup_scene",
    }
)


def collect(fields: Fields) -> Fields:
    """The details of a push; Refused 400 when one is far deeper or wider than any documented push."""
    _limit(fields)
    details: Fields = {}
    for name, value in fields.items():
        if name in _COMMON:
            continue
        unfold = _STRUCTURES.get(name)
        if unfold is not None:
            details.update(unfold(value))
        else:
            _put(details, name, value)
    return details


def text(fields: Fields, name: str) -> str:
    """A field as text, "" when it is absent or empty; Refused 400 when it is repeated or has parts."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(400, f"{name} is not text")
    return value


def _put(details: Fields, name: str, value: object) -> None:
    ours = _NAMES.get(name)
    if ours is None:
        details[name] = _plain(value, DEPTH_LIMIT)
    elif ours in _NUMBERS:
        details[ours] = _number(value)
    else:
        details[ours] = _plain(value, DEPTH_LIMIT) or ""


def _plain(value: object, depth: int) -> Any:
    if depth == 0:
        raise Refused(400, "nested too deep")
    if isinstance(value, dict | list):
        _limit(value)
    if isinstance(value, dict):
        return {str(name): _plain(part, depth - 1) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part, depth - 1) for part in value]
    return value


def _limit(parts: Sized) -> None:
    if len(parts) > PARTS_LIMIT:
        raise Refused(400, "too many parts")


def _number(value: object) -> float | int | None:
    """A number as the platform writes it, as text; None for anything else, so one odd field loses no message."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _parts(value: object) -> Fields:
    return value if isinstance(value, dict) else {}


def _items(value: object) -> list[Any]:
    """One element or several: the platform repeats the element, so a parser gives a list only for two or more."""
    if value is None:
        return []
    items = value if isinstance(value, list) else [value]
    _limit(items)
    return items


def _flat(value: object) -> Fields:
    details: Fields = {}
    for name, part in _parts(value).items():
        _put(details, name, part)
    return details


def _pictures(value: object) -> Fields:
    """MD5 sums of the pictures that follow as messages of their own; `PicList` itself may be repeated (企业微信)."""
    items = [item for block in _items(_parts(value).get("PicList")) for item in _items(_parts(block).get("item"))]
    return {"pictures": [text(_parts(item), "PicMd5Sum") for item in items]}


def _templates(value: object) -> Fields:
    return {"templates": [_flat(item) for item in _items(_parts(value).get("List"))]}


_STRUCTURES: dict[str, Callable[[object], Fields]] = {
    "ScanCodeInfo": _flat,
    "SendLocationInfo": _flat,
    "SendPicsInfo": _pictures,
    "SubscribeMsgChangeEvent": _templates,
    "SubscribeMsgPopupEvent": _templates,
    "SubscribeMsgSentEvent": _templates,
}
