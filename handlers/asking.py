"""What a draft is asked for: the objection to a value, the next question, what may be tapped for it.

A question's state is the draft of a record dialog (`handlers.claim`): "asking" names what is asked for, "at" the
activity concerned, "options" what a tap or a number answers.
"""

import calendar
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from domain.delivery import Choice, Reply, ReplyKind
from domain.vocabulary import Category, Mode, Unit
from handlers import draft as drafts
from handlers import show
from handlers.draft import Draft
from handlers.telling import brief
from handlers.turn import Turn
from nlp.reading import Slots
from wording import say

State = dict[str, Any]

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
_FOR_WEEKS = {Mode.DISTANCE, Mode.SELF_STUDY, Mode.DEGREE, Mode.OVERSEAS}
_NATURAL = ("date", "hours", "category", "mode")  # the order in which people say them
_SURE_WITHOUT_REGION = {Unit.CLASS_HOUR, Unit.ITEM, Unit.CREDIT}
_BARE_DAY = re.compile(r"\D{0,4}\d{1,2}\s*[号日]?(?:[到至\-~～—]+\d{1,2}\s*[号日]?)?\D{0,3}")


def objection(turn: Turn, draft: Draft) -> tuple[str, tuple[str, ...], str] | None:
    """Why the draft cannot be recorded as said: the sentence, the values to forget, what to ask for."""
    if drafts.too_much(draft):
        said = show.quantity(draft["quantity"], Unit(draft["unit"]))
        key = "claim.too_much" if draft["quantity"] > 0 else "claim.too_little"
        return say(key, n=said), ("quantity", "unit"), "hours"
    if "start" not in draft:
        return None
    first, last = drafts.start(draft), drafts.end(draft)
    days = ("start", "end")
    if first > last:
        return say("claim.turned_round"), days, "date"
    if last > turn.today:
        return say("claim.future", day=show.day(last, turn.today)), days, "date"
    if first.year != last.year:
        return say("claim.across_years"), days, "date"
    oldest = turn.today.year - OLDEST
    if first.year < oldest:
        return say("claim.too_old", day=show.day(first, turn.today), year=oldest), days, "date"
    return None


def needs_region(turn: Turn, state: State, draft: Draft) -> bool:
    known = turn.person.region or state.get("region") or state.get("no_region")
    return not known and Unit(draft["unit"]) not in _SURE_WITHOUT_REGION


def whole_month(draft: Draft) -> bool:
    """Whether only a month was said for something shorter: 6月培训3天. Not asked again once it is settled.

    What one learns by oneself goes on for weeks, and a proof says what it says.
    """
    if "start" not in draft or draft.get("month_settled") or draft.get("photos") or draft.get("mode") in _FOR_WEEKS:
        return False
    first, last = drafts.start(draft), drafts.end(draft)
    length = calendar.monthrange(first.year, first.month)[1]
    return (first.day, last.day) == (1, length) and (first.year, first.month) == (last.year, last.month)


def in_month(draft: Draft, slots: Slots, text: str) -> Slots:
    """15号 in answer to which day of June: the fifteenth of June, not of this month."""
    if not whole_month(draft) or "start" not in slots or not _BARE_DAY.fullmatch(text.strip()):
        return slots
    month = drafts.start(draft)
    try:
        start, end = (slots[key].replace(year=month.year, month=month.month) for key in ("start", "end"))
    except ValueError:
        return slots
    return {**slots, "start": start, "end": end}


def asking(turn: Turn, state: State, what: str) -> State:
    """The state that asks for `what`, with its options."""
    options: dict[str, list[str]] = {
        "category": [str(category) for category in CATEGORIES],
        "mode": [str(mode) for mode in MODES],
        "region": show.offered(turn.book),
        "which": [str(at) for at in range(len(state["activities"]))],
    }
    return {**state, "asking": what, "options": options.get(what, [])}


def asked(turn: Turn, state: State) -> str:
    """The question itself."""
    what = state["asking"]
    if what == "which":
        return say("claim.ask_which")
    if what == "choice":
        return say("claim.ask_date_of", said=state.get("said", ""))
    if what == "month":
        return say("claim.ask_month", month=drafts.start(state["activities"][state["at"]]).month)
    question = say(f"claim.ask_{what}")
    if len(state["activities"]) > 1 and what != "region":  # which one is meant
        return say("claim.of_one", what=brief(state["activities"][state["at"]], turn.today), ask=question)
    return question


def labels(turn: Turn, state: State) -> list[str]:
    """The options as people read them, in order."""
    label: dict[str, Callable[[str], str]] = {
        "category": show.category,
        "mode": lambda code: say(f"mode.{code}"),
        "region": lambda code: show.place_name(turn.book, code),
        "choice": lambda option: _day_range(turn, option),
        "which": lambda at: brief(state["activities"][int(at)], turn.today),
    }
    return [label[state["asking"]](option) for option in state["options"]]


def listed(turn: Turn, state: State) -> str:
    """Question and options in one bubble: where it is repeated under something else."""
    if state["asking"] == "confirm":
        return say("claim.confirm_ask")
    return "\n".join(line for line in (asked(turn, state), show.numbered(labels(turn, state))) if line)


def taps(turn: Turn, state: State) -> tuple[Reply, ...]:
    """The options to tap, under the question; none where there is nothing to choose from."""
    shown = labels(turn, state)
    if not shown:
        return ()
    choices = [Choice(id=one, label=label[:60]) for one, label in zip(state["options"], shown, strict=True)]
    return (Reply(kind=ReplyKind.MENU, text=say("claim.tap"), choices=choices),)


def hint(needed: list[str]) -> str:
    """How to say all that is missing at once; nothing where one thing is."""
    if len(needed) < 2:
        return ""
    ordered = [what for what in _NATURAL if what in needed]
    return say("claim.also_can", example="，".join(say(f"claim.example_{what}") for what in ordered))


def _day_range(turn: Turn, option: str) -> str:
    first, last = option.split("/")
    return show.days(date.fromisoformat(first), date.fromisoformat(last), turn.today)
