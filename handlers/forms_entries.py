"""Recording, correcting, withdrawing, appealing and proving by form: the entries that the same words would add."""

from typing import Any

from pydantic import ValidationError

from domain.ledger import Activity, Claim, EntryKind, NewEntry
from domain.vocabulary import EntryState
from handlers import asking, evidence, show
from handlers import draft as drafts
from handlers.receipts import FormRefused, refused, with_receipt
from handlers.telling import claimed, twin
from handlers.turn import Outcome, Turn
from wording import say

RECORD = "form.record"
CORRECT = "form.correct"
WITHDRAW = "form.withdraw"
APPEAL = "form.appeal"
ATTACH = "form.attach"

FIRST = "0"  # the place of the entry among those that the form adds, for the receipt


def record(turn: Turn) -> Outcome:
    """A claim, with its picture when it was read from one."""
    details = turn.message.details
    draft = dict(details["draft"])
    activity = checked(turn, draft)
    changes = _consented(turn, given=bool(details.get("consent")))
    alike = twin(turn, activity)
    if alike is not None and not details.get("anyway"):
        what = f"{show.days(alike.activity.start, alike.activity.end, turn.today)} {show.what(alike.activity)}"
        raise FormRefused("alike", say("api.refused.alike", what=what), entry=alike.id)
    photos = [str(details["photo"])] if details.get("photo") else []
    attached = evidence.attachments([{"photos": photos}], [activity])
    return with_receipt(turn, Outcome(entries=(claimed(activity), *attached), person=changes), place=FIRST)


def checked(turn: Turn, draft: dict[str, Any]) -> Activity:
    """The activity that a draft states; FormRefused when no activity can be so."""
    objection = asking.objection(turn, draft)
    if objection is not None:
        raise FormRefused("impossible", objection[0], 422, field=objection[1][0])
    try:
        return drafts.activity(draft)
    except ValidationError:
        raise FormRefused("impossible", say("claim.value_unclear"), 422) from None


def _consented(turn: Turn, *, given: bool) -> dict[str, Any]:
    """The consent that goes with the first record."""
    if turn.person.consented_at is not None:
        return {}
    if not given:
        raise refused("consent_needed")
    return {"consented_at": turn.now}


def correct(turn: Turn) -> Outcome:
    """The record as it is to be: a withdrawal and a new claim, with the pictures of the old one."""
    claim = _standing(turn)
    before = drafts.draft_of(claim.activity)
    after = {**before, **turn.message.details["draft"]}
    if after == before:
        raise refused("same")
    activity = checked(turn, after)
    gone = NewEntry(kind=EntryKind.HOURS_WITHDRAWN, year=claim.year, refers_to=claim.id)
    anew = claimed(activity, replaces=claim.id)
    return with_receipt(turn, Outcome(entries=(gone, anew, *evidence.carried(claim, 1, activity.end.year))), place="1")


def withdraw(turn: Turn) -> Outcome:
    claim = _standing(turn)
    gone = NewEntry(kind=EntryKind.HOURS_WITHDRAWN, year=claim.year, refers_to=claim.id)
    return with_receipt(turn, Outcome(entries=(gone,)), entry=claim.id)


def appeal(turn: Turn) -> Outcome:
    """The one appeal against a return, with the person's words."""
    claim = _standing(turn)
    if claim.appealed:
        raise refused("appealed_before")
    if claim.state is not EntryState.RETURNED:
        raise refused("not_returned")
    words = str(turn.message.details["words"])
    entry = NewEntry(kind=EntryKind.HOURS_APPEALED, year=claim.year, refers_to=claim.id, note=words)
    return with_receipt(turn, Outcome(entries=(entry,)), entry=claim.id)


def attach(turn: Turn) -> Outcome:
    """A picture for a record; one that was returned is handed in anew with it."""
    claim = _standing(turn)
    photo = str(turn.message.details["photo"])
    changes = _consented(turn, given=True)  # handing in a proof of one's own is an act for that purpose
    entries = evidence.attached(claim, [photo])
    if claim.state is EntryState.RETURNED and entries:
        return with_receipt(turn, Outcome(entries=entries, person=changes), place="1")
    return with_receipt(turn, Outcome(entries=entries, person=changes if entries else {}), entry=claim.id)


def _standing(turn: Turn) -> Claim:
    """The record that the form is about; FormRefused when it is not there (any more)."""
    wanted = str(turn.message.details["claim"])
    found = next((claim for claim in turn.claims if claim.id == wanted), None)
    if found is None:
        raise refused("not_found", 404)
    if found.state is EntryState.WITHDRAWN:
        raise refused("withdrawn")
    return found
