"""What the person has told about themselves. Region and field of work are settings; name, employer and career are kept
only after the privacy notice has been accepted.

While that is asked, the dialog's draft is {"name": …, "facts": {…}}.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import nlp
from domain.dialog import Dialog
from domain.person import Person
from domain.vocabulary import WorkField
from handlers import show
from handlers.learning import KEPT, KEY
from handlers.turn import Outcome, Turn
from handlers.welcome import region_told, work_field_told
from nlp.particulars import Particulars, particulars
from nlp.reading import Expecting, Intent
from wording import say

TOPIC = "profile"
_OPEN_FOR = timedelta(hours=24)


def is_told(turn: Turn) -> bool:
    """Whether a sentence that was hardly understood says who somebody is: 我叫李雷."""
    doubtful = turn.reading.intent is Intent.UNKNOWN or turn.reading.confidence < nlp.SURE
    return doubtful and bool(particulars(turn.message.text, turn.today))


def tell(turn: Turn) -> Outcome:
    """profile.set: whatever was said, all at once."""
    slots = turn.reading.slots
    told = particulars(turn.message.text, turn.today)
    region, field = slots.get("region"), slots.get("work_field")
    if field not in set(WorkField):
        field = None
    if not told and region is None and field is None:
        return _what(turn)
    outcome = Outcome()
    if region is not None and region != turn.person.region:
        outcome = region_told(turn, region, ask_field=not told and field is None and not turn.dialog.open)
    elif region is not None and not told and field is None:
        outcome = show.answer(say("profile.region_same", region=show.place_name(turn.book, region)))
    if field is not None and field != turn.person.work_field:
        both = work_field_told(turn, WorkField(field), region)
        outcome = replace(both, person={**outcome.person, **both.person})
    elif field is not None and not outcome.replies and not told:
        outcome = show.answer(say("profile.field_same", work_field=say(f"work_field.{field}")))
    return _joined(outcome, _kept(turn, told)) if told else outcome


def _what(turn: Turn) -> Outcome:
    """改地区, 我要改资料: how to say it, and what there is."""
    return show.answer(*_lines(turn.person, turn), say("profile.how"))


def _joined(first: Outcome, second: Outcome) -> Outcome:
    if not first.replies:
        return second
    whole = show.text(first.replies[0].text, second.replies[0].text)
    return replace(
        second,
        replies=(whole, *first.replies[1:], *second.replies[1:]),
        person={**first.person, **second.person},
        dialog=second.dialog or first.dialog,
    )


def _kept(turn: Turn, told: Particulars) -> Outcome:
    """Personal data: kept at once by whoever has accepted the notice, else after 同意."""
    if turn.dialog.topic == TOPIC:
        waiting = turn.dialog.draft
        told = Particulars(told.name or waiting["name"], {**waiting["facts"], **told.facts})
    if turn.person.consented_at is not None:
        return Outcome(
            replies=(show.text(say("profile.kept", what=_said(turn, told))),), person=_changes(turn.person, told)
        )
    asked = show.text(say("profile.consent", what=_said(turn, told)))
    draft = {"name": told.name, "facts": told.facts}
    return Outcome(
        replies=(asked,),
        dialog=Dialog(topic=TOPIC, draft=draft, expires_at=turn.now + _OPEN_FOR),
    )


def continued(turn: Turn) -> Outcome | None:
    """同意, or not; None: the message is about something else."""
    told = Particulars(turn.dialog.draft["name"], turn.dialog.draft["facts"])
    intent = nlp.read(turn.message.text, turn.now, Expecting.CONFIRM).intent
    if turn.message.text.strip("。.！!，, ") in say("learning.no_words").split():
        intent = Intent.ANSWER_NO
    match intent:
        case Intent.ANSWER_YES:
            changes = {**_changes(turn.person, told), "consented_at": turn.now}
            return replace(show.closed(say("profile.kept", what=_said(turn, told))), person=changes)
        case Intent.ANSWER_NO | Intent.ANSWER_CANCEL | Intent.ANSWER_SKIP:
            return show.closed(say("profile.not_kept"))
    return None


def open_reminder(turn: Turn) -> str:
    """What still waits for 同意, after a digression."""
    told = Particulars(turn.dialog.draft["name"], turn.dialog.draft["facts"])
    return say("profile.still_open", what=_said(turn, told))


def _changes(person: Person, told: Particulars) -> dict[str, Any]:
    changes: dict[str, Any] = {"name": told.name} if told.name else {}
    if told.facts:
        changes["profile"] = {**person.profile, **told.facts}
    return changes


def _said(turn: Turn, told: Particulars) -> str:
    parts = [say("profile.part_name", name=told.name)] if told.name else []
    facts = told.facts
    if "employer" in facts:
        parts.append(say("profile.part_employer", employer=facts["employer"]))
    if "level" in facts:
        parts.append(say("profile.part_level", level=_level(facts["level"])))
    if "target_level" in facts or "review_year" in facts:
        parts.append(say("profile.part_goal", goal=_goal(facts)))
    if "appointment" in facts:
        parts.append(say("profile.part_appointment", start=_month(facts["appointment"]["start"])))
    return "，".join(parts)


def _goal(facts: dict[str, Any]) -> str:
    year = say("profile.goal_year", year=facts["review_year"]) if facts.get("review_year") else ""
    level = _level(facts["target_level"]) if facts.get("target_level") else ""
    return f"{year}{level}" or say("profile.unset")


def _month(start: str) -> str:
    year, month = start.split("-")[:2]
    return say("profile.month", year=year, month=int(month))


def _level(level: str) -> str:
    return say(f"profile.level.{level}")


def shown(turn: Turn) -> Outcome:
    """我的资料: every field, what is personal masked."""
    return show.answer(*_lines(turn.person, turn), say("profile.how"))


def _lines(person: Person, turn: Turn) -> list[str]:
    facts, unset = person.profile, say("profile.unset")
    appointment = facts.get("appointment") or {}
    return [
        say(
            "profile.show",
            region=show.place_name(turn.book, person.region) if person.region else say("profile.region_default"),
            work_field=say(f"work_field.{person.work_field}") if person.work_field else unset,
            name=masked_name(person.name) if person.name else unset,
            employer=facts.get("unit") or facts.get("employer") or unset,
            level=_level(facts["level"]) if facts.get("level") else unset,
            goal=_goal(facts),
        ),
        say("profile.appointment", start=_month(appointment["start"])) if appointment.get("start") else "",
        say("profile.phone", phone=masked(person.phone)) if person.phone else "",
        say("profile.id_number", number=masked(person.id_number)) if person.id_number else "",
        say("profile.learning") if facts.get(KEY) == KEPT else "",
    ]


def masked_name(name: str) -> str:
    """王建国 → 王**."""
    return name[:1] + "*" * (len(name) - 1)


def masked(number: str) -> str:
    """13812345678 → 138****5678."""
    return f"{number[:3]}****{number[-4:]}" if len(number) > 7 else "****"
