"""Who answers what: one table per kind of thing that arrives, and how a digression leaves the open dialog standing.

`answer(turn)` is the whole conversation as one pure function. A handler that is asked in the middle of another dialog
answers, and the open question is repeated; a new dialog begun in the middle parks the old one and gives it back.
"""

from collections.abc import Callable
from dataclasses import replace

import nlp
from domain.dialog import Dialog
from domain.message import MessageKind
from domain.task import TaskKind
from handlers import (
    appeal,
    binding,
    broadcast,
    claim,
    conversions,
    correction,
    cues,
    entrance,
    evidence,
    explanation,
    fallback,
    following,
    forms,
    learning,
    membership,
    noticed,
    overview,
    pages,
    paper,
    parking,
    planning,
    policy,
    privacy,
    profile,
    proof,
    question,
    readiness,
    reminder,
    review,
    show,
    welcome,
)
from handlers.cues import Cue
from handlers.facts import Fact
from handlers.menu import RECORD_PROMPT, meaning
from handlers.turn import Outcome, Turn
from nlp.reading import Intent, Reading
from outreach.broadcasts import READ
from rules.plan import NoRuleInForceError
from wording import say

Handler = Callable[[Turn], Outcome]

ROUTES: dict[Intent, Handler] = {
    Intent.HOURS_REMAINING: question.remaining,
    Intent.HOURS_SUMMARY: paper.progress,
    Intent.HOURS_LIST: question.listing,
    Intent.HOURS_EXPLAIN: explanation.explain,
    Intent.CLAIM_RECORD: claim.record,
    Intent.CLAIM_CORRECT: correction.correct,
    Intent.CLAIM_WITHDRAW: correction.withdraw,
    Intent.CLAIM_STATUS: appeal.status,
    Intent.PROOF_SUBMIT: proof.submit,
    Intent.CONVERT_ASK: conversions.asked,
    Intent.POLICY_ASK: policy.policy,
    Intent.READINESS_ASK: readiness.asked,
    Intent.PLAN_SUGGEST: planning.plan,
    Intent.PROFILE_SET: profile.tell,
    Intent.PROFILE_SHOW: profile.shown,
    Intent.REMINDER_SET: reminder.wanted,
    Intent.REMINDER_STOP: reminder.stopped,
    Intent.REMINDER_LIST: reminder.listed,
    Intent.RECORD_EXPORT: paper.export,
    Intent.PRIVACY_EXPORT: privacy.export,
    Intent.PRIVACY_DELETE: privacy.delete,
    Intent.HUMAN_CONTACT: fallback.saying("talk.human"),
    Intent.HELP: fallback.saying("help.text"),
    Intent.GREET: fallback.saying("talk.greet"),
    Intent.THANKS: fallback.saying("talk.thanks"),
    Intent.ANSWER_YES: fallback.nothing_to_answer,
    Intent.ANSWER_NO: fallback.nothing_to_answer,
    Intent.ANSWER_CANCEL: fallback.nothing_to_answer,
    Intent.ANSWER_SKIP: fallback.nothing_to_answer,
    Intent.ANSWER_VALUE: fallback.unknown,
    Intent.REVIEW_QUEUE: review.queue,
    Intent.REVIEW_APPROVE: review.approve,
    Intent.REVIEW_RETURN: review.send_back,
    Intent.BROADCAST_DRAFT: broadcast.draft,
    Intent.BROADCAST_STATUS: noticed.status,
    Intent.STATS_SHOW: overview.statistics,
    Intent.STAFF_LOOKUP: overview.lookup,
    Intent.CONSOLE_OPEN: entrance.opened,
    Intent.UNKNOWN: fallback.unknown,
}

EVENTS: dict[str, Handler] = {
    "subscribe": welcome.followed,
    "subscribe_scan": membership.followed,
    "unsubscribe": welcome.unfollowed,
}

TOPICS: dict[str, Handler] = {
    claim.TOPIC: claim.continued,
    correction.CORRECT: correction.continued,
    correction.WITHDRAW: correction.continued,
    welcome.TOPIC: welcome.continued,
    readiness.TOPIC: readiness.continued,
}

