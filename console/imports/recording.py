"""Entries of a list: hours claimed for somebody and verified by their unit at once, the list being the proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.imports import attendance
from domain.batch import Attendance, Batch
from domain.ledger import OF_THIS, Activity, Claim, Entry, EntryKind, NewEntry, fold
from domain.standing import Standing
from outreach.standings import stand
from rules.book import Book
from storage.refusals import Conflict
from storage.sheets_hours import Awaited, Holder, Recording
from storage.store import Store
from wording import say

DIGEST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Entrant:
    """A row and whose it is. `claim`: their own record that the row proves; `own`: they have handed the list in
    themselves, so that somebody else must verify it.
    """

    row: Attendance
    department: str
    holder: Holder
    claim: Claim | None = None
    own: bool = False


def entries(told: Activity, claim: Claim | None, unit: str, digest: str, *, own: bool) -> list[NewEntry]:
    """What a row adds. OF_THIS counts from 0 and is shifted by whoever adds several rows at once."""
    year = told.end.year
    new = [] if claim else [NewEntry(kind=EntryKind.HOURS_CLAIMED, year=year, activity=told)]
    of = claim.id if claim else f"{OF_THIS}0"
    new.append(NewEntry(kind=EntryKind.PROOF_ATTACHED, year=year, refers_to=of, note=digest))
    if not own:
        note = say("console.imports.vouched", unit=unit, digest=digest[:DIGEST_SHOWN])
        new.append(NewEntry(kind=EntryKind.HOURS_VERIFIED, year=year, refers_to=of, note=note))
    return new


def recording_steps(store: Store, book: Book, batch: Batch, entrants: Sequence[Entrant], now: datetime) -> list[Any]:
    """The steps that record rows: the entries of each person follow one another in one go."""
    by_person: dict[str, list[Entrant]] = {}
    for one in entrants:
        by_person.setdefault(one.holder.person.id, []).append(one)
    recordings, places = [], {}
    for person_id, rows in by_person.items():
        new: list[NewEntry] = []
        for one in rows:
            places[one.row.key] = len(new)
            several = entries(one.row.activity, one.claim, batch.unit, batch.digest, own=one.own)
            new += [shifted(each, len(new)) for each in several]
        key = f"list:{batch.id}:{rows[0].row.row}:{person_id}"
        recordings.append(Recording(person_id, key, rows[0].holder.head, tuple(new)))
    departments = {one.holder.person.id: one.department for one in entrants}

    def stood(one: Recording, added: list[Entry]) -> tuple[Standing, ...]:
        holder = by_person[one.person_id][0].holder
        return standings(holder, added, batch.unit, departments[one.person_id], now, book)

    steps, added = store.sheets.record(recordings, batch.unit, batch.made_by, now, stood)
    for person_id, rows in by_person.items():
        for one in rows:
            claim_id = one.claim.id if one.claim else added[person_id][places[one.row.key]].id
            steps.append(store.sheets.attend(batch, one.row, claim_id, now))
    return steps


def shifted(entry: NewEntry, by: int) -> NewEntry:
    """An entry whose OF_THIS counts from `by`."""
    of = entry.refers_to
    if of is None or not of.startswith(OF_THIS):
        return entry
    return entry.model_copy(update={"refers_to": f"{OF_THIS}{int(of[1:]) + by}"})


def standings(
    holder: Holder, added: Sequence[Entry], unit: str, department: str, now: datetime, book: Book
) -> tuple[Standing, ...]:
    """Where somebody will stand in the years of the entries added."""
    claims = fold([*holder.entries, *added])
    years = sorted({entry.year for entry in added})
    found = [stand(holder.person, claims, year, now.date(), book, unit, department) for year in years]
    return tuple(one for one in found if one is not None)


async def settle_arrived(store: Store, book: Book, now: datetime) -> int:
    """Records the hours that waited for employees who have said who they are. How many."""
    done = 0
    for one in await store.sheets.arrived():
        done += await _arrived(store, book, one, now)
    return done


async def _arrived(store: Store, book: Book, one: Awaited, now: datetime) -> bool:
    """Once, whoever else is at it: the row ceases to wait in the commit that adds the entries."""
    held = (await store.sheets.holders([one.person_id], [one.activity.end.year])).get(one.person_id)
    if held is None:
        return False
    own = one.person_id == one.made_by
    year = one.activity.end.year
    claims = [claim for claim in fold(held.entries) if claim.year == year]
    meaning = attendance.meaning(one.activity, claims, recorded=False, own=own)
    theirs = meaning.claim
    steps: list[Any] = []
    if theirs is not None and meaning.verdict != attendance.VERIFY:
        claim_id = theirs.id  # they have told it themselves: what is verified is enough, what differs is for a reviewer
    else:
        new = tuple(entries(one.activity, theirs, one.unit, one.digest, own=own))
        recording = Recording(one.person_id, f"list:{one.key}", held.head, new)

        def stood(_: Recording, added: list[Entry]) -> tuple[Standing, ...]:
            return standings(held, added, one.unit, one.department, now, book)

        steps, added = store.sheets.record([recording], one.unit, one.made_by, now, stood)
        first = added[one.person_id][0]
        claim_id = first.refers_to or first.id
    try:
        await store.sheets.commit([store.sheets.attended(one.key, claim_id), *steps])
    except Conflict:
        return False  # the next look finds it again, unless somebody else has done it
    return True
