"""The unit's workbook: its people, all their records of a year, and the rulings by category with their articles.

Rows are gathered page by page and written at the end, a page at a time: memory stays small however large the unit.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from console.batches import Page, packed, unpacked
from console.exports.years import year_of
from console.imports.pages import starts_a_formula
from documents.year import Year, article, quantity
from domain.batch import Batch, BatchKind, BatchState
from domain.ledger import Claim, fold
from domain.masking import masked_number
from domain.vocabulary import Category, EntryState
from rules.book import Book
from rules.plan import NoRuleInForceError
from rules.ruling import TOTAL, Citation
from storage.sheets_hours import Holder
from storage.sheets_roster import Listed
from storage.sheets_store import FILE, ROWS
from storage.store import Store
from wording import say

PEOPLE = 20  # on a page
CHUNK = 1 << 20
LAST_ROW = 1_000_000  # of a sheet; then another begins
TOLD = "told"
SHEETS = ("people", "records", "rulings")
WIDTHS = {"people": 14, "records": 14, "rulings": 16}
_COLUMNS = {
    "people": (
        *("unit", "department", "name", "id_number", "region", "bound"),
        *("public_verified", "professional_verified", "elective_verified", "total_verified"),
        *("public_claimed", "professional_claimed", "elective_claimed", "required", "missing", "complete"),
    ),
    "records": (
        *("unit", "department", "name", "title", "category", "mode", "start", "end", "quantity"),
        *("hours", "state", "organizer", "proofs", "recorded", "source"),
    ),
    "rulings": (
        "unit",
        "department",
        "name",
        "category",
        "required",
        "strength",
        "verified",
        "claimed",
        "missing",
        "source",
    ),
}


@dataclass(frozen=True, slots=True)
class Gathering:
    """The stage of a workbook."""

    store: Store
    book: Book
    now: Callable[[], datetime]
    next_state: BatchState = field(default=BatchState.DONE)

    async def begin(self, batch: Batch) -> None:
        return None

    async def page(self, batch: Batch, facts: None) -> Page:
        year, today = batch.content["year"], self.now().date()
        listed = await self.store.sheets.people_of(
            batch.content["units"], unpacked(await self.store.sheets.page(batch.id, ROWS, batch.place))
        )
        bound = [one.person_id for _, one in listed if one.person_id]
        holders = await self.store.sheets.holders(bound, [year])
        told: dict[str, list[list[Any]]] = {name: [] for name in SHEETS}
        for unit, one in listed:
            _gather(told, unit, one, holders.get(one.person_id or ""), year, today, self.book)
        steps = [self.store.sheets.page_step(batch.id, TOLD, batch.place, packed([told]))]
        return Page(steps, Counter(people=len(listed), records=len(told["records"])))

    async def end(self, batch: Batch, facts: None, tally: Counter[str]) -> dict[str, Any]:
        """Writes the workbook and keeps it in pieces; done again, it is the same."""
        with tempfile.TemporaryDirectory(prefix="xueshi-") as folder:
            path = Path(folder) / "unit.xlsx"
            writing = await asyncio.to_thread(Writing, path, batch)
            for at in range(batch.total):
                for told in unpacked(await self.store.sheets.page(batch.id, TOLD, at)):
                    await asyncio.to_thread(writing.add, told)
            await asyncio.to_thread(writing.close)
            content = await asyncio.to_thread(path.read_bytes)
            for piece, at in enumerate(range(0, len(content), CHUNK)):
                await self.store.sheets.put_page(batch.id, FILE, piece, content[at : at + CHUNK])
        return {"size": len(content)}


def _gather(
    told: dict[str, list[list[Any]]],
    unit: str,
    one: Listed,
    holder: Holder | None,
    year: int,
    today: date,
    book: Book,
) -> None:
    """Adds the rows of a person to the three sheets."""
    who = [unit, one.department, one.name]
    number = masked_number(one.id_number) if one.id_number else ""
    if holder is None:
        told["people"].append([*who, number, "", say("console.exports.unbound"), *[None] * 9, ""])
        return
    claims = [claim for claim in fold(holder.entries) if claim.year == year]
    try:
        ruled = year_of(holder.person, claims, year, today, book, {})
    except (NoRuleInForceError, ValueError):  # ValueError: a fact of the profile that cannot be what it says
        told["people"].append([*who, number, holder.person.region or "", "", *[None] * 9, say("document.open")])
        told["records"] += [[*who, *_record(claim, None)] for claim in claims]
        return
    told["people"].append([*who, number, ruled.place, "", *_figures(ruled)])
    told["records"] += [[*who, *_record(claim, ruled)] for claim in claims]
    told["rulings"] += [[*who, *row] for row in _rulings(ruled)]


def _figures(ruled: Year) -> list[Any]:
    """Hours by category after caps, verified and only claimed apart; what is asked, what is missing, whether done."""
    verified = [ruled.verified.totals.get(name, 0) for name in (*Category, TOTAL)]
    claimed = [ruled.standing.totals.get(name, 0) - ruled.verified.totals.get(name, 0) for name in Category]
    required = ruled.standing.required.get(TOTAL)
    state = {True: "complete", False: "incomplete", None: "open"}[ruled.verified.complete]
    asked = required.hours if required else None
    return [*verified, *claimed, asked, ruled.missing(), say(f"console.exports.complete.{state}")]


def _record(claim: Claim, ruled: Year | None) -> list[Any]:
    activity = claim.activity
    hours = ruled.standing.recognised.get(claim.id) if ruled else None
    cited = [step.citation for step in ruled.standing.steps if step.case == claim.id and step.citation] if ruled else []
    counts = claim.state in {EntryState.CLAIMED, EntryState.VERIFIED}
    return [
        activity.title,
        say(f"category.{activity.category}"),
        say(f"mode.{activity.mode}"),
        activity.start.isoformat(),
        activity.end.isoformat(),
        quantity(activity),
        hours if counts else None,
        say(f"state.{claim.state}"),
        activity.organizer,
        len(claim.proofs),
        claim.recorded_at.date().isoformat(),
        _source(ruled, cited[-1]) if ruled and cited and counts else "",
    ]


def _rulings(ruled: Year) -> list[list[Any]]:
    rows = []
    for name in ruled.categories():
        required = ruled.standing.required.get(name)
        verified = ruled.verified.totals.get(name, 0)
        rows.append(
            [
                say(f"category.{name}"),
                required.hours if required else None,
                say(f"console.exports.strength.{required.strength}") if required else "",
                verified,
                ruled.standing.totals.get(name, 0) - verified,
                ruled.verified.remaining.get(name, 0) if required else None,
                _source(ruled, required.citation) if required else "",
            ]
        )
    rows += [
        [
            say("console.exports.cap"),
            cap.limit,
            "",
            cap.after,
            cap.before - cap.after,
            None,
            _source(ruled, cap.citation),
        ]
        for cap in ruled.standing.caps
        if cap.after < cap.before
    ]
    return rows


def _source(ruled: Year, citation: Citation | None) -> str:
    return f"《{ruled.title(citation)}》{article(citation)}" if citation else ""


class Writing:
    """A workbook on disk, row by row."""

    def __init__(self, path: Path, batch: Batch) -> None:
        self._book = Workbook(
            str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._head = self._book.add_format({"bold": True, "bg_color": "#EEF2F6", "bottom": 1})
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._sheets: dict[str, Any] = {}
        self._at: Counter[str] = Counter()
        about = self._book.add_worksheet(say("console.exports.sheet.about"))
        about.set_column(0, 0, 100)
        for at, line in enumerate(_about(batch)):
            about.write_string(at, 0, line)
        for name in SHEETS:
            self._begin(name, 1)

    def _begin(self, name: str, number: int) -> None:
        title = say(f"console.exports.sheet.{name}") + (f" {number}" if number > 1 else "")
        sheet = self._book.add_worksheet(title)
        sheet.freeze_panes(1, 3)
        sheet.set_column(0, len(_COLUMNS[name]) - 1, WIDTHS[name])
        for at, column in enumerate(_COLUMNS[name]):
            sheet.write_string(0, at, say(f"console.exports.column.{column}"), self._head)
        self._sheets[name] = sheet

    def add(self, told: dict[str, list[list[Any]]]) -> None:
        for name in SHEETS:
            for row in told[name]:
                number, at = divmod(self._at[name], LAST_ROW)
                if at == 0 and number:
                    self._begin(name, number + 1)
                self._row(self._sheets[name], at + 1, row)
                self._at[name] += 1

    def _row(self, sheet: Any, number: int, row: Sequence[Any]) -> None:
        for at, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(number, at, value)
            elif value:
                sheet.write_string(number, at, value, self._quoted if starts_a_formula(value) else None)

    def close(self) -> None:
        self._book.close()


def _about(batch: Batch) -> list[str]:
    units = "、".join(batch.content["units"])
    return [
        say("console.exports.about_title", year=batch.content["year"]),
        say("console.exports.about_units", units=units),
        say("console.exports.about_made", day=batch.made_at.date().isoformat()),
        say("console.exports.about_states"),
        say("console.exports.about_open"),
        say("document.form_not_official"),
    ]


async def begin(store: Store, batch: Batch, now: datetime, *, bound: bool, department: str, size: int) -> Batch | None:
    """Keeps whom a batch is about, page by page, and sets it going; None when it is about nobody."""
    ids = await store.sheets.member_ids(batch.content["units"], department, bound=bound)
    if not ids:
        return None
    await store.sheets.open(batch, now)
    pages = [ids[at : at + size] for at in range(0, len(ids), size)]
    for at, page in enumerate(pages):
        await store.sheets.put_page(batch.id, ROWS, at, packed(page))
    going = replace(batch, state=BatchState.RUNNING, rows=len(ids), total=len(pages))
    await store.sheets.change(BatchState.READ, going, now)
    return going


KIND = BatchKind.WORKBOOK
