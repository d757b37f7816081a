"""记一条: from a sentence to a claim. What is missing is asked for at once; nothing is recorded before 对.

The dialog's draft is {"activities": [draft, …], "at": which one is asked about, "asking": what}, and once told
"region" (a place) or "no_region"; "trail" holds the questions before this one, for 上一步; "missed" counts answers in
a row that were not understood; "pending" is a value whose activity is being asked for.
"""

from dataclasses import replace
from datetime import timedelta

from domain.dialog import Dialog
from domain.vocabulary import Mode
from handlers import asking, confirmation, evidence, fallback, show
from handlers import draft as drafts
from handlers.asking import State
from handlers.choices import chosen
from handlers.draft import Draft
from handlers.telling import brief
from handlers.turn import Outcome, Turn
from nlp.reading import Intent, Reading
from wording import say

TOPIC = "record"
KEPT_FOR = timedelta(hours=24)  # an unconfirmed draft
MOST = 8  # activities that are confirmed together
_STEPS = 8  # questions that 上一步 goes back
_SNAPSHOT = ("activities", "at", "asking", "options", "region", "no_region")


def record(turn: Turn) -> Outcome:
    """A sentence that tells of one or more activities; they join the drafts that wait already."""
    said = [drafts.plain(slots) for slots in turn.reading.activities or (turn.reading.slots,)]
    state = _state(turn) if turn.dialog.topic == TOPIC else {"activities": []}
    waiting = state["activities"]
    new = [draft for draft in said if draft not in waiting]
    if not new:
        return _noted(proceed(turn, state), say("claim.waits_already"))
    together = [*waiting, *new][:MOST]
    kept: State = {key: state[key] for key in ("region", "no_region", "later", "trail") if key in state}
    outcome = proceed(turn, {**kept, "activities": together})
    left = len(waiting) + len(new) - len(together)
    return _noted(outcome, say("claim.too_many", count=len(together))) if left else outcome


def continued(turn: Turn) -> Outcome:
    """An answer, a correction or another activity while drafts wait."""
    state, reading = _state(turn), turn.reading
    if reading.back:
        return _back(turn, state)
    option = chosen(turn)
    if option is not None and state["asking"] != "confirm":
        return _advanced(turn, state, _answered(turn, state, option))
    if "index" in reading.slots and len(state["activities"]) > 1:
        return _edited(turn, state, reading.slots["index"] - 1)
    match reading.intent:
        case Intent.ANSWER_CANCEL | Intent.CLAIM_WITHDRAW:
            return _given_up(turn, "claim.cancelled")
        case Intent.ANSWER_YES if state["asking"] == "confirm":
            return confirmation.recorded(turn, state)
        case Intent.ANSWER_SKIP:
            return _skipped(turn, state)
        case Intent.ANSWER_YES | Intent.ANSWER_NO if state.get("not_yet"):
            return _given_up(turn, "claim.not_yet")
        case Intent.CLAIM_RECORD | Intent.ANSWER_VALUE if _is_another(state, reading):
            return record(turn)
    return _told(turn, state)


def _told(turn: Turn, state: State) -> Outcome:
    """Values for the draft asked about, or for several; a no without one; or nothing that could be used."""
    slots = turn.reading.slots
    if state["asking"] == "region" and slots.get("region") in turn.book.places:
        return _advanced(turn, state, {**state, "region": slots["region"]})
    values = drafts.plain(slots)
    if values and len(state["activities"]) > 1 and _means_all(turn):
        changed = [drafts.merged(draft, slots) for draft in state["activities"]]
        return _advanced(turn, state, {**state, "activities": changed})
    if values and state["asking"] == "confirm" and len(state["activities"]) > 1:
        which = asking.asking(turn, {**state, "pending": values}, "which")
        return _ask(turn, {**which, "trail": _trail(state)})
    if values:
        draft = state["activities"][state["at"]]
        said = drafts.merged(draft, asking.in_month(draft, slots, turn.message.text))
        outcome = _advanced(turn, state, _replaced(state, said))
        repeated = said == draft and len(values) > len(("start", "end", "quantity"))
        return _noted(outcome, say("claim.waits_already")) if repeated else outcome
    if turn.reading.intent is Intent.ANSWER_NO:
        return _refused(turn, state)
    return _unclear(turn, state)


def _advanced(turn: Turn, state: State, after: State) -> Outcome:
    """What comes after an answer; the question answered is kept for 上一步 unless it has to be asked again."""
    settled = {key: value for key, value in after.items() if key not in ("missed", "not_yet", "pending")}
    outcome = proceed(turn, {**settled, "trail": _trail(state)})
    dialog = outcome.dialog
    if dialog is None or state["asking"] == "confirm":
        return outcome
    if (dialog.draft.get("asking"), dialog.draft.get("at")) != (state["asking"], state["at"]):
        return outcome
    same = dialog.model_copy(update={"draft": {**dialog.draft, "trail": state.get("trail", [])}})
    return replace(outcome, dialog=same)


