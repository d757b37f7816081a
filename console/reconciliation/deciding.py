"""What becomes of a difference when HR lets the official record hold: entries that say so, behind all that was there.

Nothing is overwritten: a record that was other here is withdrawn and told anew, a missing one is added, one that only
waited is verified, one that the platform does not have is returned. Each note names the official record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from console.imports.recording import DIGEST_SHOWN, standings
from domain.batch import Batch, Cause, Difference, DifferenceState, Official
from domain.ledger import OF_THIS, Activity, Claim, Entry, EntryKind, NewEntry, fold
from domain.proof import Objection
from domain.review import returned_note
from domain.standing import Standing
from domain.vocabulary import Category, EntryState, Mode, Unit
from rules.book import Book
from storage.members import normal
from storage.refusals import Conflict
from storage.sheets_hours import Holder, Recording
from storage.store import Store
from wording import say

DECIDABLE = frozenset(set(Cause) - {Cause.UNBOUND, Cause.UNKNOWN})
_CORRECTED = frozenset({Cause.HOURS, Cause.DATES, Cause.CATEGORY, Cause.TITLE})


@dataclass(frozen=True, slots=True)
class Filled:
    """What HR says where the official record does not: how it was learned, and of what category."""

    mode: Mode
    category: Category | None = None


@dataclass(slots=True)
class Decided:
    """How many differences were decided, and how many not: their facts have moved on, they lack a category, or they are
    the decider's own.
    """

    done: int = 0
    moved: int = 0
    lacking: int = 0
    own: int = 0


async def keep(store: Store, several: Sequence[Difference], by: str, now: datetime) -> Decided:
    """Ours holds: nothing is changed but that somebody has said so."""
    decided = Decided()
    for one in several:
        try:
            await store.sheets.commit([store.sheets.decide(one, DifferenceState.KEPT, by, now)])
            decided.done += 1
        except Conflict:
            decided.moved += 1
    return decided


async def accept(
    store: Store, book: Book, batch: Batch, several: Sequence[Difference], filled: Filled, by: str, now: datetime
) -> Decided:
    """The official record holds. Each difference is a commit of its own: what cannot be done holds no other up."""
    decided = Decided()
    for one in several:
        if one.cause not in DECIDABLE or one.person_id is None:
            decided.moved += 1
        elif one.person_id == by:
            decided.own += 1
        elif one.official and one.claim_id is None and not (one.official.category or filled.category):
            decided.lacking += 1
        elif await _accepted(store, book, batch, one, filled, by, now):
            decided.done += 1
        else:
            decided.moved += 1
    return decided


async def _accepted(
    store: Store, book: Book, batch: Batch, one: Difference, filled: Filled, by: str, now: datetime
) -> bool:
    """Whether it could be done: the person's records are as they were when they were compared."""
    person_id = one.person_id or ""
    holder = (await store.sheets.holders([person_id], [one.year])).get(person_id)
    if holder is None or not _as_compared(holder, one):
        return False
    new = entries(one, _claim(holder, one.claim_id), batch, filled, now.date())
    recording = Recording(person_id, f"official:{batch.id}:{one.number}", holder.head, tuple(new))

    def stood(_: Recording, added: list[Entry]) -> tuple[Standing, ...]:
        return standings(holder, added, batch.unit, one.department, now, book)

    steps: list[Any] = [store.sheets.decide(one, DifferenceState.ACCEPTED, by, now)]
    more, _ = store.sheets.record([recording], batch.unit, by, now, stood)
    where = await store.desk.address(person_id)
    told = [store.sheets.tell(f"{recording.key}#told", person_id, where, words(one, batch), now)] if where else []
    try:
        await store.sheets.commit([*steps, *more, *told])
    except Conflict:
        return False
    return True


def _claim(holder: Holder, claim_id: str | None) -> Claim | None:
    return next((claim for claim in fold(holder.entries) if claim.id == claim_id), None)


