"""Notices: written at the desk, previewed as three real people, approved by a second person, watched, stopped, resumed.

What leaves is what was previewed: a draft that has changed since is shown once more instead of being sent.
"""

import hashlib
from datetime import datetime

from aiohttp import web

from console.broadcasts_draft import COURSE, Draft, mistakes, read
from console.broadcasts_going import GOING
from console.doors import Door, Room
from console.visitor import Missing, Visitor
from domain.broadcast import BroadcastState, Forecast, NewBroadcast, Noticing, Whom
from domain.person import Role
from domain.reminder import Courtesy
from handlers.broadcast import request as asked_to_approve
from outreach.broadcasts import filled, lacking
from rules.book import NATIONAL
from storage.store import Conflict

LIST = "/console/broadcasts"
SENDERS = (Role.HR_ADMIN,)
WATCHERS = (Role.HR_ADMIN, Role.APPROVER)


async def listed(visitor: Visitor) -> web.StreamResponse:
    """The notices of the visitor's units, the newest first."""
    units = visitor.scope.units(*WATCHERS)
    found = await visitor.office.store.broadcasts.listed(units, _before(visitor))
    last = found[-1] if len(found) == PAGE else None
    return visitor.page(
        "broadcasts/list.html",
        notices=found,
        more=f"{LIST}?at={last.created_at.timestamp()}&id={last.id}" if last else "",
        may_write=visitor.scope.has(SENDERS),
        several=len(units) > 1,
        states=BroadcastState,
    )


PAGE = 50  # notices of one page, as storage gives them


def _before(visitor: Visitor) -> tuple[datetime, str] | None:
    """Behind which notice the page begins."""
    try:
        at = datetime.fromtimestamp(float(visitor.asked.get("at", "")), visitor.now.tzinfo)
    except (ValueError, OverflowError, OSError):
        return None
    return at, visitor.asked.get("id", "")[:16]


async def write(visitor: Visitor) -> web.StreamResponse:
    """An empty form."""
    draft = read({"kind": visitor.asked.get("kind", "")}, _units(visitor), _regions(visitor))
    return await _drawn(visitor, draft, {}, None)


async def preview(visitor: Visitor) -> web.StreamResponse:
    """The form as it was filled in, with whom it takes in, how they are reached, and what three of them would read."""
    draft = _read(visitor)
    wrong = mistakes(draft, visitor.now)
    if wrong:
        return await _drawn(visitor, draft, wrong, None)
    forecast = await visitor.office.store.broadcasts.forecast(draft.audience(visitor.now.year), visitor.now)
    return await _drawn(visitor, draft, {}, forecast)


async def send(visitor: Visitor) -> web.StreamResponse:
    """Keeps the notice that was previewed: it leaves when it is due, and above the unit's size when it is approved."""
    draft = _read(visitor)
    if visitor.form.said("seen") != draft.digest or mistakes(draft, visitor.now):
        return await preview(visitor)
    store, audience = visitor.office.store, draft.audience(visitor.now.year)
    forecast = await store.broadcasts.forecast(audience, visitor.now)
    if not forecast.people:
        return await preview(visitor)
    limit = await _limit(visitor, draft.unit)
    colleagues = await store.broadcasts.colleagues(draft.unit, visitor.person.id)
    alone = forecast.people <= limit
    if not alone and not colleagues:
        return visitor.say_and_go("console.broadcasts.nobody_to_approve", LIST, limit=limit)
    new = NewBroadcast(
        id=hashlib.sha256(visitor.once.encode()).hexdigest()[:16],
        audience=audience,
        text=draft.content,
        due_at=max(draft.due(visitor.now.tzinfo) or visitor.now, visitor.now),
        size=forecast.people,
        approved=alone,
        mass_account=visitor.office.mass_account if draft.mass else "",
    )
    told = () if alone else tuple((one, asked_to_approve(new)) for one in colleagues)
    try:
        await store.broadcasts.act(visitor.person.id, visitor.once, Noticing(new=new, told=told), visitor.now)
    except Conflict:  # the form was sent twice
        return visitor.go(f"{LIST}/{new.id}")
    visitor.office.wake()
    key = "console.broadcasts.begun" if alone else "console.broadcasts.asked"
    return visitor.say_and_go(key, f"{LIST}/{new.id}", people=forecast.people, count=len(told))


async def _drawn(visitor: Visitor, draft: Draft, wrong: dict[str, str], forecast: Forecast | None) -> web.Response:
    overview = await visitor.office.store.overview.of(draft.unit, visitor.now.year)
    limit = await _limit(visitor, draft.unit)
    return visitor.page(
        "broadcasts/write.html",
        status=422 if wrong else 200,
        draft=draft,
        wrong=wrong,
        forecast=forecast,
        units=_units(visitor),
        whoms=list(Whom),
        departments=[one.department for one in overview.groups if one.department],
        regions=[(place, visitor.office.book.place(place).name) for place in _regions(visitor)],
        course=COURSE,
        lacking=lacking(draft.content),
        examples=[(one, filled(draft.content, one)) for one in forecast.examples] if forecast else [],
        limit=limit,
        may_mass=bool(visitor.office.mass_account),
        earliest=f"{visitor.now:%Y-%m-%dT%H:%M}",
    )


def _read(visitor: Visitor) -> Draft:
    """What was posted. Missing: it is for a unit that the visitor may not write for."""
    units, unit = _units(visitor), visitor.form.said("unit")
    if unit and unit not in units:
        raise Missing
    return read(visitor.form, units, _regions(visitor))


async def _limit(visitor: Visitor, unit: str) -> int:
    """Above how many people a second person is needed."""
    kept = await visitor.office.store.outreach.courtesies()
    return kept.get(unit, Courtesy()).approved_above


def _units(visitor: Visitor) -> tuple[str, ...]:
    """The units that the visitor may write for, the one of the page first."""
    mine = visitor.scope.all_units(*SENDERS)
    return tuple(dict.fromkeys([*((visitor.scope.one,) if visitor.scope.one in mine else ()), *mine]))


def _regions(visitor: Visitor) -> tuple[str, ...]:
    return tuple(place for place in visitor.office.book.places if place != NATIONAL)


ROOM = Room(
    "broadcasts",
    (
        Door("GET", "/broadcasts", listed),
        Door("GET", "/broadcasts/new", write, SENDERS),
        Door("POST", "/broadcasts/preview", preview, SENDERS),
        Door("POST", "/broadcasts", send, SENDERS),
        *GOING,
    ),
    WATCHERS,
)
