"""职称学时够不够: every year of the appointment period (聘期) in a line, what is verified over the whole of it, and the
two facts that this needs, asked once and remembered.
"""

from datetime import date, timedelta
from typing import Any

from domain.delivery import Choice, Reply, ReplyKind
from domain.dialog import Dialog
from domain.ledger import counted
from handlers import pages, show
from handlers.choices import chosen
from handlers.deadlines import unit_days
from handlers.explanation import documents, show_step
from handlers.standing import case, subject
from handlers.turn import Outcome, Turn
from nlp.reading import Intent
from rules.deemed import appointment
from rules.readiness import Readiness, YearStanding, readiness
from rules.ruling import TOTAL
from wording import say

TOPIC = "readiness"
KIND = "readiness"
LEVELS = ("junior", "intermediate", "associate", "senior")
_OPEN_FOR = timedelta(hours=24)
_SHOWN = 8  # years in the matrix


def asked(turn: Turn) -> Outcome:
    """The matrix; then what is not known yet is asked for."""
    level = turn.reading.slots.get("level")
    changes = {"profile": {**turn.person.profile, "target_level": level}} if level in LEVELS else {}
    return _matrix(turn, dict(turn.person.profile) | changes.get("profile", {}), changes)


def continued(turn: Turn) -> Outcome:
    """The beginning of the appointment, or the level, in answer to the question."""
    profile = dict(turn.person.profile)
    if turn.dialog.expecting == "choice":
        level = chosen(turn) or turn.reading.slots.get("level")
        if level not in LEVELS:
            return show.closed(say("readiness.later"))
        profile["target_level"] = level
        told = say("readiness.level_kept", level=say(f"readiness.level.{level}"))
        return Outcome(replies=(show.text(told),), dialog=Dialog(), person={"profile": profile})
    if turn.reading.intent in (Intent.ANSWER_SKIP, Intent.ANSWER_CANCEL, Intent.ANSWER_NO):
        profile["appointment_unknown"] = True
        return Outcome(replies=(show.text(say("readiness.later")),), dialog=Dialog(), person={"profile": profile})
    start = _start(turn)
    if start is None:
        return show.answer(say("readiness.unclear"))
    profile |= {"appointment": {"start": start.isoformat()}}
    profile.pop("appointment_unknown", None)
    return _matrix(turn, profile, {"profile": profile})


def _start(turn: Turn) -> date | None:
    """The first day of the appointment that was said; None when it is none, or has not come."""
    slots = turn.reading.slots
    said = slots["start"] if "start" in slots else date(slots["year"], 1, 1) if "year" in slots else None
    return said if said and date(1980, 1, 1) <= said <= turn.today else None


def _matrix(turn: Turn, profile: dict[str, Any], changes: dict[str, Any]) -> Outcome:
    who = subject(turn)
    who.profile.update(profile)
    cases = [case(claim.activity, claim.id) for claim in counted(turn.claims)]
    found = readiness(who, cases, turn.today, turn.book, unit_settings=unit_days(turn))
    told = pages.told(
        turn,
        [
            _title(turn, found, profile),
            _verdict(found),
            *(_line(turn, one) for one in found.years[-_SHOWN:]),
            say("readiness.closed_note") if any(one.missing and not one.fixable_until for one in found.years) else "",
            *(show_step(step) for step in (*found.steps, *found.deemed)),
            say("readiness.note"),
            show.grade_note(turn.book, who.region),
            _question(profile),
        ],
        rest=[]
        if _question(profile) or _asks_level(profile, changes)
        else [
            *(show_step(one.step) for one in found.years),
            documents(turn, who.region, [step.citation for one in found.years for step in [one.step] if step.citation]),
        ],
        asked={"kind": KIND},
    )
    return _asking(turn, told, profile, changes)


def _question(profile: dict[str, Any]) -> str:
    if not appointment(profile) and not profile.get("appointment_unknown"):
        return say("readiness.ask_appointment")
    return ""


def _asks_level(profile: dict[str, Any], changes: dict[str, Any]) -> bool:
    return "target_level" not in profile and bool(changes)


def _asking(turn: Turn, told: Outcome, profile: dict[str, Any], changes: dict[str, Any]) -> Outcome:
    """With the question for what is missing: the period first, then once the level, both can be passed over."""
    if _question(profile):
        dialog = Dialog(topic=TOPIC, expecting="date", expires_at=turn.now + _OPEN_FOR)
        return Outcome(replies=told.replies[:1], dialog=dialog, person=changes)
    if _asks_level(profile, changes):
        choices = [Choice(id=level, label=say(f"readiness.level.{level}")) for level in LEVELS]
        menu = Reply(kind=ReplyKind.MENU, text=say("readiness.ask_level"), choices=choices)
        dialog = Dialog(topic=TOPIC, expecting="choice", options=list(LEVELS), expires_at=turn.now + _OPEN_FOR)
        return Outcome(replies=(*told.replies[:1], menu), dialog=dialog, person=changes)
    return Outcome(replies=told.replies, dialog=told.dialog, person=changes)


def _title(turn: Turn, found: Readiness, profile: dict[str, Any]) -> str:
    level = profile.get("target_level")
    goal = say("readiness.goal", level=say(f"readiness.level.{level}")) if level in LEVELS else ""
    years = found.years
    title = say(
        "readiness.title",
        region=show.place_name(turn.book, show.region_of(turn)),
        first=years[0].year,
        last=years[-1].year,
        goal=goal,
    )
    return title + (say("readiness.assumed") if found.assumed else "")


def _verdict(found: Readiness) -> str:
    if found.ready is None:
        return say("readiness.open")
    return say("readiness.ready") if found.ready else say("readiness.short")


def _line(turn: Turn, one: YearStanding) -> str:
    """One year of the matrix: 2025年 40/90 差50 …"""
    if one.ruling is None:
        return say("explain.step", text=show.step(one.step))
    values = {"year": one.year, "have": one.recognised, "need": one.required}
    if one.deemed:
        return say("readiness.line", mark=say("readiness.deemed"), **values)
    if not one.missing:
        return say("readiness.line", mark=say("readiness.ok" if one.complete else "readiness.check"), **values)
    return say(
        "readiness.line", mark=say("readiness.gap", hours=one.missing) + _parts(one) + _until(turn, one), **values
    )


def _parts(one: YearStanding) -> str:
    named = [
        say("claim.part", category=show.category(name), hours=hours)
        for name, hours in one.gaps.items()
        if name != TOTAL
    ]
    return say("readiness.parts", parts="，".join(named)) if named else ""


def _until(turn: Turn, one: YearStanding) -> str:
    fix = one.fixable_until
    if fix is None:
        return say("readiness.not_fixable")
    source = say("deadline.unit") if fix.source is None else show.article(fix.source)
    return say("readiness.fixable", day=show.day(fix.closes, turn.today), source=source)