def _as_compared(holder: Holder, one: Difference) -> bool:
    """Whether the claim still stands as it was; for a record that was missing, whether it is still."""
    claim = _claim(holder, one.claim_id)
    if one.claim_id is not None:
        state = EntryState.VERIFIED if one.verified else EntryState.CLAIMED
        return claim is not None and claim.state is state and _same(claim.activity, one.ours)
    title = normal(one.official.title) if one.official else ""
    there = [claim for claim in fold(holder.entries) if claim.state in {EntryState.CLAIMED, EntryState.VERIFIED}]
    return not any(
        normal(each.activity.title) == title and each.activity.quantity == (one.official and one.official.hours)
        for each in there
    )


def _same(one: Activity, other: Activity | None) -> bool:
    return other is not None and one.model_dump() == other.model_dump()


def entries(one: Difference, claim: Claim | None, batch: Batch, filled: Filled, today: date) -> list[NewEntry]:
    """The entries that make the official record hold."""
    year = one.year
    if one.official is None:
        note = returned_note(Objection.OTHER, say("console.reconciliation.note.missing_there", **_named(batch)))
        return [NewEntry(kind=EntryKind.HOURS_RETURNED, year=year, refers_to=one.claim_id, note=note)]
    note = say("console.reconciliation.note.official", **_named(batch), row=one.official.row)
    number = one.official.number
    note = (note + say("console.reconciliation.note.number", number=number) if number else note)[:500]
    if one.cause is Cause.UNVERIFIED:
        return [NewEntry(kind=EntryKind.HOURS_VERIFIED, year=year, refers_to=one.claim_id, note=note)]
    new = []
    if one.cause in _CORRECTED:
        why = say("console.reconciliation.note.withdrawn", **_named(batch))
        new.append(NewEntry(kind=EntryKind.HOURS_WITHDRAWN, year=year, refers_to=one.claim_id, note=why))
    at = f"{OF_THIS}{len(new)}"
    told = activity(one.official, one.ours, filled, year, today)
    new.append(NewEntry(kind=EntryKind.HOURS_CLAIMED, year=year, activity=told, replaces=one.claim_id))
    for proof in (*(claim.proofs if claim else ()), batch.digest):
        new.append(NewEntry(kind=EntryKind.PROOF_ATTACHED, year=year, refers_to=at, note=proof))
    new.append(NewEntry(kind=EntryKind.HOURS_VERIFIED, year=year, refers_to=at, note=note))
    return new


def _named(batch: Batch) -> dict[str, str]:
    return {"source": batch.content["source"], "digest": batch.digest[:DIGEST_SHOWN]}


def activity(record: Official, ours: Activity | None, filled: Filled, year: int, today: date) -> Activity:
    """The activity as the official record has it; what it does not say is ours, else what HR has said."""
    category = record.category or (ours.category if ours else filled.category)
    start, end = record.start, record.end
    if start is None or end is None or end.year != year:
        whole = (date(year, 1, 1), min(date(year, 12, 31), max(today, date(year, 1, 1))))  # some day of that year
        start, end = (ours.start, ours.end) if ours else whole
    start = max(start, date(year, 1, 1))
    return Activity(
        start=start,
        end=end,
        category=Category(category or Category.PROFESSIONAL),
        mode=ours.mode if ours else filled.mode,
        quantity=record.hours,
        unit=Unit.CLASS_HOUR,
        title=record.title[:200],
        organizer=record.organizer[:200] or (ours.organizer if ours else ""),
        attrs=ours.attrs if ours else {},
    )


def words(one: Difference, batch: Batch) -> str:
    """What the person is told in chat."""
    key = "missing_there" if one.official is None else "unverified" if one.cause is Cause.UNVERIFIED else ""
    key = key or ("added" if one.claim_id is None else "corrected")
    title = (one.official.title if one.official else one.ours.title if one.ours else "") or say("document.open")
    hours = one.official.hours if one.official else 0
    source = batch.content["source"]
    return say(f"console.reconciliation.told.{key}", unit=batch.unit, source=source, title=title, hours=hours)
