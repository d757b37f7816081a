"""A small service to push to. It opens pushes with wechatpy, so two independent implementations meet."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from simulator.account import Account
from simulator.markup import Node, Value, parse, render

ACCOUNT = Account(
    appid="wx00000000000000a1",
    secret="fixture-secret",
    token="fixturetoken",
    aes_key="FixtureAesKey0FixtureAesKey0FixtureAesKey0A",
    original_id="gh_0a1b2c3d4e5f",
)


@dataclass
class Received:
    """One delivery: its query, its body as sent, and the message inside."""

    query: dict[str, str]
    body: bytes
    message: Node


Answer = Callable[["Service", Received], Awaitable[web.Response]]


@dataclass
class Service:
    """Records every delivery; `answers` are used up in order, then `answer` serves the rest."""

    answer: Answer
    answers: list[Answer] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    url: str = ""
    _crypto: WeChatCrypto = field(default_factory=lambda: WeChatCrypto(ACCOUNT.token, ACCOUNT.aes_key, ACCOUNT.appid))

    async def handle(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        check_signature(ACCOUNT.token, query["signature"], query["timestamp"], query["nonce"])
        if request.method == "GET":
            return web.Response(text=query["echostr"])
        body = await request.read()
        xml = body
        if query.get("encrypt_type") == "aes":
            text = self._crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
            xml = text.encode()
        received = Received(query, body, parse(xml))
        self.received.append(received)
        answer = self.answers.pop(0) if self.answers else self.answer
        return await answer(self, received)

    def sealed(self, received: Received, xml: bytes) -> web.Response:
        return web.Response(
            text=self._crypto.encrypt_message(xml.decode(), received.query["nonce"], received.query["timestamp"])
        )

    def text_to(self, received: Received, content: str, **other: Value) -> bytes:
        """The XML of a text reply; `other` replaces fields."""
        fields: dict[str, Value] = {
            "ToUserName": received.message.value("FromUserName"),
            "FromUserName": ACCOUNT.original_id,
            "CreateTime": 1767225600,
            "MsgType": "text",
            "Content": content,
        }
        return render(fields | other)


async def echo(service: Service, received: Received) -> web.Response:
    """Says what it heard, encrypted if it came encrypted."""
    heard = received.message.value("Content") or received.message.value("Event") or received.message.value("MsgType")
    xml = service.text_to(received, f"收到：{heard}")
    return service.sealed(received, xml) if "encrypt_type" in received.query else web.Response(body=xml)


async def success(_service: Service, _received: Received) -> web.Response:
    return web.Response(text="success")


def saying(body: str | bytes, status: int = 200) -> Answer:
    async def answer(_service: Service, _received: Received) -> web.Response:
        return web.Response(body=body.encode() if isinstance(body, str) else body, status=status)

    return answer


def after(seconds: float, then: Answer = echo) -> Answer:
    async def answer(service: Service, received: Received) -> web.Response:
        await asyncio.sleep(seconds)
        return await then(service, received)

    return answer
