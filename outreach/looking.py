"""A look at one person: where they stand, what of their reminders is due, what it says, and when to look again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.delivery import Reply
from domain.ledger import Claim
from domain.person import Person
from domain.reminder import Fate, Occasion, Reminded, ReminderKind, Wishes
from domain.standing import Standing
from outreach import reminders, words
from outreach.calendars import Calendar, Goal, goals
from outreach.missing import Gap, gap, missing
from outreach.reminders import Slot, Target
from outreach.rulings import subject_of
from outreach.standings import stand
from rules.book import Book
from rules.ruling import Subject


@dataclass(frozen=True, slots=True)
class View:
    """All that is known of a person. `claims` are those of this and the last year at least, of every year for somebody
    who wants a title review; `log` is what came due before, `heard` the times of the last week's notices. `consents`
    counts the notices agreed to and not had, `consent_url` is where more can be agreed to ("" when nowhere).
    """

    person: Person
    unit: str
    department: str
    claims: Sequence[Claim]
    known: Calendar
    wishes: Wishes
    log: Sequence[Reminded]
    heard: Sequence[datetime]
    since: datetime
    consents: int = 0
    consent_url: str = ""

    def wishing(self, wishes: Wishes) -> "View":
        """The same person under other wishes."""
        return replace(self, wishes=wishes)


@dataclass(frozen=True, slots=True)
class Said:
    """A reminder with its words."""

    reminded: Reminded
    reply: Reply


@dataclass(frozen=True, slots=True)
class Look:
    """What a look has found; `since` is from when on what comes due counts next time."""

    standings: tuple[Standing, ...]
    said: tuple[Said, ...]
    log: tuple[Reminded, ...]
    next_at: datetime | None
    since: datetime


def look(view: View, now: datetime, book: Book) -> Look:
    """What is to be done about a person now. `now` is in the service's zone."""
    today = now.date()
    years = [today.year - 1, today.year] if _recorded(view, today.year - 1) else [today.year]
    stands = [stand(view.person, view.claims, year, today, book, view.unit, view.department) for year in years]
    found = gaps_of(view, now, book)
    plan = reminders.plan(_planned(view, now, book), [_target(one) for one in found], now)
    by_goal = {(one.goal.kind, one.goal.year): one for one in found}
    spoken, joined = _together(plan.say)
    said = tuple(
        Said(_reminded(view, slot, Fate.PUT, "", now), _reply(view, slot, by_goal, now, book)) for slot in spoken
    )
    log = [_reminded(view, slot, Fate.DROPPED, "with_review", now) for slot in joined]
    log += [_reminded(view, slot, Fate.DROPPED, reason, now) for slot, reason in plan.drop]
    log += [_reminded(view, slot, Fate.SILENT, "done", now) for slot in plan.silent]
    return Look(tuple(one for one in stands if one is not None), said, tuple(log), plan.next_at, plan.since)


def _together(due: Sequence[Slot]) -> tuple[list[Slot], list[Slot]]:
    """What is said, and what a title review's reminder with the same last safe day says already: this year's hours."""
    reviewed = {
        slot.target.safe for slot in due if slot.target is not None and slot.occasion.kind is ReminderKind.TITLE_REVIEW
    }
    joined = [
        slot
        for slot in due
        if slot.occasion.kind is ReminderKind.YEAR_END and slot.target is not None and slot.target.safe in reviewed
    ]
    return [slot for slot in due if slot not in joined], joined


def repeat(view: View, occasion: Occasion, now: datetime, book: Book) -> Reply | None:
    """What a reminder says at the moment of sending; None when it is no longer needed."""
    if view.wishes.stopped or not view.person.following:
        return None
    found = gaps_of(view, now, book)
    by_goal = {(one.goal.kind, one.goal.year): one for one in found}
    slot = Slot(now, occasion, now.date(), False, None)
    if occasion.kind is ReminderKind.ASKED:
        return _reply(view, slot, by_goal, now, book)
    if occasion.kind is ReminderKind.REGULAR:
        lacking = missing(subject_of(view.person), view.claims, now.year, now.date(), book)
        return _reply(view, slot, by_goal, now, book) if lacking else None
    current = by_goal.get((occasion.kind, occasion.year))
    if current is None or not current.behind or current.goal.deadline.closes < now.date():
        return None
    return _reply(view, slot, by_goal, now, book)


