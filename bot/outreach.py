"""Speaking first, as it runs: the sweep over people who are due, the nightly replan, and the check at the send.

Every job is a plain function of `now`, and what it knows is in tables: a job that is killed goes on where it was, one
that runs twice changes nothing.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import quantiles
from typing import Any

import structlog

from bot.channels.verdict import Verdict
from bot.health import REMINDERS, SWEEP_SECONDS
from bot.logs import short
from bot.notices import UNREACHABLE
from bot.views import Calendars, calendars, view
from domain.delivery import Delivery, DeliveryState, Reply
from domain.message import Channel
from domain.reminder import Courtesy, Fate, Reminded, occasion_of
from outreach import looking, reminders
from outreach.calendars import Goal
from outreach.looking import Look
from outreach.rulings import subject
from outreach.standings import series_of
from outreach.ways import Offers, best
from rules.book import Book
from rules.deadlines import is_workday
from storage.outreach import Outlook, Progress, Seen, Spoken
from storage.statements import Step
from storage.store import Store

log = structlog.get_logger()

AT_ONCE = 200  # people fetched by one look at who is due
TOGETHER = 8  # of them looked at side by side
TRIES = 3  # of a look that changes overtake
PAGE = 500  # people of the nightly replan read at once
NIGHT_HOUR = 3  # from when the nightly replan may run
REPLAN = "replan"
_SLOW_TENTH = 0.9  # of a unit's reviews are at least this quick


class Outreach:
    """`now` is the service's clock in its zone; `wake` tells the sender of new deliveries."""

    def __init__(
        self, store: Store, book: Book, offers: Offers, now: Callable[[], datetime], wake: Callable[[], None]
    ) -> None:
        self._store = store
        self._book = book
        self._offers = offers
        self._now = now
        self._wake = wake

    # The sweep

    async def sweep(self) -> int:
        """Looks at everybody who is due; how many. Who is not due costs nothing."""
        now = self._now()
        done: set[str] = set()
        with SWEEP_SECONDS.time():
            units = None
            while True:
                due = [one for one in await self._store.outreach.due(now, AT_ONCE) if one not in done]
                if not due:
                    return len(done)
                units = units or await calendars(self._store, now)
                for start in range(0, len(due), TOGETHER):
                    await asyncio.gather(*(self._look(one, units, now) for one in due[start : start + TOGETHER]))
                done.update(due)

    async def _look(self, person_id: str, units: Calendars, now: datetime) -> None:
        try:
            for _ in range(TRIES):
                if await self.look(person_id, units, now):
                    return
        except Exception as error:  # one person's facts must not stop the others; the next sweep tries again
            log.error("look_failed", person=short(person_id), error=error)

    async def look(self, person_id: str, units: Calendars, now: datetime) -> bool:
        """Looks at one person and keeps what it finds; False: they have changed meanwhile."""
        found = await view(self._store, person_id, units, now)
        if found is None:
            return True
        seen, outlook = found
        look = looking.look(seen, now, self._book)
        spoken, unreached = self._addressed(look, outlook, now)
        standings = [one for one in look.standings if one not in outlook.standings]
        kept = await self._store.outreach.settle(
            outlook, look.next_at, look.since, [*look.log, *unreached], spoken, standings, now
        )
        if kept:
            for one in (*look.log, *unreached, *(each.reminded for each in spoken)):
                REMINDERS.labels(one.kind.value, one.fate.value).inc()
            if spoken:
                self._wake()
        return kept

    def _addressed(self, look: Look, outlook: Outlook, now: datetime) -> tuple[list[Spoken], list[Reminded]]:
        """What goes into the outbox, and what cannot be addressed to anybody."""
        spoken, unreached = [], []
        for said in look.said:
            way = best(outlook.ways, self._offers, said.reply.fields, now)
            if way is None or not (outlook.person.following or way.channel == Channel.MINI):
                reason = "no_identity" if way is None else "not_following"
                change: dict[str, Any] = {"fate": Fate.UNREACHABLE, "reason": reason}
                unreached.append(said.reminded.model_copy(update=change))
            else:
                spoken.append(Spoken(said.reminded, way.channel, way.recipient, said.reply))
        return spoken, unreached

    # At the send

    async def refresh(self, delivery: Delivery) -> Reply | None:
        """What a reminder says now; None when the gap has closed since."""
        occasion = occasion_of(delivery.key)
        now = self._now()
        found = await view(self._store, delivery.person_id, await calendars(self._store, now), now)
        if occasion is None or found is None:
            return None
        return looking.repeat(found[0], occasion, now, self._book)

    def along(self, delivery: Delivery, verdict: Verdict) -> Sequence[Step]:
        """The step that keeps what became of a reminder with the end of its delivery."""
        occasion = occasion_of(delivery.key)
        if occasion is None:
            return ()
        if verdict.state is DeliveryState.SILENT:
            return (self._store.outreach.amended(delivery.person_id, occasion, Fate.SILENT, "done"),)
        if verdict.state is DeliveryState.REFUSED:
            reason = verdict.reason.removeprefix(UNREACHABLE)
            return (self._store.outreach.amended(delivery.person_id, occasion, Fate.UNREACHABLE, reason),)
        return ()

    # The night

    async def night(self) -> bool:
        """Measures the units and replans everybody, once a day; goes on where it was stopped. Whether it ran."""
        now = self._now()
        progress = await self._store.outreach.progress(REPLAN)
        if progress is not None and progress.day >= now.date() and progress.done_at is not None:
            return False
        if now.hour < NIGHT_HOUR and progress is not None and progress.day >= now.date() - timedelta(days=1):
            return False
        after = progress.place if progress is not None and progress.day == now.date() else ""
        if not after:
            await self._measure()
        await self._replan(after, now)
        return True

    async def _replan(self, after: str, now: datetime) -> None:
        planner = _Planner(self._book, await calendars(self._store, now), now)
        while True:
            page = await self._store.outreach.page(after, now.year, PAGE)
            if not page:
                break
            await self._store.outreach.replan(planner.changed(page), now)
            after = page[-1].person_id
            await self._store.outreach.advance(REPLAN, Progress(now.date(), after))
            await asyncio.sleep(0)  # lets answers pass
        await self._store.outreach.advance(REPLAN, Progress(now.date(), "", now))

    async def _measure(self) -> None:
        """How many working days each unit's reviews take: the last safe day leaves that much time."""
        kept = await self._store.outreach.courtesies()
        for unit in await self._store.outreach.units():
            days = _usual_days(await self._store.outreach.reviewed(unit))
            courtesy = kept.get(unit) or Courtesy()
            if days is not None and days != courtesy.verification_days:
                changed = courtesy.model_copy(update={"verification_days": days})
                await self._store.outreach.set_courtesy(unit, changed)


