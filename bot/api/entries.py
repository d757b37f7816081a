"""Records: listed, recorded, corrected, withdrawn, appealed, proved."""

from typing import Any

from bot.api import cursors, shapes
from bot.api.call import Call
from bot.api.models.pieces import Nothing
from bot.api.models.records import (
    AppealAsked,
    CorrectionAsked,
    EntriesAsked,
    EntriesTold,
    EntryAsked,
    EntryWhole,
    Happened,
    PictureTold,
    ProofAsked,
    ReasonTold,
    WaitingTold,
)
from bot.api.problems import Problem
from bot.file_checks import REFUSED
from domain.ledger import Claim, Entry, EntryKind
from domain.review import returned_words
from domain.vocabulary import EntryState
from handlers import forms_entries
from handlers.appeal import waiting as waiting_lines
from handlers.facts import Fact
from handlers.turn import Turn
from storage.ledger import entry_id
from wording import say

_HAPPENED = {
    EntryKind.HOURS_CLAIMED: "claimed",
    EntryKind.HOURS_VERIFIED: "verified",
    EntryKind.HOURS_RETURNED: "returned",
    EntryKind.HOURS_WITHDRAWN: "withdrawn",
    EntryKind.HOURS_APPEALED: "appealed",
    EntryKind.PROOF_ATTACHED: "proof_attached",
}


async def listed(call: Call) -> EntriesTold:
    asked = call.asked(EntriesAsked)
    turn = await call.turn()
    shapes.numbered(turn)
    known = [claim for claim in turn.claims if asked.year in (None, claim.year) and asked.state in (None, claim.state)]
    shown, following = cursors.page(shapes.newest(known), _key, asked.cursor, asked.limit, latest_first=True)
    rulings = shapes.rulings(turn, [claim.year for claim in shown])
    return EntriesTold(
        items=[shapes.entry(turn, claim, rulings) for claim in shown],
        next_cursor=following,
        years=sorted({claim.year for claim in turn.claims}, reverse=True),
    )


def _key(claim: Claim) -> str:
    return f"{claim.recorded_at.timestamp():020.6f} {claim.id}"


async def recorded(call: Call) -> EntryWhole:
    asked = call.asked(EntryAsked)
    await call.check(asked.title, asked.organizer)
    return await record(call, asked)


async def record(call: Call, asked: EntryAsked, photo: str = "") -> EntryWhole:
    """Records what a form states, with the picture that it was read from."""
    draft = asked.model_dump(mode="json", exclude={"consent", "anyway"})
    more = {"photo": photo} if photo else {}
    done = await call.fill(forms_entries.RECORD, draft=draft, consent=asked.consent, anyway=asked.anyway, **more)
    return await whole(call, _made(call, done))


async def opened(call: Call) -> EntryWhole:
    return await whole(call, call.path["id"])


async def corrected(call: Call) -> EntryWhole:
    asked = call.asked(CorrectionAsked)
    await call.check(asked.title, asked.organizer)
    said = asked.model_dump(mode="json", exclude_unset=True)
    if any(value is None for value in said.values()):
        raise Problem(422, "invalid")
    return await _changed(call, forms_entries.CORRECT, draft=said)


async def withdrawn(call: Call) -> EntryWhole:
    call.asked(Nothing)
    return await _changed(call, forms_entries.WITHDRAW)


async def appealed(call: Call) -> EntryWhole:
    words = call.asked(AppealAsked).words
    await call.check(words)
    return await _changed(call, forms_entries.APPEAL, words=words)


async def proved(call: Call) -> EntryWhole:
    photo = call.asked(ProofAsked).photo
    await owned(call, photo)
    return await _changed(call, forms_entries.ATTACH, photo=photo)


async def owned(call: Call, photo: str) -> None:
    """404 unless the picture is the person's own and still there."""
    kept = await call.parts.store.desk.photos_of(call.person.id)
    if not any(one.photo == photo and not one.removed and one.flaw != REFUSED for one in kept):
        raise Problem(404, "not_found")


async def _changed(call: Call, form: str, **details: Any) -> EntryWhole:
    claim = await call.claim()
    done = await call.fill(form, claim=claim.id, year=claim.year, **details)
    return await whole(call, _made(call, done))


def _made(call: Call, done: dict[str, str]) -> str:
    """The record that a form made or changed."""
    return done.get("entry") or entry_id(call.message_key, int(done["place"]))


async def whole(call: Call, claim_id: str) -> EntryWhole:
    """A record with all that is known of it."""
    turn = await call.turn(needs=frozenset({Fact.WAITS}))
    claim = next((one for one in turn.claims if one.id == claim_id), None)
    if claim is None:
        raise Problem(404, "not_found")
    entries = await call.parts.store.load_entries(call.person.id, None)
    photos = {one.photo: one for one in await call.parts.store.desk.photos_of(call.person.id)}
    shapes.numbered(turn)
    short = shapes.entry(turn, claim, shapes.rulings(turn, [claim.year]))
    after = next((one.id for one in turn.claims if one.replaces == claim.id), None)
    return EntryWhole(
        **short.model_dump(),
        attrs=claim.activity.attrs,
        replaces=claim.replaces,
        replaced_by=after,
        reason=_reason(claim),
        waiting=_waiting(turn, claim),
        pictures=[
            PictureTold(
                photo=photo,
                path=f"/photos/{photo}/picture",
                removed=photo not in photos or photos[photo].removed,
            )
            for photo in claim.proofs
        ],
        history=[_happened(turn, one) for one in entries if claim.id in (one.id, one.refers_to)],
        may=_may(claim),
    )


def _reason(claim: Claim) -> ReasonTold | None:
    if claim.state is not EntryState.RETURNED:
        return None
    code, words = returned_words(claim.note)
    return ReasonTold(code=code.value, label=say(f"api.returned.{code}"), words=words)


def _waiting(turn: Turn, claim: Claim) -> WaitingTold | None:
    if claim.state is not EntryState.CLAIMED:
        return None
    usual = turn.facts.waits.usual
    waited = turn.now - claim.recorded_at
    return WaitingTold(
        since=claim.recorded_at.astimezone(turn.now.tzinfo),
        hours=round(waited.total_seconds() / 3600, 1),
        usual_hours=round(usual.total_seconds() / 3600, 1) if usual is not None else None,
        text="\n".join(line for line in waiting_lines(turn) if line),
    )


def _happened(turn: Turn, one: Entry) -> Happened:
    what = _HAPPENED[one.kind]
    words = ""
    if one.kind is EntryKind.HOURS_RETURNED:
        words = returned_words(one.note)[1]
    elif one.kind is EntryKind.HOURS_APPEALED:
        words = one.note
    told = say(f"api.happened.{what}")
    text = say("api.happened.with_words", what=told, words=words) if words else told
    return Happened(at=one.recorded_at.astimezone(turn.now.tzinfo), what=what, text=text)


def _may(claim: Claim) -> list[str]:
    if claim.state is EntryState.WITHDRAWN:
        return []
    appeal = ["appeal"] if claim.state is EntryState.RETURNED and not claim.appealed else []
    return ["correct", "withdraw", "attach", *appeal]