def ahead(view: View, now: datetime, book: Book) -> list[Slot]:
    """The reminders still to come, the next first."""
    targets = [_target(one) for one in gaps_of(view, now, book)]
    return reminders.upcoming(_planned(view, now, book), targets, now)


def gaps_of(view: View, now: datetime, book: Book) -> list[Gap]:
    """What is missing for each day that the person works towards; nothing for somebody of whom we know nothing."""
    if not reminded_of(view.person.region, view.unit, bool(view.claims)):
        return []
    subject = subject_of(view.person)
    today = now.date()
    worked = towards(subject, view.since.date(), today, view.known, book)
    return [gap(subject, view.claims, goal, today, view.known, book) for goal in worked]


def towards(subject: Subject, since: date, today: date, known: Calendar, book: Book) -> list[Goal]:
    """The goals of today, and those that have ended after `since`: what was missed of them is said to be too late."""
    worked = goals(subject, today, known, book)
    if since.year < today.year:
        here = {(goal.kind, goal.year) for goal in worked}
        ended = goals(subject, date(since.year, 12, 31), known, book)
        worked += [goal for goal in ended if (goal.kind, goal.year) not in here]
    return [goal for goal in worked if goal.deadline.closes >= min(since, today)]


def next_due(planned: reminders.Person, worked: Sequence[Goal], now: datetime) -> datetime | None:
    """When somebody is next to be looked at, without knowing what they lack; it may have come already."""
    targets = [Target(goal.kind, goal.year, goal.deadline.safe.day, goal.deadline.closes, None) for goal in worked]
    return reminders.first(planned, targets, now)


def reminded_of(region: str | None, unit: str, recorded: bool) -> bool:
    """Whether deadlines concern this person at all: a region told, a unit, or anything recorded."""
    return bool(region or unit or recorded)


def _planned(view: View, now: datetime, book: Book) -> reminders.Person:
    behind = None
    if view.wishes.every is not None:
        behind = bool(missing(subject_of(view.person), view.claims, now.year, now.date(), book))
    return reminders.Person(
        spread=view.person.id,
        zone=now.tzinfo,
        wishes=view.wishes,
        courtesy=view.known.courtesy,
        done=frozenset(one.occasion for one in view.log),
        since=view.since,
        heard=view.heard,
        behind=behind,
    )


def _target(one: Gap) -> Target:
    goal = one.goal
    return Target(goal.kind, goal.year, one.safe, goal.deadline.closes, one.behind, goal.deadline.basis != "unit")


def _recorded(view: View, year: int) -> bool:
    return any(claim.year == year for claim in view.claims)


def _reminded(view: View, slot: Slot, fate: Fate, reason: str, now: datetime) -> Reminded:
    kind, year, stage = slot.occasion
    closes = slot.target.safe if slot.target is not None else None
    return Reminded(
        person_id=view.person.id, kind=kind, year=year, stage=stage, fate=fate, closes=closes, at=now, reason=reason
    )


def _reply(view: View, slot: Slot, by_goal: dict[tuple[ReminderKind, int], Gap], now: datetime, book: Book) -> Reply:
    kind, year, stage = slot.occasion
    subject: Subject = subject_of(view.person)
    today = now.date()
    if kind is ReminderKind.ASKED:
        asked = next((one for one in view.wishes.asked if one.on.isoformat() == stage), None)
        lacking = missing(subject, view.claims, today.year, today, book)
        return words.asked_text(asked, stage, lacking, today.year)
    if kind is ReminderKind.REGULAR:
        lacking = missing(subject, view.claims, today.year, today, book)
        return words.regular_text(lacking, today.year, by_goal.get((ReminderKind.YEAR_END, today.year)), today)
    return words.deadline_text(by_goal[kind, year], today, subject.region, view.known, book)
