"""What the pages of a batch show: problems cell by cell in words, and workbooks to download."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter import Workbook

from console.imports import attendance
from console.imports.stages import rows_of
from console.sheets.rows import Problem, Read
from domain.batch import Batch, BatchKind
from domain.vocabulary import Category, Mode
from storage.sheets_store import ROWS
from storage.store import Store
from wording import knows, say

LISTED = 100  # rows with something wrong that a page shows
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Line:
    """A problem as the page shows it. `cell` is like C12."""

    row: int
    cell: str
    field: str
    was: str
    why: str
    fix: str
    error: bool


def lines(rows: Iterable[Read]) -> list[Line]:
    """Every problem of some rows in words, errors of a row first."""
    return [_line(one, each) for one in rows for each in sorted(one.problems, key=lambda each: not each.error)]


def _line(one: Read, each: Problem) -> Line:
    field = f"console.sheets.field.{each.field}"
    return Line(
        row=one.number,
        cell=f"{each.column}{one.number}" if each.column else "",
        field=say(field) if knows(field) else "",
        was=each.was,
        why=say(f"console.sheets.wrong.{each.key}", **each.values),
        fix=_fix(each),
        error=each.error,
    )


def _fix(each: Problem) -> str:
    """What to put instead, as a cell would have it."""
    fix = each.fix
    if fix is None:
        return ""
    if each.field == "category":
        return say(f"category.{Category(fix)}")
    if each.field == "mode":
        return say(f"mode.{Mode(fix)}")
    if isinstance(fix, list):
        return str(fix[0]) if fix[0] == fix[-1] else f"{fix[0]}至{fix[-1]}"
    return f"{fix:.10g}" if isinstance(fix, float) else str(fix)


async def doubtful(store: Store, batch: Batch, leaf: str, most: int) -> tuple[list[Read], bool]:
    """The first rows of a leaf, and whether there are more."""
    found: list[Read] = []
    async for rows in leaves(store, batch, leaf):
        found += rows
        if len(found) > most:
            return found[:most], True
    return found, False


async def leaves(store: Store, batch: Batch, leaf: str) -> Any:
    """The rows of a leaf, page by page, where there are any."""
    for page in await store.sheets.numbers(batch.id, leaf):
        yield await rows_of(store, batch, page, leaf)


async def shown_cells(store: Store, batch: Batch) -> list[Read]:
    """The first page of a batch, for a look at how it was understood."""
    return (await rows_of(store, batch, 0, ROWS))[:5]


def starts_a_formula(words: str) -> bool:
    """Whether a spreadsheet could take a text for a formula: it is then marked as text."""
    return words.startswith(_STARTS)


class Book:
    """A workbook in memory: text stays text, whatever it begins with."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        self._book = Workbook(
            self._bytes,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        self._head = self._book.add_format({"bold": True, "bg_color": "#EEF2F6", "border": 1, "text_wrap": True})
        self._note = self._book.add_format({"italic": True, "font_color": "#666666"})
        self._text = self._book.add_format({"num_format": "@"})
        self._quoted = self._book.add_format({"num_format": "@", "quote_prefix": True})

    def sheet(self, name: str, head: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[Any]]) -> Any:
        """Adds a sheet with a heading and rows; gives it for more."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, head, self._head)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        for number, row in enumerate(rows, 1):
            for at, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(number, at, value)
                elif value:
                    self._write(sheet, number, at, str(value))
        return sheet

    def _write(self, sheet: Any, row: int, column: int, words: str) -> None:
        """What could be taken for a formula is marked as text, as if it had been typed behind an apostrophe."""
        sheet.write_string(row, column, words, self._quoted if starts_a_formula(words) else self._text)

    def note(self, sheet: Any, row: int, words: str) -> None:
        """A remark below the rows, or beside the heading."""
        sheet.write_string(row, 0, words, self._note)

    def choices(self, sheet: Any, column: int, listed: Sequence[str]) -> None:
        """Lets only these be chosen in a column below the heading."""
        sheet.data_validation(1, column, 5000, column, {"validate": "list", "source": list(listed)})

    def done(self) -> bytes:
        self._book.close()
        return self._bytes.getvalue()


def problem_book(told: Iterable[Line]) -> bytes:
    """The list of problems as a workbook."""
    book = Book()
    head = [say(f"console.imports.{name}") for name in ("row", "cell", "was", "why", "fix")]
    rows = ((one.row, one.cell, one.was, one.why, one.fix) for one in told)
    book.sheet(say("console.imports.sheet_name"), head, (8, 10, 24, 48, 24), rows)
    return book.done()


_TEMPLATES: dict[BatchKind, tuple[str, ...]] = {
    BatchKind.ROSTER: ("name", "phone", "id_number", "department"),
    BatchKind.ATTENDANCE: (
        *("name", "phone", "department", "title", "start", "end"),
        *("category", "mode", "hours", "organizer", "assessed"),
    ),
}


def template_book(kind: BatchKind) -> bytes:
    """A workbook to fill in, with one row that shows how."""
    book = Book()
    fields = _TEMPLATES[kind]
    head = [_heading(kind, field) for field in fields]
    sample = {
        **{name: say(f"console.imports.sample.{name}") for name in ("name", "department", "title", "organizer")},
        "phone": "13800000000",
        "start": "2026-03-04",
        "end": "2026-03-05",
        "category": say("category.professional"),
        "mode": say("mode.training_class"),
        "hours": 16,
        "assessed": say("console.imports.sample.passed"),
    }
    sheet = book.sheet(say(f"console.batch.kind.{kind}"), head, [16] * len(fields), ())
    for at, field in enumerate(fields):
        if field == "category":
            book.choices(sheet, at, [say(f"category.{each}") for each in Category])
        if field == "mode":
            book.choices(sheet, at, [say(f"mode.{each}") for each in list(Mode)[:12]])
    shown = [[sample.get(field, "") for field in fields]]
    sheet = book.sheet(say("console.imports.sample.sheet"), head, [16] * len(fields), shown)
    book.note(sheet, 3, say("console.imports.template_note"))
    return book.done()


def _heading(kind: BatchKind, field: str) -> str:
    named = attendance.HEADINGS[field][0] if kind is BatchKind.ATTENDANCE else ""
    return named or say(f"console.sheets.field.{field}")
