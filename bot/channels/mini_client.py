"""What the service asks of the mini program's API: logging in, checks of what people write, subscription messages.

Tokens, customer-service messages and media are the same interfaces as the 公众号's, for the mini program's own account.
Sources: the platform's pages on code2Session, msgSecCheck (version 2), mediaCheckAsync and subscribeMessage.send.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

from bot.channels.client import Client
from bot.channels.errcodes import ErrorKind
from bot.channels.errors import ChannelBusy, ChannelRefused
from bot.channels.text import legal
from bot.channels.verdict import NO_MENUS
from domain.delivery import Choice

CODE_LIMIT = 128  # characters of a login code; those seen have 32
CHECK_LIMIT = 2500  # characters of one text check
_CODE = re.compile(rf"[\w-]{{1,{CODE_LIMIT}}}", re.ASCII)
_ID = re.compile(r"[\w-]{1,128}", re.ASCII)
_NO_TEMPLATES = 48001


@dataclass(frozen=True, slots=True)
class MiniSession:
    """Who logged in. `unionid` is "" unless the account belongs to an open-platform account. `session_key` signs and
    decrypts what the mini program sends of the platform: it never leaves the server.
    """

    openid: str
    unionid: str = ""
    session_key: str = field(default="", repr=False)


class Scene(IntEnum):
    """Where a text or file stands, as the checks ask."""

    PROFILE = 1
    COMMENT = 2
    FORUM = 3
    SOCIAL = 4


class Suggestion(StrEnum):
    """What a check advises."""

    PASS = "pass"  # noqa: S105 - the platform's word
    REVIEW = "review"
    RISKY = "risky"


class MediaType(IntEnum):
    SOUND = 1
    PICTURE = 2


class MiniClient(Client):
    """The API of one mini program: a channel's client like the 公众号's, without menus and template messages."""

    async def session(self, code: str) -> MiniSession:
        """Whom a code of wx.login names; it is good once, for five minutes.

        ChannelRefused of kind RELOGIN: bad, used or expired (log in anew). PersonUnreachable 40226: the platform blocks
        this person. ChannelBusy: 45011, or no answer; the code may be used up then, so a new one is needed.
        """
        if not _CODE.fullmatch(code):
            raise ChannelRefused(40029, ErrorKind.RELOGIN, "code malformed")
        query = {"appid": self.appid, "secret": self._secret, "js_code": code, "grant_type": "authorization_code"}
        found = await self._wire.ask("/sns/jscode2session", query)
        return MiniSession(_id(found, "openid", must=True), _id(found, "unionid"), str(found.get("session_key", "")))

    async def send_menu(self, openid: str, question: str, choices: Sequence[Choice], ending: str = "") -> None:
        """Always ChannelRefused 40200: a mini program's talk has no menus, so choices go as numbered text."""
        raise ChannelRefused(NO_MENUS, ErrorKind.CONFIG, "mini programs send no menus")

    async def send_subscription(self, openid: str, template_id: str, data: Mapping[str, str]) -> None:
        """Sends a subscription message (订阅消息): uses up one consent. PersonUnreachable 43101 when there is none."""
        values = {key: {"value": legal(value)} for key, value in data.items()}
        payload = {"touser": openid, "template_id": template_id, "data": values, "lang": "zh_CN"}
        await self._post("message/subscribe/send", payload, person=openid)

    async def send_template(self, openid: str, template_id: str, data: Mapping[str, str], client_id: str) -> None:
        """Always ChannelRefused: template messages belong to the 公众号."""
        raise ChannelRefused(_NO_TEMPLATES, ErrorKind.REQUEST, "mini programs send no template messages")

    async def check_text(self, openid: str, text: str, scene: Scene) -> Suggestion:
        """What the platform advises on at most 2500 characters by somebody who used the mini program in the last two
        hours. PersonUnreachable 61010 when they did not; ValueError for a longer text.
        """
        if len(text) > CHECK_LIMIT:
            raise ValueError("a check takes at most 2500 characters")
        asked = {"version": 2, "scene": int(scene), "openid": openid, "content": legal(text)}
        return _suggestion(await self._post("/wxa/msg_sec_check", asked, person=openid, repeatable=True))

    async def check_media(self, openid: str, address: str, kind: MediaType, scene: Scene) -> str:
        """Has a file looked at that the platform can fetch at `address`; gives the trace id which the event
        wxa_media_check names within half an hour.
        """
        asked = {"version": 2, "scene": int(scene), "openid": openid, "media_url": address, "media_type": int(kind)}
        found = await self._post("/wxa/media_check_async", asked, person=openid, repeatable=True)
        return _id(found, "trace_id", must=True)


def _suggestion(found: Mapping[str, Any]) -> Suggestion:
    result = found.get("result")
    try:
        return Suggestion(result["suggest"] if isinstance(result, dict) else "")
    except (KeyError, ValueError):
        raise ChannelBusy(0) from None


def _id(found: Mapping[str, Any], name: str, *, must: bool = False) -> str:
    """An id of an answer; ChannelBusy when one that must be there is not."""
    value = found.get(name, "")
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    if must:
        raise ChannelBusy(0)
    return ""
