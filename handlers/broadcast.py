"""HR writes a notice in the talk: whom it is for, what it says, a preview with its forecast, whom to ask.

The dialog's draft is {"whom", "department", "region", "text", "day"}: whom it is for, the text once it has been
said, the ISO day on which it is to leave (empty: now).
"""

import calendar
import hashlib
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from domain.broadcast import (
    TEXT_LENGTH,
    Audience,
    Forecast,
    NewBroadcast,
    Noticing,
    Whom,
)
from domain.delivery import Choice, Reply, ReplyKind
from domain.dialog import Dialog
from handlers import show
from handlers.choices import chosen
from handlers.turn import Outcome, Turn
from nlp.reading import Intent
from outreach.broadcasts import filled, lacking
from wording import say

TOPIC = "broadcast"
APPROVE, REJECT = "approve:", "reject:"  # begin the choices of who is asked to approve
LEAVES_AT = time(9)  # of the day that a notice is put off to
OPEN_FOR = timedelta(hours=2)
MOST_AHEAD = timedelta(days=180)
TERSE = 6  # characters: what is shorter is an answer or an order, no notice
_WHOM = tuple(Whom)
_OTHER_ORDERS = frozenset(
    {
        Intent.REVIEW_QUEUE,
        Intent.REVIEW_APPROVE,
        Intent.REVIEW_RETURN,
        Intent.BROADCAST_STATUS,
        Intent.STATS_SHOW,
        Intent.STAFF_LOOKUP,
        Intent.CONSOLE_OPEN,
    }
)


# What the loader asks: pure over the turn


def audience(turn: Turn, units: tuple[str, ...]) -> Audience | None:
    """The audience that this turn is about, for its forecast; None when it is about none yet."""
    draft = _draft(turn)
    if not units or draft.get("whom") is None:
        return None
    return Audience(units[0], Whom(draft["whom"]), turn.today.year, draft["department"], draft["region"])


def _draft(turn: Turn) -> dict[str, Any]:
    """What is known of the notice after this message."""
    slots = turn.reading.slots
    if turn.reading.intent is Intent.BROADCAST_DRAFT and not _goes_on(turn):
        department, said = str(slots.get("department", "")), slots.get("audience")
        whom = said or (Whom.ALL if department else None)
        return {
            "whom": str(whom) if whom else None,
            "department": department,
            "region": str(slots.get("region", "")),
            "text": _said_text(turn.message.text),
            "day": "",
        }
    draft = dict(turn.dialog.draft)
    if draft.get("whom") is None:
        picked = chosen(turn)
        return draft | {"whom": picked} if picked else draft
    return draft


def _goes_on(turn: Turn) -> bool:
    """A sentence that reads like a new notice is the text of the one that is being written."""
    return turn.dialog.topic == TOPIC and turn.dialog.draft.get("whom") is not None and not turn.dialog.draft["text"]


def _said_text(text: str) -> str:
    """The notice itself, when it was said along: behind the first colon or line break."""
    for mark in ("：", ":", "\n"):
        _, found, rest = text.partition(mark)
        if found and len(rest.strip()) >= 4:
            return rest.strip()
    return ""


# The talk


def draft(turn: Turn) -> Outcome:
    """给没学公需课的人发通知…"""
    if not turn.facts.notices.units:
        return show.answer(say("notice.refused"))
    return _next(turn, _draft(turn))


def continued(turn: Turn) -> Outcome | None:
    """The answer to what was asked last; None when the message is something else."""
    state = _draft(turn)
    if turn.reading.intent is Intent.ANSWER_CANCEL or (turn.reading.intent is Intent.ANSWER_NO and state.get("text")):
        return show.closed(say("notice.cancelled"))
    if state.get("whom") is None or turn.dialog.draft.get("whom") is None:
        return _next(turn, state) if state.get("whom") else None
    text = turn.message.text.strip()
    if not state["text"]:
        return _next(turn, state | {"text": text})
    if text == say("notice.confirm_word") or turn.reading.intent is Intent.ANSWER_YES:
        return _confirmed(turn, state)
    if "start" in turn.reading.slots and len(text) <= 12:
        return _put_off(turn, state, turn.reading.slots["start"])
    return _next(turn, state | {"text": text}) if _is_new_text(turn, text) else None


def _is_new_text(turn: Turn, text: str) -> bool:
    """A longer statement is taken for the changed notice; a question or another order of HR's is not."""
    return len(text) > TERSE and text[-1] not in "?？吗" and turn.reading.intent not in _OTHER_ORDERS


