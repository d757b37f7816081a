"""What the pages of a list do, rehearsed and for real: both judge the rows in the same way, only one commits them."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from console.batches import Page, Stage, Stages, packed, unpacked
from console.imports import attendance, roster
from console.imports.recording import Entrant, recording_steps
from console.sheets.near import Names
from console.sheets.rows import Problem, Read, mended, read_of
from domain.batch import Attendance, Batch, BatchKind, BatchState
from domain.ledger import Claim, fold
from rules.book import Book
from storage.members import Employee
from storage.sheets_hours import Holder
from storage.sheets_roster import Listed, Placing
from storage.sheets_store import ROWS
from storage.store import Store

WRONG, LEFT = "wrong", "left"  # leaves: rows with something wrong, rows that the real run has left out


def stages(store: Store, book: Book, now: Callable[[], datetime]) -> Stages:
    """The stages of rosters and attendance lists."""
    listed: dict[tuple[BatchKind, BatchState], Stage] = {}
    for kind, judge in ((BatchKind.ROSTER, RosterJudge(store)), (BatchKind.ATTENDANCE, AttendanceJudge(store, book))):
        listed[kind, BatchState.REHEARSING] = Rehearsal(store, judge, now)
        listed[kind, BatchState.RUNNING] = Run(store, judge, now)
    return listed


@dataclass(slots=True)
class Judged:
    """Rows with their verdicts, and what the rows that are right would do: `do` gives the steps of a commit."""

    rows: list[Read]
    do: Callable[[datetime], list[Any]]


class RosterJudge:
    """What a list's rows would do to the roster."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def begin(self, batch: Batch) -> dict[str, int]:
        """The departments that the unit has."""
        return await self._store.sheets.departments(batch.unit)

    def mended(self, one: Read, today: date) -> Read:
        return mended(one)

    async def judge(self, batch: Batch, rows: Sequence[Read], known: dict[str, int], now: datetime) -> Judged:
        found = await self._store.sheets.search(batch.unit, [roster.employee(one) for one in rows])
        said, columns = batch.content["departments"], batch.content["columns"]
        judged = [
            roster.judged(one, candidates, known, said, columns) for one, candidates in zip(rows, found, strict=True)
        ]
        if batch.content.get("mend"):
            judged = [(one, _meant(one, placing)) for one, placing in judged]
        placings = [placing for _, placing in judged if placing]
        return Judged([one for one, _ in judged], lambda at: self._store.sheets.place(batch.unit, placings, at))

    async def end(self, batch: Batch) -> dict[str, Any]:
        """How many of the roster the list does not name."""
        named: list[Employee] = []
        for at in range(batch.total):
            for record in unpacked(await self._store.sheets.page(batch.id, ROWS, at)):
                one = read_of(record)
                if not one.wrong:
                    named.append(roster.employee(one))
        return {"absent": await self._store.sheets.absent(batch.unit, named)}


def _meant(one: Read, placing: Placing | None) -> Placing | None:
    """With the department that was probably meant, where somebody has said so."""
    near = next((each.fix for each in one.problems if each.key == "department_near"), None)
    if placing is None or near is None:
        return placing
    meant = replace(placing.employee, department=near)
    return None if placing.there and placing.there.employee == meant else replace(placing, employee=meant)


@dataclass(slots=True)
class _People:
    """The names of the unit, loaded when a row names nobody of it."""

    names: Names | None = None


class AttendanceJudge:
    """What a list's rows would record for whom."""

    def __init__(self, store: Store, book: Book) -> None:
        self._store = store
        self._book = book

    async def begin(self, batch: Batch) -> _People:
        return _People()

    def mended(self, one: Read, today: date) -> Read:
        return attendance.mended(one, today)

    async def judge(self, batch: Batch, rows: Sequence[Read], people: _People, now: datetime) -> Judged:
        right = [one for one in rows if not one.wrong and one.verdict != attendance.REPEAT]
        whose = await self._whose(batch, right, people)
        told = {one.number: attendance.activity(one.values) for one in right}
        keys = {
            one.number: self._store.sheets.keys(attendance.key_words(batch.unit, found, told[one.number]))
            for one, found in zip(right, whose, strict=True)
            if isinstance(found, Listed)
        }
        known = await self._store.sheets.known(sorted({key for several in keys.values() for key in several}))
        years = sorted({told[number].end.year for number in keys})
        bound = {one.person_id for one in whose if isinstance(one, Listed) and one.person_id}
        holders = await self._store.sheets.holders(sorted(bound), years) if years else {}
        judged: dict[int, Read] = {}
        doing: list[Entrant] = []
        waiting: list[Attendance] = []
        for one, found in zip(right, whose, strict=True):
            if isinstance(found, Problem):
                judged[one.number] = one.told(found)
                continue
            holder = holders.get(found.person_id or "")
            claims = _claims(holder, told[one.number].end.year)
            recorded = bool(known & set(keys[one.number]))
            known.update(keys[one.number])  # what the list itself says twice, in two ways
            meaning = attendance.meaning(
                told[one.number], claims, recorded=recorded, own=found.person_id == batch.made_by
            )
            wrong = meaning.problem(one, batch.content["columns"])
            if wrong is not None:
                judged[one.number] = one.told(wrong)
                continue
            judged[one.number] = replace(one, verdict=meaning.verdict)
            row = Attendance(keys[one.number][0], found.id, one.number, told[one.number], found.person_id)
            if meaning.verdict == attendance.AWAITED:
                waiting.append(row)
            elif meaning.verdict != attendance.SAME and holder is not None:
                doing.append(
                    Entrant(row, found.department, holder, meaning.claim, own=meaning.verdict == attendance.OWN)
                )

        def do(at: datetime) -> list[Any]:
            steps = recording_steps(self._store, self._book, batch, doing, at)
            return [*steps, *(self._store.sheets.attend(batch, row, None, at) for row in waiting)]

        return Judged([judged.get(one.number, one) for one in rows], do)

    async def _whose(self, batch: Batch, rows: Sequence[Read], people: _People) -> list[Listed | Problem]:
        """Whom each row is about; the names of the unit are loaded when a row names nobody."""
        found = await self._store.sheets.search(batch.unit, [roster.employee(one) for one in rows]) if rows else []
        columns = batch.content["columns"]
        whose = [attendance.whose(one, listed, people.names, columns) for one, listed in zip(rows, found, strict=True)]
        unknown = any(isinstance(one, Problem) and one.key == "nobody" for one in whose)
        if unknown and people.names is None:
            people.names = Names(member.name for member in await self._store.desk.roster(batch.unit))
            return await self._whose(batch, rows, people)
        return whose

    async def end(self, batch: Batch) -> dict[str, Any]:
        return {}


