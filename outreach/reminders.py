"""When a person is next to be reminded, and what of what has come due is to be said.

A reminder of a stage stands so many days before the last safe day, on a working day, at a time of the morning that
differs from person to person. Whatever has come due is dealt with once: said, kept silent because the gap has closed,
or dropped because it is too late or a later stage has overtaken it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from domain.reminder import Courtesy, Every, Occasion, ReminderKind, Wishes
from outreach.calendars import workday_by

CRITICAL_DAYS = 3  # the last stages before a deadline are said even when the week's share is used up
HOUR = 9  # when a day's reminders begin
SPREAD_MINUTES = 80  # over which people are spread, so that a wave of them stays below the platform's paces
REGULAR_FOR = timedelta(days=1)  # a regular reminder later than this is left out
ASKED_FOR = timedelta(days=14)
HORIZON = timedelta(days=62)  # how far ahead regular reminders are looked for


@dataclass(frozen=True, slots=True)
class Target:
    """A day that somebody works towards. `safe` is the last safe day, `closes` the day behind it.

    `behind` says whether something is still missing; None: to be seen when it comes due. `lawful`: the day stands in
    the rule book, so its last stages may pass the week's share.
    """

    kind: ReminderKind
    year: int
    safe: date
    closes: date
    behind: bool | None = None
    lawful: bool = True


class Slot(NamedTuple):
    """A reminder and when it is due. `until` is the day after which it would be too late."""

    at: datetime
    occasion: Occasion
    until: date
    critical: bool
    target: Target | None


@dataclass(frozen=True, slots=True)
class Person:
    """What planning needs to know: `spread` tells people's times of day apart, `done` is what came due before.

    `since` is from when on what came due counts; `heard` are the times of the last week's notices. `behind`: whether
    this year still lacks something, for the reminders that are tied to no deadline.
    """

    spread: str
    zone: tzinfo | None
    wishes: Wishes
    courtesy: Courtesy
    done: frozenset[Occasion]
    since: datetime
    heard: Sequence[datetime] = ()
    behind: bool | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What has come due: `say` now, `drop` for a reason, `silent` because nothing is missing any more.

    `next_at` is when to look again (None: never, unless something changes), `since` from when on what comes due counts.
    """

    say: tuple[Slot, ...]
    drop: tuple[tuple[Slot, str], ...]
    silent: tuple[Slot, ...]
    next_at: datetime | None
    since: datetime


def plan(person: Person, targets: Iterable[Target], now: datetime) -> Plan:
    """What is to be done about a person's reminders now, and when to look again. `now` is in the service's zone."""
    slots = [slot for slot in _slots(person, targets, now) if slot.occasion not in person.done]
    due = [slot for slot in slots if slot.at <= now]
    latest = {slot.occasion[:2]: slot for slot in due if slot.occasion.kind is not ReminderKind.ASKED}
    say: list[Slot] = []
    drop: list[tuple[Slot, str]] = []
    silent: list[Slot] = []
    held: list[tuple[datetime, Slot]] = []
    for slot in due:
        if slot.occasion.kind is not ReminderKind.ASKED and latest[slot.occasion[:2]] is not slot:
            drop.append((slot, "overtaken"))
        elif now.date() > slot.until:
            drop.append((slot, "too_late"))
        elif _closed(person, slot):
            silent.append(slot)
        elif (free_at := _free_at(person, slot, now, len(say))) > now:
            held.append((free_at, slot))
        else:
            say.append(slot)
    times = [at for at, _ in held] + [slot.at for slot in slots[len(due) : len(due) + 1]]
    since = min((slot.at for _, slot in held), default=now)
    return Plan(
        tuple(say),
        tuple(drop),
        tuple(silent),
        min(times, default=None),
        since - timedelta(microseconds=1) if held else now,
    )


def _closed(person: Person, slot: Slot) -> bool:
    """Whether the gap that the reminder is about has closed; what somebody asked for by day is said all the same."""
    if slot.occasion.kind is ReminderKind.ASKED:
        return False
    return (person.behind if slot.target is None else slot.target.behind) is False


def first(person: Person, targets: Iterable[Target], now: datetime) -> datetime | None:
    """When the next reminder is due that has not been dealt with; it may have come due already."""
    if person.wishes.stopped:
        return None
    lanes = [*(_stages(person, target) for target in targets), _asked(person), _regular(person, now)]
    nexts = (
        next((one.at for one in lane if one.at > person.since and one.occasion not in person.done), None)
        for lane in lanes
    )
    return min((at for at in nexts if at is not None), default=None)


def upcoming(person: Person, targets: Iterable[Target], now: datetime) -> list[Slot]:
    """What is still to come, the next first: for a person who asks what is set."""
    return [slot for slot in _slots(person, targets, now) if slot.at > now and slot.occasion not in person.done]


