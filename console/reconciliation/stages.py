"""Comparing an official export with the ledger, a page of its people at a time; nothing but differences is written."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from console.batches import Page
from console.imports import attendance, roster
from console.imports.stages import rows_of
from console.reconciliation.matching import Pair, paired
from console.reconciliation.records import official
from console.sheets.rows import Problem, Read
from domain.batch import Batch, BatchState, Cause, Difference, DifferenceState, Official
from domain.ledger import Claim, fold
from domain.vocabulary import Category, EntryState
from outreach.rulings import ruled, subject_of
from rules.book import Book
from rules.plan import NoRuleInForceError
from storage.sheets_hours import Holder
from storage.sheets_roster import Listed
from storage.store import Store

AT_ONCE = 20


@dataclass(slots=True)
class _Known:
    """What all pages need: records by roster row, the rows that are nobody's, and those left out."""

    people: list[tuple[Listed, list[Official]]]
    strangers: list[Read]
    covered: frozenset[str]
    left: Counter[str]


@dataclass(frozen=True, slots=True)
class Comparing:
    """The stage that compares. A page of rows brings the differences of the people who stand first on it."""

    store: Store
    book: Book
    now: Callable[[], datetime]
    next_state: BatchState = field(default=BatchState.DONE)

    async def begin(self, batch: Batch) -> _Known:
        """Whose each record is, and which categories the platform keeps."""
        listed: dict[int, Listed] = {}
        records: defaultdict[int, list[Official]] = defaultdict(list)
        strangers: list[Read] = []
        categories: set[str] = set()
        left: Counter[str] = Counter()
        for at in range(batch.total):
            read = await rows_of(self.store, batch, at)
            left.update("wrong" if one.wrong else one.verdict for one in read if one.wrong or one.verdict)
            rows = [one for one in read if not one.wrong and not one.verdict]
            found = await self.store.sheets.search(batch.unit, [roster.employee(one) for one in rows]) if rows else []
            for one, candidates in zip(rows, found, strict=True):
                categories.add(one.values.get("category", ""))
                who = attendance.whose(one, candidates, None, batch.content["columns"])
                if isinstance(who, Problem):
                    strangers.append(one)
                else:
                    listed[who.id] = who
                    records[who.id].append(official(one))
        people = await self._people(batch, listed, records)
        return _Known(people, strangers, covered(categories), left)

    async def _people(
        self, batch: Batch, listed: dict[int, Listed], records: dict[int, list[Official]]
    ) -> list[tuple[Listed, list[Official]]]:
        """Everybody who has records there; of the whole unit where the export is about all: all of theirs may miss."""
        people = [(listed[id_], records[id_]) for id_ in sorted(listed)]
        if batch.content.get("all_people"):
            ids = [id_ for id_ in await self.store.sheets.member_ids((batch.unit,), bound=True) if id_ not in listed]
            for at in range(0, len(ids), AT_ONCE):
                some = await self.store.sheets.people_of((batch.unit,), ids[at : at + AT_ONCE])
                people += [(one, []) for _, one in some]
        return people

    async def page(self, batch: Batch, known: _Known) -> Page:
        """The differences of the people whose turn it is; the last page has the rows that are nobody's."""
        size = -(-len(known.people) // batch.total) or 1
        some = known.people[batch.place * size : (batch.place + 1) * size]
        year, today = batch.content["year"], self.now().date()
        holders = await self.store.sheets.holders([one.person_id for one, _ in some if one.person_id], [year])
        page = Page()
        number = batch.place * NUMBERS
        found: list[Difference] = []
        for one, records in some:
            for pair in self._pairs(batch, one, records, holders.get(one.person_id or ""), known, today):
                page.tally[pair.cause.value if pair.cause else "same"] += 1
                if pair.cause is not None:
                    found.append(_numbered(batch, number + len(found), pair, one))
        if batch.place == batch.total - 1:
            for row in known.strangers:
                page.tally[Cause.UNKNOWN.value] += 1
                found.append(_stranger(batch, number + len(found), row))
        page.steps += self.store.sheets.differ(found)
        return page

    def _pairs(
        self, batch: Batch, one: Listed, records: list[Official], holder: Holder | None, known: _Known, today: date
    ) -> list[Pair]:
        if holder is None:
            return [Pair(Cause.UNBOUND, record) for record in records]
        year = batch.content["year"]
        claims = [claim for claim in fold(holder.entries) if claim.year == year]
        return paired(records, claims, recognised(holder, claims, year, today, self.book), known.covered)

    async def end(self, batch: Batch, known: _Known, tally: Counter[str]) -> dict[str, Any]:
        return {"people": len(known.people), "covered": sorted(known.covered), **known.left}


NUMBERS = 100_000  # differences of a page have numbers of their own, in the order of the pages


def covered(categories: set[str]) -> frozenset[str]:
    """The categories that a platform keeps: those that its export names; all of them where it names none."""
    named = {one for one in categories if one}
    return frozenset(named or {category.value for category in Category})


def recognised(holder: Holder, claims: list[Claim], year: int, today: date, book: Book) -> dict[str, float | None]:
    """The 学时 of each claim by the rules; as it was told where no rule can say."""
    try:
        return ruled(subject_of(holder.person), claims, year, today, book).recognised
    except (NoRuleInForceError, ValueError):  # ValueError: a fact of the profile that cannot be what it says
        return {claim.id: claim.activity.quantity for claim in claims}


def _numbered(batch: Batch, number: int, pair: Pair, one: Listed) -> Difference:
    assert pair.cause is not None  # noqa: S101 (pairs that agree are not kept)
    return Difference(
        batch_id=batch.id,
        number=number,
        cause=pair.cause,
        state=DifferenceState.OPEN,
        name=one.name,
        department=one.department,
        year=batch.content["year"],
        official=pair.official,
        ours=pair.claim.activity if pair.claim else None,
        claim_id=pair.claim.id if pair.claim else None,
        person_id=one.person_id,
        verified=bool(pair.claim and pair.claim.state is EntryState.VERIFIED),
    )


def _stranger(batch: Batch, number: int, row: Read) -> Difference:
    return Difference(
        batch_id=batch.id,
        number=number,
        cause=Cause.UNKNOWN,
        state=DifferenceState.OPEN,
        name=row.values["name"],
        department=row.values.get("department", ""),
        year=batch.content["year"],
        official=official(row),
    )