RESULTS: dict[TaskKind, Handler] = {  # what is said when a task has been done
    TaskKind.RENDER_FORM: paper.form_ready,
    TaskKind.RENDER_CARD: paper.card_ready,
    TaskKind.COPY_DATA: privacy.copy_ready,
    TaskKind.ERASE: privacy.not_erased,
    TaskKind.KEEP_PHOTO: proof.kept,
    TaskKind.READ_PROOF: proof.read,
    TaskKind.SHOW_PHOTO: review.picture,
    TaskKind.MAKE_CODE: binding.made,
    TaskKind.BIND: binding.bound,
}

ASIDE: dict[str, Callable[[Turn], Outcome | None]] = {  # dialogs that take what is theirs and hold nothing else up
    proof.TOPIC: proof.continued,
    review.TOPIC: review.continued,
    membership.TOPIC: membership.continued,
    privacy.TOPIC: privacy.continued,
    broadcast.TOPIC: broadcast.continued,
    profile.TOPIC: profile.continued,
}

CUES: dict[Cue, Handler] = {
    Cue.APPEAL: appeal.appeal,
    Cue.LOOKS: proof.seen_by,
    Cue.JOIN: membership.join,
    Cue.INVITE: membership.invite,
    Cue.SNOOZE: reminder.snoozed,
    Cue.STOP_NOTICE: noticed.stop,
    Cue.BIND: binding.bind,
    Cue.BIND_CODE: binding.code,
    Cue.KEEP_NO_WORDS: learning.stopped,
    Cue.KEEP_WORDS: learning.allowed,
}

_DESK = frozenset({Fact.DESK})
_REMINDERS = frozenset({Fact.REMINDERS})
_NOTICES = frozenset({Fact.NOTICES})
NEEDS: dict[Intent | str, frozenset[Fact]] = {  # by intent, topic of the open dialog, event, task kind or cue
    Intent.REVIEW_QUEUE: _DESK,
    Intent.REVIEW_APPROVE: _DESK,
    Intent.REVIEW_RETURN: _DESK,
    Intent.CLAIM_STATUS: frozenset({Fact.WAITS, Fact.REMINDERS}),
    Intent.PLAN_SUGGEST: frozenset({Fact.DAYS}),
    Intent.READINESS_ASK: frozenset({Fact.DAYS}),
    readiness.TOPIC: frozenset({Fact.DAYS}),
    policy.DEADLINES: frozenset({Fact.DAYS}),
    review.TOPIC: _DESK,
    membership.TOPIC: frozenset({Fact.MEMBERSHIP}),
    TaskKind.READ_PROOF: frozenset({Fact.MEMBERSHIP}),
    Cue.LOOKS: frozenset({Fact.LOOKS}),
    Cue.JOIN: frozenset({Fact.MEMBERSHIP}),
    **dict.fromkeys(("subscribe_scan", "scan"), frozenset({Fact.MEMBERSHIP})),
    Cue.INVITE: frozenset({Fact.DESK, Fact.FRESH_CODE}),
    Intent.REMINDER_SET: _REMINDERS,
    Intent.REMINDER_STOP: _REMINDERS,
    Intent.REMINDER_LIST: _REMINDERS,
    Cue.SNOOZE: _REMINDERS,
    Intent.CONSOLE_OPEN: frozenset({Fact.SIGN_IN}),
    Intent.STATS_SHOW: frozenset({Fact.OVERVIEW}),
    Intent.STAFF_LOOKUP: frozenset({Fact.OVERVIEW}),
    **dict.fromkeys((Intent.BROADCAST_DRAFT, Intent.BROADCAST_STATUS, broadcast.TOPIC), _NOTICES),
    forms.VERIFY: _DESK,
    forms.RETURN: _DESK,
    **dict.fromkeys((noticed.VERDICT, Cue.STOP_NOTICE), _NOTICES),
    READ: _REMINDERS,
}

