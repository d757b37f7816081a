"""What the service asks of the 公众号's API: customer-service messages, notices, mass messages, media, the menu.

Every method raises the exceptions of `errors`; a token that the platform refuses is replaced and the call made once
more. Nothing else is retried here: what may be repeated, and when, is the sender's decision.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import aiohttp

from bot.channels.errcodes import ErrorKind
from bot.channels.errors import ChannelBusy, ChannelRefused
from bot.channels.text import cut, legal
from bot.channels.tokens import Tokens, TokenStore
from bot.channels.wire import TIMEOUT, Answer, Call, Wire, log_call
from domain.delivery import TEXT_LIMIT, Choice

MEDIA_LIMIT = 10 * 1024 * 1024  # bytes: the platform's for pictures and films
TAGGED_AT_ONCE = 50  # openids of one call
TAG_PAGE = 10_000  # openids of one answer
UNION_LENGTH = 128  # characters; those seen have 28
_TAG_THERE = 45157
_SCENE_SECONDS = 30 * 24 * 60 * 60  # the longest that a temporary QR code lives
_SEND = "message/custom/send"
# What may be uploaded, as the platform sorts it and names its files.
_MEDIA = {
    "image/jpeg": ("image", "jpg"),
    "image/png": ("image", "png"),
    "image/gif": ("image", "gif"),
    "audio/amr": ("voice", "amr"),
    "audio/mpeg": ("voice", "mp3"),
    "video/mp4": ("video", "mp4"),
}
_T = TypeVar("_T")


class Client:
    """The API of one account below `base_url`. `store` shares the token between processes, `runner` names this one.

    `observe` is told of every call: metrics and logs, without text and with ids shortened.
    """

    def __init__(
        self,
        appid: str,
        secret: str,
        base_url: str,
        *,
        store: TokenStore,
        runner: str,
        now: Callable[[], datetime],
        observe: Callable[[Call], None] = log_call,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self.appid = appid
        self._secret = secret
        self._wire = Wire(base_url, now, observe, timeout)
        self.tokens = Tokens(appid, secret, self._wire, store=store, runner=runner, now=now)

    async def ready(self) -> None:
        """Makes sure of a token, so that what is sent next cannot fail for want of one."""
        await self.tokens.current()

    async def send_text(self, openid: str, text: str) -> None:
        """Sends text; what is over 2048 bytes is cut off."""
        await self._message(openid, "text", {"content": cut(legal(text))})

    async def send_image(self, openid: str, media_id: str) -> None:
        """Sends an uploaded picture; ChannelRefused of kind MEDIA when it has gone after its three days."""
        await self._message(openid, "image", {"media_id": media_id})

    async def send_menu(self, openid: str, question: str, choices: Sequence[Choice], ending: str = "") -> None:
        """Sends a question with choices to tap (msgmenu). A tap comes back as text: the label, with the choice's id
        in `details["menu_choice"]`. ChannelRefused 40200 where the account may not send menus.
        """
        items = [{"id": choice.id, "content": legal(choice.label)} for choice in choices]
        room = TEXT_LIMIT - sum(len(item["content"].encode()) for item in items) - len(legal(ending).encode())
        head = cut(legal(question), max(0, room))
        await self._message(openid, "msgmenu", {"head_content": head, "list": items, "tail_content": legal(ending)})

    async def send_subscription(self, openid: str, template_id: str, data: Mapping[str, str]) -> None:
        """Sends a subscription notice (订阅通知): uses up one consent. PersonUnreachable 43101 when there is none."""
        payload = {"touser": openid, "template_id": template_id, "data": _data(data)}
        await self._post("message/subscribe/bizsend", payload, person=openid)

    async def send_template(self, openid: str, template_id: str, data: Mapping[str, str], client_id: str) -> None:
        """Sends a template message; a repeat of `client_id` (64 bytes) within ten minutes is dropped."""
        payload = {"touser": openid, "template_id": template_id, "client_msg_id": client_id, "data": _data(data)}
        await self._post("message/template/send", payload, person=openid, repeatable=True)

    async def union_of(self, openid: str) -> str:
        """The union id of somebody who follows; "" when the account belongs to no open platform, or they do not."""
        found = await self._with_token(
            lambda token: self._wire.ask("/cgi-bin/user/info", {"access_token": token, "openid": openid})
        )
        union = found.get("unionid", "")
        return union if isinstance(union, str) and len(union) <= UNION_LENGTH else ""

    async def make_tag(self, name: str) -> int:
        """The id of the account's tag of this name (at most 30 characters), made when there is none."""
        try:
            made = (await self._post("tags/create", {"tag": {"name": legal(name)}})).get("tag")
        except ChannelRefused as refusal:
            if refusal.errcode != _TAG_THERE:
                raise
            made = next((one for one in await self._tags() if one.get("name") == legal(name)), None)
        if not isinstance(made, dict) or not isinstance(made.get("id"), int):
            raise ChannelBusy(0)
        return int(made["id"])

    async def tagged(self, tag_id: int) -> list[str]:
        """The openids that have a tag."""
        found: list[str] = []
        while True:
            asked = {"tagid": tag_id, "next_openid": found[-1] if found else ""}
            data = (await self._post("user/tag/get", asked, repeatable=True)).get("data")
            page = data.get("openid", []) if isinstance(data, dict) else []
            found += [one for one in page if isinstance(one, str)]
            if len(page) < TAG_PAGE:
                return found

    async def tag(self, tag_id: int, openids: Sequence[str], *, off: bool = False) -> None:
        """Puts a tag on people or takes it off. PersonUnreachable when one of them cannot have it: then nobody has."""
        api = "tags/members/batchuntagging" if off else "tags/members/batchtagging"
        for start in range(0, len(openids), TAGGED_AT_ONCE):
            some = list(openids[start : start + TAGGED_AT_ONCE])
            await self._post(api, {"openid_list": some, "tagid": tag_id}, repeatable=True)

    async def send_to_tag(self, tag_id: int, text: str, client_id: str) -> str:
        """Sends text to everybody with a tag (群发) and gives the platform's id of it, once for each `client_id`.

        Who it reached is told later by an event. ChannelBusy: to be tried again, with the same `client_id`.
        """
        payload = {
            "filter": {"is_to_all": False, "tag_id": tag_id},
            "msgtype": "text",
            "text": {"content": cut(legal(text))},
            "clientmsgid": client_id,
        }
        found = (await self._post("message/mass/sendall", payload, repeatable=True)).get("msg_id")
        return str(found)[:20] if isinstance(found, int | str) else ""

    async def _tags(self) -> list[dict[str, Any]]:
        answer = await self._with_token(lambda token: self._wire.ask("tags/get", {"access_token": token}))
        listed = answer.get("tags")
        return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []

    async def quota(self, api: str) -> tuple[int, int] | None:
        """How often an interface may be called today, and has been; None when the platform does not say."""
        found = (await self._post("openapi/quota/get", {"cgi_path": f"/cgi-bin/{api}"}, repeatable=True)).get("quota")
        limit, used = (found.get("daily_limit"), found.get("used")) if isinstance(found, dict) else (None, None)
        return (limit, used) if isinstance(limit, int) and isinstance(used, int) and used >= 0 and limit > 0 else None

    async def typing(self, openid: str, on: bool = True) -> None:
        """Shows or ends "对方正在输入". PersonUnreachable unless they have written in the last 30 s."""
        payload = {"touser": openid, "command": "Typing" if on else "CancelTyping"}
        await self._post("message/custom/typing", payload, person=openid, repeatable=True)

    async def scene_address(self, scene: str, lives: timedelta) -> str:
        """What a temporary QR code of the account says: scanning it brings `scene` (64 characters), for at most 30 days
        (生成带参数的二维码). The picture is drawn here, so that nothing has to be fetched.
        """
        wanted = {
            "expire_seconds": min(int(lives.total_seconds()), _SCENE_SECONDS),
            "action_name": "QR_STR_SCENE",
            "action_info": {"scene": {"scene_str": scene}},
        }
        address = (await self._post("qrcode/create", wanted, repeatable=True)).get("url")
        if not isinstance(address, str) or not address.startswith(("http://", "https://")) or len(address) > 200:
            raise ChannelBusy(0)
        return address

    async def create_menu(self, buttons: Sequence[Mapping[str, Any]]) -> None:
        """Replaces the account's menu. Followers see it within a day, or when they follow anew."""
        await self._post("menu/create", {"button": list(buttons)}, repeatable=True)

    async def upload_media(self, content: bytes, content_type: str) -> str:
        """Uploads a temporary file; its media_id is good for three days. ValueError for a type it does not take."""
        if content_type not in _MEDIA:
            raise ValueError(f"{content_type} cannot be uploaded")
        kind, suffix = _MEDIA[content_type]

        async def upload(token: str) -> dict[str, Any]:
            form = aiohttp.FormData()
            form.add_field("media", content, filename=f"media.{suffix}", content_type=content_type)
            query = {"access_token": token, "type": kind}
            return await self._wire.send("media/upload", form, query, repeatable=True)

        media_id = (await self._with_token(upload)).get("media_id")
        if not isinstance(media_id, str):
            raise ChannelBusy(0)
        return media_id

    async def download_media(self, media_id: str, limit: int = MEDIA_LIMIT) -> Answer:
        """A file that somebody sent (kept for three days) with its media type.

        ChannelRefused: 45001 when it is over `limit` bytes, kind MEDIA when it has gone.
        """
        return await self._with_token(
            lambda token: self._wire.fetch("media/get", {"access_token": token, "media_id": media_id}, limit)
        )

    async def close(self) -> None:
        await self._wire.close()

    async def _message(self, openid: str, kind: str, content: Mapping[str, Any]) -> None:
        await self._post(_SEND, {"touser": openid, "msgtype": kind, kind: content}, person=openid)

    async def _post(
        self, api: str, payload: Mapping[str, Any], *, person: str = "", repeatable: bool = False
    ) -> dict[str, Any]:
        return await self._with_token(
            lambda token: self._wire.send(api, payload, {"access_token": token}, person=person, repeatable=repeatable)
        )

    async def _with_token(self, call: Callable[[str], Awaitable[_T]]) -> _T:
        """Makes the call; once more with another token when the platform refuses this one."""
        token = await self.tokens.current()
        try:
            return await call(token)
        except ChannelRefused as error:
            if error.kind is not ErrorKind.TOKEN:
                raise
        return await call(await self.tokens.replace(token))


def _data(values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {key: {"value": legal(value)} for key, value in values.items()}
