"""Statements for many rows at once: one INSERT of so many, one search for so many keys."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, bindparam
from sqlalchemy.dialects.postgresql import Insert, insert

from storage.statements import Values


def inserted(table: Table, names: Sequence[str], count: int) -> Insert:
    """An INSERT of `count` rows; the values of the row at `place` are parameters named `<name>__<place>`."""
    rows = [{name: bindparam(f"{name}__{place}", type_=table.c[name].type) for name in names} for place in range(count)]
    return insert(table).values(rows)


def row_values(rows: Sequence[Values]) -> Values:
    """The parameters of such an INSERT."""
    return {f"{name}__{place}": value for place, row in enumerate(rows) for name, value in row.items()}


def any_of(column: Any, count: int, prefix: str) -> Any:
    """The condition that a column is one of `count` parameters `<prefix>0`, `<prefix>1`, …"""
    return column.in_([bindparam(f"{prefix}{place}", type_=column.type) for place in range(count)])


def key_values(keys: Sequence[Any], count: int, prefix: str) -> Values:
    """The parameters of such a condition, the last key repeated: few sizes make few statements."""
    padded = [*keys, *[keys[-1]] * (count - len(keys))]
    return {f"{prefix}{place}": key for place, key in enumerate(padded)}


def size(count: int) -> int:
    """The next size that there is a statement for: powers of two."""
    return 1 << max(0, count - 1).bit_length()
