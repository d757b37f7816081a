"""The hall: where `/console/` leads, and the unit chosen in the header."""

from aiohttp import web

from console.doors import ANY_ROLE, Door, Room
from console.visitor import Visitor


async def enter(visitor: Visitor) -> web.StreamResponse:
    """Straight to the first room that the visitor may use."""
    shown = visitor.menu
    return visitor.go(shown[0][1]) if shown else visitor.page("hall/empty.html")


async def choose(visitor: Visitor) -> web.StreamResponse:
    """Narrows the pages to a unit and those below it; an empty one to all. Back to the page that asked."""
    unit = visitor.form.said("unit")
    if unit and not visitor.scope.allows(unit):
        return visitor.missing()
    await visitor.office.store.console.choose_unit(visitor.signed.digest, unit)
    return visitor.go(_first_of(visitor.form.said("back")))


def _first_of(path: str) -> str:
    """The room's first page: a deeper one may be about something that the unit does not have."""
    room = path.removeprefix("/console/").partition("?")[0].partition("/")[0]
    return f"/console/{room}" if room.isalpha() and room.isascii() else "/console/"


ROOM = Room("hall", (Door("GET", "/", enter), Door("POST", "/unit", choose)), ANY_ROLE, shown=False)
