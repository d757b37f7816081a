"""Changing and taking back what was recorded. Nothing is overwritten: a correction withdraws and claims anew.

The dialog's draft is {"claim": id, "year": int, "number": int, "draft": what it is to become}; while the claim is
still to be chosen, {"year": int} with the claims' ids as options.
"""

from dataclasses import replace
from typing import Any

from pydantic import ValidationError

import nlp
from domain.dialog import Dialog
from domain.ledger import Activity, Claim, EntryKind, NewEntry
from domain.vocabulary import EntryState
from handlers import asking, evidence, fallback, show
from handlers import draft as drafts
from handlers.choices import chosen
from handlers.claim import KEPT_FOR
from handlers.question import numbered
from handlers.standing import claims_of, conversion
from handlers.telling import claimed, describe, standing_after, standing_line
from handlers.turn import Outcome, Turn
from nlp.reading import Intent, Slots
from wording import say

CORRECT = "correct"
WITHDRAW = "withdraw"
_OFFERED = 6  # claims to choose from in one bubble


def withdraw(turn: Turn) -> Outcome:
    """撤回: the claim that was named, or a choice of the latest."""
    slots = turn.reading.slots
    said = _year_said(turn)
    year = slots["start"].year if "start" in slots else said or _latest_year(turn)
    claims = [claim for claim in _open_claims(turn, year) if _is_meant(claim, slots)]
    if "index" in slots:
        year = said or turn.today.year
        named = numbered(claims_of(turn, year), slots["index"])
        if named is None:
            return _no_such(turn, year, slots["index"])
        if named.state is EntryState.WITHDRAWN:
            return show.answer(_gone(turn, named))
        claims = [named]
    if not claims:
        other = say("question.list_hint") if _open_claims(turn, year) else ""
        key = "withdraw.none_such" if other else "withdraw.nothing"
        return show.answer(say(key, year=year), other)
    if len(claims) == 1 or not _names_one(slots):
        return _confirm_withdrawal(turn, claims[-1])
    return _choose(turn, WITHDRAW, claims, year, {})


def correct(turn: Turn) -> Outcome:
    """修改: the claim that was numbered, else the latest one; what to change may be said now or next."""
    slots = turn.reading.slots
    year = _year_said(turn) or (turn.today.year if "index" in slots else _latest_year(turn))
    claims = _open_claims(turn, year)
    if not claims:
        return show.answer(say("correct.nothing", year=year))
    if "index" not in slots:
        named = [claim for claim in claims if _is_on(claim, slots)]
        if named:  # 把上周三那条改成6学时: the days say which one, the rest what to change
            return _correct_claim(turn, named[-1], _without_days(slots))
        return _correct_claim(turn, claims[-1], slots)
    claim = numbered(claims_of(turn, year), slots["index"])
    if claim is None:
        return _no_such(turn, year, slots["index"])
    if claim.state is EntryState.WITHDRAWN:
        return show.answer(_gone(turn, claim))
    return _correct_claim(turn, claim, slots)


def _year_said(turn: Turn) -> int | None:
    """The year in 撤回2025年第1条: it names the list, whatever else the sentence means."""
    return nlp.read_as(turn.message.text, turn.now, Intent.HOURS_LIST).slots.get("year")


def _latest_year(turn: Turn) -> int:
    """The year of what was recorded last: 刚才那条 may be one of last year."""
    standing = [claim for claim in turn.claims if claim.state is not EntryState.WITHDRAWN]
    return max(standing, key=lambda claim: claim.recorded_at).year if standing else turn.today.year


def _gone(turn: Turn, claim: Claim) -> str:
    """A record that was withdrawn, and the one that stands in its place, if it was changed."""
    after = next((one for one in claims_of(turn, claim.year) if one.replaces == claim.id), None)
    if after is None:
        return say("withdraw.gone", number=claim.number)
    return say("withdraw.replaced", number=claim.number, after=after.number)