def _next(turn: Turn, state: dict[str, Any]) -> Outcome:
    """Asks for what is missing, or shows the preview."""
    if state.get("whom") is None:
        listed = show.numbered([say(f"whom.{whom}") for whom in _WHOM])
        return _asking(turn, state, say("notice.ask_whom", options=listed), [str(whom) for whom in _WHOM])
    found = turn.facts.notices.forecast or Forecast()
    if not found.people:
        return show.closed(say("notice.nobody", whom=whom(state)))
    if not state["text"]:
        return _asking(turn, state, say("notice.ask_text", whom=whom(state), people=found.people))
    if len(state["text"]) > TEXT_LENGTH:
        told = say("notice.too_long", limit=TEXT_LENGTH, length=len(state["text"]))
        return _asking(turn, state | {"text": ""}, told)
    return _asking(turn, state, _preview(turn, state, found))


def _asking(turn: Turn, state: dict[str, Any], question: str, options: list[str] | None = None) -> Outcome:
    expecting = "choice" if options else "confirm"
    dialog = Dialog(
        topic=TOPIC, expecting=expecting, draft=state, options=options or [], expires_at=turn.now + OPEN_FOR
    )
    return Outcome(replies=(show.text(question),), dialog=dialog)


def _preview(turn: Turn, state: dict[str, Any], found: Forecast) -> str:
    items = lacking(state["text"])
    return say(
        "notice.preview",
        whom=whom(state),
        people=found.people,
        reachable=found.reachable,
        by_message=found.by_message,
        by_consent=found.by_consent,
        rest=found.people - found.reachable,
        missing=say("notice.missing_items", items="、".join(items)) + "\n" if items else "",
        examples="\n".join(
            say("notice.example", name=one.name, text=show.fit(filled(state["text"], one), 240))
            for one in found.examples
        ),
        when=_when(turn, state["day"]),
    )


def _put_off(turn: Turn, state: dict[str, Any], day: date) -> Outcome:
    """A day without a year is read as past ones are; what is meant here lies ahead, and not too far."""
    ahead = day if day >= turn.today else _next_year(day)
    if ahead > turn.today + MOST_AHEAD:
        return _asking(turn, state, say("notice.past"))
    return _next(turn, state | {"day": ahead.isoformat()})


def _next_year(day: date) -> date:
    last = calendar.monthrange(day.year + 1, day.month)[1]
    return day.replace(year=day.year + 1, day=min(day.day, last))


def _confirmed(turn: Turn, state: dict[str, Any]) -> Outcome:
    notices, found = turn.facts.notices, turn.facts.notices.forecast or Forecast()
    wanted = audience(turn, notices.units)
    if wanted is None or not found.people:
        return show.closed(say("notice.nobody", whom=whom(state)))
    limit = notices.approved_above
    alone = found.people <= limit
    if not alone and not notices.colleagues:
        return show.closed(say("notice.nobody_to_approve", limit=limit))
    new = NewBroadcast(_id(turn), wanted, state["text"], _due(turn, state["day"]), found.people, approved=alone)
    if alone:
        return replace(show.closed(_begun(turn, state, found.people)), noticing=Noticing(new=new))
    asked = tuple((one, request(new)) for one in notices.colleagues)
    told = say("notice.needs_second", limit=limit, count=len(asked))
    return replace(show.closed(told), noticing=Noticing(new=new, told=asked))


def _begun(turn: Turn, state: dict[str, Any], people: int) -> str:
    if not state["day"]:
        return say("notice.sending", people=people)
    return say("notice.scheduled", day=show.day(date.fromisoformat(state["day"]), turn.today), people=people)


def request(new: NewBroadcast) -> Reply:
    """What the second person is asked, with a tap for each answer."""
    state = {"whom": new.audience.whom, "department": new.audience.department}
    told = say("notice.asked_to_approve", unit=new.audience.unit, whom=whom(state), people=new.size, text=new.text)
    choices = [
        Choice(id=f"{APPROVE}{new.id}", label=say("notice.approve")),
        Choice(id=f"{REJECT}{new.id}", label=say("notice.reject")),
    ]
    return Reply(kind=ReplyKind.MENU, text=show.fit(told, 1500), choices=choices)


def _id(turn: Turn) -> str:
    """Follows from the message, so that a turn that is run again makes the same notice."""
    return hashlib.sha256(turn.message.key.encode()).hexdigest()[:16]


def _due(turn: Turn, day: str) -> datetime:
    if not day:
        return turn.now
    return max(turn.now, datetime.combine(date.fromisoformat(day), LEAVES_AT, turn.now.tzinfo))


def _when(turn: Turn, day: str) -> str:
    if not day:
        return say("notice.now")
    return say("notice.on_day", day=show.day(date.fromisoformat(day), turn.today))


def whom(state: dict[str, Any]) -> str:
    """Whom a notice is for, in words."""
    return f"{state.get('department', '')}{say('whom.' + str(state['whom']))}"
