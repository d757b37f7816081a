"""HR's corner: what waits for the reviewer's units, one claim with its pictures, and the two verbs."""

from bot.api import cursors, pictures, shapes
from bot.api.call import Call
from bot.api.models.pieces import CodeLabel, CodeText, Nothing, Page
from bot.api.models.reviewing import (
    DecidedTold,
    PictureShown,
    ReadLine,
    ReturnAsked,
    ReviewsTold,
    ReviewTold,
    WaitingClaim,
)
from bot.api.problems import Problem
from bot.api.route import File
from domain.access import Seen
from domain.review import Desk, Waiting
from domain.review import File as Claimed
from handlers import forms, inspection, review, show
from handlers.facts import Fact
from handlers.standing import conversion
from handlers.turn import Turn
from wording import say

_DESK = frozenset({Fact.DESK})


async def listed(call: Call) -> ReviewsTold:
    asked = call.asked(Page)
    shown: list[Waiting] = []
    following: str | None = None

    def choose(waiting: list[Waiting]) -> list[Waiting]:
        nonlocal shown, following
        shown, following = cursors.page(waiting, _key, asked.cursor, asked.limit, latest_first=False)
        return shown

    desk = await call.parts.store.desk.desk(call.person.id, choose)  # type: ignore[arg-type]
    _may(desk)
    return ReviewsTold(
        items=[_line(call, file) for file in desk.files],
        next_cursor=following,
        total=len(desk.waiting),
        own=desk.own,
    )


def _key(one: Waiting) -> str:
    return f"{one.since.timestamp():020.6f} {one.claim_id}"


def _may(desk: Desk) -> None:
    if not desk.units:
        raise Problem(403, "no_role")


def _line(call: Call, file: Claimed) -> WaitingClaim:
    waiting, activity = file.waiting, file.claim.activity
    return WaitingClaim(
        id=waiting.claim_id,
        name=waiting.name,
        department=waiting.department,
        unit=waiting.unit,
        title=activity.title or say(f"mode.{activity.mode}"),
        start=activity.start,
        end=activity.end,
        year=waiting.year,
        amount=show.quantity(activity.quantity, activity.unit),
        since=waiting.since.astimezone(call.now.tzinfo),
        waited_hours=round((call.now - waiting.since).total_seconds() / 3600, 1),
        appealed=waiting.appealed,
    )


async def _file(call: Call) -> tuple[Turn, Claimed]:
    """The claim that the address names, if it waits for this reviewer; 404 for everything else."""
    turn = await call.turn(years=(), needs=_DESK)
    desk = turn.facts.desk
    _may(desk)
    found = desk.file(call.path["id"])
    if found is None:
        raise Problem(404, "not_waiting")
    return turn, found


async def opened(call: Call) -> ReviewTold:
    turn, file = await _file(call)
    await _noted(call, file)
    theirs = inspection.theirs(turn, file)
    shapes.numbered(theirs)
    found = conversion(theirs, file.claim.activity)
    place = show.region_of(theirs)
    whole = shapes.entry(theirs, file.claim, shapes.rulings(theirs, [file.claim.year]))
    return ReviewTold(
        **_line(call, file).model_dump(),
        entry=whole,
        organizer=file.claim.activity.organizer,
        hours=found.hours,
        steps=shapes.steps(theirs, place, found.steps),
        read=[ReadLine(text=text) for text in inspection.read_lines(file)],
        hints=[CodeText(code=code, text=text) for code, text in inspection.hints(turn, file)],
        appeal=file.claim.note if file.claim.appealed else None,
        pictures=[
            PictureShown(photo=photo, path=f"/reviews/{file.claim.id}/pictures/{photo}")
            for photo in inspection.shown(file)
        ],
        codes=[CodeLabel(code=code.value, label=say(f"review.code.{code}")) for code in review.CODES],
    )


async def _noted(call: Call, file: Claimed) -> None:
    """Who opens somebody's record is named to them; before it is shown."""
    waiting = file.waiting
    await call.parts.store.accesses.note(call.person.id, waiting.person_id, waiting.unit, Seen.RECORD, call.now)


async def picture(call: Call) -> File:
    """The look is logged before anything is shown."""
    turn, file = await _file(call)
    photo = call.path["photo"]
    if photo not in inspection.shown(file):
        raise Problem(404, "not_found")
    key = f"{call.who.family}:{photo}:{call.now:%Y-%m-%dT%H}"  # one look an hour, however often a page is drawn
    store, waiting = call.parts.store, file.waiting
    await store.desk.look(key, waiting.person_id, photo, turn.person.id, waiting.unit, call.now)
    return await pictures.picture_of(call, waiting.person_id, photo)


async def verified(call: Call) -> DecidedTold:
    call.asked(Nothing)
    return _told(await call.fill(forms.VERIFY, claim=call.path["id"]))


async def returned(call: Call) -> DecidedTold:
    asked = call.asked(ReturnAsked)
    await call.check(asked.words)
    return _told(await call.fill(forms.RETURN, claim=call.path["id"], code=asked.code.value, words=asked.words))


def _told(done: dict[str, str]) -> DecidedTold:
    return DecidedTold(id=done["entry"], state=done["state"], next=done["next"] or None, left=int(done["left"]))
