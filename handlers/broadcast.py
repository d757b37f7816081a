"""HR's notices in the talk: whom, what, a preview with its forecast, the second person's approval, how it went, stop.

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
    Broadcast,
    BroadcastState,
    Colleague,
    Forecast,
    NewBroadcast,
    Noticing,
    Verdict,
    Whom,
)
from domain.delivery import Choice, Reply, ReplyKind
from domain.dialog import Dialog
from handlers import show
from handlers.choices import chosen
from handlers.turn import Outcome, Turn
from nlp.reading import Intent
from outreach.broadcasts import READ, filled, lacking
from wording import say

TOPIC = "broadcast"
APPROVE, REJECT = "approve:", "reject:"  # begin the choices of who is asked to approve
VERDICT = "verdict:"  # either of them
LEAVES_AT = time(9)  # of the day that a notice is put off to
OPEN_FOR = timedelta(hours=2)
NAMES_SHOWN = 20
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
        return show.closed(say("notice.nobody", whom=_whom(state)))
    if not state["text"]:
        return _asking(turn, state, say("notice.ask_text", whom=_whom(state), people=found.people))
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
        whom=_whom(state),
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
        return show.closed(say("notice.nobody", whom=_whom(state)))
    limit = notices.approved_above
    alone = found.people <= limit
    if not alone and not notices.colleagues:
        return show.closed(say("notice.nobody_to_approve", limit=limit))
    new = NewBroadcast(_id(turn), wanted, state["text"], _due(turn, state["day"]), found.people, approved=alone)
    if alone:
        return replace(show.closed(_begun(turn, state, found.people)), noticing=Noticing(new=new))
    asked = tuple((one, _request(new)) for one in notices.colleagues)
    told = say("notice.needs_second", limit=limit, count=len(asked))
    return replace(show.closed(told), noticing=Noticing(new=new, told=asked))


def _begun(turn: Turn, state: dict[str, Any], people: int) -> str:
    if not state["day"]:
        return say("notice.sending", people=people)
    return say("notice.scheduled", day=show.day(date.fromisoformat(state["day"]), turn.today), people=people)


def _request(new: NewBroadcast) -> Reply:
    state = {"whom": new.audience.whom, "department": new.audience.department}
    told = say("notice.asked_to_approve", unit=new.audience.unit, whom=_whom(state), people=new.size, text=new.text)
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


def _whom(state: dict[str, Any]) -> str:
    return f"{state.get('department', '')}{say('whom.' + str(state['whom']))}"


# Taps, how it went, and stopping


def kind_of_tap(turn: Turn) -> str:
    """READ or VERDICT when the message is a tap under a notice or a request to approve one; else empty."""
    choice = str(turn.message.details.get("menu_choice", ""))
    if choice.startswith(READ):
        return READ
    return VERDICT if choice.startswith((APPROVE, REJECT)) else ""


def tapped(turn: Turn) -> Outcome:
    """收到, 批准 or 不批准 under a message that was sent."""
    kind, _, broadcast_id = str(turn.message.details["menu_choice"]).partition(":")
    if f"{kind}:" == READ:
        return replace(show.answer(say("notice.thanks")), noticing=Noticing(read=broadcast_id[:16]))
    return _judged(turn, broadcast_id, BroadcastState.DUE if f"{kind}:" == APPROVE else BroadcastState.REJECTED)


def _judged(turn: Turn, broadcast_id: str, becomes: BroadcastState) -> Outcome:
    found = next((one for one in turn.facts.notices.latest if one.id == broadcast_id), None)
    if found is None or found.state is not BroadcastState.APPROVAL or found.author_id == turn.person.id:
        return show.answer(say("notice.decided"))
    approved = becomes is BroadcastState.DUE
    told = say("notice.approved", people=found.size) if approved else say("notice.rejected")
    author = next((one for one in turn.facts.notices.colleagues if one.person_id == found.author_id), None)
    heard = Reply(text=say("notice.author_approved" if approved else "notice.author_rejected"))
    verdict = Verdict(found.id, becomes, (BroadcastState.APPROVAL,))
    telling: tuple[tuple[Colleague, Reply], ...] = ((author, heard),) if author else ()
    return replace(show.answer(told), noticing=Noticing(unit=found.audience.unit, verdict=verdict, told=telling))


def status(turn: Turn) -> Outcome:
    """通知情况: the latest notices, and whom the newest did not reach."""
    notices = turn.facts.notices
    if not notices.units:
        return show.answer(say("notice.refused"))
    if not notices.latest:
        return show.answer(say("notice.none"))
    lines = [_line(turn, one) for one in notices.latest[:3]]
    return show.answer(*lines, _names(notices.latest[0], notices.unreached))


def _line(turn: Turn, one: Broadcast) -> str:
    progress = one.progress
    return say(
        "notice.status",
        day=show.day(one.created_at.astimezone(turn.now.tzinfo).date(), turn.today),
        whom=_whom({"whom": one.audience.whom, "department": one.audience.department}),
        state=say(f"notice.state.{one.state}"),
        size=one.size,
        taken=progress.taken,
        sent=progress.sent,
        waiting=progress.waiting,
        unreached=progress.unreached,
        unknown=progress.unknown,
        read=progress.read,
    )


def _names(one: Broadcast, names: tuple[str, ...]) -> str:
    if not names:
        return ""
    more = say("notice.more_names", count=one.progress.unreached) if one.progress.unreached > NAMES_SHOWN else ""
    return say("notice.unreached", names="、".join(names[:NAMES_SHOWN]), more=more)


def stop(turn: Turn) -> Outcome:
    """停止通知: what has not left yet does not leave any more."""
    going = (BroadcastState.DUE, BroadcastState.OUT)
    found = next((one for one in turn.facts.notices.latest if one.state in (*going, BroadcastState.APPROVAL)), None)
    if found is None:
        return show.answer(say("notice.nothing_to_stop" if turn.facts.notices.units else "notice.refused"))
    was = (found.state,) if found.state is BroadcastState.APPROVAL else going
    verdict = Verdict(found.id, BroadcastState.STOPPED, was)
    return replace(show.answer(say("notice.stopped")), noticing=Noticing(unit=found.audience.unit, verdict=verdict))
