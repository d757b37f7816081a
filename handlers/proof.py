"""Pictures of proofs in the talk: received, kept, read, turned into drafts or attached to a record.

A picture at hand that is not in a draft yet waits in a dialog of its own, {"photos": [hash, …]}; a record that waits
for its picture in {"claim": id, "year": int}. Neither holds anything else up.
"""

from datetime import timedelta
from typing import Any

import nlp
from domain.dialog import Dialog
from domain.ledger import Claim
from domain.task import NewTask, TaskKind
from domain.vocabulary import EntryState
from handlers import claim, evidence, precheck, show
from handlers.choices import chosen
from handlers.evidence import read_task
from handlers.question import numbered
from handlers.standing import claims_of
from handlers.turn import Outcome, Turn
from nlp.proofs.proof import Proof, proof_of
from nlp.reading import Intent, Slots
from nlp.setphrases import record_named
from wording import knows, say

TOPIC = "proof"
OPEN_FOR = timedelta(hours=24)
_OFFERED = 6  # records to choose from
FAILED = "failed"
LOOKS_SHOWN = 20


def received(turn: Turn) -> Outcome:
    """A picture: answered at once; it is fetched and kept aside, before anything reads it."""
    task = NewTask(TaskKind.KEEP_PHOTO, {"media_id": turn.message.media_id, **_target(turn)})
    consent = say("proof.consent") if turn.person.consented_at is None else ""
    return Outcome(replies=(show.text(say("proof.received"), consent),), tasks=(task,))


def _target(turn: Turn) -> dict[str, Any]:
    """The record that waits for this picture, if one was named."""
    draft = turn.dialog.draft if turn.dialog.topic == TOPIC else {}
    return {"claim": draft["claim"], "year": draft["year"]} if "claim" in draft else {}


def kept(turn: Turn) -> Outcome:
    """The picture is in the store, or cannot be."""
    details = turn.message.details
    if "photo" not in details:
        return show.answer(_refusal(details))
    target = {key: details[key] for key in ("claim", "year") if key in details}
    return Outcome(tasks=(read_task(turn, details["photo"], **target),))


def _refusal(details: dict[str, Any]) -> str:
    key = f"proof.flaw.{details.get('flaw', FAILED)}"
    return say(key) if knows(key) else say("proof.flaw.failed")


def read(turn: Turn) -> Outcome:
    """The picture has been read: a draft to confirm, a proof attached, or what is wrong with it."""
    details = turn.message.details
    if "reading" not in details:
        return _unread(turn, details)
    proof, photo = proof_of(details["reading"]), str(details["photo"])
    if "claim" in details:
        target = _by_id(turn, str(details["claim"]), int(details["year"]))
        if target is not None:
            return _attached(turn, target, [photo], proof)
    used = _used(turn, photo, details.get("twins", ()))
    if used is not None and photo in used.proofs:
        return show.answer(say("proof.again", number=used.number, what=show.what(used.activity)))
    found = evidence.drafts_of(turn, proof, photo, turn.facts.membership.organizers)
    if not found:
        return _unread(turn, details)
    outcome = _drafted(turn, found, photo)
    if used is None or not outcome.replies:
        return outcome
    return _noted(outcome, say("proof.twin", number=used.number, what=show.what(used.activity)))


def _unread(turn: Turn, details: dict[str, Any]) -> Outcome:
    """Nothing can be read: said, with what can be done; the picture stays at hand to be attached."""
    if "reading" in details or "flaw" not in details:
        said = say("proof.nothing_read") if "reading" in details else say("proof.flaw.failed")
        if _is_free(turn):
            return Outcome(replies=(show.text(said),), dialog=_dialog(turn, {"photos": [str(details["photo"])]}))
        return show.answer(said)
    return show.answer(_refusal(details))


def _is_free(turn: Turn) -> bool:
    return not turn.dialog.open or turn.dialog.topic == TOPIC


