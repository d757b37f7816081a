"""The people of a unit: found, filtered, and one of them whole with their records, proofs, rulings and reasons."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from console import people_entering, people_inviting, people_moving, people_year
from console.doors import Door, Room
from console.people_links import LIST, MOST_DEPARTMENTS, NO_DEPARTMENT, people_link, wanted_of, year_of, years
from console.people_one import bound, calendar_of, one_of
from console.visitor import Missing, Visitor
from domain.census import GAPS, Group, Listed, Order, Wanted
from domain.masking import masked_number
from domain.person import Role

_SEARCHED = 40  # characters of what is searched for


def _wanted(visitor: Visitor) -> Wanted:
    return wanted_of(visitor.asked, visitor.scope.units(Role.HR_ADMIN), visitor.now.year)


async def enter(visitor: Visitor) -> web.StreamResponse:
    """The list: filtered and going on by key, or who is found by a name."""
    store, wanted = visitor.office.store, _wanted(visitor)
    words = visitor.asked.get("q", "")[:_SEARCHED]
    if words:
        found, more, less = await store.census.found(wanted.units, words, wanted.year), False, False
    else:
        found, more, less = await _page(visitor, wanted)
    asked = {name: visitor.asked[name] for name in _FILTERS if visitor.asked.get(name)}
    departments = await store.census.departments(wanted.units)
    named = list(dict.fromkeys(name for _, name, _ in departments))
    return visitor.page(
        "people/list.html",
        found=found,
        words=words,
        wanted=wanted,
        asked=asked,
        departments=named if len(named) <= MOST_DEPARTMENTS else None,
        no_department=NO_DEPARTMENT,
        groups=list(Group),
        orders=list(Order),
        years=years(visitor.now.year),
        gaps=GAPS,
        several=len(wanted.units) > 1,
        address=f"{LIST}?{urlencode(asked)}",
        counted=f"{LIST}/count?{urlencode(asked)}",
        more=found[-1].member.id if found and more else 0,
        less=found[0].member.id if found and less else 0,
        link=partial(people_link, wanted.year),
    )


_FILTERS = ("year", "unit", "department", "group", "lacks", "gap", "order")


async def _page(visitor: Visitor, wanted: Wanted) -> tuple[list[Listed], bool, bool]:
    """A page of the list, and whether there are more after and before it."""
    after, before = (_key(visitor.asked.get(name, "")) for name in ("after", "before"))
    found, beyond = await visitor.office.store.census.listed(wanted, before or after, back=bool(before))
    return (found, True, beyond) if before else (found, beyond, bool(after))


def _key(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


async def count(visitor: Visitor) -> web.StreamResponse:
    """How many people the filter shows, apart: it looks at all of them."""
    total = await visitor.office.store.census.total(_wanted(visitor))
    return visitor.page("people/count.html", total=total)


async def one(visitor: Visitor) -> web.StreamResponse:
    """Everything about one person; that it was looked at is written down before."""
    office, found = visitor.office, await one_of(visitor)
    member, today = found.member, visitor.now.date()
    moves = await office.store.placing.history(member.id, member.person_id)
    year = year_of(visitor.asked, visitor.now.year)
    values: dict[str, Any] = {"one": found, "moves": moves, "year": year, "record": None, "masked": masked_number}
    if member.person_id is None:
        return visitor.page("people/one.html", **values)
    await visitor.note_look(member.person_id, member.unit)
    record = await office.store.entering.record(member.person_id)
    if record is None:
        raise Missing
    who = people_year.asked(record.person, record.entries, await calendar_of(visitor, member.unit, record.person))
    kept = await office.store.desk.photos_of(member.person_id)
    shown = people_year.shown(who, year, kept, today, office.book, office.texts)
    review = people_year.review(who, today, office.book, office.texts)
    offered = sorted({*who.years, *years(visitor.now.year)[:2], year}, reverse=True)
    return visitor.page("people/one.html", **{**values, "record": record}, shown=shown, review=review, offered=offered)


async def proof(visitor: Visitor) -> web.StreamResponse:
    """A picture that proves one of the person's records; the look is logged before it is shown."""
    member, store = await bound(visitor), visitor.office.store
    photo = visitor.part("photo")
    claims = people_year.numbered(await store.load_entries(member.person_id or "", None))
    if not any(photo in claim.proofs for claim in claims) or member.person_id is None:
        raise Missing
    await store.desk.look(
        f"console:{visitor.person.id}:{photo}:{visitor.now:%Y%m%d%H%M}",
        member.person_id,
        photo,
        visitor.person.id,
        member.unit,
        visitor.now,
    )
    picture = await visitor.office.open_picture(member.person_id, photo)
    if picture is None:
        raise Missing
    return web.Response(body=picture, content_type="image/jpeg", headers={"Content-Disposition": "inline"})


ROOM = Room(
    "people",
    (
        Door("GET", "/people", enter),
        Door("GET", "/people/count", count),
        *people_inviting.DOORS,
        people_moving.LISTED,
        Door("GET", "/people/{member}", one),
        Door("GET", "/people/{member}/proof/{photo}", proof),
        *people_entering.DOORS,
        *people_moving.DOORS,
    ),
    (Role.HR_ADMIN,),
)
