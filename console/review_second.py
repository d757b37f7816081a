"""Second looks: approved claims that were drawn, shown to another reviewer, who agrees or objects."""

from aiohttp import web

from console.doors import Door
from console.review_desk import codes, key_of, picture_of, reasons_of, said_reason
from console.review_files import REVIEWERS, lasting, opened, shown, stood
from console.visitor import Missing, Visitor
from domain.person import Role
from domain.review import Waiting
from handlers import review
from storage.store import Conflict

LIST = "/console/review/second"


async def listed(visitor: Visitor) -> web.StreamResponse:
    """What waits for a second look, how many there have been, and the share of the unit."""
    store, units = visitor.office.store, visitor.scope.units(*REVIEWERS)
    looked, agreed = await store.reviewing.tally(units)
    unit = visitor.scope.one
    return visitor.page(
        "review/second.html",
        waiting=await store.reviewing.unseen(units, visitor.person.id),
        looked=looked,
        agreed=agreed,
        unit=unit,
        share=await store.reviewing.share(unit),
        may_set=visitor.scope.allows(unit, Role.HR_ADMIN),
        lasting=lasting,
    )


async def claim(visitor: Visitor) -> web.StreamResponse:
    one = await _found(visitor)
    files = await opened(visitor, [one])
    if not files:
        raise Missing
    await visitor.note_look(one.person_id, one.unit)
    offered = codes(await reasons_of(visitor, one))
    return visitor.page("review/look.html", one=shown(*files[0]), codes=offered, base=LIST)


async def picture(visitor: Visitor) -> web.StreamResponse:
    return await picture_of(visitor, await _found(visitor))


async def agree(visitor: Visitor) -> web.StreamResponse:
    one = await _found(visitor)
    try:
        await visitor.office.store.reviewing.agree(one.claim_id, visitor.person.id, visitor.now)
    except Conflict:
        return visitor.say_and_go("console.review.gone", LIST)
    return visitor.say_and_go("console.review.agreed", LIST, name=one.name)


async def object_to(visitor: Visitor) -> web.StreamResponse:
    """Returns what was approved: an entry of its own behind the first reviewer's."""
    one = await _found(visitor)
    reason, files = await said_reason(visitor, one), await opened(visitor, [one])
    if reason is None or not files:
        return visitor.say_and_go("console.review.no_reason", f"{LIST}/{one.claim_id}")
    decision = review.sent_back(*files[0], *reason)
    try:
        await visitor.office.store.reviewing.object_to(
            visitor.person.id, key_of(visitor), decision, stood(files, [decision]), visitor.now
        )
    except Conflict:
        return visitor.say_and_go("console.review.gone", LIST)
    visitor.office.wake()
    return visitor.say_and_go("console.review.objected", LIST, name=one.name)


async def set_share(visitor: Visitor) -> web.StreamResponse:
    """How many of a hundred approved claims of a unit are looked at once more."""
    unit, percent = visitor.form.said("unit"), visitor.form.said("percent")
    if not visitor.scope.allows(unit, Role.HR_ADMIN):
        raise Missing
    if not percent.isdecimal() or len(percent) > 3 or int(percent) > 100:
        return visitor.say_and_go("console.review.bad_share", LIST)
    await visitor.office.store.reviewing.set_share(unit, int(percent))
    return visitor.say_and_go("console.review.share_set", LIST, percent=int(percent))


async def _found(visitor: Visitor) -> Waiting:
    """The claim that the address names, when it waits for a second look by this visitor."""
    units = visitor.scope.all_units(*REVIEWERS)
    found = await visitor.office.store.reviewing.unseen(units, visitor.person.id, visitor.part("claim"))
    if not found:
        raise Missing
    return found[0]


SECOND = (
    Door("GET", "/review/second", listed),
    Door("POST", "/review/second/share", set_share, (Role.HR_ADMIN,)),
    Door("GET", "/review/second/{claim}", claim),
    Door("GET", "/review/second/{claim}/pictures/{photo}", picture),
    Door("POST", "/review/second/{claim}/agree", agree),
    Door("POST", "/review/second/{claim}/object", object_to),
)
