"""Statements that SQLAlchemy compiles once from the tables, and the bundles of them that a visit yields.

A visit is a generator: it yields a `Bundle`, receives the rows of each of its steps, and returns its result. It does no
I/O, so one definition serves both databases: SQLite's driver runs the steps one after another, PostgreSQL's folds them
into a single statement. A bundle is all or nothing; a visit of several bundles is right even if it stops between two.
"""

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import CompoundSelect, Delete, Insert, Select, Update, literal_column
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg

from storage.columns import Converter, decoder, encoder

Row = Sequence[Any]
Rows = list[Row]
Values = dict[str, Any]
T = TypeVar("T")

_SQLITE = sqlite.dialect(paramstyle="qmark")
_POSTGRESQL = asyncpg.dialect()  # type: ignore[no-untyped-call]
_PARAMETER = re.compile(r"\$(\d+)")


@dataclass(frozen=True, slots=True)
class Compiled:
    """SQL with positional parameters: their names in order, values fixed by the statement, and converters."""

    sql: str
    names: tuple[str, ...]
    pick: Callable[[Values], Any]
    fixed: Values
    encoders: tuple[tuple[int, Converter], ...]
    decoders: tuple[tuple[int, Converter], ...]

    def arguments(self, values: Values) -> list[Any]:
        """The values in their places; KeyError when one is missing."""
        arguments = list(self.pick({**values, **self.fixed} if self.fixed else values))
        for place, convert in self.encoders:
            arguments[place] = convert(arguments[place])
        return arguments

    def decoded(self, row: Row) -> Row:
        cells = list(row)
        for place, convert in self.decoders:
            if cells[place] is not None:
                cells[place] = convert(cells[place])
        return cells


class Statement:
    """A Core statement, compiled for each database when it is first used there.

    The first column of a select is never NULL, so that an absent row can be told from an empty one.
    """

    def __init__(self, element: Insert | Update | Delete | Select[Any] | CompoundSelect[Any]) -> None:
        self.element: Any = element
        self.writes = isinstance(element, Insert | Update | Delete)
        self.width = len(self.element.exported_columns)

    @property
    def counted(self) -> bool:
        """A write that returns nothing but how many rows it changed."""
        return self.writes and not self.width

    @cached_property
    def sqlite(self) -> Compiled:
        return _compile(self.element, _SQLITE, convert=True)

    @cached_property
    def postgresql(self) -> Compiled:
        element = self.element.returning(literal_column("1")) if self.counted else self.element
        return _compile(element, _POSTGRESQL, convert=False)


@dataclass(frozen=True, slots=True)
class Step:
    """A statement with its values. `must`: the bundle is undone when this write changes no row."""

    statement: Statement
    values: Values
    must: bool = False


Bundle = tuple[Step, ...]
Visit = Generator[Bundle, list[Rows], T]


def _compile(element: Any, dialect: Any, *, convert: bool) -> Compiled:
    compiled = element.compile(dialect=dialect)
    names = tuple(compiled.positiontup or ())
    encoders = [(place, encoder(compiled.binds[name].type)) for place, name in enumerate(names)]
    decoders = [(place, decoder(column.type)) for place, column in enumerate(element.exported_columns)]
    return Compiled(
        sql=compiled.string,
        names=names,
        pick=_picker(names),
        fixed={name: compiled.binds[name].value for name in names if not compiled.binds[name].required},
        encoders=tuple((place, found) for place, found in encoders if convert and found),
        decoders=tuple((place, found) for place, found in decoders if convert and found),
    )


def _picker(names: tuple[str, ...]) -> Callable[[Values], Any]:
    """What takes the named values out of a dict, in order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]


@dataclass(frozen=True, slots=True)
class Folded:
    """A bundle as one PostgreSQL statement.

    Its rows begin with one count per write; then follow the columns of each read, the first of which gives at most one
    row. What a read sees is what was there before the writes.
    """

    sql: str
    writes: int
    reads: tuple[int, ...]  # widths

    def split(self, rows: Rows) -> list[Rows]:
        """The rows of each step, as if they had been run one after another."""
        results: list[Rows] = [[(1,)] * rows[0][step] for step in range(self.writes)]
        start = max(1, self.writes)
        for place, width in enumerate(self.reads):
            wanted = rows if place else rows[:1]
            results.append([row[start : start + width] for row in wanted if row[start] is not None])
            start += width
        return results


@lru_cache(512)
def fold(steps: tuple[tuple[Statement, bool], ...]) -> Folded:
    """One statement for steps of (statement, must): counted writes first, then at most two reads."""
    writes = [(statement, must) for statement, must in steps if statement.counted]
    reads = [statement for statement, _ in steps[len(writes) :]]
    if len(reads) > 2 or any(statement.writes for statement in reads):
        raise ValueError("a bundle holds counted writes, then at most two reads")
    shift = 0
    parts = []
    for place, (statement, _) in enumerate(steps):
        parts.append(f"s{place} AS ({_shifted(statement.postgresql.sql, shift)})" if statement.counted else "")
        shift += len(statement.postgresql.names)
    counts = ", ".join(_count(place, must) for place, (_, must) in enumerate(writes)) or "0"
    shift = sum(len(statement.postgresql.names) for statement, _ in writes)
    tables = [f"(SELECT {counts}) AS counts"]
    for place, statement in enumerate(reads):
        columns = ", ".join(f"c{place}_{column}" for column in range(statement.width))
        tables.append(f"({_shifted(statement.postgresql.sql, shift)}) AS r{place} ({columns}) ON true")
        shift += len(statement.postgresql.names)
    ctes = f"WITH {', '.join(part for part in parts if part)} " if writes else ""
    sql = f"{ctes}SELECT * FROM {' LEFT JOIN '.join(tables)}"  # noqa: S608 - our own
    return Folded(sql, len(writes), tuple(statement.width for statement in reads))


def _shifted(sql: str, by: int) -> str:
    return _PARAMETER.sub(lambda match: f"${int(match[1]) + by}", sql)


def _count(place: int, must: bool) -> str:
    count = f"(SELECT count(*) FROM s{place})"  # noqa: S608 - a number
    # The function raises, which undoes the whole statement (see the first migration).
    return f"CASE WHEN {count} = 0 THEN xueshi_guard_failed({place}) ELSE {count} END" if must else count
