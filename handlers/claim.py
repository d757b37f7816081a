"""记一条: from a sentence to a claim. What is missing is asked for at once; nothing is recorded before 对.

The dialog's draft is {"activities": [draft, …], "at": which one is asked about, "asking": what}, and once told
"region" (a place) or "no_region", and "date_settled" when an ambiguous day has been chosen.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from domain.delivery import TEXT_LIMIT
from domain.dialog import Dialog
from domain.ledger import Activity
from domain.vocabulary import Category, Mode, Unit
from handlers import draft as drafts
from handlers import evidence, show
from handlers.choices import chosen
from handlers.draft import Draft
from handlers.telling import brief, claimed, describe, recorded, standing_after
from handlers.turn import Outcome, Turn
from nlp.reading import Intent, Reading
from wording import say

TOPIC = "record"
KEPT_FOR = timedelta(hours=24)  # an unconfirmed draft
OLDEST = 10  # years back that can be recorded
CATEGORIES = (Category.PUBLIC, Category.PROFESSIONAL)
MODES = (
    Mode.TRAINING_CLASS,
    Mode.DISTANCE,
    Mode.ACADEMIC_LECTURE,
    Mode.ACADEMIC_CONFERENCE,
    Mode.SEMINAR_CLASS,
    Mode.PRACTICE,
    Mode.SELF_STUDY,
    Mode.PUBLICATION,
)
_ROOM = TEXT_LIMIT - 400  # bytes of a confirmation beside its title and the privacy notice
_SURE_WITHOUT_REGION = {Unit.CLASS_HOUR, Unit.ITEM, Unit.CREDIT}


def record(turn: Turn) -> Outcome:
    """A sentence that tells of one or more activities; they join the drafts that wait already."""
    said = [drafts.plain(slots) for slots in turn.reading.activities or (turn.reading.slots,)]
    open_draft = turn.dialog.draft if turn.dialog.topic == TOPIC else {}
    kept = {key: open_draft[key] for key in ("region", "no_region", "later") if key in open_draft}
    return proceed(turn, {**kept, "activities": [*open_draft.get("activities", ()), *said]})


def continued(turn: Turn) -> Outcome:
    """An answer, a correction or another activity while drafts wait."""
    state, reading = dict(turn.dialog.draft), turn.reading
    option = chosen(turn)
    if option is not None and state.get("asking") != "confirm":
        return _answered(turn, state, option)
    match reading.intent:
        case Intent.ANSWER_CANCEL | Intent.CLAIM_WITHDRAW:
            return replace(show.closed(say("claim.cancelled")), tasks=evidence.later(turn))
        case Intent.ANSWER_YES if state.get("asking") == "confirm":
            return _confirmed(turn, state)
        case Intent.ANSWER_SKIP if state.get("asking") == "region":
            return proceed(turn, {**state, "no_region": True})
        case Intent.CLAIM_RECORD | Intent.ANSWER_VALUE if _is_another(state, reading):
            return record(turn)
    if state.get("asking") == "region" and reading.slots.get("region") in turn.book.places:
        return proceed(turn, {**state, "region": reading.slots["region"]})
    if drafts.plain(reading.slots):
        return proceed(turn, _merged(state, reading))
    if state.get("asking") == "confirm":
        return _ask(turn, state, say("claim.what_is_wrong"))
    return _ask(turn, state, say("claim.value_unclear"), _question(turn, state))


def proceed(turn: Turn, state: dict[str, Any]) -> Outcome:
    """The next thing to say about the drafts: what cannot be, what is missing, or all of it to confirm."""
    for at, draft in enumerate(state["activities"]):
        state = {**state, "at": at}
        objection = _objection(turn, draft)
        if objection:
            emptied = {key: value for key, value in draft.items() if key not in objection[1]}
            return _ask(turn, _asking(turn, _replaced(state, emptied), objection[2]), objection[0])
        if turn.reading.ambiguities and "start" in draft and not state.get("date_settled"):
            return _ask_which_day(turn, state)
        needed = drafts.missing(draft)
        if needed:
            asking = _asking(turn, state, needed[0])
            if draft.get("photos"):
                return _ask(turn, asking, *evidence.asked(draft, needed, _question(turn, asking)))
            hint = say("claim.also_can", example=say("claim.example")) if len(needed) > 1 else ""
            return _ask(turn, asking, _question(turn, asking), hint)
        if _needs_region(turn, state, draft):
            asking = _asking(turn, state, "region")
            return _ask(turn, asking, _question(turn, asking))
    return _ask_confirmation(turn, {**state, "asking": "confirm", "options": []})


def _objection(turn: Turn, draft: Draft) -> tuple[str, tuple[str, ...], str] | None:
    """Why the draft cannot be recorded as said: the sentence, the values to forget, what to ask for."""
    if drafts.too_much(draft):
        said = show.quantity(draft["quantity"], Unit(draft["unit"]))
        return say("claim.too_much", n=said), ("quantity", "unit"), "hours"
    if "start" not in draft:
        return None
    first, last = drafts.start(draft), drafts.end(draft)
    if last > turn.today:
        return say("claim.future", day=show.day(last, turn.today)), ("start", "end"), "date"
    if first.year != last.year:
        return say("claim.across_years"), ("start", "end"), "date"
    if first.year < turn.today.year - OLDEST:
        return say("claim.too_old", day=show.day(first, turn.today)), ("start", "end"), "date"
    return None


def _needs_region(turn: Turn, state: dict[str, Any], draft: Draft) -> bool:
    known = turn.person.region or state.get("region") or state.get("no_region")
    return not known and Unit(draft["unit"]) not in _SURE_WITHOUT_REGION


def _asking(turn: Turn, state: dict[str, Any], what: str) -> dict[str, Any]:
    options: dict[str, list[str]] = {
        "category": [str(category) for category in CATEGORIES],
        "mode": [str(mode) for mode in MODES],
        "region": show.offered(turn.book),
    }
    return {**state, "asking": what, "options": options.get(what, [])}


def _question(turn: Turn, state: dict[str, Any]) -> str:
    what = state["asking"]
    if what == "confirm":
        return say("claim.confirm_ask")
    if what == "choice":
        return show.numbered([_day_range(turn, option) for option in state["options"]])
    labels: dict[str, Callable[[str], str]] = {
        "category": show.category,
        "mode": lambda code: say(f"mode.{code}"),
        "region": lambda code: show.place_name(turn.book, code),
    }
    listed = show.numbered([labels[what](option) for option in state["options"]]) if what in labels else ""
    asked = say(f"claim.ask_{what}")
    if len(state["activities"]) > 1:  # which one is meant
        asked = say("claim.of_one", what=brief(state["activities"][state["at"]]), ask=asked)
    return "\n".join(line for line in (asked, listed) if line)


def _ask_which_day(turn: Turn, state: dict[str, Any]) -> Outcome:
    ambiguity = turn.reading.ambiguities[0]
    options = [f"{first.isoformat()}/{last.isoformat()}" for first, last in ambiguity.candidates]
    asking = {**state, "asking": "choice", "options": options}
    return _ask(turn, asking, say("claim.ask_date_of", said=ambiguity.said), _question(turn, asking))


def _ask(turn: Turn, state: dict[str, Any], *lines: str) -> Outcome:
    return Outcome(replies=(show.text(*lines),), dialog=_dialog(turn, state))


def _dialog(turn: Turn, state: dict[str, Any]) -> Dialog:
    kept = {key: value for key, value in state.items() if key != "options"}
    return Dialog(
        topic=TOPIC,
        expecting=state["asking"],
        draft=kept,
        options=state.get("options", []),
        expires_at=turn.now + KEPT_FOR,
    )


def _answered(turn: Turn, state: dict[str, Any], option: str) -> Outcome:
    """A tapped or numbered option for what was asked."""
    asking = state["asking"]
    if asking == "region":
        return proceed(turn, {**state, "region": option})
    draft = dict(state["activities"][state["at"]])
    if asking == "choice":
        draft["start"], draft["end"] = option.split("/")
        return proceed(turn, {**_replaced(state, draft), "date_settled": True})
    return proceed(turn, _replaced(state, {**draft, asking: option}))


def _merged(state: dict[str, Any], reading: Reading) -> dict[str, Any]:
    return _replaced(state, drafts.merged(state["activities"][state["at"]], reading.slots))


def _replaced(state: dict[str, Any], draft: Draft) -> dict[str, Any]:
    activities = list(state["activities"])
    activities[state["at"]] = draft
    return {**state, "activities": activities}


def _is_another(state: dict[str, Any], reading: Reading) -> bool:
    """A full sentence about something else, not the missing piece of the draft asked about."""
    current = state["activities"][state["at"]]
    tells = sum(key in reading.slots for key in ("start", "quantity", "mode", "title"))
    enough = 2 if reading.intent is Intent.CLAIM_RECORD else 3  # a short answer may name two things at once
    return bool(reading.activities) or (tells >= enough and not drafts.adds_only(current, reading.slots))


def _ask_confirmation(turn: Turn, state: dict[str, Any]) -> Outcome:
    told = _with_region(turn, state)
    try:
        activities = [drafts.activity(draft) for draft in state["activities"]]
    except ValidationError:
        asking = _asking(turn, {**state, "at": 0}, "date")
        return _ask(turn, _replaced(asking, {}), say("claim.value_unclear"), say("claim.ask_date"))
    title = say("claim.confirm_titles", count=len(activities)) if len(activities) > 1 else say("claim.confirm_title")
    return _ask(
        turn,
        state,
        title,
        *_described(told, state["activities"], activities),
        say("claim.consent") if turn.person.consented_at is None else say("claim.confirm_ask"),
    )


def _described(turn: Turn, listed: list[Draft], activities: list[Activity]) -> list[str]:
    """Each activity in full with what its picture gives cause to look at; in a line where all would not fit."""
    full = [
        "\n".join(line for line in (describe(turn, activity), *evidence.lines(turn, draft, activity)) if line)
        for draft, activity in zip(listed, activities, strict=True)
    ]
    if len("\n".join(full).encode()) <= _ROOM:
        return full
    return [show.numbered([evidence.in_a_line(turn, *pair) for pair in zip(listed, activities, strict=True)])]


def _with_region(turn: Turn, state: dict[str, Any]) -> Turn:
    """The turn as it will be once the region that was just told is kept."""
    if not state.get("region"):
        return turn
    person = turn.person.model_copy(update={"region": state["region"]})
    return replace(turn, person=person)


def _confirmed(turn: Turn, state: dict[str, Any]) -> Outcome:
    told = _with_region(turn, state)
    activities = [drafts.activity(draft) for draft in state["activities"]]
    changes: dict[str, Any] = {"region": state["region"]} if state.get("region") else {}
    if turn.person.consented_at is None:
        changes["consented_at"] = turn.now
    return Outcome(
        replies=(
            show.text(
                *recorded(told, activities),
                evidence.submitted(state["activities"]),
                *standing_after(told, activities),
            ),
        ),
        dialog=Dialog(),
        entries=(
            *(claimed(activity) for activity in activities),
            *evidence.attachments(state["activities"], activities),
        ),
        person=changes,
        tasks=evidence.later(turn),
    )


def open_reminder(turn: Turn) -> str:
    """The draft that still waits, after a digression."""
    state = {**turn.dialog.draft, "options": turn.dialog.options}
    said = what_waits(turn.dialog)
    return say("claim.still_open", what=said, ask="\n" + _question(turn, state))


def what_waits(dialog: Dialog) -> str:
    return "；".join(brief(draft) for draft in dialog.draft.get("activities", []))


def _day_range(turn: Turn, option: str) -> str:
    first, last = option.split("/")
    return show.days(date.fromisoformat(first), date.fromisoformat(last), turn.today)
