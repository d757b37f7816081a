"""A phone that speaks to the API over HTTP, as the mini program does."""

import asyncio
import io
import itertools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import aiohttp

from tests.miniprogram.world import World

KEYS = itertools.count(1)
Told = Any
T = TypeVar("T")


class Phone:
    """Somebody with the mini program open. `token` may be changed to try what is not theirs."""

    def __init__(self, here: World, person: str, http: aiohttp.ClientSession) -> None:
        self.here = here
        self.person = person
        self.http = http
        self.token = ""
        self.refresh = ""
        self.headers: Mapping[str, str] = {}

    @property
    def base(self) -> str:
        return self.here.mini.program.service_url + "/api/v1"

    @property
    def openid(self) -> str:
        return self.here.mini.visitors[self.person].openid

    async def login(self) -> Told:
        told = await self.post("/login", {"code": self.here.mini.login(self.person)}, 200, key="")
        self.token, self.refresh = told["token"], told["refresh_token"]
        return told

    async def get(self, path: str, status: int = 200, **query: Any) -> Told:
        return await self.ask("GET", path, status, params={name: str(value) for name, value in query.items()})

    async def post(self, path: str, body: Any = None, status: int = 200, key: str | None = None) -> Told:
        return await self.write("POST", path, body, status, key)

    async def write(self, method: str, path: str, body: Any, status: int = 200, key: str | None = None) -> Told:
        named = {"Idempotency-Key": f"test-key-{next(KEYS)}" if key is None else key}
        return await self.ask(method, path, status, json=body, headers=named if key != "" else {})

    async def upload(self, path: str, content: bytes, status: int = 202, key: str | None = None) -> Told:
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(content), filename="proof.jpg", content_type="image/jpeg")
        named = {"Idempotency-Key": f"test-key-{next(KEYS)}" if key is None else key}
        return await self.ask("POST", path, status, data=form, headers=named)

    async def ask(self, method: str, path: str, status: int, **more: Any) -> Told:
        """The answer; AssertionError with what was said when it has another status."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= more.pop("headers", {})
        async with self.http.request(method, self.base + path, headers=headers, **more) as answer:
            body = await answer.read()
            assert answer.status == status, f"{method} {path}: {answer.status} {body[:300].decode(errors='replace')}"
            self.headers = answer.headers
            if answer.status >= 400:
                assert answer.content_type == "application/problem+json"
                told = await answer.json()
                assert told["status"] == status
                assert any("\u4e00" <= letter <= "\u9fff" for letter in told["detail"]), told
                return told
            return await answer.json() if answer.content_type == "application/json" else body


async def until(look: Callable[[], Awaitable[T]]) -> T:
    """What is looked for, once it is there."""
    async with asyncio.timeout(60):
        while True:
            found = await look()
            if found:
                return found
            await asyncio.sleep(0.1)


ENTRY = {
    "title": "护理安全",
    "start": "2026-08-15",
    "end": "2026-08-16",
    "category": "professional",
    "mode": "training_class",
    "quantity": 2,
    "unit": "day",
    "consent": True,
}
