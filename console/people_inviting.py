"""Invitations for a department: a code, and the QR code of the account that brings it along, on a page to print."""

import base64
import secrets
from datetime import timedelta

import structlog
import zxingcpp
from aiohttp import web

from console.doors import Door
from console.visitor import Missing, Visitor
from domain.census import Poster
from domain.person import Role
from domain.review import CODE_LENGTH, CODE_LETTERS, scene_of
from storage.console import digest_of
from storage.members import INVITED_FOR

log = structlog.get_logger()

INVITATIONS = "/console/people/invitations"
_LIVES = timedelta(days=30)  # the longest that a temporary QR code of the platform lives
_NAME = 100


async def listed(visitor: Visitor) -> web.StreamResponse:
    """The invitations that may be used now, and the form for another."""
    store, units = visitor.office.store, visitor.scope.units(Role.HR_ADMIN)
    known = await store.census.departments(units)
    return visitor.page(
        "people/invitations.html",
        posters=await store.placing.posters(units, visitor.now),
        units=units,
        unit=visitor.asked.get("unit", "") or visitor.scope.one,
        department=visitor.asked.get("department", "")[:_NAME],
        known=list(dict.fromkeys(name for _, name, _ in known if name))[:500],
        days=INVITED_FOR.days,
    )


async def make(visitor: Visitor) -> web.StreamResponse:
    """Makes an invitation, once for each form, and shows it."""
    unit, department = visitor.form.said("unit"), visitor.form.said("department")[:_NAME]
    if not visitor.scope.allows(unit, Role.HR_ADMIN):
        raise Missing
    id_, store, now = digest_of(visitor.once), visitor.office.store, visitor.now
    path = f"{INVITATIONS}/{id_}"
    if await store.placing.poster((unit,), id_) is not None:
        return visitor.go(path)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    address = await visitor.office.scene_address(scene_of(code), min(INVITED_FOR, _LIVES))
    poster = Poster(id_, unit, department, code, address, now, now + INVITED_FOR)
    await store.placing.make_poster(poster, visitor.person.id, now)
    return visitor.go(path)


async def _poster(visitor: Visitor) -> Poster:
    units = visitor.scope.all_units(Role.HR_ADMIN)
    found = await visitor.office.store.placing.poster(units, visitor.part("poster"))
    if found is None:
        raise Missing
    return found


async def show(visitor: Visitor) -> web.StreamResponse:
    """The page that is printed and hung up."""
    found = await _poster(visitor)
    over = found.ended_at is not None or found.expires_at <= visitor.now
    return visitor.page("people/poster.html", poster=found, over=over, qr=qr(found.address) if found.address else "")


async def end(visitor: Visitor) -> web.StreamResponse:
    """An invitation is over before its time."""
    found = await _poster(visitor)
    await visitor.office.store.placing.end_poster(found, visitor.now)
    return visitor.say_and_go("console.people.invite.ended", INVITATIONS)


def qr(address: str) -> str:
    """The QR code of an address as a picture that a page can hold."""
    drawn = str(zxingcpp.write_barcode_to_svg(zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode)))
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"


DOORS = (
    Door("GET", "/people/invitations", listed),
    Door("POST", "/people/invitations", make),
    Door("GET", "/people/invitations/{poster}", show),
    Door("POST", "/people/invitations/{poster}/end", end),
)
