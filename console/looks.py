"""The access log of the visitor's units: who saw whose record, and who took lists out."""

from aiohttp import web

from console.doors import Door
from console.visitor import Visitor
from domain.person import Role
from storage.accesses import SHOWN


async def show(visitor: Visitor) -> web.StreamResponse:
    before = visitor.asked.get("before", "")
    last = int(before) if before.isdecimal() and len(before) <= 9 else 2**31 - 1
    found = await visitor.office.store.accesses.of_units(visitor.scope.units(Role.HR_ADMIN), last)
    more = f"/console/settings/looks?before={found[-1].id}" if len(found) == SHOWN else ""
    return visitor.page("settings/looks.html", found=found, more=more)


DOORS = (Door("GET", "/settings/looks", show),)