def _drafted(turn: Turn, found: list[dict[str, Any]], photo: str) -> Outcome:
    """The drafts of a picture join those that wait, as far as they can be confirmed together."""
    state = dict(turn.dialog.draft) if turn.dialog.topic == claim.TOPIC else {}
    waiting = list(state.get("activities", ()))
    if len(found) == 1:
        same = [at for at, draft in enumerate(waiting) if evidence.fits(draft, found[0])]
        if same:
            waiting[same[0]] = evidence.joined(waiting[same[0]], found[0])
            return claim.proceed(turn, {**state, "activities": waiting})
    if waiting and len(waiting) + len(found) > evidence.MOST:
        queued = [*state.get("later", ()), photo]
        dialog = turn.dialog.model_copy(update={"draft": {**state, "later": queued}})
        return Outcome(replies=(show.text(say("proof.later", count=len(queued))),), dialog=dialog)
    return claim.proceed(turn, {**state, "activities": [*waiting, *found]})


def _used(turn: Turn, photo: str, twins: Any) -> Claim | None:
    """The person's own record that this picture, or another of the same proof, is attached to already."""
    photos = {photo, *(str(twin["photo"]) for twin in twins)}
    standing = (one for one in turn.claims if one.state is not EntryState.WITHDRAWN)
    found = next((one for one in standing if photos & set(one.proofs)), None)
    return None if found is None else _by_id(turn, found.id, found.year)


def _noted(outcome: Outcome, note: str) -> Outcome:
    first, *rest = outcome.replies
    return Outcome(
        replies=(show.text(first.text, note), *rest),
        dialog=outcome.dialog,
        entries=outcome.entries,
        person=outcome.person,
        tasks=outcome.tasks,
    )


# Attaching to a record that is there


def submit(turn: Turn) -> Outcome:
    """我要交证明, 这是昨天那个讲座的证明, 第3条补一张证书图."""
    photos = _at_hand(turn)
    named = _named(turn)
    if not named and not photos:
        return show.answer(say("proof.how"))
    if len(named) == 1:
        return _attach_or_wait(turn, named[0], photos)
    if "index" in turn.reading.slots:
        year = turn.today.year
        return show.answer(
            say(
                "question.no_such_claim",
                year=year,
                number=turn.reading.slots["index"],
                count=len(claims_of(turn, year)),
            )
        )
    choices = [one for one in named or _recent(turn) if one.state is not EntryState.WITHDRAWN][-_OFFERED:]
    if not choices:
        return show.answer(say("proof.no_record"))
    dialog = _dialog(turn, {"photos": photos, "choose": True}, [one.id for one in choices])
    return Outcome(replies=(show.text(say("proof.which"), show.numbered(_labels(turn, choices))),), dialog=dialog)


def continued(turn: Turn) -> Outcome | None:
    """An answer while a picture waits for its record; None: the message is about something else."""
    draft = turn.dialog.draft
    option = chosen(turn) if draft.get("choose") else None
    if option is not None:
        target = next((one for one in turn.claims if one.id == option), None)
        if target is not None:
            return _attach_or_wait(turn, target, list(draft.get("photos", ())))
    if turn.reading.intent is Intent.ANSWER_CANCEL:
        return show.closed(say("proof.left"))
    return None


def _attach_or_wait(turn: Turn, target: Claim, photos: list[str]) -> Outcome:
    target = _by_id(turn, target.id, target.year) or target
    if target.state is EntryState.WITHDRAWN:
        return show.answer(say("withdraw.gone"))
    if photos:
        return _attached(turn, target, photos, None)
    dialog = _dialog(turn, {"claim": target.id, "year": target.year})
    what = show.what(target.activity)
    return Outcome(replies=(show.text(say("proof.send", number=target.number, what=what)),), dialog=dialog)


def _attached(turn: Turn, target: Claim, photos: list[str], proof: Proof | None) -> Outcome:
    """Attaches pictures to a record; where they say something else than it, that is said too."""
    entries = evidence.attached(target, photos)
    if target.state is EntryState.WITHDRAWN:
        return show.closed(say("withdraw.gone"))
    if not entries:
        return show.closed(say("proof.again", number=target.number, what=show.what(target.activity)))
    notes: list[str] = []
    if proof is not None:
        meant = precheck.meant(proof, target.activity)
        found = [*precheck.of_proof(proof, turn.person.name), *precheck.of_claim(meant, target.activity, target.year)]
        notes = [_note(str(one), target) for one in precheck.in_order(found)]
    changes = {"consented_at": turn.now} if turn.person.consented_at is None else {}
    said = say("proof.attached", number=target.number, what=show.what(target.activity), count=len(entries))
    dialog = Dialog() if turn.dialog.topic in (TOPIC, claim.TOPIC) and _is_from(turn, photos) else None
    tasks = evidence.later(turn) if dialog is not None else ()
    return Outcome(replies=(show.text(said, *notes),), dialog=dialog, entries=entries, person=changes, tasks=tasks)


