"""A draft that was read from a picture: made of a proof, shown with what to look at, recorded with its picture.

Such a draft also has "photos" (hashes), "read" (the values as they were read), "unsure" (keys of values to be looked
at) and "objections" (what HR would ask, as `domain.proof.Objection`).
"""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import nlp
from domain.ledger import OF_THIS, Activity, Claim, EntryKind, NewEntry
from domain.proof import Objection
from domain.task import NewTask, TaskKind
from domain.vocabulary import EntryState, Mode
from handlers import precheck, show
from handlers.draft import Draft
from handlers.explanation import show_step
from handlers.standing import claims_of, conversion, pending, ruling
from handlers.telling import brief
from handlers.turn import Turn
from nlp.proofs.proof import SURE, Proof
from nlp.proofs.proof import Activity as Read
from rules.plan import NoRuleInForceError
from wording import say

MOST = 6  # activities that are confirmed together
_MOVING = {"start": ("start", "end"), "quantity": ("hours", "credits", "days"), "category": ("category",)}
_OWN = (Objection.NAME_DIFFERS, Objection.ORGANIZER_UNKNOWN, Objection.HOURS_MISSING)


def drafts_of(turn: Turn, proof: Proof, photo: str, organizers: Iterable[str] = ()) -> list[Draft]:
    """A draft for each activity on the proof."""
    objections = [str(one) for one in precheck.of_proof(proof, turn.person.name, organizers) if one in _OWN]
    return [
        {**_values(turn, read), "photos": [photo], "unsure": _unsure(read), "objections": objections}
        | {"read": _values(turn, read)}
        for read in proof.activities
        if not precheck.is_empty(read)
    ]


def _values(turn: Turn, read: Read) -> Draft:
    draft: Draft = {}
    days = _days(turn, read)
    if days is not None:
        draft["start"], draft["end"] = (day.isoformat() for day in days)
    amount = precheck.stated(read)
    if amount is not None:
        draft["quantity"], draft["unit"] = amount[0], str(amount[1])
    if read.title:
        draft["title"] = read.title[:200]
    if read.organizer:
        draft["organizer"] = read.organizer[:200]
    if read.category is not None:
        draft["category"] = str(read.category)
    draft["mode"] = _mode(turn, read)
    return draft


def _mode(turn: Turn, read: Read) -> str:
    """How it was learned, by the title's own words; a certificate says no more than that there was a class."""
    meant = nlp.read(f"参加{read.title or ''}", turn.now, None).slots.get("mode")
    return str(meant or Mode.TRAINING_CLASS)


def _days(turn: Turn, read: Read) -> tuple[date, date] | None:
    """First and last day; a month alone is all of it, as far as it has passed."""
    first, last = read.start or read.end, read.end or read.start
    if first is None or last is None:
        return None
    try:
        return _day(first, last=False), min(_day(last, last=True), max(turn.today, _day(first, last=False)))
    except ValueError:
        return None


def _day(said: str, *, last: bool) -> date:
    if len(said) > 7:
        return date.fromisoformat(said)
    year, month = (int(part) for part in said.split("-"))
    return date(year, month, calendar.monthrange(year, month)[1] if last else 1)


def _unsure(read: Read) -> list[str]:
    """The values that move hours and may be wrong: read with doubt, or only a month."""
    unsure = []
    for key, names in _MOVING.items():
        there = [name for name in names if getattr(read, name) is not None]
        if any(read.confidence.get(name, 1.0) < SURE for name in there):
            unsure.append(key)
    months = [day for day in (read.start, read.end) if day and len(day) <= 7]
    return [*unsure, "start"] if months and "start" not in unsure else unsure


def fits(draft: Draft, found: Draft) -> bool:
    """Whether a draft that was told is the activity on the picture: nothing that both say differs."""
    if draft.get("photos"):
        return False
    both = [key for key in ("start", "end", "quantity", "category") if key in draft and key in found]
    return bool({"start", "quantity"} & set(both)) and all(draft[key] == found[key] for key in both)


def joined(draft: Draft, found: Draft) -> Draft:
    """A draft that was told with the picture of it: what was told stays."""
    told = {key: value for key, value in draft.items() if value not in (None, "")}
    return {**found, **told, "photos": [*draft.get("photos", []), *found["photos"]]}


def lines(turn: Turn, draft: Draft, activity: Activity) -> list[str]:
    """What a person should look at before they confirm what was read from their picture."""
    if not draft.get("photos"):
        return cut_lines(turn, activity)
    alike = _without_proof(turn, activity)
    return [
        say("proof.organizer", organizer=activity.organizer) if activity.organizer else "",
        *cut_lines(turn, activity),
        say("proof.look", what="、".join(say(f"proof.field.{key}") for key in still_unsure(draft)))
        if still_unsure(draft)
        else "",
        *(say(f"proof.note.{one}") for one in draft.get("objections", ())),
        say("proof.note.year_differs", year=activity.end.year) if activity.end.year != turn.today.year else "",
        say("proof.alike", number=alike.number) if alike else "",
    ]


