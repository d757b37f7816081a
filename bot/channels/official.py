"""公众号: what it pushes becomes a Message, and a Reply becomes what it takes. Pure functions.

The order of a push is `open_body`, `decode`, and after the turn `render`. Sources: the platform's pages on message
push, passive replies and message encryption.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from pydantic import ValidationError
from wechatpy import parse_message
from wechatpy.replies import ImageReply, TextReply

from bot.channels import details
from bot.channels.details import Fields
from bot.channels.envelope import SKEW, Envelope, Refused
from bot.channels.text import as_text, legal
from domain.delivery import Reply, ReplyKind
from domain.message import Channel, Message, MessageKind

SUCCESS = "success"  # acknowledges without saying anything; not encrypted in any mode
KEY_LIMIT = 300  # characters of Message.key
EVENT_KEY_LIMIT = 256

_ECHO = re.compile(r"[\w.~:+/=-]{1,256}", re.ASCII)
_SENDER = re.compile(r"[^\s:\x00-\x1f\x7f]{1,128}")
_SECONDS = re.compile(r"[0-9]{1,11}", re.ASCII)
_MESSAGE_ID = re.compile(r"[0-9]{1,20}", re.ASCII)
_KINDS = {
    "text": MessageKind.TEXT,
    "image": MessageKind.IMAGE,
    "voice": MessageKind.VOICE,
    "video": MessageKind.VIDEO,
    "shortvideo": MessageKind.VIDEO,
    "location": MessageKind.LOCATION,
    "link": MessageKind.LINK,
    "miniprogrampage": MessageKind.LINK,
    "event": MessageKind.EVENT,
}
# These come from an account of the platform; the person is named inside.
_ABOUT_A_PERSON = frozenset({"user_authorization_revoke", "user_authorization_cancellation", "user_info_modified"})
_EVENT_IDS = ("MsgID", "ChangeType", "UserID", "Id", "TagId", "OpenID", "trace_id", "OpenKfId")


class Mode(StrEnum):
    """How a push came: 明文, 兼容 or 安全模式."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


@dataclass(frozen=True)
class Account:
    """A 公众号 as its console shows it; `original_id` (gh_…) may be left out.

    `encrypted_only` refuses plain pushes, whose signature does not cover the body. ValueError for a bad key.
    """

    appid: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(default="", repr=False)
    previous_aes_key: str = field(default="", repr=False)
    original_id: str = ""
    encrypted_only: bool = False

    def __post_init__(self) -> None:
        _ = self.envelope  # a bad key is told at start, not by the first push

    @cached_property
    def envelope(self) -> Envelope:
        keys = [key for key in (self.aes_key, self.previous_aes_key) if key]
        return Envelope(self.token, self.appid, keys)


@dataclass(frozen=True, slots=True)
class Opened:
    """A verified push: the XML to trust, and how its answer must be sealed (`key` numbers the EncodingAESKey)."""

    xml: bytes
    mode: Mode
    key: int = 0


def verify(query: Mapping[str, str], account: Account, now: datetime, skew: timedelta = SKEW) -> str:
    """The echostr to answer when the platform checks the address; Refused 403 unless it is signed."""
    account.envelope.check(query, now, skew)
    echo = query.get("echostr", "")
    if not _ECHO.fullmatch(echo):
        raise Refused(400, "echostr malformed")
    return echo


def open_body(body: bytes, query: Mapping[str, str], account: Account, now: datetime, skew: timedelta = SKEW) -> Opened:
    """The trusted XML of a push: in compatible and safe mode what was encrypted, in plain mode the body."""
    kind = query.get("encrypt_type", "").lower()
    if kind not in ("", "raw", "aes"):
        raise Refused(400, "encrypt_type unknown")
    if kind == "aes" or "msg_signature" in query:
        xml, key = account.envelope.open(_ciphertext(body), query, now, skew)
        return Opened(xml, Mode.COMPATIBLE if b"<MsgType>" in body else Mode.SAFE, key)
    account.envelope.check(query, now, skew)
    if account.encrypted_only or b"<Encrypt>" in body:
        raise Refused(403, "not encrypted")
    return Opened(body, Mode.PLAIN)


def decode(xml: bytes, account: Account) -> Message:
    """The Message of a verified push; Refused as `message_of`."""
    return message_of(parse(xml), account)


def message_of(fields: Fields, account: Account, channel: Channel = Channel.OFFICIAL) -> Message:
    """The Message that the fields of a push make; Refused 400 for what is no message, 403 for one to another account.

    `details["to"]` is the account's original id, which a passive reply names as its sender.
    """
    receiver = details.text(fields, "ToUserName")
    if not receiver or len(receiver) > 64:
        raise Refused(400, "ToUserName missing")
    if account.original_id and receiver != account.original_id:
        raise Refused(403, "addressed to another account")
    kind = _KINDS.get(details.text(fields, "MsgType").lower(), MessageKind.UNKNOWN)
    event = details.text(fields, "Event").lower() if kind is MessageKind.EVENT else ""
    if kind is MessageKind.EVENT and not event:
        raise Refused(400, "Event missing")
    sender = _sender(fields, event)
    event_key = details.text(fields, "EventKey") if event else ""
    extra: Fields = {"to": receiver, **details.collect(fields)}
    if len(event_key) > EVENT_KEY_LIMIT:
        extra["event_key"] = event_key
    try:
        return Message(
            key=_key(fields, f"{channel.value}:{account.appid}:{sender}:", event, extra),
            channel=channel,
            account=account.appid,
            sender=sender,
            kind=kind,
            text=_said(fields, kind),
            event=event,
            event_key=event_key[:EVENT_KEY_LIMIT],
            media_id=details.text(fields, "MediaId"),
            details=extra,
            sent_at=datetime.fromtimestamp(int(_matched(_SECONDS, fields, "CreateTime")), UTC),
        )
    except ValidationError:
        raise Refused(400, "a field is too long") from None


