"""Lists as files: workbooks with what a cell may hold, made as Excel makes them."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from aiohttp import FormData
from xlsxwriter import Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(path: Path, *rows: Sequence[Any], merged: Iterable[tuple[str, Any]] = (), name: str = "名单") -> Path:
    """A workbook of one sheet; `merged` are ranges with what they show."""
    book = Workbook(str(path), {"strings_to_formulas": True, "strings_to_urls": False})
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        for at, value in enumerate(row):
            if value is not None:
                sheet.write(number, at, value)
    for where, value in merged:
        sheet.merge_range(where, value)
    book.close()
    return path


def posted(path: Path, filename: str = "", **fields: str) -> FormData:
    """A form with a file, as a browser sends it."""
    form = FormData()
    for name, value in {"once": "1", **fields}.items():
        form.add_field(name, value)
    form.add_field("file", io.BytesIO(path.read_bytes()), filename=filename or path.name, content_type=XLSX)
    return form