@dataclass
class _Planner:
    """Plans many people under the same calendars; what is equal for many is worked out once."""

    book: Book
    units: Calendars
    now: datetime
    _goals: dict[tuple[object, ...], list[Goal]] = field(default_factory=dict)

    def changed(self, page: Sequence[Seen]) -> list[tuple[Seen, datetime | None]]:
        """Those whose agenda is to move, with when they are next due."""
        planned = ((seen, self._next(seen)) for seen in page)
        return [
            (seen, next_at)
            for seen, next_at in planned
            if next_at != seen.agenda.due_at and (next_at is not None or seen.agenda.version)
        ]

    def _next(self, seen: Seen) -> datetime | None:
        standing = seen.standing
        concerned = looking.reminded_of(seen.region, seen.unit, standing is not None)
        if concerned and (standing is None or self._moved(seen)):
            return self.now  # a full look, which writes the standing
        since = max(seen.agenda.since or seen.known_since, seen.known_since).astimezone(self.now.tzinfo)
        known = self.units.of(seen.unit, series_of(seen.profile))
        planned = reminders.Person(
            seen.person_id, self.now.tzinfo, seen.agenda.wishes, known.courtesy, seen.done, since
        )
        worked = self._worked(seen, since.date()) if concerned else []
        return looking.next_due(planned, worked, self.now)

    def _moved(self, seen: Seen) -> bool:
        standing = seen.standing
        here = (seen.region or "", seen.unit, seen.department, series_of(seen.profile))
        return standing is not None and (standing.region, standing.unit, standing.department, standing.series) != here

    def _worked(self, seen: Seen, since: date) -> list[Goal]:
        today = self.now.date()
        key = (seen.region, seen.work_field, repr(seen.profile), seen.unit, since if since.year < today.year else None)
        found = self._goals.get(key)
        if found is None:
            who = subject(seen.region, seen.work_field, seen.profile)
            known = self.units.of(seen.unit, series_of(seen.profile))
            found = self._goals[key] = looking.towards(who, since, today, known, self.book)
        return found


def _usual_days(reviewed: Sequence[tuple[datetime, datetime]]) -> int | None:
    """The working days within which nine of ten reviews were done; None when too few are known."""
    if len(reviewed) < 5:
        return None
    days = [_working_days(since.date(), decided.date()) for since, decided in reviewed]
    return min(round(quantiles(days, n=10, method="inclusive")[int(_SLOW_TENTH * 10) - 1]) + 1, 60)


def _working_days(start: date, end: date) -> int:
    return sum(is_workday(start + timedelta(days=day))[0] for day in range(1, min((end - start).days, 366) + 1))
