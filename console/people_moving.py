"""An employee moves to another unit or department, with all that they have recorded, or leaves."""

from aiohttp import web

from console.doors import Door
from console.people_one import one_of
from console.visitor import Missing, Visitor
from domain.census import Enrolled
from domain.person import Role
from storage.console import digest_of
from storage.placing import Taken
from wording import say

_NAME = 100  # characters of a unit's or a department's name


def _units(visitor: Visitor) -> tuple[str, ...]:
    return visitor.scope.all_units(Role.HR_ADMIN)


async def form(visitor: Visitor) -> web.StreamResponse:
    one = await one_of(visitor)
    return await _form(visitor, one, one.member.unit, one.member.department, "")


async def _form(visitor: Visitor, one: Enrolled, unit: str, department: str, wrong: str) -> web.StreamResponse:
    units = _units(visitor)
    known = await visitor.office.store.census.departments(units)
    return visitor.page(
        "people/move.html",
        status=422 if wrong else 200,
        one=one,
        units=units,
        unit=unit,
        department=department,
        known=list(dict.fromkeys(name for _, name, _ in known if name))[:500],
        wrong=wrong,
    )


async def move(visitor: Visitor) -> web.StreamResponse:
    """Moves them; done again, it says so and changes nothing."""
    one = await one_of(visitor)
    member = one.member
    unit, department = visitor.form.said("unit"), visitor.form.said("department")[:_NAME]
    if unit not in _units(visitor):
        raise Missing
    path = f"/console/people/{member.id}"
    place = _place(unit, department)
    if (unit, department) == (member.unit, member.department):
        return visitor.say_and_go("console.people.move.there", path, name=member.name, place=place)
    told = say("console.people.move.told", place=place, by=visitor.person.name, unit=member.unit)
    key = digest_of(visitor.once)
    try:
        there = await visitor.office.store.placing.move(
            key, one, unit, department, visitor.person.id, told, visitor.now
        )
    except Taken:
        return await _form(visitor, one, unit, department, say("console.people.move.taken", unit=unit))
    visitor.office.wake()
    return visitor.say_and_go("console.people.move.done", f"/console/people/{there}", name=member.name, place=place)


async def leave(visitor: Visitor) -> web.StreamResponse:
    """Takes them off the roster; their record stays theirs."""
    one = await one_of(visitor)
    told = say("console.people.move.told_out", unit=one.member.unit, by=visitor.person.name)
    key = digest_of(visitor.once)
    await visitor.office.store.placing.move(key, one, "", "", visitor.person.id, told, visitor.now)
    visitor.office.wake()
    return visitor.say_and_go("console.people.move.left", "/console/people", name=one.member.name)


async def listed(visitor: Visitor) -> web.StreamResponse:
    """The latest moves out of and into the visitor's units: both sides see the same entry."""
    units = visitor.scope.units(Role.HR_ADMIN)
    found = await visitor.office.store.placing.latest(units)
    return visitor.page("people/moves.html", moves=found)


def _place(unit: str, department: str) -> str:
    return say("console.people.move.place", unit=unit, department=department) if department else unit


LISTED = Door("GET", "/people/moves", listed)  # before the doors with a number in this place
DOORS = (
    Door("GET", "/people/{member}/move", form),
    Door("POST", "/people/{member}/move", move),
    Door("POST", "/people/{member}/leave", leave),
)
