"""Starts the process that opens a spreadsheet, and takes its rows as they come. Memory here is one line's."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from console.sheets.opening import MAX_COLUMNS, MAX_TEXT

SECONDS = 120.0  # for a whole file, on a busy machine
LINE = 64_000 + MAX_COLUMNS * (6 * MAX_TEXT + 20)  # bytes
AT_ONCE = 2  # files that are opened at a time
_ENDS_ITSELF = {-6, -9, -11, -24, 134, 137, 139}  # what a file that asks for all memory or time comes to
_turns = asyncio.Semaphore(AT_ONCE)


class SheetRefused(Exception):
    """The file is not what was asked for. `key` is the sentence's (`console.sheets.refused.<key>`)."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was read; `number` is the spreadsheet's own."""

    number: int
    cells: list[Any]


@dataclass(slots=True)
class Sheet:
    """A sheet while it is read. `others` counts the sheets of the file that are not looked at."""

    name: str
    others: int
    last: int
    rows: AsyncIterator[Row] = field(repr=False)


@asynccontextmanager
async def reading(path: Path) -> AsyncIterator[Sheet]:
    """The first sheet of a file with something in it. SheetRefused when there is none, also while it is read."""
    async with _turns:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "console.sheets.opening", str(path)),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=DEVNULL,
            limit=LINE,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(Path(__file__).parents[2]), "LC_ALL": "C.UTF-8"},
        )
        try:
            async with asyncio.timeout(SECONDS):
                told = await _line(process)
                yield Sheet(told["sheet"], told["others"], told["rows"], _rows(process))
        except TimeoutError:
            raise SheetRefused("slow") from None
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _rows(process: Process) -> AsyncIterator[Row]:
    while (line := await _line(process, last=True)) is not None:
        yield Row(*line)


async def _line(process: Process, *, last: bool = False) -> Any:
    """The next record; None at the end where there may be one."""
    assert process.stdout is not None  # noqa: S101 (asked for as a pipe)
    try:
        line = await process.stdout.readline()
    except ValueError:
        raise SheetRefused("broken") from None
    if not line:
        if await process.wait() == 0 and last:
            return None
        raise SheetRefused("huge" if process.returncode in _ENDS_ITSELF else "broken")
    record = json.loads(line)
    if isinstance(record, dict) and "refused" in record:
        raise SheetRefused(record.pop("refused"), **record)
    return record
