"""The process that opens a spreadsheet: `python -m console.sheets.opening FILE`, one JSON line for each row on stdout.

The first line is {"sheet", "others", "rows"}; then [number, cells] for each row that is not blank, numbered as the
spreadsheet does; or {"refused": why, …}. Whoever starts it limits nothing: it limits its own memory and time, knows
none of the service's secrets, and what a hostile file makes of it is only its own end.

A cell is null, text, a number, a bool, {"day": iso} or {"formula": cell as it is shown}.
"""

import csv
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO

ADDRESS_SPACE = 1 << 30
SECONDS = 60  # of processor time
MAX_ROWS = 50_020  # of a sheet, heading and all
MAX_COLUMNS = 100
MAX_TEXT = 500  # characters of a cell
UNPACKED = 400_000_000  # bytes of a file's contents
RATIO = 200  # times that contents may be larger than the file, where they are large at all
SMALL = 20_000_000  # bytes that no ratio is asked for
SHEETS = 20  # that are looked at for one with something in it
MERGED_CELLS = 1_000_000  # that are filled with what their range shows
_PIECE = 1 << 20
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]{0,80}>\s*<f[ />]')
_SHEET_FILE = re.compile(r"xl/worksheets/[^/]+\.xml")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_QUOTED_NUMBER = re.compile(r'="([^"]*)"')  # how Excel keeps a number as text in CSV


class Refused(Exception):
    """`why` is a word for the reason; `found` and `limit` are figures of it."""

    def __init__(self, why: str, **figures: int) -> None:
        super().__init__(why)
        self.why = why
        self.figures = figures


Rows = Iterable[tuple[int, list[Any]]]


def opened(path: Path) -> tuple[dict[str, Any], Rows]:
    """What a file holds. Raises Refused."""
    with path.open("rb") as file:
        begins = file.read(8)
    if begins.startswith(_ZIP):
        _unpack(path)
        return _workbook(path, _formulas(path))
    if begins.startswith(_OLE):
        return _workbook(path, {})
    return _plain(path.read_bytes())