READ_KINDS = {MessageKind.TEXT, MessageKind.VOICE}  # what carries words
_ANSWERS = {
    Intent.ANSWER_YES,
    Intent.ANSWER_NO,
    Intent.ANSWER_CANCEL,
    Intent.ANSWER_SKIP,
    Intent.ANSWER_VALUE,
    Intent.UNKNOWN,
}
_OF_TOPIC = {  # further intents that a topic takes as its own
    claim.TOPIC: {Intent.CLAIM_RECORD, Intent.CLAIM_CORRECT, Intent.CLAIM_WITHDRAW},
    correction.CORRECT: {Intent.CLAIM_CORRECT},
    correction.WITHDRAW: set(),
    welcome.TOPIC: {Intent.PROFILE_SET},
    readiness.TOPIC: {Intent.PROFILE_SET},
}
_ALL_YEARS = {Intent.READINESS_ASK}


def years(reading: Reading, today_year: int, topic: str | None = None) -> tuple[int, ...] | None:
    """The years whose entries a turn may need beyond this and the last one; None means all of them."""
    if reading.intent in _ALL_YEARS or topic == readiness.TOPIC:
        return None
    said = {
        slots[key].year for slots in (reading.slots, *reading.activities) for key in ("start", "end") if key in slots
    }
    if "year" in reading.slots:
        said.add(reading.slots["year"])
    return tuple(sorted(said - {today_year, today_year - 1}))


def needs(turn: Turn) -> frozenset[Fact]:
    """What the turn's route needs to know beyond the turn itself."""
    spoken = turn.message.text
    keys = (
        turn.message.event,
        (turn.dialog.topic or "") if turn.message.kind is not MessageKind.RESULT else "",
        turn.reading.intent if spoken else "",
        (cues.cue(turn) or "") if spoken else "",
        policy.topic_of(turn) if turn.reading.intent is Intent.POLICY_ASK else "",
        noticed.kind_of_tap(turn),
    )
    return frozenset().union(*(NEEDS.get(key, frozenset()) for key in keys))


def answer(turn: Turn) -> Outcome:
    """What is said and done about one message."""
    try:
        return learning.settled(turn, _answer(turn))
    except NoRuleInForceError as none:  # a year that the place has no rule for: the law says no, with a sentence
        said = show.answer(say(none.key, **none.values))
        return said if turn.expired else parking.reminded(parking.beneath(turn), said)


def _answer(turn: Turn) -> Outcome:
    if turn.message.kind is MessageKind.EVENT:
        return _event(turn)
    if turn.message.kind is MessageKind.RESULT:
        return _resulted(turn)
    if turn.message.kind is MessageKind.FORM:
        return forms.filled(turn)
    if turn.message.kind is MessageKind.IMAGE and turn.message.media_id:
        return proof.received(turn)
    if turn.message.kind not in READ_KINDS or (turn.message.kind is MessageKind.VOICE and not turn.message.text):
        return parking.reminded(turn, fallback.not_text(turn))
    return _expired(turn) if turn.expired else _spoken(turn)


def _resulted(turn: Turn) -> Outcome:
    """A task has been done. What it begins goes into the open draft, or over whatever else is open."""
    if turn.expired:
        turn = replace(turn, dialog=Dialog(), expired=False)
    beneath = parking.beneath(turn)
    if forms.is_quiet(turn):
        return forms.ended(turn)
    outcome = RESULTS[TaskKind(turn.message.event)](beneath)
    if outcome.dialog is None or beneath.dialog.topic in (None, claim.TOPIC, *ASIDE):
        return outcome
    return parking.reminded(beneath, outcome)


def _event(turn: Turn) -> Outcome:
    event, key = turn.message.event, turn.message.event_key
    if event in EVENTS:
        return EVENTS[event](turn)
    if event == "scan":
        return parking.reminded(turn, membership.scanned(turn))
    if event != "click":
        return Outcome()
    if key == RECORD_PROMPT:
        return parking.reminded(turn, show.answer(say("menu.record_prompt")))
    intent = meaning(key)
    if intent is None:
        return Outcome()
    return parking.reminded(turn, ROUTES[intent](replace(turn, reading=Reading(intent=intent))))


