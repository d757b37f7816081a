"""小程序: what it pushes becomes a Message, in JSON or in XML as its console chooses. Pure functions.

The envelope, the keys and the accounts are those of the 公众号. A push is never answered with words: `success` at once,
and what there is to say leaves as a customer-service message. JSON is brought to the fields of the XML: the documents
show keys with a leading blank, numbers as strings, and `List` as an object for one template and a list for several.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.channels import official
from bot.channels.details import DEPTH_LIMIT, PARTS_LIMIT, Fields
from bot.channels.envelope import SKEW, Refused
from bot.channels.official import Account, Mode, Opened
from bot.channels.text import legal
from domain.message import Channel, Message, MessageKind

MEDIA_CHECK = "wxa_media_check"
_BLANKS = b" \t\r\n"
_WRAPPERS = {  # of the list that JSON puts at top level
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
    "subscribe_msg_sent_event": "SubscribeMsgSentEvent",
}


def open_body(body: bytes, query: Mapping[str, str], account: Account, now: datetime, skew: timedelta = SKEW) -> Opened:
    """The trusted content of a push, JSON or XML; Refused as `official.open_body`."""
    if not _is_json(body):
        return official.open_body(body, query, account, now, skew)
    kind = query.get("encrypt_type", "").lower()
    if kind not in ("", "raw", "aes"):
        raise Refused(400, "encrypt_type unknown")
    if kind == "aes" or "msg_signature" in query:
        outside = _object(body)
        encrypted = outside.get("Encrypt")
        if not isinstance(encrypted, str) or not encrypted.isascii():
            raise Refused(400, "no ciphertext")
        content, key = account.envelope.open(encrypted, query, now, skew)
        return Opened(content, Mode.COMPATIBLE if "MsgType" in outside else Mode.SAFE, key)
    account.envelope.check(query, now, skew)
    if account.encrypted_only or "Encrypt" in _object(body):
        raise Refused(403, "not encrypted")
    return Opened(body, Mode.PLAIN)


def decode(content: bytes, account: Account) -> Message:
    """The Message of a verified push; Refused as `official.message_of`."""
    fields = _fields(_object(content)) if _is_json(content) else official.parse(content)
    return official.message_of(fields, account, Channel.MINI)


def consent(account: str, openid: str, template_id: str, accepted: bool, key: str, now: datetime) -> Message:
    """What the mini program itself tells of an answer to wx.requestSubscribeMessage, as the platform's event would.

    `key` makes it once. The platform may tell the same answer: `storage.reach` counts both as one.
    """
    answer = {"template_id": template_id, "consent": "accept" if accepted else "reject"}
    return Message(
        key=key,
        channel=Channel.MINI,
        account=account,
        sender=openid,
        kind=MessageKind.EVENT,
        event="subscribe_msg_popup_event",
        details={"templates": [answer]},
        sent_at=now,
    )


def _is_json(body: bytes) -> bool:
    return body.lstrip(_BLANKS)[:1] == b"{"


def _object(body: bytes) -> dict[str, Any]:
    """The object of a body, its keys without blanks; Refused 400 for anything else, and for a key that is repeated."""
    try:
        found = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_int=str,
            parse_float=str,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError):
        raise Refused(400, "not a message") from None
    if not isinstance(found, dict):
        raise Refused(400, "not a message")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = {name.strip(): value for name, value in pairs}
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found


def _no_number(_text: str) -> str:
    raise ValueError("not a number")


def _fields(found: dict[str, Any]) -> Fields:
    """The fields as XML would have them: every value text, a list or an object of such."""
    fields: Fields = _plain(found, DEPTH_LIMIT + 1)
    wrapper = _WRAPPERS.get(str(fields.get("Event", "")).lower())
    if wrapper is not None and "List" in fields:
        fields[wrapper] = {"List": fields.pop("List")}
    return fields


def _plain(value: object, depth: int) -> Any:
    if depth == 0:
        raise Refused(400, "nested too deep")
    if isinstance(value, dict | list) and len(value) > PARTS_LIMIT:
        raise Refused(400, "too many parts")
    if isinstance(value, dict):
        return {legal(str(name)): _plain(part, depth - 1) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part, depth - 1) for part in value]
    if isinstance(value, bool):
        return "1" if value else "0"
    return legal(value) if isinstance(value, str) else None