def continued(turn: Turn) -> Outcome:
    """An answer while a correction or a withdrawal waits."""
    topic, draft = turn.dialog.topic, turn.dialog.draft
    kept = say("withdraw.kept") if topic == WITHDRAW else say("correct.not_changed")
    reading = turn.reading
    if reading.intent in (Intent.ANSWER_CANCEL, Intent.ANSWER_SKIP) or (reading.back and not draft.get("draft")):
        return show.closed(kept)
    option = chosen(turn)
    if "claim" not in draft:
        return _chosen(turn, option, kept)
    claim = _claim(turn, draft["claim"], draft["year"])
    if claim is None or claim.state is EntryState.WITHDRAWN:
        return show.closed(_gone(turn, claim) if claim else say("correct.gone"))
    if reading.back:  # what was to be changed is said anew
        return _correct_claim(turn, claim, {})
    if reading.intent is Intent.ANSWER_YES:
        return _withdrawn(turn, claim) if topic == WITHDRAW else _corrected(turn, claim)
    if topic == WITHDRAW:
        return show.closed(kept) if reading.intent is Intent.ANSWER_NO else _ask_again(turn)
    if drafts.plain(reading.slots):
        return _correct_claim(turn, claim, reading.slots, draft.get("draft"))
    if reading.intent is Intent.ANSWER_NO:  # 不对: neither as it was nor so
        return _correct_claim(turn, claim, {})
    return _ask_again(turn)


def _chosen(turn: Turn, option: str | None, kept: str) -> Outcome:
    """The record picked from those offered; 都不是 ends it."""
    claim = _claim(turn, option, turn.dialog.draft["year"]) if option else None
    if claim is None:
        return show.closed(kept) if turn.reading.intent is Intent.ANSWER_NO else _ask_again(turn)
    return _confirm_withdrawal(turn, claim) if turn.dialog.topic == WITHDRAW else _correct_claim(turn, claim, {})


def _correct_claim(turn: Turn, claim: Claim, slots: Slots, changed: drafts.Draft | None = None) -> Outcome:
    before = drafts.draft_of(claim.activity)
    after = drafts.merged(changed or before, slots)
    state: dict[str, Any] = {"claim": claim.id, "year": claim.year, "number": claim.number, "draft": after}
    unchanged = {**state, "draft": changed if changed != after else None}
    if after == before:
        asked = say("correct.what", number=claim.number, what=show.what(claim.activity))
        same = say("correct.same") if slots and drafts.plain(slots) else ""
        return _ask(turn, CORRECT, {**state, "draft": None}, same, asked)
    objection = asking.objection(turn, after)
    if objection:
        return _ask(turn, CORRECT, unchanged, objection[0])
    if turn.reading.ambiguities and "start" in slots:
        days = "、".join(show.days(*one, turn.today) for one in turn.reading.ambiguities[0].candidates)
        said = turn.reading.ambiguities[0].said
        return _ask(turn, CORRECT, unchanged, say("correct.which_day", said=said, days=days))
    try:
        shown = describe(_without(turn, claim), drafts.activity(after))
    except ValidationError:
        return _ask(turn, CORRECT, unchanged, say("claim.value_unclear"))
    verified = say("correct.verified", number=claim.number) if claim.state is EntryState.VERIFIED else ""
    return _ask(turn, CORRECT, state, say("correct.confirm", number=claim.number, what=shown), verified)


def _corrected(turn: Turn, claim: Claim) -> Outcome:
    changed = turn.dialog.draft.get("draft")
    if not changed:
        return _ask_again(turn)
    activity = drafts.activity(changed)
    found = conversion(turn, activity)
    return Outcome(
        replies=(
            show.text(
                say("correct.done", what=show.counted(activity, found.hours), number=_next_number(turn, activity)),
                *standing_after(turn, [activity], without=claim.id),
            ),
        ),
        dialog=Dialog(),
        entries=(
            _withdrawal(claim),
            claimed(activity, replaces=claim.id),
            *evidence.carried(claim, 1, activity.end.year),
        ),
    )


def _next_number(turn: Turn, activity: Activity) -> int:
    """The place of the new claim in the list of its year."""
    return len(claims_of(turn, activity.end.year)) + 1


def _confirm_withdrawal(turn: Turn, claim: Claim) -> Outcome:
    asked = say("withdraw.confirm", number=claim.number, what=_described(turn, claim))
    return _ask(turn, WITHDRAW, {"claim": claim.id, "year": claim.year, "number": claim.number}, asked)


def _withdrawn(turn: Turn, claim: Claim) -> Outcome:
    rest = [other for other in claims_of(turn, claim.year) if other.id != claim.id]
    return Outcome(
        replies=(
            show.text(
                say("withdraw.done", what=_described(turn, claim)),
                standing_line(turn, claim.year, rest),
            ),
        ),
        dialog=Dialog(),
        entries=(_withdrawal(claim),),
    )


def _withdrawal(claim: Claim) -> NewEntry:
    return NewEntry(kind=EntryKind.HOURS_WITHDRAWN, year=claim.year, refers_to=claim.id)