def _unpack(path: Path) -> None:
    """Unpacks everything once and keeps nothing: what a zip says of its sizes is not what it holds."""
    allowed = min(UNPACKED, max(SMALL, RATIO * path.stat().st_size))
    seen = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as part:
                    while piece := part.read(_PIECE):
                        seen += len(piece)
                        if seen > allowed:
                            raise Refused("bomb", limit=allowed // 1_000_000)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise Refused("broken") from None


def _formulas(path: Path) -> dict[str, set[tuple[int, int]]]:
    """Where formulas stand, by the name of the sheet's file: (row, column), counted from 1."""
    found: dict[str, set[tuple[int, int]]] = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if _SHEET_FILE.fullmatch(name):
                with archive.open(name) as part:
                    found[name] = set(_formula_cells(part))
    return found


def _formula_cells(part: Any) -> Iterator[tuple[int, int]]:
    rest = b""
    while piece := part.read(_PIECE):
        text = rest + piece
        for match in _FORMULA.finditer(text):
            yield int(match[2]), _column(match[1])
        rest = text[-200:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _workbook(path: Path, formulas: dict[str, set[tuple[int, int]]]) -> tuple[dict[str, Any], Rows]:
    from python_calamine import (  # noqa: PLC0415 (not for a CSV)
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        book = CalamineWorkbook.from_path(str(path))
        shown = [
            (place, one.name)
            for place, one in enumerate(book.sheets_metadata)
            if one.visible is SheetVisibleEnum.Visible and one.typ is SheetTypeEnum.WorkSheet
        ]
        for place, name in shown[:SHEETS]:
            sheet = book.get_sheet_by_index(place)
            if sheet.end is not None:
                last = sheet.end[0] + 1
                if last > MAX_ROWS:
                    raise Refused("rows", found=last, limit=MAX_ROWS)
                at = formulas.get(f"xl/worksheets/sheet{place + 1}.xml", set())
                told = {"sheet": name[:100], "others": len(shown) - 1, "rows": last}
                return told, _cells(sheet, at)
    except PasswordError:
        raise Refused("password") from None
    except (CalamineError, OSError, IndexError, ValueError):
        raise Refused("broken") from None
    raise Refused("empty")


def _cells(sheet: Any, formulas: set[tuple[int, int]]) -> Rows:
    filled = _merged(sheet.merged_cell_ranges or ())
    left = sheet.start[1] if sheet.start else 0  # columns that are empty are left out of the rows, rows are not
    kept: dict[tuple[int, int], Any] = {}  # what the upper left cells of merged ranges show
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [None] * left + [_cell(value) for value in row[: MAX_COLUMNS - left]]
        for place in range(min(len(cells), MAX_COLUMNS)):
            if (number, place + 1) in formulas:
                cells[place] = {"formula": cells[place]}
            origin = filled.get((number, place + 1))
            if origin == (number, place + 1):
                kept[origin] = cells[place]
            elif origin is not None:
                cells[place] = kept.get(origin)
        yield number, cells


def _merged(ranges: Iterable[Any]) -> dict[tuple[int, int], tuple[int, int]]:
    """The cells of merged ranges, each with the one whose contents all of them show; counted from 1."""
    filled: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, left), (bottom, right) in ranges:
        wide, high = min(right, MAX_COLUMNS - 1) - left + 1, min(bottom, MAX_ROWS) - top + 1
        if len(filled) + wide * high > MERGED_CELLS:
            break
        for row in range(top, top + high):
            for column in range(left, left + wide):
                filled[(row + 1, column + 1)] = (top + 1, left + 1)
    return filled


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value[:MAX_TEXT].replace("\x00", "") or None
    if isinstance(value, int | float):
        return value if value == value and abs(value) < 1e300 else None  # noqa: PLR0124 (NaN is not itself)
    if isinstance(value, datetime):
        return {"day": value.date().isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, time | timedelta):
        return str(value)
    return None


def _plain(content: bytes) -> tuple[dict[str, Any], Rows]:
    """Text with separators: CSV, TSV, in UTF-8, UTF-16 or GB18030."""
    text = _decoded(content)
    if not text.strip():
        raise Refused("empty")
    if text.lstrip()[:1] == "<":
        raise Refused("broken")  # a web page that calls itself a spreadsheet
    lines = text.count("\n") + 1
    if lines > MAX_ROWS:
        raise Refused("rows", found=lines, limit=MAX_ROWS)
    return {"sheet": "", "others": 0, "rows": lines}, _records(text)


def _decoded(content: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Refused("broken")


def _records(text: str) -> Rows:
    csv.field_size_limit(1_000_000)
    begins = text[:4000]
    separator = max((",", "\t", ";", "，", "|"), key=begins.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    before = 0
    try:
        for row in reader:
            number, before = before + 1, reader.line_num  # a record begins where the one before has ended
            yield number, [_unquoted(cell) for cell in row[:MAX_COLUMNS]]
    except csv.Error:
        raise Refused("broken") from None


def _unquoted(cell: str) -> str | None:
    found = _QUOTED_NUMBER.fullmatch(cell.strip())
    return (found[1] if found else cell.removeprefix("'"))[:MAX_TEXT] or None


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def write(path: Path, lines: BinaryIO) -> None:
    """Writes what a file holds, or why it cannot be read."""

    def say(record: Any) -> None:
        lines.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n")

    try:
        told, rows = opened(path)
        say(told)
        for number, cells in rows:
            while cells and _blank(cells[-1]):
                cells.pop()
            if cells:
                say([number, cells])
    except Refused as refused:
        say({"refused": refused.why, **refused.figures})
    except MemoryError:
        say({"refused": "bomb", "limit": ADDRESS_SPACE >> 20})
    lines.flush()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    write(Path(sys.argv[1]), sys.stdout.buffer)
