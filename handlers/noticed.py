"""What becomes of a notice, in the talk: taps under it, the second person's verdict, how it went, stopping it."""

from dataclasses import replace

from domain.broadcast import Broadcast, BroadcastState, Colleague, Noticing, Verdict
from domain.delivery import Reply
from handlers import show
from handlers.broadcast import APPROVE, REJECT, whom
from handlers.reminder import ask_consent
from handlers.turn import Outcome, Turn
from outreach.broadcasts import READ
from wording import say

VERDICT = "verdict:"  # a tap on either
NAMES_SHOWN = 20


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
        told = (say("notice.thanks"), *ask_consent(turn))
        return replace(show.answer(*told), noticing=Noticing(read=broadcast_id[:16]))
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
        whom=whom({"whom": one.audience.whom, "department": one.audience.department}),
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
