"""Signing in by a one-time link, out again here or everywhere, and where one is signed in.

Opening the link shows a page with one button: what previews a link in a chat uses nothing up. The button's form carries
what the same browser was given with the page, so that nobody is signed in by somebody else's page.
"""

import hmac
import re
import secrets
from contextlib import AsyncExitStack

from aiohttp import web

from console import forms
from console.doors import ANY_ROLE, Door, Room
from console.drawing import drawn
from console.gate import Gate, Refused, address_of, browser_of, of_this_site
from console.paces import Pace
from console.visitor import Visitor

TOKEN_BYTES = 32
_OPENING_SECONDS = 600
_BROWSERS = (  # what a browser calls itself, the most particular first
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def new_token() -> str:
    """256 random bits: nobody guesses a link or a sign-in."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def link(public_url: str, token: str) -> str:
    return f"{public_url}/console/in/{token}"


def device_of(user_agent: str) -> str:
    """A browser in a word, for the list of one's own sign-ins: `Chrome · Windows`."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "?")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} · {system}" if system else browser


class Entrance:
    """The doors for who is not signed in yet."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._office = gate.office
        self._tries = Pace(20, 6, gate.office.now)
        self._opening = "__Host-xueshi-opening" if gate.office.secure else "xueshi-opening"

    def routes(self) -> list[web.RouteDef]:
        path = "/in/{link:[A-Za-z0-9_-]{16,100}}"
        return [web.get(path, self.open), web.post(path, self.enter)]

    async def open(self, request: web.Request) -> web.StreamResponse:
        """Says whom the link would sign in, with a button that does it."""
        self._pace(request)
        token = request.match_info["link"]
        found = await self._office.store.console.linked(token, self._office.now())
        if found is None:
            return self._over()
        given = secrets.token_urlsafe(TOKEN_BYTES)
        values = {"name": found[1], "given": given}
        page = web.Response(text=drawn("signing/open.html", values), content_type="text/html")
        self._keep(page, self._opening, given, _OPENING_SECONDS)
        return page

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """Uses the link up and signs this browser in."""
        self._pace(request)
        async with AsyncExitStack() as stack:
            form = await forms.read(request, 4096, stack, lambda _: None)
        given, kept = form.get("given", ""), request.cookies.get(self._opening, "")
        if (
            not kept
            or not hmac.compare_digest(given.encode(), kept.encode())
            or not of_this_site(request, self._office.public_url)
        ):
            raise Refused(403, "other_browser")
        now, browser, token = self._office.now(), browser_of(request), new_token()
        link_token = request.match_info["link"]
        if not await self._office.store.console.enter(token, link_token, browser, device_of(browser), now):
            return self._over()
        gone = web.Response(status=303, headers={"Location": "/console/"})
        gone.del_cookie(self._opening, path="/")
        self._keep(gone, self._gate.cookie, token, None)
        return gone

    def _keep(self, response: web.Response, name: str, value: str, seconds: int | None) -> None:
        secure = self._office.secure
        response.set_cookie(name, value, max_age=seconds, path="/", httponly=True, samesite="Strict", secure=secure)

    def _over(self) -> web.Response:
        return self._gate.said(410, "link_over")

    def _pace(self, request: web.Request) -> None:
        if not self._tries.allows(address_of(request)):
            raise Refused(429, "too_often")


async def mine(visitor: Visitor) -> web.StreamResponse:
    """Where the visitor is signed in."""
    found = await visitor.office.store.console.sign_ins(visitor.person.id, visitor.now)
    return visitor.page("signing/mine.html", found=found, here=visitor.signed.digest)


async def sign_out(visitor: Visitor) -> web.StreamResponse:
    """Signs this browser out, or another one of the visitor's."""
    wanted = visitor.form.said("which") or visitor.signed.digest
    if not re.fullmatch("[0-9a-f]{64}", wanted):
        return visitor.missing()
    ended = await visitor.office.store.console.sign_out(wanted, visitor.person.id)
    if wanted == visitor.signed.digest:
        return visitor.go("/console/")
    return visitor.say_and_go("console.me.ended" if ended else "console.me.ended_before", "/console/me")


async def sign_out_everywhere(visitor: Visitor) -> web.StreamResponse:
    await visitor.office.store.console.sign_out_everywhere(visitor.person.id)
    return visitor.go("/console/")


ROOM = Room(
    "me",
    (
        Door("GET", "/me", mine),
        Door("POST", "/out", sign_out),
        Door("POST", "/out/everywhere", sign_out_everywhere),
    ),
    ANY_ROLE,
    shown=False,
)