def render(reply: Reply | None, message: Message, opened: Opened, account: Account, nonce: str, now: datetime) -> str:
    """The body that answers `message`: XML, sealed as the push came, or `success` when there is nothing to say."""
    xml = _reply_xml(reply, message, now) if reply is not None else ""
    if not xml:
        return SUCCESS
    if opened.mode is Mode.PLAIN:
        return xml
    sealed = account.envelope.seal(xml, nonce, now, opened.key)
    return (
        f"<xml><Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt>"
        f"<MsgSignature><![CDATA[{sealed.signature}]]></MsgSignature>"
        f"<TimeStamp>{sealed.timestamp}</TimeStamp><Nonce><![CDATA[{sealed.nonce}]]></Nonce></xml>"
    )


def _ciphertext(body: bytes) -> str:
    """The one Encrypt element. Found without a parser: nothing else in the body is signed, so nothing is read."""
    _, opening, rest = body.partition(b"<Encrypt>")
    inner, closing, tail = rest.partition(b"</Encrypt>")
    if not opening or not closing or b"<Encrypt>" in tail:
        raise Refused(400, "no ciphertext")
    inner = inner.strip().removeprefix(b"<![CDATA[").removesuffix(b"]]>").strip()
    try:
        return inner.decode("ascii")
    except UnicodeDecodeError:
        raise Refused(400, "ciphertext malformed") from None


def parse(xml: bytes) -> Fields:
    """The fields of a push in XML; Refused 400 for what is none."""
    # wechatpy answers bad input with KeyError, TypeError, AttributeError, ValueError, ExpatError and more.
    try:
        fields: Any = parse_message(xml)._data
    except Exception:
        raise Refused(400, "not a message") from None
    if not isinstance(fields, dict):
        raise Refused(400, "not a message")
    return fields


def _sender(fields: Fields, event: str) -> str:
    return _matched(_SENDER, fields, "OpenID" if event in _ABOUT_A_PERSON else "FromUserName")


def _matched(pattern: re.Pattern[str], fields: Fields, name: str) -> str:
    value = details.text(fields, name)
    if not pattern.fullmatch(value):
        raise Refused(400, f"{name} missing or malformed")
    return value


def _said(fields: Fields, kind: MessageKind) -> str:
    if kind is MessageKind.TEXT:
        return details.text(fields, "Content")
    return details.text(fields, "Recognition") if kind is MessageKind.VOICE else ""


def _key(fields: Fields, prefix: str, event: str, extra: Fields) -> str:
    """What makes a push once: its MsgId; without one its sender, time and event with every id that it carries.

    Two events may fall in one second, so sender and time alone (the platform's advice) are not enough. `prefix` names
    channel, account and sender.
    """
    if details.text(fields, "MsgId"):
        return f"{prefix}msg:{_matched(_MESSAGE_ID, fields, 'MsgId')}"
    name, event_key = details.text(fields, "Event"), details.text(fields, "EventKey")
    if event == "subscribe_scan":  # as wechatpy renames `subscribe` when it takes the prefix off
        name, event_key = "subscribe", f"qrscene_{event_key}"
    ids = [details.text(fields, each) for each in _EVENT_IDS if fields.get(each)]
    ids += [str(template["message_id"]) for template in extra.get("templates", ()) if "message_id" in template]
    if not event:  # a message without an id: its whole content tells it apart
        name, ids = details.text(fields, "MsgType"), [_digest(repr(sorted(fields.items(), key=str)))]
    key = prefix + ":".join(["evt", details.text(fields, "CreateTime"), name, event_key, *ids])
    return key if len(key) <= KEY_LIMIT else prefix + "evt:" + _digest(key)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _reply_xml(reply: Reply, message: Message, now: datetime) -> str:
    names = {
        "source": _cdata(message.details.get("to", "")),
        "target": _cdata(message.sender),
        "time": int(now.timestamp()),
    }
    if reply.kind is ReplyKind.IMAGE:
        return str(ImageReply(image=_cdata(reply.media_id), **names).render()) if reply.media_id else ""
    said = as_text(reply)
    return str(TextReply(content=_cdata(said), **names).render()) if said.strip() else ""


def _cdata(text: str) -> str:
    """Text that cannot leave the CDATA section wechatpy puts it in."""
    return legal(text).replace("]]>", "]]]]><![CDATA[>")
