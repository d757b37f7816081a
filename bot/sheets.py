"""Rows of a spreadsheet that somebody hands in: sizes first, columns by their heading, cells as text.

Every cell is hostile. What a sheet means, and what is wrong in it by row, is for who asked for it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

MAX_COLUMNS = 100
HEADING_ROWS = 20  # that are looked at for the heading


class SheetRefused(Exception):
    """The file is not what was asked for; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """What stands below a heading: `columns` by field, `first` is the spreadsheet's own number of the first row."""

    rows: list[list[Any]]
    first: int
    columns: dict[str, int]


def read_table(
    path: Path, headings: Mapping[str, Sequence[str]], needed: set[str], *, max_bytes: int, max_rows: int, wanted: str
) -> Table:
    """The first sheet below the first row that names the `needed` fields; `wanted` says what such a row looks like.

    SheetRefused for a file that is not there, too large, no spreadsheet, or without such a row.
    """
    rows = _rows(path, max_bytes, max_rows)
    for at, row in enumerate(rows[:HEADING_ROWS]):
        columns = _columns(row, headings)
        if needed <= columns.keys():
            return Table(rows[at + 1 :], at + 2, columns)
    raise SheetRefused(wanted)


def text(cell: Any) -> str:
    """A cell as it is shown: a number that the sheet keeps as one has no point and no exponent."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return unicodedata.normalize("NFKC", str(cell)).strip()


def _rows(path: Path, max_bytes: int, max_rows: int) -> list[list[Any]]:
    if not path.is_file():
        raise SheetRefused(f"there is no file {path.name}")
    if path.stat().st_size > max_bytes:
        raise SheetRefused(f"{path.name} is larger than {max_bytes // 1_000_000} MB")
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        if sheet.height > max_rows or sheet.width > MAX_COLUMNS:
            raise SheetRefused(f"the sheet has more than {max_rows} rows or {MAX_COLUMNS} columns")
        return sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, IndexError, ValueError):
        raise SheetRefused(f"{path.name} cannot be read as a spreadsheet (.xlsx, .xls, .ods)") from None


def _columns(row: list[Any], headings: Mapping[str, Sequence[str]]) -> dict[str, int]:
    said = [re.sub(r"[\s*（）()：:]", "", text(cell)) for cell in row]
    return {
        field: said.index(heading)
        for field, names in headings.items()
        for heading in reversed(names)
        if heading in said
    }
