"""Headings: which column is what, wherever the heading stands and whatever the list calls its columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.sheets.cells import shown
from console.sheets.reading import Row, SheetRefused

LOOKED_AT = 20  # rows in which a heading is looked for
_NOISE = re.compile(r"[(\[【].*?[)\]】]|[\s*:：/、|_\-]|必填|选填")

Headings = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """`columns` by field, counted from 0; data begin below row `number`. `unread` are headings that mean nothing."""

    columns: dict[str, int]
    number: int
    unread: tuple[str, ...] = ()


def find(rows: Sequence[Row], headings: Headings, needed: Sequence[Sequence[str]]) -> Found:
    """The heading among the first rows of a sheet. `needed` lists fields of which at least one must be there, each.

    SheetRefused, naming what is missing in the row that comes nearest.
    """
    best: tuple[int, Found] | None = None
    for place, row in enumerate(rows[:LOOKED_AT]):
        names = [shown(cell) for cell in row.cells]
        found = _columns(names, headings)
        if not found:
            continue
        number = row.number
        below = _below(rows, place, names, headings)
        if below is not None:
            number = below.number
            names = _joined(names, [shown(cell) for cell in below.cells])
            found = _columns(names, headings)
        score = len(found) + 10 * sum(any(field in found for field in some) for some in needed)
        if best is None or score > best[0]:
            unread = tuple(dict.fromkeys(one for at, one in enumerate(names) if one and at not in found.values()))
            best = score, Found(found, number, unread[:20])
    missing = [headings[some[0]][0] for some in needed if best is None or not set(some) & best[1].columns.keys()]
    if best is None or missing:
        raise SheetRefused("heading", missing="、".join(missing))
    return best[1]


def _columns(names: Sequence[str], headings: Headings) -> dict[str, int]:
    """Exact names first, then names within longer ones (参训人员姓名, 培训学时数); each column is one field's."""
    plain = [_NOISE.sub("", one) for one in names]
    taken: dict[str, int] = {}
    for field, words in headings.items():
        at = next((plain.index(word) for word in words if word in plain), None)
        if at is not None and at not in taken.values():
            taken[field] = at
    for field, words in headings.items():
        if field in taken:
            continue
        for at, one in enumerate(plain):
            if at not in taken.values() and len(one) <= 12 and any(word in one for word in words if len(word) > 1):
                taken[field] = at
                break
    return taken


def _below(rows: Sequence[Row], place: int, names: Sequence[str], headings: Headings) -> Row | None:
    """The second row of a heading of two: its cells are names too, or repeat the cell above (merged downwards)."""
    if place + 1 >= len(rows) or rows[place + 1].number != rows[place].number + 1:
        return None
    below = rows[place + 1]
    cells = [shown(cell) for cell in below.cells]
    filled = [(at, one) for at, one in enumerate(cells) if one]
    same = sum(at < len(names) and names[at] == one for at, one in filled)
    known = len(_columns(cells, headings))
    return (
        below
        if len(filled) > 1 and same < len(filled) and (same + known) * 2 > len(filled) and same + known > 1
        else None
    )


def _joined(above: Sequence[str], below: Sequence[str]) -> list[str]:
    width = max(len(above), len(below))
    pairs = [(above[at] if at < len(above) else "", below[at] if at < len(below) else "") for at in range(width)]
    return [low or high for high, low in pairs]


def letter(column: int) -> str:
    """A column's letters, counted from 0: A, B, …, Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cells_of(row: Row, columns: Mapping[str, int]) -> dict[str, Any]:
    """A row's cells by field; None where the row ends before."""
    return {field: row.cells[at] if at < len(row.cells) else None for field, at in columns.items()}