def _slots(person: Person, targets: Iterable[Target], now: datetime) -> list[Slot]:
    """Every reminder after `since`, in the order of time."""
    if person.wishes.stopped:
        return []
    slots = [slot for target in targets for slot in _stages(person, target)]
    slots += _asked(person)
    slots += _regular(person, now)
    return sorted((slot for slot in slots if slot.at > person.since), key=_order)


def _order(slot: Slot) -> tuple[datetime, int]:
    """By time; where two stages fall on one day, the later stage comes last."""
    return slot.at, 0 if slot.target is None else -int(slot.occasion.stage)


def _stages(person: Person, target: Target) -> Iterator[Slot]:
    """The stages of a target in the order of time, from the day on from which things count."""
    held = stages(target.kind, person.wishes, person.courtesy)
    from_day = person.since.date()
    for days, day in stage_days(target.safe, held):
        if day >= from_day:
            critical = target.lawful and days <= CRITICAL_DAYS
            occasion = Occasion(target.kind, target.year, str(days))
            yield Slot(_morning(person, day), occasion, target.closes, critical, target)


@lru_cache(1024)
def stage_days(safe: date, held: tuple[int, ...]) -> tuple[tuple[int, date], ...]:
    """The working day of each stage, most days before `safe` first."""
    return tuple((days, workday_by(safe - timedelta(days=days))) for days in held)


def stages(kind: ReminderKind, wishes: Wishes, courtesy: Courtesy) -> tuple[int, ...]:
    """The days before the last safe day that hold for a person, most first."""
    usual = courtesy.review_stages if kind is ReminderKind.TITLE_REVIEW else courtesy.stages
    chosen = usual if wishes.only_stages is None else wishes.only_stages
    return tuple(sorted({*chosen, *wishes.more_stages}, reverse=True))


def _asked(person: Person) -> list[Slot]:
    slots = []
    for asked in sorted(person.wishes.asked, key=lambda one: one.on):
        occasion = Occasion(ReminderKind.ASKED, asked.on.year, asked.on.isoformat())
        slots.append(Slot(_morning(person, asked.on), occasion, asked.on + ASKED_FOR, True, None))
    return slots


def _regular(person: Person, now: datetime) -> list[Slot]:
    """The regular reminders from a day ago on; one that was missed for longer is left out."""
    every, on = person.wishes.every, person.wishes.on
    if every is None:
        return []
    day, last = (now - REGULAR_FOR).date(), (now + HORIZON).date()
    slots: list[Slot] = []
    while day <= last and len(slots) < 4:  # yesterday, today, and two ahead
        if _falls_on(day, every, on):
            occasion = Occasion(ReminderKind.REGULAR, day.year, day.isoformat())
            slots.append(Slot(_morning(person, day), occasion, day + REGULAR_FOR, True, None))
        day += timedelta(days=1)
    return slots


def _falls_on(day: date, every: Every, on: int | None) -> bool:
    if every is Every.DAY:
        return True
    if every is Every.WEEK:
        return day.isoweekday() == (on or 1)
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return day.day == min(on or 1, last.day)  # the 31st of a short month is its last day


def _morning(person: Person, day: date) -> datetime:
    """When a person is spoken to on a day: after the quiet hours, a little apart from everybody else."""
    hour = max(HOUR, person.courtesy.quiet_until)
    minutes = 1 + crc32(person.spread.encode()) % SPREAD_MINUTES
    return datetime.combine(day, time(min(hour, 22)), person.zone) + timedelta(minutes=minutes)


def _free_at(person: Person, slot: Slot, at: datetime, said: int) -> datetime:
    """The earliest time from `at` on at which courtesy lets this be said; `said` counts what is said along with it."""
    at = max(at, _after_snooze(person, slot))
    if not slot.critical:
        recent = sorted(heard for heard in person.heard if heard > at - timedelta(days=7))
        over = len(recent) + said - person.courtesy.weekly_cap
        if over >= 0 and recent:
            at = max(at, recent[min(over, len(recent) - 1)].astimezone(at.tzinfo) + timedelta(days=7, seconds=1))
    return quiet_over(at, person.courtesy)


def _after_snooze(person: Person, slot: Slot) -> datetime:
    until = person.wishes.snoozed_until
    if until is None or slot.occasion.kind is ReminderKind.ASKED:
        return slot.at
    return _morning(person, min(until, slot.until))


def quiet_over(at: datetime, courtesy: Courtesy) -> datetime:
    """`at`, or the end of the quiet hours in which it falls."""
    start, end = courtesy.quiet_from, courtesy.quiet_until
    night = at.hour >= start or at.hour < end
    quiet = night if start > end else start <= at.hour < end
    if not quiet:
        return at
    opening = at.replace(hour=end, minute=at.minute % 60, second=at.second)
    return opening if opening > at else opening + timedelta(days=1)
