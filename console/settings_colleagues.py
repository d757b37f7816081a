"""Who may do what in a unit, and the units below it.

A role is given to somebody on the roster who has said who they are. A unit is put below another only by who is an admin
of both, or when nobody knows it yet: otherwise a name would be enough to see another employer's people.
"""

from aiohttp import web

from console.doors import OF_UNITS, Door
from console.settings_page import unit_of
from console.visitor import Visitor
from domain.person import Role

HERE = "/console/settings/colleagues"
_NAME = 100  # characters of a unit's name


async def show(visitor: Visitor) -> web.StreamResponse:
    return await _page(visitor, unit_of(visitor), {})


async def give(visitor: Visitor) -> web.StreamResponse:
    """Gives a role to somebody on the unit's roster, by name; a phone number tells two of a name apart."""
    unit, name, role = unit_of(visitor), visitor.form.said("name"), visitor.form.said("role")
    if role not in {each.value for each in OF_UNITS}:
        return visitor.missing()
    store = visitor.office.store
    found = [one for one in await store.desk.roster(unit) if one.name == name and one.person_id is not None]
    if len(found) > 1:
        phone = visitor.form.said("phone")
        found = [one for one in found if phone and one.phone == phone]
    if len(found) != 1 or found[0].person_id is None:
        return await _page(visitor, unit, {"name": "console.settings.wrong.colleague"})
    await store.grant(found[0].person_id, unit, Role(role))
    return visitor.say_and_go("console.settings.role_given", HERE, name=name)


async def withdraw(visitor: Visitor) -> web.StreamResponse:
    """Takes a role away. The unit's last admin stays: otherwise nobody could put it right."""
    unit, person, role = unit_of(visitor), visitor.form.said("person"), visitor.form.said("role")
    store = visitor.office.store
    there = await store.console.colleagues([unit])
    meant = [one for one in there if one.person_id == person and one.role == role and one.role in OF_UNITS]
    if not meant:
        return visitor.missing()
    admins = {one.person_id for one in there if one.role is Role.HR_ADMIN}
    if meant[0].role is Role.HR_ADMIN and (len(admins) == 1 or person == visitor.person.id):
        return await _page(visitor, unit, {"withdraw": "console.settings.wrong.last_admin"})
    await store.console.withdraw(person, unit, meant[0].role)
    return visitor.say_and_go("console.settings.role_gone", HERE, name=meant[0].name)


async def place(visitor: Visitor) -> web.StreamResponse:
    """Puts a unit below this one."""
    unit, name, store = unit_of(visitor), visitor.form.said("name"), visitor.office.store
    mine = visitor.scope.allows(name, Role.HR_ADMIN)
    if not 0 < len(name) <= _NAME or (not mine and await store.console.unit_is_known(name)):
        return await _page(visitor, unit, {"unit": "console.settings.wrong.unit"})
    if not await store.console.place_unit(name, unit):
        return await _page(visitor, unit, {"unit": "console.settings.wrong.circle"})
    return visitor.say_and_go("console.settings.unit_placed", HERE, name=name)


async def remove(visitor: Visitor) -> web.StreamResponse:
    """A unit no longer stands below this one."""
    unit, name = unit_of(visitor), visitor.form.said("name")
    if not await visitor.office.store.console.remove_unit(name, unit):
        return visitor.missing()
    return visitor.say_and_go("console.settings.unit_removed", HERE, name=name)


async def _page(visitor: Visitor, unit: str, wrong: dict[str, str]) -> web.Response:
    granted = visitor.scope.granted
    return visitor.page(
        "settings/colleagues.html",
        status=422 if wrong else 200,
        unit=unit,
        colleagues=[one for one in await visitor.office.store.console.colleagues([unit]) if one.role in OF_UNITS],
        below=sorted({one.unit for one in granted if one.parent == unit}),
        roles=OF_UNITS,
        name=visitor.form.said("name"),
        wrong=wrong,
    )


DOORS = (
    Door("GET", "/settings/colleagues", show),
    Door("POST", "/settings/colleagues", give),
    Door("POST", "/settings/colleagues/withdraw", withdraw),
    Door("POST", "/settings/units", place),
    Door("POST", "/settings/units/remove", remove),
)
