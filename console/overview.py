"""The overview: how far the unit's people are, who is behind and by how much, what waits, and what ends next.

The page holds what is counted of people; the hours of the year with the deadlines, and the queue, come as fragments of
their own, so that none waits for another. Every number leads to the people behind it.
"""

from functools import partial

from aiohttp import web

from console import overview_days, overview_sums
from console.doors import Door, Room
from console.people_links import people_link, year_of, years
from console.visitor import Missing, Visitor
from domain.census import AGES, GAPS
from domain.person import Role


def units_of(visitor: Visitor) -> tuple[str, ...]:
    """The units that the page is about: those of the visitor, or the one of them that the address names."""
    mine = visitor.scope.units(Role.HR_ADMIN)
    named = visitor.asked.get("unit", "")
    if not named:
        return mine
    if named not in mine:
        raise Missing
    return (named,)


async def enter(visitor: Visitor) -> web.StreamResponse:
    """How many are done, by category, by what is missing, and by department or unit."""
    units, year = units_of(visitor), year_of(visitor.asked, visitor.now.year)
    found = await visitor.office.store.census.figures(units, year)
    several = len({one.unit for one in found}) > 1
    rows = overview_sums.by_unit(found) if several else list(found)
    ordered = overview_sums.furthest_behind(rows)
    whole = "all" in visitor.asked
    return visitor.page(
        "overview/page.html",
        year=year,
        years=years(visitor.now.year),
        unit=visitor.asked.get("unit", ""),
        several=several,
        all=overview_sums.total(found) if found else None,
        rows=ordered if whole else ordered[: overview_sums.SHOWN],
        more=len(ordered) if not whole and len(ordered) > overview_sums.SHOWN else 0,
        gaps=GAPS,
        mean_gap=overview_sums.mean_gap,
        link=partial(people_link, year),
    )


async def course(visitor: Visitor) -> web.StreamResponse:
    """The hours over the year beside last year's, and what ends next."""
    units, store, now = units_of(visitor), visitor.office.store, visitor.now
    year = year_of(visitor.asked, now.year)
    this, last = await store.census.courses(units, year)
    settings = [one for one in await store.outreach.deadlines_since(now.year - 1) if one.unit in units]
    kept = await store.outreach.courtesies()
    courtesies = {unit: kept[unit] for unit in units if unit in kept}
    return visitor.page(
        "overview/course.html",
        year=year,
        plot=overview_sums.plot(this, last, now.date()),
        days=overview_days.upcoming(visitor.office.book, this.regions, settings, courtesies, now.date()),
        several=len(units) > 1,
    )


async def proofs(visitor: Visitor) -> web.StreamResponse:
    """What waits for review, and how long."""
    units = units_of(visitor)
    found = await visitor.office.store.census.queues(units, visitor.now)
    waits = overview_sums.backlog(found)
    year = visitor.now.year
    return visitor.page("overview/proofs.html", waits=waits, ages=AGES, year=year, link=partial(people_link, year))


ROOM = Room(
    "overview",
    (
        Door("GET", "/overview", enter),
        Door("GET", "/overview/course", course),
        Door("GET", "/overview/proofs", proofs),
    ),
    (Role.HR_ADMIN,),
)