def _is_from(turn: Turn, photos: list[str]) -> bool:
    """Whether the open dialog is about these pictures and nothing else."""
    if turn.dialog.topic == TOPIC:
        return True
    drafts = turn.dialog.draft.get("activities", ())
    return bool(drafts) and all(set(draft.get("photos", ())) & set(photos) for draft in drafts)


def _note(objection: str, target: Claim) -> str:
    return say(f"proof.note.{objection}", year=target.year, number=target.number)


def _at_hand(turn: Turn) -> list[str]:
    """The pictures that are not attached to anything yet."""
    draft = turn.dialog.draft
    if turn.dialog.topic == claim.TOPIC:
        return [photo for one in draft.get("activities", ()) for photo in one.get("photos", ())]
    return list(draft.get("photos", ())) if turn.dialog.topic == TOPIC else []


def _named(turn: Turn) -> list[Claim]:
    """The records that a sentence points at: by number, else by days, kind and subject."""
    slots = turn.reading.slots
    if "index" in slots:
        found = numbered(claims_of(turn, slots.get("year", turn.today.year)), slots["index"])
        return [found] if found is not None else []
    told = nlp.read(f"参加了{record_named(turn.message.text)}", turn.now, None).slots
    if not any(key in told for key in ("start", "mode", "category", "title")):
        return []
    return [one for one in turn.claims if one.state is not EntryState.WITHDRAWN and _is_meant(one, told)]


def _is_meant(one: Claim, told: Slots) -> bool:
    activity = one.activity
    return (
        ("start" not in told or (activity.start <= told["end"] and told["start"] <= activity.end))
        and ("mode" not in told or activity.mode is told["mode"])
        and ("category" not in told or activity.category is told["category"])
        and ("title" not in told or _shares(told["title"], activity.title) or "start" in told)
    )


def _shares(said: str, title: str) -> bool:
    """Whether a title is meant: four characters in a row, or all of what was said."""
    said, title = precheck.normal(said), precheck.normal(title)
    return any(said[at : at + 4] in title for at in range(max(1, len(said) - 3))) if said and title else False


def _recent(turn: Turn) -> list[Claim]:
    return [one for one in turn.claims if one.state is EntryState.CLAIMED and not one.proofs]


def _by_id(turn: Turn, claim_id: str, year: int) -> Claim | None:
    return next((one for one in claims_of(turn, year) if one.id == claim_id), None)


def _labels(turn: Turn, claims: list[Claim]) -> list[str]:
    return [
        f"{show.days(one.activity.start, one.activity.end, turn.today)} {show.what(one.activity)}" for one in claims
    ]


def _dialog(turn: Turn, draft: dict[str, Any], options: list[str] | None = None) -> Dialog:
    expecting = "choice" if options else None
    return Dialog(topic=TOPIC, expecting=expecting, draft=draft, options=options or [], expires_at=turn.now + OPEN_FOR)


# Who has seen it


def seen_by(turn: Turn) -> Outcome:
    """谁看过我的记录: the log of looks, latest first."""
    looks = turn.facts.looks
    if not looks:
        return show.answer(say("proof.nobody_looked"))
    listed = [
        say(
            "proof.look_line",
            day=show.day(look.at.astimezone(turn.now.tzinfo).date(), turn.today),
            time=f"{look.at.astimezone(turn.now.tzinfo):%H:%M}",
            who=look.viewer or say("proof.somebody"),
            unit=look.unit,
            what=say(f"proof.seen.{look.what}"),
        )
        for look in looks[:LOOKS_SHOWN]
    ]
    return show.answer(say("proof.looked", count=len(listed)), *listed)
