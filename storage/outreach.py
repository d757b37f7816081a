"""What the service asks of the database when it speaks first; `Store.outreach` is one."""

from collections.abc import Coroutine, Sequence
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from domain.reach import Reach
from domain.reminder import Courtesy, DeadlineSetting, Fate, Occasion, Reminded
from domain.standing import Standing
from storage import deadlines, jobs, reach, reminders, standings
from storage.agendas import Agenda
from storage.jobs import Progress
from storage.reminders import Outlook, Seen, Spoken
from storage.sealing import Vault
from storage.statements import Step, Visit

__all__ = ["Agenda", "Outlook", "OutreachStore", "Progress", "Seen", "Spoken"]

T = TypeVar("T")


class Run(Protocol):
    """Runs a visit; with `durable` it returns when it is on disk."""

    def __call__(self, visit: Visit[T], *, durable: bool = False) -> Coroutine[Any, Any, T]: ...


class OutreachStore:
    """Agendas, reminders, standings, deadlines of units, the ways to people, and what the clock has done."""

    def __init__(self, run: Run, vault: Vault) -> None:
        self._run = run
        self._vault = vault

    # Looking at people

    async def due(self, now: datetime, limit: int) -> list[str]:
        """Ids of the people to be looked at now, who has waited longest first."""
        return await self._run(reminders.due(now, limit))

    async def outlook(self, person_id: str, years: Sequence[int], now: datetime) -> Outlook | None:
        """All that a person's next reminder follows from, with the entries of `years`; None: no such person."""
        return await self._run(reminders.outlook(self._vault, person_id, years, now))

    async def settle(
        self,
        seen: Outlook,
        next_at: datetime | None,
        since: datetime,
        log: Sequence[Reminded],
        spoken: Sequence[Spoken],
        standing: Sequence[Standing],
        now: datetime,
    ) -> bool:
        """Commits a look, all or nothing; what came due until `since` is then dealt with.

        False: the person has changed since `seen`, or somebody else has looked.
        """
        visit = reminders.settle(self._vault, seen, next_at, since, log, spoken, standing, now)
        return await self._run(visit, durable=bool(spoken or log))

    async def agenda(self, person_id: str) -> Agenda:
        return await self._run(reminders.agenda(self._vault, person_id))

    async def log(self, person_id: str) -> list[Reminded]:
        """Every reminder that ever came due for a person."""
        return await self._run(reminders.log(person_id))

    def amended(self, person_id: str, occasion: Occasion, fate: Fate, reason: str) -> Step:
        """The step that says what became of a reminder when it was its turn to be sent."""
        return reminders.amend(person_id, occasion, fate, reason)

    # Many people

    async def page(self, after: str, year: int, limit: int) -> list[Seen]:
        """People in the order of their ids, after `after`, with what planning needs of each."""
        return await self._run(reminders.page(self._vault, after, year, limit))

    async def replan(self, changed: Sequence[tuple[Seen, datetime | None]], now: datetime) -> None:
        """Moves agendas to when they are next due; one that has changed since it was read is left as it is."""
        await self._run(reminders.replan(changed, now))

    async def unreached(self, since: datetime) -> list[Reminded]:
        """Reminders that found no way to their person, the latest first."""
        return await self._run(reminders.unreached(since))

    # Standings

    async def standings(self, person_id: str) -> list[Standing]:
        return await self._run(standings.read(person_id))

    async def put_standings(self, found: Sequence[Standing]) -> None:
        await self._run(standings.put_all(found))

    # Units

    async def set_deadlines(self, settings: Sequence[DeadlineSetting], now: datetime) -> None:
        """Sets days; one of the same unit, year, series, kind and category is replaced. The next replan heeds them."""
        await self._run(deadlines.put(settings, now), durable=True)

    async def remove_deadline(self, setting: DeadlineSetting) -> bool:
        return await self._run(deadlines.remove(setting), durable=True)

    async def deadlines_of(self, unit: str) -> list[DeadlineSetting]:
        return await self._run(deadlines.of_unit(unit))

    async def deadlines_since(self, year: int) -> list[DeadlineSetting]:
        return await self._run(deadlines.since(year))

    async def set_courtesy(self, unit: str, courtesy: Courtesy) -> None:
        await self._run(deadlines.put_courtesy(unit, courtesy), durable=True)

    async def courtesies(self) -> dict[str, Courtesy]:
        return await self._run(deadlines.courtesies())

    async def units(self) -> list[str]:
        """The units that have people on their rosters."""
        return await self._run(deadlines.units())

    async def reviewed(self, unit: str) -> list[tuple[datetime, datetime]]:
        """When a unit's latest reviewed claims were handed in and decided."""
        return await self._run(deadlines.reviewed(unit))

    # Ways

    async def ways(self, person_id: str, now: datetime) -> list[Reach]:
        """What is known of the ways to a person, one for each identity."""
        return await self._run(reach.read(person_id, now))

    def spent(self, way: Reach, template_id: str, now: datetime) -> Step:
        """The step that counts a message of the window, or a consent when `template_id` is named, as used up."""
        return reach.spend(way, template_id, now)

    async def learn(self, way: Reach, person_id: str, reason: str, template_id: str) -> None:
        """Keeps what a refusal has taught about the way to a person."""
        await self._run(reach.learned(way, person_id, reason, template_id), durable=True)

    # Quotas and jobs

    async def reserve(self, interface: str, day: date, count: int, allowed: int) -> int:
        """Sets aside up to `count` calls of an interface on a day of at most `allowed`; how many are granted."""
        return await self._run(jobs.reserve(interface, day, count, allowed))

    async def usage(self, day: date) -> dict[str, int]:
        """Calls set aside on a day, by interface."""
        return await self._run(jobs.usage(day))

    async def progress(self, name: str) -> Progress | None:
        """How far a job of the clock is."""
        return await self._run(jobs.progress(name))

    async def advance(self, name: str, progress: Progress) -> None:
        await self._run(jobs.advance(name, progress), durable=True)
