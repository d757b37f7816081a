"""Loads what a route asks for beyond the turn itself: one loader for each Fact, run together."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.views import calendars, view
from console.signing import new_token
from domain.access import Access
from domain.broadcast import Notices
from domain.overview import Overview
from domain.proof import Twin
from domain.reminder import Courtesy
from domain.review import CODE_LENGTH, CODE_LETTERS, Desk, File, Membership
from handlers import broadcast, membership, overview, review
from handlers.facts import Fact, Facts
from handlers.precheck import marks
from handlers.turn import Turn
from nlp.proofs.proof import proof_of
from outreach.calendars import Calendar, calendar
from outreach.looking import View
from outreach.standings import series_of
from storage.store import Store

Loader = Callable[[Store, Turn, datetime], Awaitable[Any]]


async def _desk(store: Store, turn: Turn, _now: datetime) -> Desk:
    """What waits for a reviewer; the files that the turn needs come with the other pictures of the same proofs."""
    if not turn.person.roles:
        return Desk()
    desk = await store.desk.desk(turn.person.id, lambda waiting: review.wanted(turn, waiting))
    return replace(desk, files=tuple([await _with_twins(store, file) for file in desk.files]))


async def _with_twins(store: Store, file: File) -> File:
    found: list[Twin] = []
    for kept in file.photos:
        if kept.reading is not None:
            known_by = marks(proof_of(kept.reading), kept.photo)
            found += await store.desk.twins(kept.person_id, kept.photo, known_by)
    return replace(file, twins=tuple(found))


async def _looks(store: Store, turn: Turn, _now: datetime) -> list[Access]:
    return await store.accesses.of_person(turn.person.id)


async def _membership(store: Store, turn: Turn, now: datetime) -> Membership:
    return await store.desk.membership(turn.person.id, *membership.said(turn), now)


async def _waits(store: Store, turn: Turn, _now: datetime) -> Membership:
    return await store.desk.waits(turn.person.id)


async def _fresh_code(_store: Store, _turn: Turn, _now: datetime) -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


async def _sign_in(_store: Store, turn: Turn, _now: datetime) -> str:
    """What a link into the console is made of; nobody else's turn needs one."""
    return new_token() if turn.person.roles else ""


async def _reminders(store: Store, turn: Turn, now: datetime) -> View | None:
    found = await view(store, turn.person.id, await calendars(store, now), now)
    return found[0] if found is not None else None


async def _notices(store: Store, turn: Turn, now: datetime) -> Notices:
    """What somebody of HR has before them of notices; nothing for everybody else."""
    if not turn.person.roles:
        return Notices()
    units = tuple(await store.broadcasts.units(turn.person.id))
    wanted = broadcast.audience(turn, units)
    latest = [one for unit in units for one in await store.broadcasts.latest(unit)]
    kept = await store.outreach.courtesies()
    latest.sort(key=lambda one: one.created_at, reverse=True)
    return Notices(
        units=units,
        forecast=await store.broadcasts.forecast(wanted, now) if wanted else None,
        latest=tuple(latest),
        approved_above=kept.get(units[0], Courtesy()).approved_above if units else Courtesy().approved_above,
        unreached=tuple([one.name for one in await store.broadcasts.unreached(latest[0].id)]) if latest else (),
        colleagues=tuple([one for unit in units for one in await store.broadcasts.colleagues(unit, turn.person.id)]),
    )


async def _overview(store: Store, turn: Turn, _now: datetime) -> Overview:
    """The unit that HR asks about: the first that they may."""
    if not turn.person.roles:
        return Overview()
    units = await store.desk.reviewed_units(turn.person.id)
    return await store.overview.of(units[0], *overview.asked(turn)) if units else Overview()


async def _days(store: Store, turn: Turn, _now: datetime) -> Calendar:
    """The days that the person's units have set for them."""
    units = {member.unit for member in await store.desk.memberships(turn.person.id)}
    settings = [one for unit in sorted(units) for one in await store.outreach.deadlines_of(unit)]
    return calendar(settings, series_of(turn.person.profile), Courtesy())


LOADERS: dict[Fact, Loader] = {
    Fact.DAYS: _days,
    Fact.OVERVIEW: _overview,
    Fact.NOTICES: _notices,
    Fact.REMINDERS: _reminders,
    Fact.DESK: _desk,
    Fact.LOOKS: _looks,
    Fact.MEMBERSHIP: _membership,
    Fact.WAITS: _waits,
    Fact.FRESH_CODE: _fresh_code,
    Fact.SIGN_IN: _sign_in,
}


async def load(store: Store, turn: Turn, needed: frozenset[Fact], consent_url: str = "") -> Facts:
    """The facts that are needed; the others keep their empty values. `consent_url` is where notices are agreed to."""
    wanted = sorted(needed)
    found = await asyncio.gather(*(LOADERS[fact](store, turn, turn.now) for fact in wanted))
    facts = Facts(**{fact.value: value for fact, value in zip(wanted, found, strict=True)})
    if facts.reminders is not None and consent_url:
        return replace(facts, reminders=replace(facts.reminders, consent_url=consent_url))
    return facts
