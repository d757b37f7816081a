"""Pictures of proofs: taken, read aside, confirmed as records, shown to their owner."""

import asyncio

from bot.api import cursors, shapes
from bot.api.call import Call
from bot.api.entries import owned, record
from bot.api.models.pieces import CodeText, Page
from bot.api.models.records import (
    DraftRead,
    EntryAsked,
    EntryWhole,
    PhotoTaken,
    PhotoTold,
    ProofsTold,
    ProofTold,
)
from bot.api.problems import Problem
from bot.api.route import File
from bot.photos import PhotoGone
from bot.picture import inspect
from bot.proofs import as_shown
from domain.picture import Flaw, PictureRefused
from domain.proof import Kept
from domain.vocabulary import EntryState
from handlers import draft as drafts
from handlers import evidence, forms
from handlers.facts import Fact
from handlers.turn import Turn
from nlp.proofs.proof import proof_of
from wording import knows, say

_STATUS = {Flaw.TOO_LARGE: 413, Flaw.WRONG_TYPE: 415}


async def taken(call: Call) -> PhotoTaken:
    """The picture is on disk, sealed, before its row is written; reading it is a task."""
    try:
        header = await asyncio.to_thread(inspect, call.upload)
    except PictureRefused as refused:
        code = "picture_too_large" if refused.flaw is Flaw.TOO_LARGE else refused.flaw.value
        raise Problem(_STATUS.get(refused.flaw, 422), code, _flaw(refused.flaw.value)) from None
    person_id, store = call.person.id, call.parts.store
    photo = await call.parts.photos.keep(person_id, call.upload)
    kind = f"image/{header.format.lower()}"
    await store.desk.keep_photo(person_id, photo, kind, len(call.upload), call.now)
    await call.fill(forms.READ, photo=photo)
    return PhotoTaken(photo=photo, state="reading", path=f"/photos/{photo}")


def _flaw(flaw: str) -> str:
    key = f"proof.flaw.{flaw}"
    return say(key) if knows(key) else say("proof.flaw.failed")


async def opened(call: Call) -> PhotoTold:
    turn = await call.turn(needs=frozenset({Fact.WAITS}))
    kept = await _kept(call)
    found = []
    if kept.reading is not None:
        read = evidence.drafts_of(turn, proof_of(kept.reading), kept.photo)
        found = [_draft(turn, one) for one in read]
    return PhotoTold(
        photo=kept.photo,
        state=_state(kept),
        kept_at=kept.kept_at.astimezone(turn.now.tzinfo),
        flaw=kept.flaw or None,
        flaw_text=_flaw(kept.flaw) if kept.flaw else None,
        entries=_used(turn, kept.photo),
        picture=None if kept.removed else f"/photos/{kept.photo}/picture",
        draft=found[0].draft if found else None,
        drafts=found,
    )


def _draft(turn: Turn, values: drafts.Draft) -> DraftRead:
    return DraftRead(
        draft=shapes.draft(values),
        missing=drafts.missing(values),
        unsure=list(values.get("unsure", ())),
        objections=[CodeText(code=code, text=say(f"api.objection.{code}")) for code in values.get("objections", ())],
        preview=shapes.preview(turn, values),
    )


def _state(kept: Kept) -> str:
    if kept.flaw:
        return "flawed"
    return "read" if kept.reading is not None else "reading"


def _used(turn: Turn, photo: str) -> list[str]:
    standing = (claim for claim in turn.claims if claim.state is not EntryState.WITHDRAWN)
    return [claim.id for claim in standing if photo in claim.proofs]


async def _kept(call: Call) -> Kept:
    """The person's own picture of this hash; 404 for anybody else's."""
    photo = call.path["photo"]
    known = await call.parts.store.desk.photos_of(call.person.id)
    found = next((one for one in known if one.photo == photo), None)
    if found is None:
        raise Problem(404, "not_found")
    return found


async def shown(call: Call) -> File:
    kept = await _kept(call)
    return await picture_of(call, kept.person_id, kept.photo)


async def picture_of(call: Call, person_id: str, photo: str) -> File:
    """A picture without what the camera wrote into it."""
    try:
        picture = await call.parts.photos.open(person_id, photo)
        return File(await asyncio.to_thread(as_shown, picture), "image/jpeg")
    except (PhotoGone, PictureRefused):
        raise Problem(404, "picture_gone") from None


async def confirmed(call: Call) -> EntryWhole:
    asked = call.asked(EntryAsked)
    photo = call.path["photo"]
    await owned(call, photo)
    await call.check(asked.title, asked.organizer)
    return await record(call, asked, photo)


async def listed(call: Call) -> ProofsTold:
    asked = call.asked(Page)
    turn = await call.turn()
    known = await call.parts.store.desk.photos_of(call.person.id)
    latest = sorted(known, key=_key, reverse=True)
    page, following = cursors.page(latest, _key, asked.cursor, asked.limit, latest_first=True)
    return ProofsTold(items=[_proof(turn, one) for one in page], next_cursor=following)


def _key(kept: Kept) -> str:
    return f"{kept.kept_at.timestamp():020.6f} {kept.photo}"


def _proof(turn: Turn, kept: Kept) -> ProofTold:
    title = None
    if kept.reading is not None:
        title = next((one.title for one in proof_of(kept.reading).activities if one.title), None)
    return ProofTold(
        photo=kept.photo,
        state=_state(kept),
        kept_at=kept.kept_at.astimezone(turn.now.tzinfo),
        title=title,
        entries=_used(turn, kept.photo),
        removed=kept.removed,
        path=f"/photos/{kept.photo}",
        picture=None if kept.removed else f"/photos/{kept.photo}/picture",
    )
