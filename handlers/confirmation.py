"""请确认: the drafts as the rules see them, and what is recorded when the person says 对.

The first record also asks for consent: the privacy notice stands in that very confirmation.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from domain.delivery import TEXT_LIMIT
from domain.dialog import Dialog
from domain.ledger import Activity
from handlers import draft as drafts
from handlers import evidence, show
from handlers.asking import State
from handlers.draft import Draft
from handlers.telling import claimed, describe, standing_after, told_as_recorded, twin
from handlers.turn import Outcome, Turn
from wording import say

_ROOM = TEXT_LIMIT - 620  # bytes of a confirmation beside its title, what is alike, and the privacy notice


def asked(turn: Turn, state: State) -> list[str]:
    """The lines of the confirmation; none when a draft has a value that no activity can have."""
    known = _with_region(turn, state)
    try:
        activities = [drafts.activity(draft) for draft in state["activities"]]
    except ValidationError:
        return []
    several = len(activities) > 1
    alike = any(twin(known, activity) for activity in activities)
    return [
        say("claim.confirm_titles", count=len(activities)) if several else say("claim.confirm_title"),
        *_described(known, state["activities"], activities),
        say("claim.same_twice") if _repeats(state["activities"]) else "",
        say("claim.twice_ask") if alike else "",
        say("claim.consent") if turn.person.consented_at is None else "",
        _how_to_answer(turn, several=several) if several or not alike else "",
    ]


def _how_to_answer(turn: Turn, *, several: bool) -> str:
    if several:
        return say("claim.confirm_many")
    return say("claim.confirm_ask") if turn.person.consented_at is not None else say("claim.confirm_else")


def _repeats(listed: Sequence[Draft]) -> bool:
    return any(draft in listed[:at] for at, draft in enumerate(listed))


def _described(turn: Turn, listed: Sequence[Draft], activities: Sequence[Activity]) -> list[str]:
    """Each activity in full with what its picture gives cause to look at; in a line where all would not fit."""
    full = [
        "\n".join(line for line in (describe(turn, activity), *evidence.lines(turn, draft, activity)) if line)
        for draft, activity in zip(listed, activities, strict=True)
    ]
    if len(full) > 1:
        full = [say("claim.nth", number=at, what=told) for at, told in enumerate(full, 1)]
    if len("\n".join(full).encode()) <= _ROOM:
        return full
    return [show.numbered([evidence.in_a_line(turn, *pair) for pair in zip(listed, activities, strict=True)])]


def _with_region(turn: Turn, state: State) -> Turn:
    """The turn as it will be once the region that was just told is kept."""
    if not state.get("region"):
        return turn
    person = turn.person.model_copy(update={"region": state["region"]})
    return replace(turn, person=person)


def recorded(turn: Turn, state: State) -> Outcome:
    """对: every draft becomes a claim, with its pictures; what is then still missing is told."""
    known = _with_region(turn, state)
    activities = [drafts.activity(draft) for draft in state["activities"]]
    changes: dict[str, Any] = {"region": state["region"]} if state.get("region") else {}
    if turn.person.consented_at is None:
        changes["consented_at"] = turn.now
    told = show.text(
        *told_as_recorded(known, activities),
        evidence.submitted(state["activities"]),
        *standing_after(known, activities),
    )
    return Outcome(
        replies=(told,),
        dialog=Dialog(),
        entries=(
            *(claimed(activity) for activity in activities),
            *evidence.attachments(state["activities"], activities),
        ),
        person=changes,
        tasks=evidence.later(turn),
    )