def _trail(state: State) -> list[State]:
    return [*state.get("trail", []), {key: state[key] for key in _SNAPSHOT if key in state}][-_STEPS:]


def _back(turn: Turn, state: State) -> Outcome:
    """上一步: the question before, with what was known when it was asked."""
    trail = state.get("trail", [])
    if not trail:
        return _ask(turn, state, say("claim.first_step"))
    kept = {key: value for key, value in state.items() if key in ("later", "parked")}
    before = {**kept, **trail[-1], "trail": trail[:-1]}
    return _ask_confirmation(turn, before) if before["asking"] == "confirm" else _ask(turn, before)


def _edited(turn: Turn, state: State, at: int) -> Outcome:
    """第2条改成4学时, 去掉第一条: one of the drafts in the list."""
    if not 0 <= at < len(state["activities"]):
        return _ask(turn, state, say("claim.no_such_draft", number=at + 1, count=len(state["activities"])))
    values = drafts.plain(turn.reading.slots)
    if _says(turn, "claim.only_words"):
        return _advanced(turn, state, {**state, "activities": [state["activities"][at]]})
    if turn.reading.intent is Intent.CLAIM_WITHDRAW or (not values and _says(turn, "claim.drop_words")):
        rest = [draft for place, draft in enumerate(state["activities"]) if place != at]
        return _noted(_advanced(turn, state, {**state, "activities": rest}), say("claim.dropped", number=at + 1))
    if not values:
        return _ask(turn, {**state, "at": at}, say("claim.what_of_it", number=at + 1))
    merged = drafts.merged(state["activities"][at], turn.reading.slots)
    return _advanced(turn, state, _replaced({**state, "at": at}, merged))


def _skipped(turn: Turn, state: State) -> Outcome:
    """跳过, 不知道: what can be left open or has a usual value goes on; what decides the hours is explained."""
    draft = state["activities"][state["at"]]
    match state["asking"]:
        case "region":
            return _advanced(turn, state, {**state, "no_region": True})
        case "mode":
            return _advanced(turn, state, _replaced(state, {**draft, "mode": str(Mode.TRAINING_CLASS)}))
        case "month":
            return _advanced(turn, state, _replaced(state, {**draft, "month_settled": True}))
        case "date" | "hours" | "category" as what:
            return _ask(turn, state, say(f"claim.needs_{what}"))
    return _unclear(turn, state)


def _refused(turn: Turn, state: State) -> Outcome:
    """不对, 都不对: asked openly what is right."""
    if state["asking"] == "choice":
        emptied = {key: value for key, value in state["activities"][state["at"]].items() if key not in ("start", "end")}
        return _ask(turn, asking.asking(turn, _replaced(state, emptied), "date"))
    if state["asking"] in ("category", "mode"):
        return _ask(turn, state, say(f"claim.none_of_{state['asking']}"))
    several = say("claim.what_is_wrong_of_many") if len(state["activities"]) > 1 else say("claim.what_is_wrong")
    return Outcome(replies=(show.text(several),), dialog=_dialog(turn, state))


def _unclear(turn: Turn, state: State) -> Outcome:
    """Not understood: the question again; the third time also what can be done, and whom to ask."""
    missed = state.get("missed", 0) + 1
    again = show.text(say("claim.value_unclear"), asking.listed(turn, state), fallback.help_after(missed))
    return Outcome(replies=(again,), dialog=_dialog(turn, {**state, "missed": missed}), misread=fallback.misread(turn))


def _given_up(turn: Turn, key: str) -> Outcome:
    return replace(show.closed(say(key)), tasks=evidence.later(turn))


def proceed(turn: Turn, state: State) -> Outcome:
    """The next thing to say about the drafts: what cannot be, what is missing, or all of it to confirm."""
    for at, draft in enumerate(state["activities"]):
        state = {**state, "at": at}
        objection = asking.objection(turn, draft)
        if objection:
            why, wrong, what = objection
            emptied = {key: value for key, value in draft.items() if key not in wrong}
            not_yet = {"not_yet": True} if what == "date" and drafts.end(draft) > turn.today else {}
            again = asking.asking(turn, {**_replaced(state, emptied), **not_yet}, what)
            return Outcome(replies=(show.text(why),), dialog=_dialog(turn, again))
        candidates = _candidates(turn, draft)
        if candidates:
            return _ask(turn, {**state, "asking": "choice", **candidates})
        needed = drafts.missing(draft)
        if asking.whole_month(draft):
            return _ask(turn, {**state, "asking": "month", "options": []}, hint="")
        if needed:
            return _ask_missing(turn, state, draft, needed)
        if asking.needs_region(turn, state, draft):
            return _ask(turn, asking.asking(turn, state, "region"))
    return _ask_confirmation(turn, {**state, "asking": "confirm", "options": []})


