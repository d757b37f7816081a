"""What every request of the console passes: headers, paces, who is signed in, roles, the form's token, and errors.

`opened(door)` makes the handler of a door. Who is not signed in sees how to sign in; who has no role for a room is told
so; a thing of another unit is not found (the rooms see to that through `Visitor.scope`).
"""

import hmac
import re
from collections.abc import Mapping
from contextlib import AsyncExitStack
from ipaddress import ip_address
from urllib.parse import unquote

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from console import forms
from console.doors import Door, Room
from console.drawing import drawn
from console.office import Office
from console.paces import Pace
from console.visitor import Missing, Visitor
from domain.access import SignIn
from storage.store import Conflict

log = structlog.get_logger()

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _CSP,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cache-Control": "no-store",
}
_HTTPS_ONLY = "max-age=31536000"
_MALFORMED = re.compile(r"[\x00-\x1f\x7f]")


class Refused(Exception):
    """The gate says no: a status, and the sentence that goes with it (`console.<key>`)."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key


class Gate:
    """`cookie` is the name under which a browser keeps its sign-in."""

    def __init__(self, office: Office, rooms: tuple[Room, ...]) -> None:
        self.office = office
        self._rooms = rooms
        self.cookie = "__Host-xueshi" if office.secure else "xueshi"
        self._by_address = Pace(300, 0.1, office.now)
        self._by_person = Pace(120, 0.25, office.now)
        self._writes = Pace(60, 0.5, office.now)

    @property
    def middleware(self) -> Middleware:
        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            response = await self._answered(request, handler)
            if not response.prepared:
                for name, value in HEADERS.items():
                    response.headers.setdefault(name, value)
                if self.office.secure:
                    response.headers.setdefault("Strict-Transport-Security", _HTTPS_ONLY)
            return response

        return guarded

    async def _answered(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            self._looked_at(request)
            return await handler(request)
        except Refused as refused:
            return self.said(refused.status, refused.key)
        except forms.TooLarge as large:
            return self.said(413, "too_large", size=_readable(large.limit))
        except forms.Unreadable:
            return self.said(400, "malformed")
        except Conflict:
            return self.said(409, "overtaken")
        except web.HTTPException as plain:
            if plain.status < 400:
                raise
            return self.said(plain.status, "missing" if plain.status == 404 else "malformed")
        except Exception as error:
            log.error("console_failed", door=_pattern(request), error=error)
            return self.said(500, "failed")

    def _looked_at(self, request: web.Request) -> None:
        """Before anything is read of a request."""
        if _MALFORMED.search(unquote(request.raw_path)):
            raise Refused(400, "malformed")
        if not self._by_address.allows(address_of(request)):
            raise Refused(429, "too_often")

    def said(self, status: int, key: str, **values: str) -> web.Response:
        """A page of one sentence, for whoever it is."""
        body = drawn("alone.html", {"title": f"console.{key}_title", "sentence": f"console.{key}", "values": values})
        return web.Response(text=body, status=status, content_type="text/html")

    def opened(self, room: Room, door: Door) -> Handler:
        """The handler of a door."""
        roles = room.may_enter(door)

        async def enter(request: web.Request) -> web.StreamResponse:
            signed = await self.signed_in(request, stays=not door.polled)
            if signed is None:
                return self._knocked(request)
            now = self.office.now()
            visitor = Visitor(request, self.office, signed, now, rooms=self._rooms)
            self._pace(request, signed)
            if not visitor.scope.has(roles):
                return visitor.page(
                    "hall/said.html", status=403, title="console.no_role_title", sentence="console.no_role"
                )
            async with AsyncExitStack() as stack:
                if door.method != "GET":
                    visitor.form = await forms.read(request, door.body_limit, stack, self._checked(request, visitor))
                try:
                    return await door.enter(visitor)
                except Missing:
                    return visitor.missing()

        return enter

    async def signed_in(self, request: web.Request, *, stays: bool = True) -> SignIn | None:
        """Who is signed in. `stays`: somebody sits there; a page that asks by itself keeps nobody signed in."""
        token = request.cookies.get(self.cookie, "")
        if not 20 <= len(token) <= 100:
            return None
        return await self.office.store.console.signed(token, browser_of(request), self.office.now(), stays=stays)

    def _pace(self, request: web.Request, signed: SignIn) -> None:
        pace = self._by_person if request.method == "GET" else self._writes
        if not pace.allows(signed.person_id):
            raise Refused(429, "too_often")

    def _checked(self, request: web.Request, visitor: Visitor) -> forms.Checked:
        """What refuses a form that no page of ours, shown to this sign-in, has sent."""

        def check(fields: Mapping[str, str]) -> None:
            given = request.headers.get("X-CSRF-Token") or fields.get("csrf", "")
            if not hmac.compare_digest(given.encode(), visitor.form_token.encode()) or not self._here(request):
                raise Refused(403, "forged")

        return check

    def _here(self, request: web.Request) -> bool:
        return of_this_site(request, self.office.public_url)

    def _knocked(self, request: web.Request) -> web.Response:
        """Nobody is signed in, as far as can be seen: a browser that comes from another site keeps the strict cookie
        back, so it is sent here once more by a page of ours."""
        if request.headers.get("HX-Request") == "true":
            return web.Response(status=401, headers={"HX-Redirect": "/console/"})
        again = request.method == "GET" and request.headers.get("Sec-Fetch-Site") == "cross-site"
        body = drawn("signing/needed.html", {"again": request.path_qs if again else ""})
        return web.Response(text=body, status=200 if again else 401, content_type="text/html")


def of_this_site(request: web.Request, public_url: str) -> bool:
    """Whether a browser says that the form was on a page of this site; one too old to say it is believed.

    Behind a proxy the host of the request may be another than the one that the browser knows, which is `public_url`'s.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin == _origin(public_url) or origin.partition("://")[2] == request.host


def _origin(public_url: str) -> str:
    scheme, _, rest = public_url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def browser_of(request: web.Request) -> str:
    """What a sign-in is bound to: what the browser calls itself."""
    return request.headers.get("User-Agent", "")[:500]


def address_of(request: web.Request) -> str:
    """Where a request comes from. A proxy of ours stands on this machine or in this network, and names the visitor in
    the last place of X-Forwarded-For; from elsewhere that header is anybody's word."""
    peer = request.remote or ""
    named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        return str(ip_address(named)) if named and not ip_address(peer).is_global else peer
    except ValueError:
        return peer


def _pattern(request: web.Request) -> str:
    """The door that was asked for, without what stands in its braces."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else ""


def _readable(size: int) -> str:
    return f"{size // 2**20} MB" if size >= 2**20 else f"{size // 1024} KB"
