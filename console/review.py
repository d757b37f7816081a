"""Review: what waits for the unit, by event; a claim's picture beside its fields; approve, return, second looks.

Nobody decides about themselves; a claim of another unit is not found; every picture shown is written down first.
"""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from aiohttp import web

from console.doors import Door, Room
from console.review_desk import codes, key_of, picture_of, reasons_of, said_reason
from console.review_files import REVIEWERS, TOGETHER, grouped, lasting, opened, others, shown, stood
from console.review_second import SECOND
from console.visitor import Missing, Visitor
from domain.review import Decision, File, Waiting
from handlers import review
from handlers.turn import Turn
from storage.store import Conflict

QUEUE = "/console/review"
PAGE = 50  # events
Decide = Callable[[Turn, File], Decision]


async def queue(visitor: Visitor) -> web.StreamResponse:
    """What waits, grouped by event, the oldest first."""
    store, units = visitor.office.store, visitor.scope.units(*REVIEWERS)
    department = visitor.asked.get("department", "")[:100]
    everything = await store.reviewing.waiting(units, department)
    mine = others(everything, visitor.person.id)
    events, start = grouped(mine), _start(visitor)
    page = events[start : start + PAGE]
    return visitor.page(
        "review/queue.html",
        events=page,
        titles=await store.reviewing.titles([each.first for each in page]),
        back=_address(department, max(0, start - PAGE)) if start else "",
        more=_address(department, start + PAGE) if len(events) > start + PAGE else "",
        count=await store.reviewing.count(units),
        own=len(everything) - len(mine),
        shown=len(everything),
        department=department,
        departments=sorted({one.department for one in everything if one.department} | {department} - {""}),
        usual=lasting(await store.reviewing.usual(visitor.scope.one)),
        second=len(await store.reviewing.unseen(units, visitor.person.id)),
        lasting=lasting,
    )


def _start(visitor: Visitor) -> int:
    """How many events stand before the page that is asked for."""
    said = visitor.asked.get("from", "")
    return int(said) if said.isdecimal() and len(said) < 5 else 0


def _address(department: str, start: int) -> str:
    return f"{QUEUE}?{urlencode({'department': department, 'from': start})}"


async def claim(visitor: Visitor) -> web.StreamResponse:
    """One claim: its picture beside its fields."""
    one = await _found(visitor)
    files = await opened(visitor, [one])
    if not files:
        raise Missing
    await visitor.note_look(one.person_id, one.unit)
    rest = await _waiting(visitor)
    ids = [each.claim_id for each in rest]
    here = ids.index(one.claim_id) if one.claim_id in ids else -1
    return visitor.page(
        "review/claim.html",
        one=shown(*files[0]),
        place=here + 1,
        count=len(ids),
        before=ids[here - 1] if here > 0 else "",
        after=ids[here + 1] if 0 <= here < len(ids) - 1 else "",
        same=len(await _same(visitor, one)) - 1,
        codes=codes(await reasons_of(visitor, one)),
        usual=lasting(await visitor.office.store.reviewing.usual(one.unit)),
        waited=lasting(visitor.now - one.since),
        base="/console/review/claims",
    )


async def picture(visitor: Visitor) -> web.StreamResponse:
    return await picture_of(visitor, await _found(visitor))


async def approve(visitor: Visitor) -> web.StreamResponse:
    files = await _undecided(visitor)
    if not await _settled(visitor, files, review.verified):
        return visitor.say_and_go("console.review.gone", QUEUE)
    return await _on(visitor, files[0][1].waiting, "console.review.approved")


async def send_back(visitor: Visitor) -> web.StreamResponse:
    """Returns a claim with a code and a sentence."""
    files = await _undecided(visitor)
    reason = await said_reason(visitor, files[0][1].waiting) if files else None
    if files and reason is None:
        return visitor.say_and_go("console.review.no_reason", f"{QUEUE}/claims/{files[0][1].claim.id}")
    if reason is None or not await _settled(visitor, files, lambda turn, file: review.sent_back(turn, file, *reason)):
        return visitor.say_and_go("console.review.gone", QUEUE)
    return await _on(visitor, files[0][1].waiting, "console.review.returned")


