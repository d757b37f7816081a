"""Desk work as the console asks for it: one method for each visit (`storage.store.Store.sheets`)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from domain.batch import Attendance, Batch, BatchKind, BatchState, Cause, Difference, DifferenceState
from domain.delivery import Purpose, Reply
from domain.ledger import Entry
from domain.review import Address
from storage import outbox, sheets, sheets_differences, sheets_figures, sheets_hours, sheets_roster
from storage.desk import Run
from storage.members import Employee
from storage.refusals import Conflict, GuardFailed
from storage.sealing import Vault
from storage.sheets_hours import Awaited, Holder, Recording, Stood
from storage.sheets_roster import Listed, Placing
from storage.statements import Step, Visit

__all__ = ["FILE", "ROWS", "SheetStore"]

ROWS, FILE = sheets.ROWS, sheets.FILE


class SheetStore:
    """Made by the store; `run` is its driver's, `taker` the name of its leases."""

    def __init__(self, run: Run, vault: Vault, taker: str) -> None:
        self._run = run
        self._vault = vault
        self._taker = taker

    # Batches

    async def open(self, batch: Batch, now: datetime) -> None:
        """Begins a batch whose pages follow; beginning it again changes nothing."""
        await self._run(sheets.open_batch(self._vault, batch, now), durable=True)

    async def put_page(self, batch_id: str, leaf: str, page: int, content: bytes) -> None:
        """Writes a page, over the one that was there."""
        await self._run(_one(sheets.put_page(self._vault, batch_id, leaf, page, content)))

    async def page(self, batch_id: str, leaf: str, page: int) -> bytes | None:
        return await self._run(sheets.page(self._vault, batch_id, leaf, page))

    async def numbers(self, batch_id: str, leaf: str) -> list[int]:
        """Which pages of a leaf there are."""
        return await self._run(sheets.numbers(batch_id, leaf))

    async def find(self, batch_id: str, units: Sequence[str]) -> Batch | None:
        """A batch of one of these units; None for another's."""
        return await self._run(sheets.find(self._vault, batch_id, units))

    async def recent(self, units: Sequence[str], kinds: Sequence[BatchKind]) -> list[Batch]:
        return await self._run(sheets.recent(self._vault, units, kinds))

    async def change(self, was: BatchState, batch: Batch, now: datetime) -> None:
        """Puts a batch from the state `was` into its own. Conflict: it is no longer in that one."""
        await self._run(sheets.change(self._vault, was, batch, now), durable=True)

    async def take(self, now: datetime) -> Batch | None:
        """A batch to go on with, for sheets.LEASE; `now` is the real time."""
        return await self._run(sheets.take(self._vault, now, self._taker))

    async def move(self, batch: Batch, tally: Mapping[str, int], steps: Sequence[Step], now: datetime) -> None:
        """Commits a page. Conflict: nothing was done, and the page is to be looked at again."""
        await self._run(sheets.move(batch, self._taker, tally, steps, now))

    async def end(self, batch: Batch, state: BatchState, tally: Mapping[str, int], now: datetime) -> None:
        """The present stage is over. Conflict as above."""
        await self._run(sheets.end(self._vault, batch, self._taker, state, tally, now), durable=True)

    def page_step(self, batch_id: str, leaf: str, page: int, content: bytes) -> Step:
        return sheets.put_page(self._vault, batch_id, leaf, page, content)

    # Rosters

    async def search(self, unit: str, employees: Sequence[Employee]) -> list[list[Listed]]:
        """Who of the roster each employee may be, the surest first."""
        return await self._run(sheets_roster.search(self._vault, unit, employees))

    def place(self, unit: str, placings: Sequence[Placing], now: datetime) -> list[Step]:
        """The steps that write employees."""
        return sheets_roster.put(self._vault, unit, placings, now)

    async def absent(self, unit: str, employees: Iterable[Employee]) -> int:
        """How many of the roster a whole list does not name."""
        return await self._run(sheets_roster.absent(self._vault, unit, employees))

    async def departments(self, unit: str) -> dict[str, int]:
        return await self._run(sheets_roster.departments(unit))

    # Hours

    async def holders(self, person_ids: Sequence[str], years: Sequence[int]) -> dict[str, Holder]:
        """People with the ends of their chains and their entries of some years."""
        return await self._run(sheets_hours.holders(self._vault, person_ids, years))

    def record(
        self, recordings: Sequence[Recording], unit: str, by: str, now: datetime, stood: Stood
    ) -> tuple[list[Step], dict[str, list[Entry]]]:
        """The steps that add entries to several chains, and the entries as they will be, by person."""
        return sheets_hours.record(self._vault, recordings, unit, by, now, stood)

    def key(self, words: str) -> str:
        """The key of hours of a list; nobody can guess from it what they are."""
        return self._vault.digest(words, "attendances")

    def keys(self, words: str) -> tuple[str, ...]:
        """Likewise under every key of the vault: what was recorded before a rotation is known."""
        return self._vault.digests(words, "attendances")

    async def known(self, keys: Sequence[str]) -> set[str]:
        """Which of these hours a list has recorded already."""
        return await self._run(sheets_hours.known(keys))

    def attend(self, batch: Batch, one: Attendance, claim_id: str | None, now: datetime) -> Step:
        """The step that keeps hours of a list, once for ever."""
        return sheets_hours.attend(self._vault, batch, one, claim_id, now)

    def attended(self, key: str, claim_id: str) -> Step:
        """The step that ends the waiting of such hours; it fails when somebody else has done so."""
        return sheets_hours.attended(key, claim_id)

    async def arrived(self) -> list[Awaited]:
        """Hours that waited for an employee who has come."""
        return await self._run(sheets_hours.arrived(self._vault))

    async def awaited(self, unit: str) -> int:
        return await self._run(sheets.awaited(unit))

    async def commit(self, steps: Sequence[Step]) -> None:
        """Commits steps, all or nothing. Conflict: something has moved on meanwhile."""
        await self._run(_guarded(steps), durable=True)

    # Differences

    def differ(self, several: Sequence[Difference]) -> list[Step]:
        """The steps that keep differences."""
        return sheets_differences.put(self._vault, several)

    def decide(self, one: Difference, state: DifferenceState, by: str, now: datetime) -> Step:
        """The step that decides an open difference; it fails when somebody has done so."""
        return sheets_differences.decide(one, state, by, now)

    def tell(self, key: str, person_id: str, where: Address, words: str, now: datetime) -> Step:
        """The step that tells somebody in chat what was done to their records; `key` makes it once."""
        told = Reply(text=words)
        return outbox.notice(self._vault, key, person_id, where.channel, where.sender, told, Purpose.ANSWER, now)

    async def differences(
        self, batch_id: str, cause: str = "", state: str = "", after: int = -1
    ) -> tuple[list[Difference], bool]:
        """A page of differences, and whether there are more."""
        return await self._run(sheets_differences.listed(self._vault, batch_id, cause, state, after))

    async def difference_tally(self, batch_id: str) -> dict[tuple[Cause, DifferenceState], int]:
        return await self._run(sheets_differences.tally(batch_id))

    async def find_differences(self, batch_id: str, numbers: Sequence[int]) -> list[Difference]:
        return await self._run(sheets_differences.find(self._vault, batch_id, numbers))

    # Figures

    async def groups(self, units: Sequence[str], year: int) -> list[tuple[str, str, dict[str, float]]]:
        """Figures of each unit's departments."""
        return await self._run(sheets_figures.groups(units, year))

    async def member_ids(self, units: Sequence[str], department: str = "", *, bound: bool = False) -> list[int]:
        """The roster rows of some units, in order of department."""
        return await self._run(sheets_figures.member_ids(units, department, bound=bound))

    async def people_of(self, units: Sequence[str], ids: Sequence[int]) -> list[tuple[str, Listed]]:
        """Some roster rows of these units, opened, each with its unit."""
        return await self._run(sheets_figures.people(self._vault, units, ids))

    async def set_figures(self, unit: str, year: int, content: dict[str, Any], by: str, now: datetime) -> None:
        await self._run(sheets_figures.set_figures(unit, year, content, by, now), durable=True)

    async def figures(self, unit: str, year: int) -> dict[str, Any]:
        """What a unit has filled in for a year's statistics."""
        return await self._run(sheets_figures.figures(unit, year))


def _one(step: Step) -> Visit[None]:
    yield (step,)


def _guarded(steps: Sequence[Step]) -> Visit[None]:
    try:
        yield tuple(steps)
    except GuardFailed:
        raise Conflict("something has moved on meanwhile") from None
