"""记一条: from a sentence to a claim. What is missing is asked for at once; nothing is recorded before 对.

The dialog's draft is {"activities": [draft, …], "at": which one is asked about, "asking": what, "no_region": bool}.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from domain.dialog import Dialog
from domain.ledger import Activity, Claim, EntryKind, NewEntry
from domain.vocabulary import Category, EntryState, Mode, Unit
from handlers import draft as drafts
from handlers import show
from handlers.choices import chosen
from handlers.draft import Draft
from handlers.explanation import show_step
from handlers.question import missing
from handlers.standing import PENDING, claims_of, conversion, ruling
from handlers.turn import Outcome, Turn
from nlp.reading import Intent, Reading
from rules.plan import NoRuleInForceError
from rules.ruling import Conversion
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
_SURE_WITHOUT_REGION = {Unit.CLASS_HOUR, Unit.ITEM, Unit.CREDIT}


def record(turn: Turn) -> Outcome:
    """A sentence that tells of one or more activities; they join the drafts that wait already."""
    said = [drafts.plain(slots) for slots in turn.reading.activities or (turn.reading.slots,)]
    waiting = list(turn.dialog.draft["activities"]) if turn.dialog.topic == TOPIC else []
    return proceed(turn, {"activities": [*waiting, *said]})


def continued(turn: Turn) -> Outcome:
    """An answer, a correction or another activity while drafts wait."""
    state, reading = dict(turn.dialog.draft), turn.reading
    option = chosen(turn)
    if option is not None and state.get("asking") != "confirm":
        return _answered(turn, state, option)
    match reading.intent:
        case Intent.ANSWER_CANCEL | Intent.CLAIM_WITHDRAW:
            return show.closed(say("claim.cancelled"))
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
        asked = say("claim.of_one", what=_brief(state["activities"][state["at"]]), ask=asked)
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
        asking = _asking(turn, {**state, "at": 0}, "hours")
        return _ask(turn, _replaced(asking, {}), say("claim.value_unclear"), say("claim.ask_date"))
    title = say("claim.confirm_titles", count=len(activities)) if len(activities) > 1 else say("claim.confirm_title")
    return _ask(
        turn,
        state,
        title,
        *(describe(told, activity) for activity in activities),
        say("claim.consent") if turn.person.consented_at is None else say("claim.confirm_ask"),
    )


def describe(turn: Turn, activity: Activity) -> str:
    """An activity as the rules see it, for the person to confirm."""
    found = conversion(turn, activity)
    twin = _twin(turn, activity)
    return "\n".join(
        line
        for line in (
            say("claim.line_day", day=show.days(activity.start, activity.end, turn.today)),
            say("claim.line_what", what=show.what(activity)),
            say("claim.line_category", category=show.category(activity.category)),
            say("claim.line_hours", hours=show.hours(found.hours)),
            *(show_step(step) for step in found.steps),
            say("claim.line_other_year", year=activity.end.year) if activity.end.year != turn.today.year else "",
            say("claim.similar", number=twin.number) if twin else "",
        )
        if line
    )


def _twin(turn: Turn, activity: Activity) -> Claim | None:
    that_day = (claim for claim in claims_of(turn, activity.end.year) if claim.activity.start == activity.start)
    return next((claim for claim in that_day if _is_like(claim, activity)), None)


def _is_like(claim: Claim, activity: Activity) -> bool:
    same = (claim.activity.mode, claim.activity.category) == (activity.mode, activity.category)
    return same and claim.state is not EntryState.WITHDRAWN


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
        replies=(show.text(*_recorded(told, activities), *standing_after(told, activities)),),
        dialog=Dialog(),
        entries=tuple(claimed(activity) for activity in activities),
        person=changes,
    )


def claimed(activity: Activity, replaces: str | None = None) -> NewEntry:
    return NewEntry(kind=EntryKind.HOURS_CLAIMED, year=activity.end.year, activity=activity, replaces=replaces)


def _recorded(turn: Turn, activities: list[Activity]) -> list[str]:
    lines = [say("claim.recorded_many", count=len(activities))] if len(activities) > 1 else []
    for activity in activities:
        found: Conversion = conversion(turn, activity)
        if found.hours is None:
            why = show.step(found.steps[-1]) if found.steps else say("claim.who_decides")
            lines.append(say("claim.recorded_open", what=show.what(activity), why=why))
        else:
            lines.append(say("claim.recorded", what=show.counted(activity, found.hours)))
    return lines


def standing_after(turn: Turn, added: list[Activity], without: str | None = None) -> list[str]:
    """What is missing, per year touched, once `added` are there and the claim `without` is gone."""
    return [_standing_line(turn, year, added, without) for year in dict.fromkeys(one.end.year for one in added)]


def _standing_line(turn: Turn, year: int, added: list[Activity], without: str | None) -> str:
    claims = [claim for claim in claims_of(turn, year) if claim.id != without]
    new = [_as_claim(activity, at, turn) for at, activity in enumerate(added) if activity.end.year == year]
    return standing_line(turn, year, [*claims, *new])


def standing_line(turn: Turn, year: int, claims: list[Claim]) -> str:
    try:
        found = ruling(turn, year, claims)
    except NoRuleInForceError as none:
        return say(none.key, **none.values)
    gap = missing(found)
    if not gap:
        return say("claim.now_done", year=year)
    parts = [
        say("claim.part", category=show.category(name), hours=hours)
        for name, hours in found.remaining.items()
        if name != "total" and hours
    ]
    joined = say("claim.now_parts", parts="，".join(parts)) if parts else ""
    return say("claim.now_remaining", year=year, hours=gap, parts=joined)


def _as_claim(activity: Activity, at: int, turn: Turn) -> Claim:
    return Claim(
        id=f"{PENDING}{at}",
        number=0,
        year=activity.end.year,
        activity=activity,
        state=EntryState.CLAIMED,
        recorded_at=turn.now,
    )


def open_reminder(turn: Turn) -> str:
    """The draft that still waits, after a digression."""
    state = {**turn.dialog.draft, "options": turn.dialog.options}
    said = what_waits(turn.dialog)
    return say("claim.still_open", what=said, ask="\n" + _question(turn, state))


def what_waits(dialog: Dialog) -> str:
    return "；".join(_brief(draft) for draft in dialog.draft.get("activities", []))


def _brief(draft: Draft) -> str:
    parts = []
    if "start" in draft:
        first, last = draft["start"], draft["end"]
        parts.append(first if first == last else say("date.range", start=first, end=last))
    if "mode" in draft:
        parts.append(say(f"mode.{draft['mode']}"))
    if draft.get("title"):
        parts.append(f"《{draft['title']}》")
    if "quantity" in draft:
        parts.append(show.quantity(draft["quantity"], Unit(draft["unit"])))
    if "category" in draft:
        parts.append(show.category(draft["category"]))
    return " ".join(parts)


def _day_range(turn: Turn, option: str) -> str:
    first, last = option.split("/")
    return show.days(date.fromisoformat(first), date.fromisoformat(last), turn.today)
