"""Notices as the service asks for them: one method for each visit (`storage.store.Store.broadcasts` and `mass`)."""

from collections.abc import Sequence
from datetime import datetime

from domain.broadcast import (
    Acted,
    Audience,
    Broadcast,
    Colleague,
    Forecast,
    MassState,
    Missed,
    Noticing,
)
from storage import broadcast_pages, broadcasts, mass, noticed
from storage.audiences import forecast
from storage.broadcast_pages import Written
from storage.desk import Run
from storage.mass import MassJob
from storage.noticed import NAMES
from storage.refusals import Conflict, GuardFailed
from storage.sealing import Vault
from storage.statements import Step, Visit


class BroadcastStore:
    """Made by the store; `run` is its driver's."""

    def __init__(self, run: Run, vault: Vault) -> None:
        self._run = run
        self._vault = vault

    async def forecast(self, audience: Audience, now: datetime) -> Forecast:
        return await self._run(forecast(self._vault, audience, now))

    async def latest(self, unit: str) -> list[Broadcast]:
        """A unit's latest notices with what has become of each, the newest first."""
        return await self._run(noticed.latest(self._vault, unit))

    async def listed(self, units: Sequence[str], before: tuple[datetime, str] | None = None) -> list[Broadcast]:
        """A page of the notices of some units, the newest first, without their progress."""
        return await self._run(noticed.listed(self._vault, units, before))

    async def find(self, units: Sequence[str], broadcast_id: str) -> Broadcast | None:
        """A notice of one of these units, as it stands now."""
        return await self._run(noticed.find(self._vault, units, broadcast_id))

    async def acts(self, broadcast_id: str) -> list[Acted]:
        """Who did what with a notice, in order."""
        return await self._run(noticed.acts(broadcast_id))

    async def unreached(self, broadcast_id: str, most: int = NAMES, after: tuple[str, int] = ("", 0)) -> list[Missed]:
        """Whom a notice did not reach, by department and roster row, behind those of `after`."""
        return await self._run(noticed.unreached(self._vault, broadcast_id, most, after))

    async def colleagues(self, unit: str, but: str) -> list[Colleague]:
        """Who else may approve a notice of a unit."""
        return await self._run(noticed.colleagues(unit, but))

    async def units(self, person_id: str) -> list[str]:
        """The units for which somebody may send notices."""
        return await self._run(noticed.units(person_id))

    async def act(self, person_id: str, key: str, wanted: Noticing, now: datetime) -> None:
        """Does outside a talk what a turn does with notices. Conflict: it is there, or no longer as it was seen."""
        await self._run(_acted(broadcasts.act(self._vault, person_id, key, wanted, now)), durable=True)

    async def send_page(self, written: Written, now: datetime) -> bool:
        """Puts the next page of a due notice into the outbox; False when nothing is due."""
        return await self._run(broadcast_pages.send_page(self._vault, written, now), durable=True)


class MassStore:
    """Made by the store; `run` is its driver's."""

    def __init__(self, run: Run, vault: Vault) -> None:
        self._run = run
        self._vault = vault

    async def next_job(self, now: datetime) -> MassJob | None:
        """The mass message whose turn it is."""
        return await self._run(mass.next_job(now))

    async def followers(self, job: MassJob) -> list[str]:
        """The ids of everybody whom it is for and the account can write to."""
        return await self._run(mass.followers(job))

    async def tag(self, job: MassJob) -> int | None:
        """The platform's tag that stands for whom it is for, when one has been made."""
        return await self._run(mass.tag(job))

    async def keep_tag(self, job: MassJob, tag_id: int) -> None:
        await self._run(mass.keep_tag(job, tag_id), durable=True)

    async def begin(self, job: MassJob) -> bool:
        """To be called right before the wire; False when the notice has been stopped."""
        try:
            await self._run(_acted([mass.begin(job.broadcast_id)]), durable=True)
        except Conflict:
            return False
        return True

    async def end(self, job: MassJob, state: MassState, told: str) -> None:
        """The platform has taken it (`told` is its id) or refused it (`told` is why)."""
        visit = mass.sent if state is MassState.SENT else mass.refused
        await self._run(visit(job.broadcast_id, told), durable=True)

    async def put_off(self, job: MassJob, until: datetime) -> None:
        await self._run(mass.put_off(job.broadcast_id, until), durable=True)

    async def count_page(self, job: MassJob, now: datetime) -> bool:
        """Writes down the next page of those whom it is for; False when all are."""
        return await self._run(
            broadcast_pages.count_page(self._vault, job.broadcast_id, job.state is MassState.SENT, now), durable=True
        )


def _acted(steps: Sequence[Step]) -> Visit[None]:
    try:
        yield tuple(steps)
    except GuardFailed:
        raise Conflict("done meanwhile") from None