def _candidates(turn: Turn, draft: Draft) -> State | None:
    """The days that the words of this draft's day may mean, when that is more than one."""
    for found in turn.reading.ambiguities:
        options = [f"{first.isoformat()}/{last.isoformat()}" for first, last in found.candidates]
        if f"{draft.get('start')}/{draft.get('end')}" in options:
            return {"options": options, "said": found.said}
    return None


def _ask_missing(turn: Turn, state: State, draft: Draft, needed: list[str]) -> Outcome:
    after = asking.asking(turn, state, needed[0])
    if draft.get("photos"):
        lines = evidence.asked(draft, needed, asking.listed(turn, after))
        return Outcome(replies=(show.text(*lines),), dialog=_dialog(turn, after))
    return _ask(turn, after, hint=asking.hint(needed))


def _ask_confirmation(turn: Turn, state: State) -> Outcome:
    lines = confirmation.asked(turn, state)
    if not lines:  # a value that no activity can have
        again = asking.asking(turn, {**state, "at": 0}, "date")
        return _ask(turn, _replaced(again, {}), say("claim.value_unclear"))
    return Outcome(replies=(show.text(*lines),), dialog=_dialog(turn, state))


def _ask(turn: Turn, state: State, *before: str, hint: str = "") -> Outcome:
    """`before` and the question in a bubble, what may be tapped in another."""
    if state["asking"] == "confirm":
        return Outcome(replies=(show.text(*before, say("claim.confirm_ask")),), dialog=_dialog(turn, state))
    question = show.text(*before, asking.asked(turn, state), hint)
    return Outcome(replies=(question, *asking.taps(turn, state)), dialog=_dialog(turn, state))


def _noted(outcome: Outcome, note: str) -> Outcome:
    """The outcome with a line before everything."""
    return replace(outcome, replies=(show.text(note, outcome.replies[0].text), *outcome.replies[1:]))


def _state(turn: Turn) -> State:
    return {"at": 0, "asking": "confirm", **turn.dialog.draft, "options": turn.dialog.options}


def _dialog(turn: Turn, state: State) -> Dialog:
    kept = {key: value for key, value in state.items() if key != "options"}
    expecting = {"month": "date", "which": "choice"}.get(state["asking"], state["asking"])
    return Dialog(
        topic=TOPIC,
        expecting=expecting,
        draft=kept,
        options=state.get("options", []),
        expires_at=turn.now + KEPT_FOR,
    )


def _answered(turn: Turn, state: State, option: str) -> State:
    """A tapped or numbered option for what was asked."""
    what = state["asking"]
    if what == "region":
        return {**state, "region": option}
    if what == "which":
        at = int(option)
        return _replaced({**state, "at": at}, {**state["activities"][at], **state["pending"]})
    draft = dict(state["activities"][state["at"]])
    if what == "choice":
        draft["start"], draft["end"] = option.split("/")
        return _replaced(state, draft)
    return _replaced(state, {**draft, what: option})


def _replaced(state: State, draft: Draft) -> State:
    activities = list(state["activities"])
    activities[state["at"]] = draft
    return {**state, "activities": activities}


def _says(turn: Turn, key: str) -> bool:
    return any(word in turn.message.text for word in say(key).split())


def _means_all(turn: Turn) -> bool:
    return _says(turn, "claim.all_words")


def _is_another(state: State, reading: Reading) -> bool:
    """A full sentence about something else, not the missing piece of the draft asked about."""
    current = state["activities"][state["at"]]
    tells = sum(key in reading.slots for key in ("start", "quantity", "mode", "title"))
    enough = 2 if reading.intent is Intent.CLAIM_RECORD else 3  # a short answer may name two things at once
    return bool(reading.activities) or (tells >= enough and not drafts.adds_only(current, reading.slots))


def open_reminder(turn: Turn) -> str:
    """The draft that still waits, after a digression."""
    said = what_waits(turn)
    return say("claim.still_open", what=said, ask="\n" + asking.listed(turn, _state(turn)))


def what_waits(turn: Turn) -> str:
    return "；".join(brief(draft, turn.today) for draft in turn.dialog.draft.get("activities", []))


def takes(turn: Turn) -> bool:
    """Whether 第2条 means one of the drafts in the list rather than a record."""
    index = turn.reading.slots.get("index", 0)
    return turn.dialog.topic == TOPIC and 1 <= index <= len(turn.dialog.draft["activities"]) > 1
