"""A notice that stands: how it goes, who did what, approving, stopping and resuming it, and whom it did not reach."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from console.broadcasts_sheet import CONTENT_TYPE, sheet, why
from console.doors import Door
from console.visitor import Missing, Visitor
from domain.access import Seen
from domain.broadcast import Broadcast, BroadcastState, MassState, Missed, Noticing, Verdict
from domain.delivery import Reply
from domain.person import Role
from storage.store import Conflict
from wording import say

LIST = "/console/broadcasts"
WATCHERS = (Role.HR_ADMIN, Role.APPROVER)
PAGE = 100  # people of one page of the list
AT_ONCE = 1000  # people read at once for the spreadsheet
POLLING_ENDS = 286  # htmx's word for it
_UNDERWAY = (BroadcastState.DUE, BroadcastState.OUT)


async def show(visitor: Visitor) -> web.StreamResponse:
    one = await _found(visitor)
    acts = await visitor.office.store.broadcasts.acts(one.id)
    names = {actor: await _name(visitor, actor) for actor in {act.actor_id for act in acts} | {one.author_id}}
    return visitor.page(
        "broadcasts/show.html",
        one=one,
        acts=acts,
        names=names,
        author=names[one.author_id],
        mine=one.author_id == visitor.person.id,
        may_send=visitor.scope.allows(one.audience.unit, Role.HR_ADMIN),
        going=going(one),
    )


async def progress(visitor: Visitor) -> web.StreamResponse:
    """How it goes, for the page that watches; tells it to stop when nothing moves any more."""
    one = await _found(visitor)
    found = going(one)
    return visitor.page("broadcasts/progress.html", status=200 if found.moves else POLLING_ENDS, one=one, going=found)


@dataclass(frozen=True, slots=True)
class Going:
    """How a notice stands for who watches. `moves`: worth looking again; `ended`: everybody has been dealt with."""

    moves: bool
    ended: bool
    may_stop: bool
    reached: int


def going(one: Broadcast) -> Going:
    """A mass message that the platform may have cannot be stopped any more."""
    due, out = one.state is BroadcastState.DUE, one.state is BroadcastState.OUT
    queued, mass = out and one.progress.waiting > 0, one.mass
    untold = out and mass is not None and mass.state is MassState.SENT and mass.sent is None
    moves = due or queued or untold
    return Going(
        moves=moves,
        ended=out and not moves,
        may_stop=(mass is None or mass.state is MassState.WAITING) and (due or queued),
        reached=one.progress.sent if mass is None else one.progress.massed,
    )


async def approve(visitor: Visitor) -> web.StreamResponse:
    one = await _found(visitor)
    return await _judged(visitor, one, BroadcastState.DUE, (BroadcastState.APPROVAL,), "approved")


async def reject(visitor: Visitor) -> web.StreamResponse:
    return await _judged(
        visitor, await _found(visitor), BroadcastState.REJECTED, (BroadcastState.APPROVAL,), "rejected"
    )


async def stop(visitor: Visitor) -> web.StreamResponse:
    """What has not left yet does not leave any more."""
    one = await _found(visitor, (Role.HR_ADMIN,))
    was = (BroadcastState.APPROVAL,) if one.state is BroadcastState.APPROVAL else _UNDERWAY
    return await _judged(visitor, one, BroadcastState.STOPPED, was, "stopped")


async def resume(visitor: Visitor) -> web.StreamResponse:
    """Goes on where it was stopped: who has it does not get it again."""
    one = await _found(visitor, (Role.HR_ADMIN,))
    return await _judged(visitor, one, BroadcastState.DUE, (BroadcastState.STOPPED,), "resumed")


async def _judged(
    visitor: Visitor, one: Broadcast, becomes: BroadcastState, was: tuple[BroadcastState, ...], word: str
) -> web.StreamResponse:
    unit, path = one.audience.unit, f"{LIST}/{one.id}"
    if one.state not in was:
        return visitor.say_and_go("console.broadcasts.overtaken", path)
    if word in ("approved", "rejected") and one.author_id == visitor.person.id:
        return visitor.say_and_go("console.broadcasts.own", path)
    colleagues = await visitor.office.store.broadcasts.colleagues(unit, visitor.person.id)
    author = next((each for each in colleagues if each.person_id == one.author_id), None)
    heard = {"approved": "notice.author_approved", "rejected": "notice.author_rejected"}.get(word)
    told = ((author, Reply(text=say(heard))),) if author and heard else ()
    wanted = Noticing(unit=unit, verdict=Verdict(one.id, becomes, was), told=told)
    try:
        await visitor.office.store.broadcasts.act(visitor.person.id, visitor.once, wanted, visitor.now)
    except Conflict:
        return visitor.say_and_go("console.broadcasts.overtaken", path)
    visitor.office.wake()
    return visitor.say_and_go(f"console.broadcasts.now_{word}", path)


async def unreached(visitor: Visitor) -> web.StreamResponse:
    """Whom it did not reach, by department, with why."""
    one = await _found(visitor)
    behind, after = visitor.asked.get("department", "")[:100], visitor.asked.get("after", "")
    start = (behind, int(after)) if after.isdecimal() and len(after) < 10 else ("", 0)
    found = await visitor.office.store.broadcasts.unreached(one.id, PAGE, start)
    await visitor.note_export(one.audience.unit, Seen.LIST)
    last = found[-1] if len(found) == PAGE else None
    address = urlencode({"department": last.department, "after": last.member_id}) if last else ""
    return visitor.page(
        "broadcasts/unreached.html",
        one=one,
        missed=found,
        why=why,
        more=f"{LIST}/{one.id}/unreached?{address}" if address else "",
        first=f"{LIST}/{one.id}/unreached" if start != ("", 0) else "",
    )


async def export(visitor: Visitor) -> web.StreamResponse:
    one = await _found(visitor)
    await visitor.note_export(one.audience.unit)
    missed = [each async for each in _everybody(visitor, one)]
    name = say("console.broadcasts.sheet_name", day=f"{one.created_at.astimezone(visitor.now.tzinfo):%Y-%m-%d}")
    return visitor.download(sheet(missed), f"{name}.xlsx", CONTENT_TYPE)


async def _everybody(visitor: Visitor, one: Broadcast) -> AsyncIterator[Missed]:
    after = ("", 0)
    while True:
        found = await visitor.office.store.broadcasts.unreached(one.id, AT_ONCE, after)
        for each in found:
            yield each
        if len(found) < AT_ONCE:
            return
        after = (found[-1].department, found[-1].member_id)


async def _found(visitor: Visitor, roles: tuple[Role, ...] = WATCHERS) -> Broadcast:
    """The notice that the address names. Missing: there is none in the units where the visitor has one of `roles`."""
    units = visitor.scope.all_units(*roles)
    found = await visitor.office.store.broadcasts.find(units, visitor.part("notice")[:16])
    if found is None:
        raise Missing
    return found


async def _name(visitor: Visitor, person_id: str) -> str:
    found = await visitor.office.store.find_person(person_id)
    return (found.name if found else None) or say("console.broadcasts.somebody")


GOING = (
    Door("GET", "/broadcasts/{notice}", show),
    Door("GET", "/broadcasts/{notice}/progress", progress, polled=True),
    Door("POST", "/broadcasts/{notice}/approve", approve),
    Door("POST", "/broadcasts/{notice}/reject", reject),
    Door("POST", "/broadcasts/{notice}/stop", stop, (Role.HR_ADMIN,)),
    Door("POST", "/broadcasts/{notice}/resume", resume, (Role.HR_ADMIN,)),
    Door("GET", "/broadcasts/{notice}/unreached", unreached),
    Door("GET", "/broadcasts/{notice}/unreached.xlsx", export),
)