def _claims(holder: Holder | None, year: int) -> list[Claim] | None:
    return None if holder is None else [claim for claim in fold(holder.entries) if claim.year == year]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Judges every row and keeps the verdicts; nothing else is changed."""

    store: Store
    judge: Any
    now: Callable[[], datetime]
    next_state: BatchState = field(default=BatchState.REHEARSED)

    async def begin(self, batch: Batch) -> Any:
        return await self.judge.begin(batch)

    async def page(self, batch: Batch, facts: Any) -> Page:
        rows = await rows_of(self.store, batch, batch.place)
        now = self.now()
        judged = (await self.judge.judge(batch, rows, facts, now)).rows
        steps = [self.store.sheets.page_step(batch.id, ROWS, batch.place, packed([one.record() for one in judged]))]
        doubtful = [one for one in judged if one.problems]
        if doubtful:
            told = packed([one.record() for one in doubtful])
            steps.append(self.store.sheets.page_step(batch.id, WRONG, batch.place, told))
        return Page(steps, _tally(judged, self.judge, now.date()))

    async def end(self, batch: Batch, facts: Any, tally: Counter[str]) -> dict[str, Any]:
        found: dict[str, Any] = await self.judge.end(batch)
        return found


@dataclass(frozen=True, slots=True)
class Run:
    """Judges every row once more and does what those mean that are right; the others are left out and told."""

    store: Store
    judge: Any
    now: Callable[[], datetime]
    next_state: BatchState = field(default=BatchState.DONE)

    async def begin(self, batch: Batch) -> Any:
        return await self.judge.begin(batch)

    async def page(self, batch: Batch, facts: Any) -> Page:
        now = self.now()
        rows = [_afresh(one) for one in await rows_of(self.store, batch, batch.place)]
        if batch.content.get("mend"):
            rows = [self.judge.mended(one, now.date()) for one in rows]
        judged = await self.judge.judge(batch, rows, facts, now)
        steps = list(judged.do(now))
        left = [one for one in judged.rows if one.wrong]
        if left:
            told = packed([one.record() for one in left])
            steps.append(self.store.sheets.page_step(batch.id, LEFT, batch.place, told))
        return Page(steps, _tally(judged.rows, self.judge, now.date()))

    async def end(self, batch: Batch, facts: Any, tally: Counter[str]) -> dict[str, Any]:
        return {}


JUDGED = frozenset({"department_near", "namesake", "renamed", "other_name", "other_number", "namesakes"}) | frozenset(
    {"nobody", "nobody_near", "own_near", "own_differs"}
)  # problems that a rehearsal found in what is there, and that the run looks for again


def _afresh(one: Read) -> Read:
    """A row without what was found in the roster and the ledger, but for what can be mended in the row itself."""
    kept = tuple(each for each in one.problems if each.key not in JUDGED or (each.error and each.fix is not None))
    return replace(one, problems=kept, verdict=one.verdict if one.verdict == roster.REPEAT else "")


async def rows_of(store: Store, batch: Batch, at: int, leaf: str = ROWS) -> list[Read]:
    return [read_of(record) for record in unpacked(await store.sheets.page(batch.id, leaf, at))]


def _tally(rows: Sequence[Read], judge: Any, today: date) -> Counter[str]:
    tally: Counter[str] = Counter()
    for one in rows:
        tally["wrong" if one.wrong else one.verdict] += 1
        if one.wrong and not judge.mended(one, today).wrong:
            tally["mendable"] += 1
        elif any(not each.error and each.fix is not None for each in one.problems):
            tally["near"] += 1
        tally["noticed"] += not one.wrong and bool(one.problems)
    return tally
