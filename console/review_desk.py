"""What the pages of first and second looks share: reasons to return, pictures, what a decision is kept under."""

from collections.abc import Sequence

from aiohttp import web

from console.visitor import Missing, Visitor
from domain.proof import Objection
from domain.review import Waiting
from domain.unit import Reason
from handlers import review
from wording import say

MOST_WORDS = 200  # characters of a reason


def codes(reasons: Sequence[Reason] = ()) -> list[tuple[str, str]]:
    """What a return may be for, in the order of the keys 1 to 9: the unit's reasons, else the usual ones; the last is a
    reason in one's own words."""
    offered = reasons or [Reason(code) for code in review.CODES]
    named = [(one.code.value, one.words or say(f"review.code.{one.code}")) for one in offered]
    return [*named, (Objection.OTHER.value, say("console.review.other"))]


async def reasons_of(visitor: Visitor, one: Waiting) -> tuple[Reason, ...]:
    """The reasons for a return that the claim's unit offers; none: the usual ones."""
    return (await visitor.office.store.settings.of_unit(one.unit)).reasons


async def said_reason(visitor: Visitor, one: Waiting) -> tuple[Objection, str] | None:
    """The code that was chosen with its sentence; None when neither says anything."""
    said, words = visitor.form.said("code"), visitor.form.said("words")[:MOST_WORDS]
    offered = dict(codes(await reasons_of(visitor, one)))
    code = Objection(said) if said in offered else Objection.OTHER
    if code is Objection.OTHER:
        return (review.code_of(words), words) if words else None
    return code, words or offered[said]


async def picture_of(visitor: Visitor, one: Waiting) -> web.StreamResponse:
    """The picture of a claim that the address names, the right way up; the look is written down before it is shown."""
    file, photo = await visitor.office.store.reviewing.file(one), visitor.part("photo")
    if file is None or photo not in file.claim.proofs:
        raise Missing
    key = f"console:{visitor.person.id}:{photo}:{visitor.now.isoformat()}"
    await visitor.office.store.desk.look(key, one.person_id, photo, visitor.person.id, one.unit, visitor.now)
    content = await visitor.office.open_picture(one.person_id, photo)
    if content is None:
        raise Missing
    return web.Response(body=content, content_type="image/jpeg")


def key_of(visitor: Visitor) -> str:
    """What makes the entries of a posted form once."""
    return f"console {visitor.once}"
