"""One person of a roster, for the pages about them: theirs only who may see the unit; everybody else finds nothing."""

from console.visitor import Missing, Visitor
from domain.census import Enrolled
from domain.person import Person, Role
from domain.reminder import Courtesy
from domain.review import Member
from outreach.calendars import Calendar, calendar
from outreach.standings import series_of


async def one_of(visitor: Visitor) -> Enrolled:
    """The roster row that the address names. Missing: there is none in the visitor's units, whatever is chosen."""
    units = visitor.scope.all_units(Role.HR_ADMIN)
    found = await visitor.office.store.census.enrolled(units, visitor.number("member"))
    if found is None:
        raise Missing
    return found


async def bound(visitor: Visitor) -> Member:
    """The same, of somebody who has said who they are."""
    member = (await one_of(visitor)).member
    if member.person_id is None:
        raise Missing
    return member


async def calendar_of(visitor: Visitor, unit: str, person: Person) -> Calendar:
    """The days that the person's unit has set, and how it treats its people."""
    outreach = visitor.office.store.outreach
    settings = await outreach.deadlines_of(unit)
    kept = await outreach.courtesies()
    return calendar(settings, series_of(person.profile), kept.get(unit, Courtesy()))
