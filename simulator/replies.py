"""Passive replies: what the platform accepts as the answer to a push, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.account import Account, Mode
from simulator.envelope import BrokenEnvelope, Envelope
from simulator.markup import BrokenMarkup, Node, parse

TEXT_BYTES = 2048
ANSWER_BYTES = 256 * 1024
_SIGNED = ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")


class IllegalReply(ValueError):
    """An answer that makes the platform tell the person of a fault; `xml` is what was decrypted so far."""

    def __init__(self, reason: str, xml: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.xml = xml


@dataclass(frozen=True)
class Reply:
    """A reply to show: `kind` is its MsgType, `xml` its decrypted form."""

    kind: str
    xml: str
    text: str = ""
    media_id: str = ""
    more: dict[str, Any] = field(default_factory=dict)


class ReplyReader:
    """Reads the answers to one account's pushes."""

    def __init__(self, account: Account, has_media: Callable[[str], bool]) -> None:
        self._account = account
        self._has_media = has_media
        self._envelope = Envelope(account.token, account.aes_key, account.appid)

    def read(self, body: bytes, mode: Mode, openid: str, *, articles: int) -> Reply | None:
        """The reply, or None for `success` or an empty body. At most `articles` news. IllegalReply for all else."""
        if body in (b"", b"success"):
            return None
        if len(body) > ANSWER_BYTES:
            raise IllegalReply("the answer is too large")
        root = _parsed(body)
        if root.child("Encrypt"):
            if mode is Mode.PLAIN:
                raise IllegalReply("encrypted, though the account is in plain mode", _shown(body))
            body = self._opened(root)
            root = _parsed(body)
        elif mode is Mode.SAFE:
            raise IllegalReply("not encrypted, though the account is in safe mode", _shown(body))
        try:
            return self._checked(root, _shown(body), openid, articles)
        except IllegalReply as refused:
            raise IllegalReply(refused.reason, _shown(body)) from refused

    def _opened(self, root: Node) -> bytes:
        encrypted, msg_signature, timestamp, nonce = (root.value(tag) for tag in _SIGNED)
        if not timestamp.isdigit() or not nonce:
            raise IllegalReply("TimeStamp or Nonce is missing")
        try:
            self._envelope.check(msg_signature, timestamp, nonce, encrypted)
            return self._envelope.open(encrypted)
        except BrokenEnvelope as error:
            raise IllegalReply(str(error)) from error

    def _checked(self, root: Node, xml: str, openid: str, articles: int) -> Reply:
        if root.value("ToUserName") != openid:
            raise IllegalReply("ToUserName is not the openid of the person")
        if root.value("FromUserName") != self._account.original_id:
            raise IllegalReply("FromUserName is not the account")
        if not root.value("CreateTime").isdigit():
            raise IllegalReply("CreateTime is not a number")
        kind = root.value("MsgType")
        if kind == "news":
            return _news(root, xml, articles)
        reader = _READERS.get(kind)
        if reader is None:
            raise IllegalReply("MsgType is unknown")
        reply = reader(root, xml)
        if reply.media_id and not self._has_media(reply.media_id):
            raise IllegalReply("the media id is unknown or expired")
        return reply


def _parsed(body: bytes) -> Node:
    try:
        return parse(body)
    except BrokenMarkup as error:
        raise IllegalReply(str(error), _shown(body)) from error


def _shown(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _text(root: Node, xml: str) -> Reply:
    content = root.value("Content")
    if not content:
        raise IllegalReply("Content is empty")
    if len(content.encode()) > TEXT_BYTES:
        raise IllegalReply(f"Content has more than {TEXT_BYTES} bytes")
    return Reply("text", xml, text=content)


def _with_media(tag: str, id_tag: str = "MediaId") -> Callable[[Node, str], Reply]:
    def read(root: Node, xml: str) -> Reply:
        inside = root.child(tag)
        media_id = inside.value(id_tag) if inside else ""
        if not media_id:
            raise IllegalReply(f"{tag}/{id_tag} is missing")
        return Reply(tag.lower(), xml, text=inside.value("Title") if inside else "", media_id=media_id)

    return read


def _news(root: Node, xml: str, most: int) -> Reply:
    listed = root.child("Articles")
    items = [node for node in (listed.children if listed else []) if node.tag == "item"]
    if not items or root.value("ArticleCount") != str(len(items)):
        raise IllegalReply("ArticleCount and Articles differ")
    if len(items) > most:
        raise IllegalReply(f"more than {most} articles")
    articles = [
        {"title": i.value("Title"), "description": i.value("Description"), "url": i.value("Url")} for i in items
    ]
    return Reply("news", xml, text=articles[0]["title"], more={"articles": articles})


def _handed_over(_root: Node, xml: str) -> Reply:
    return Reply("transfer_customer_service", xml)


_READERS: dict[str, Callable[[Node, str], Reply]] = {
    "text": _text,
    "image": _with_media("Image"),
    "voice": _with_media("Voice"),
    "video": _with_media("Video"),
    "music": _with_media("Music", "ThumbMediaId"),
    "transfer_customer_service": _handed_over,
}