def _described(turn: Turn, claim: Claim) -> str:
    activity = claim.activity
    counted = show.counted(activity, conversion(turn, activity).hours)
    return f"{show.days(activity.start, activity.end, turn.today)} {counted}"


def _open_claims(turn: Turn, year: int) -> list[Claim]:
    return [claim for claim in claims_of(turn, year) if claim.state is not EntryState.WITHDRAWN]


def _claim(turn: Turn, claim_id: str | None, year: int) -> Claim | None:
    return next((claim for claim in claims_of(turn, year) if claim.id == claim_id), None)


def _without(turn: Turn, claim: Claim) -> Turn:
    """The turn as if the claim to be replaced were not there, so that it is not taken for a repetition."""
    others = [other for other in turn.claims if other.id != claim.id]
    return replace(turn, claims=others)


def _names_one(slots: Slots) -> bool:
    return any(key in slots for key in ("start", "title", "mode", "category"))


def _is_on(claim: Claim, slots: Slots) -> bool:
    """Whether the days said are this record's, and something else is to be changed."""
    days = (claim.activity.start, claim.activity.end)
    changes = any(key in slots for key in ("quantity", "category", "mode", "title"))
    return changes and (slots.get("start"), slots.get("end")) == days


def _without_days(slots: Slots) -> Slots:
    kept = slots.copy()
    kept.pop("start", None)
    kept.pop("end", None)
    return kept


def _is_meant(claim: Claim, slots: Slots) -> bool:
    activity = claim.activity
    return (
        ("start" not in slots or (activity.start <= slots["end"] and slots["start"] <= activity.end))
        and ("title" not in slots or slots["title"] in activity.title)
        and ("mode" not in slots or activity.mode is slots["mode"])
        and ("category" not in slots or activity.category is slots["category"])
    )


def _choose(turn: Turn, topic: str, claims: list[Claim], year: int, state: dict[str, Any]) -> Outcome:
    offered = claims[-_OFFERED:]
    labels = [_described(turn, claim) for claim in offered]
    dialog = Dialog(
        topic=topic,
        expecting="choice",
        draft={**state, "year": year},
        options=[claim.id for claim in offered],
        expires_at=turn.now + KEPT_FOR,
    )
    return Outcome(replies=(show.text(say(f"{topic}.which"), show.numbered(labels)),), dialog=dialog)


def _ask(turn: Turn, topic: str, state: dict[str, Any], *lines: str) -> Outcome:
    dialog = Dialog(topic=topic, expecting="confirm", draft=state, expires_at=turn.now + KEPT_FOR)
    return Outcome(replies=(show.text(*lines),), dialog=dialog)


def _ask_again(turn: Turn) -> Outcome:
    """Not understood: the question again; the third time also what can be done, and whom to ask."""
    missed = turn.dialog.draft.get("missed", 0) + 1
    dialog = turn.dialog.model_copy(
        update={"draft": {**turn.dialog.draft, "missed": missed}, "expires_at": turn.now + KEPT_FOR}
    )
    again = show.text(say("claim.value_unclear"), _question(turn), fallback.help_after(missed))
    return Outcome(replies=(again,), dialog=dialog, misread=fallback.misread(turn))


def _question(turn: Turn) -> str:
    """What the open correction or withdrawal waits for."""
    topic, draft = str(turn.dialog.topic), turn.dialog.draft
    claim = _claim(turn, draft.get("claim"), draft["year"])
    if claim is None:
        claims = {claim.id: claim for claim in claims_of(turn, draft["year"])}
        labels = [_described(turn, claims[one]) for one in turn.dialog.options if one in claims]
        return "\n".join((say(f"{topic}.which"), show.numbered(labels)))
    if topic == WITHDRAW:
        return say("withdraw.confirm", number=claim.number, what=_described(turn, claim))
    if draft.get("draft"):
        shown = describe(_without(turn, claim), drafts.activity(draft["draft"]))
        return say("correct.confirm", number=claim.number, what=shown)
    return say("correct.what", number=claim.number, what=show.what(claim.activity))


def open_reminder(turn: Turn) -> str:
    """What still waits, after a digression."""
    return say(f"claim.still_open_{turn.dialog.topic}", ask="\n" + _question(turn))


def _no_such(turn: Turn, year: int, index: int) -> Outcome:
    count = len(claims_of(turn, year))
    return show.answer(say("question.no_such_claim", year=year, number=index, count=count))