def _spoken(turn: Turn) -> Outcome:
    turn = following.meant(turn)
    beneath = parking.beneath(turn)
    picked = fallback.guessed(turn)
    followed = (learning.answered(turn) or following.answer(turn, beneath)) if picked is None else None
    if picked is not None:
        meant = fallback.as_picked(turn, beneath, picked)
        outcome = parking.reminded(meant, ROUTES[picked](meant))
    elif fallback.rejected(turn):
        outcome = parking.reminded(beneath, fallback.another_way(turn))
    elif followed is not None:
        outcome = parking.reminded(beneath, followed)
    elif pages.wants_more(turn):
        outcome = pages.more(turn)
        if outcome.dialog is None:
            return outcome
        parked = turn.dialog.draft.get("parked", {})
        if outcome.dialog is not None and outcome.dialog.open and parked:
            return replace(outcome, dialog=parking.over(outcome.dialog, parked))
        outcome = replace(outcome, dialog=beneath.dialog)
    else:
        outcome = _routed(beneath)
    return replace(outcome, dialog=beneath.dialog) if outcome.dialog is None and beneath is not turn else outcome


def _routed(turn: Turn) -> Outcome:
    topic = turn.dialog.topic
    if noticed.kind_of_tap(turn):
        return parking.reminded(turn, noticed.tapped(turn))
    cue = cues.cue(turn)
    if cue is not None and not (cue is Cue.SNOOZE and topic in TOPICS):  # 明天 may be the day that was asked for
        return parking.reminded(turn, CUES[cue](turn))
    if topic in ASIDE:
        taken = ASIDE[topic](turn)
        if taken is not None:
            return taken
    if topic == claim.TOPIC and turn.reading.intent is Intent.PROOF_SUBMIT:
        return _attached(turn)
    if topic == claim.TOPIC and _names_a_record(turn):
        turn = replace(turn, reading=nlp.read(turn.message.text, turn.now, None))
    turn = welcome.on_its_own(turn)
    if topic in TOPICS and _belongs(turn, topic):
        return parking.resumed(turn, TOPICS[topic](turn))
    if profile.is_told(turn):
        return parking.reminded(turn, profile.tell(turn))
    if fallback.unsure(turn):
        return parking.reminded(turn, fallback.asked_back(turn))
    return parking.reminded(turn, ROUTES[turn.reading.intent](turn))


def _attached(turn: Turn) -> Outcome:
    """这是第2条的证明 while a draft waits: when it was of that picture alone, the draft is settled with it."""
    outcome = proof.submit(turn)
    return outcome if outcome.dialog is not None and not outcome.dialog.open else parking.reminded(turn, outcome)


def _names_a_record(turn: Turn) -> bool:
    """第2条 means nothing in a draft: it points at the list, so the sentence stands on its own."""
    return turn.reading.intent is Intent.ANSWER_VALUE and "index" in turn.reading.slots and not turn.dialog.options


def _belongs(turn: Turn, topic: str) -> bool:
    """Whether the message goes on with the open dialog rather than being a question of its own."""
    intent, slots = turn.reading.intent, turn.reading.slots
    if claim.takes(turn):
        return True
    if intent in (Intent.CLAIM_CORRECT, Intent.CLAIM_WITHDRAW) and "index" in slots:
        return topic == correction.CORRECT and intent is Intent.CLAIM_CORRECT and _same_claim(turn, slots["index"])
    asked_region = turn.dialog.expecting == "region" and intent is Intent.PROFILE_SET
    picked = bool(turn.dialog.options) and turn.message.details.get("menu_choice") in turn.dialog.options
    return intent in _ANSWERS or intent in _OF_TOPIC[topic] or asked_region or picked


def _same_claim(turn: Turn, index: int) -> bool:
    return bool(turn.dialog.draft.get("number") == index)


def _expired(turn: Turn) -> Outcome:
    """A draft has run out: said at once, with what it was; the message itself is answered as if none were open."""
    turn = parking.beneath(turn)
    what = claim.what_waits(turn) if turn.dialog.topic == claim.TOPIC else ""
    fresh = replace(turn, dialog=Dialog(), expired=False)
    if not what:
        outcome = _spoken(fresh)
    elif turn.reading.intent in _ANSWERS:
        return replace(show.closed(say("claim.expired", what=what)), tasks=evidence.later(turn))
    else:
        outcome = _spoken(fresh)
        outcome = replace(outcome, replies=parking.joined(outcome.replies, say("claim.expired_note", what=what)))
    return outcome if outcome.dialog is not None else replace(outcome, dialog=Dialog())