async def event(visitor: Visitor) -> web.StreamResponse:
    """All claims about the event of one claim, with what is odd about each; those without hints are ticked."""
    one = await _found(visitor)
    same = await _same(visitor, one)
    claims = [shown(turn, file) for turn, file in await opened(visitor, same[:TOGETHER])]
    for each in claims:
        await visitor.note_look(each.waiting.person_id, each.waiting.unit)
    clear = sum(each.clear for each in claims)
    return visitor.page("review/event.html", one=one, claims=claims, clear=clear, count=len(same), lasting=lasting)


async def approve_event(visitor: Visitor) -> web.StreamResponse:
    """Approves the ticked claims of one event: the entries are those of approving each by itself."""
    ticked = set(visitor.form.all("claim"))
    await _undecided(visitor)  # Missing for somebody else's event
    event_of = visitor.form.said("event")
    found = await visitor.office.store.reviewing.waiting(visitor.scope.all_units(*REVIEWERS), event=event_of)
    meant = [one for one in others(found, visitor.person.id) if one.claim_id in ticked] if event_of else []
    files = await opened(visitor, meant[:TOGETHER])
    if not await _settled(visitor, files, review.verified):
        return visitor.say_and_go("console.review.none_left", QUEUE)
    return visitor.say_and_go("console.review.approved_many", QUEUE, count=len(files))


async def _settled(visitor: Visitor, files: Sequence[tuple[Turn, File]], decide: Decide) -> bool:
    """Decides about these claims, all or nothing; False when there are none, or somebody was quicker."""
    decisions = [decide(turn, file) for turn, file in files]
    if not decisions:
        return False
    try:
        await visitor.office.store.reviewing.settle(
            visitor.person.id, key_of(visitor), decisions, stood(files, decisions), visitor.now
        )
    except Conflict:
        return False
    visitor.office.wake()
    return True


async def _same(visitor: Visitor, one: Waiting) -> list[Waiting]:
    """The claims about one event in one unit that the visitor may decide."""
    if not one.event:
        return [one]
    found = await visitor.office.store.reviewing.waiting((one.unit,), event=one.event)
    return others(found, visitor.person.id)


async def _waiting(visitor: Visitor) -> list[Waiting]:
    found = await visitor.office.store.reviewing.waiting(visitor.scope.units(*REVIEWERS))
    return others(found, visitor.person.id)


async def _found(visitor: Visitor) -> Waiting:
    """The claim that the address names. Missing: it is another unit's, their own, or waits no longer."""
    found = await visitor.office.store.reviewing.find(visitor.scope.all_units(*REVIEWERS), visitor.part("claim"))
    if found is None or found.person_id == visitor.person.id:
        raise Missing
    return found


async def _undecided(visitor: Visitor) -> list[tuple[Turn, File]]:
    """The file of the claim that the address names; nothing when it has been decided meanwhile. Missing as above."""
    units = visitor.scope.all_units(*REVIEWERS)
    whose = await visitor.office.store.reviewing.person_of(units, visitor.part("claim"))
    if whose is None or whose == visitor.person.id:
        raise Missing
    found = await visitor.office.store.reviewing.find(units, visitor.part("claim"))
    return await opened(visitor, [found]) if found is not None else []


async def _on(visitor: Visitor, done: Waiting, key: str) -> web.StreamResponse:
    """To the next claim, or back to the queue when none waits."""
    rest = await _waiting(visitor)
    behind = next((one for one in rest if (one.since, one.claim_id) > (done.since, done.claim_id)), None)
    following = behind or (rest[0] if rest else None)
    path = f"{QUEUE}/claims/{following.claim_id}" if following else QUEUE
    return visitor.say_and_go(key, path, name=done.name)


ROOM = Room(
    "review",
    (
        Door("GET", "/review", queue),
        *SECOND,
        Door("GET", "/review/claims/{claim}", claim),
        Door("GET", "/review/claims/{claim}/pictures/{photo}", picture),
        Door("POST", "/review/claims/{claim}/approve", approve),
        Door("POST", "/review/claims/{claim}/return", send_back),
        Door("GET", "/review/claims/{claim}/event", event),
        Door("POST", "/review/claims/{claim}/event", approve_event),
    ),
    REVIEWERS,
)