def still_unsure(draft: Draft) -> list[str]:
    """The unsure values that nobody has said anything about since."""
    read: Mapping[str, Any] = draft.get("read", {})
    return [key for key in draft.get("unsure", ()) if key in draft and draft[key] == read.get(key)]


def cut_lines(turn: Turn, activity: Activity) -> list[str]:
    """What a limit would take of the activity, with the article."""
    year = activity.end.year
    name = pending(0)
    new = Claim(name, 0, year, activity, EntryState.CLAIMED, turn.now)
    try:
        found = ruling(turn, year, [*claims_of(turn, year), new])
    except NoRuleInForceError:
        return []
    return [show_step(step) for step in precheck.cuts(found, name)]


def _without_proof(turn: Turn, activity: Activity) -> Claim | None:
    """A record of the same days that has no picture yet: the picture may be its proof."""
    claims = claims_of(turn, activity.end.year)
    standing = (one for one in claims if one.state is EntryState.CLAIMED and not one.proofs)
    days = (activity.start, activity.end)
    return next((one for one in standing if (one.activity.start, one.activity.end) == days), None)


def attachments(drafts: Sequence[Draft], activities: Sequence[Activity]) -> tuple[NewEntry, ...]:
    """The entries that tie the pictures to the claims, which stand before them in the same outcome, in order."""
    return tuple(
        NewEntry(kind=EntryKind.PROOF_ATTACHED, year=activity.end.year, refers_to=f"{OF_THIS}{at}", note=photo)
        for at, (draft, activity) in enumerate(zip(drafts, activities, strict=True))
        for photo in draft.get("photos", ())
    )


def attached(claim: Claim, photos: Sequence[str]) -> tuple[NewEntry, ...]:
    """The entries that tie pictures to a claim that is there; one that was returned is handed in anew with them."""
    new = [photo for photo in photos if photo not in claim.proofs]
    if new and claim.state is EntryState.RETURNED:
        activity, year = claim.activity, claim.year
        pictures = replace(claim, proofs=(*claim.proofs, *new))
        return (
            NewEntry(kind=EntryKind.HOURS_WITHDRAWN, year=year, refers_to=claim.id),
            NewEntry(kind=EntryKind.HOURS_CLAIMED, year=year, activity=activity, replaces=claim.id),
            *carried(pictures, 1, year),
        )
    return tuple(
        NewEntry(kind=EntryKind.PROOF_ATTACHED, year=claim.year, refers_to=claim.id, note=photo) for photo in new
    )


def later(turn: Turn) -> tuple[NewTask, ...]:
    """The pictures that waited for what was open to be settled: they are read (again, which is quick) now."""
    waiting = turn.dialog.draft.get("later", ())
    return tuple(read_task(turn, photo) for photo in waiting)


def read_task(turn: Turn, photo: str, **more: Any) -> NewTask:
    return NewTask(TaskKind.READ_PROOF, {"photo": photo, "holder": turn.person.name, **more})


def submitted(drafts: Sequence[Draft]) -> str:
    """What becomes of the pictures once the drafts are recorded; nothing where there are none."""
    count = sum(len(draft.get("photos", ())) for draft in drafts)
    return say("proof.submitted", count=count) if count else ""


def carried(claim: Claim, at: int, year: int) -> tuple[NewEntry, ...]:
    """The entries that tie a claim's pictures to the one that replaces it, which stands at `at` of the same outcome."""
    return tuple(
        NewEntry(kind=EntryKind.PROOF_ATTACHED, year=year, refers_to=f"{OF_THIS}{at}", note=photo)
        for photo in claim.proofs
    )


def asked(draft: Draft, needed: Sequence[str], question: str) -> list[str]:
    """What was read so far, and one question for all that is missing."""
    what = brief({key: value for key, value in draft.items() if key not in needed})
    several = say("proof.ask_all", what="、".join(say(f"proof.field.{key}") for key in needed))
    return [say("proof.read_title"), say("proof.read_line", what=what), several if len(needed) > 1 else question]


def in_a_line(turn: Turn, draft: Draft, activity: Activity) -> str:
    """An activity of many to be confirmed, with its hours and what to look at."""
    unsure = still_unsure(draft)
    look = say("proof.look", what="、".join(say(f"proof.field.{key}") for key in unsure)) if unsure else ""
    days = show.days(activity.start, activity.end, turn.today)
    counted = show.counted(activity, conversion(turn, activity).hours)
    return f"{days} {counted}，{show.category(activity.category)}{look and f'（{look}）'}"
