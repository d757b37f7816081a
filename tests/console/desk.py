"""A service with its console on loopback, a small unit in it, and browsers (without a screen) that are signed in.

    async def test_something(desk: Desk) -> None:
        visitor = await desk.as_("王芳")                     # HR of the institute and its branch
        page = await visitor.get("/console/people")          # Page: status, text, headers
        done = await visitor.post("/console/people/1/move", {"unit": …})   # with the form's token

`desk.people["张伟"].id` names somebody, `desk.store` is the store, `desk.clock.advance(60)` moves the time.
"""

import contextlib
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, CookieJar, FormData
from multidict import CIMultiDictProxy

from bot.app import Service, listen
from console.signing import new_token
from domain.access import SignIn
from simulator.clock import SHANGHAI, Clock
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Store
from tests.console.people import People, seed
from tests.service.world import free_port, settings

TODAY = datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36"


@dataclass
class Page:
    status: int
    text: str
    headers: CIMultiDictProxy[str]
    body: bytes = b""

    @property
    def goes_to(self) -> str:
        return self.headers.get("Location", "")


@dataclass
class Browser:
    """Keeps cookies. Without signing in it is a stranger's. Redirects are not followed: see `Page.goes_to`."""

    desk: "Desk"
    session: ClientSession
    form_token: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> Page:
        return await self._ask("GET", path, headers=headers)

    async def post(
        self, path: str, fields: Mapping[str, Any] | FormData | None = None, *, csrf: bool = True, **headers: str
    ) -> Page:
        """Posts a form; `csrf` False leaves the token out. A FormData is sent as it is, with the token as a header."""
        if isinstance(fields, FormData):
            token = {"X-CSRF-Token": self.form_token} if csrf else {}
            return await self._ask("POST", path, data=fields, headers={**token, **headers})
        token = {"csrf": self.form_token} if csrf else {}
        data = {**token, "once": secrets.token_hex(8), **(fields or {})}
        return await self._ask("POST", path, data=data, headers=headers)

    async def follow(self, page: Page) -> Page:
        """The page that a redirect leads to."""
        return await self.get(page.goes_to)

    async def _ask(self, method: str, path: str, **asked: Any) -> Page:
        async with self.session.request(method, self.desk.url + path, allow_redirects=False, **asked) as answer:
            body = await answer.read()
            text = body.decode("utf-8", "replace")
            return Page(answer.status, text, answer.headers, body)


@dataclass
class Desk:
    """`url` is where the service listens, without a slash."""

    service: Service
    store: Store
    clock: Clock
    url: str
    people: People
    _stack: contextlib.AsyncExitStack

    async def stranger(self, user_agent: str = BROWSER) -> Browser:
        session = ClientSession(cookie_jar=CookieJar(unsafe=True), headers={"User-Agent": user_agent})
        await self._stack.enter_async_context(session)
        return Browser(self, session)

    async def as_(self, name: str, unit: str = "") -> Browser:
        """Somebody of `tests.console.people`, signed in as they would; with a unit chosen in the header."""
        return await self.signed_in(self.people[name].id, unit)

    async def signed_in(self, person_id: str, unit: str = "") -> Browser:
        browser = await self.stranger()
        link = new_token()
        await self.store.console.make_link(person_id, link, self.clock.now())
        opened = await browser.get(f"/console/in/{link}")
        given = opened.text.partition('name="given" value="')[2].partition('"')[0]
        entered = await browser.post(f"/console/in/{link}", {"given": given})
        assert (entered.status, entered.goes_to) == (303, "/console/")
        signed = await self.sign_in_of(person_id)
        browser.form_token = self.store.console.form_token(signed.digest)
        if unit:
            await self.store.console.choose_unit(signed.digest, unit)
        return browser

    async def sign_in_of(self, person_id: str) -> SignIn:
        """The latest sign-in of somebody."""
        return (await self.store.console.sign_ins(person_id, self.clock.now()))[0]


@contextlib.asynccontextmanager
async def open_desk(folder: Path) -> AsyncIterator[Desk]:
    """The service on SQLite in `folder`, answering and not running its clock: a test does what is due itself."""
    url = f"sqlite+aiosqlite:///{folder / 'console.db'}"
    migrate(url)
    port = free_port()
    given = settings(url, port, port)
    clock = Clock(TODAY)
    store = await Store.open(url, Vault(given.sealing_keys))
    service = Service(given, store, clock.now)
    people = await seed(store, clock.now(), service.book)
    listening = await listen(service.web(), "127.0.0.1", port)
    async with contextlib.AsyncExitStack() as stack:
        try:
            yield Desk(service, store, clock, f"http://127.0.0.1:{port}", people, stack)
        finally:
            await stack.aclose()
            await listening.cleanup()
            await service.reader.close()
            await service.client.close()
            await store.close()
