"""Rows of a list as they are understood: what they say, and what is wrong with which cell.

A problem that is an error keeps its row out; a notice does not. `fix` is the value to put instead; it is taken only
when somebody has said so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as of_each
from typing import Any

from console.sheets.cells import CellWrong, is_formula, shown, without_result
from console.sheets.headings import Found, cells_of, letter
from console.sheets.reading import Row

SHOWN = 40  # characters of a cell that a problem repeats
_MASKED = frozenset({"phone", "id_number"})
_ALL_BUT = 4  # characters at the end of a masked cell that are shown


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the cell `column`+row; `key` names its sentence. `was` is the cell, masked where personal."""

    field: str
    column: str
    key: str
    values: dict[str, Any] = of_each(default_factory=dict)
    was: str = ""
    fix: Any = None
    error: bool = True

    def record(self) -> list[Any]:
        return [self.field, self.column, self.key, self.values, self.was, self.fix, self.error]


@dataclass(frozen=True, slots=True)
class Read:
    """A row's values by field, those that could be read, and its problems. `verdict` is what would be done with it."""

    number: int
    values: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    verdict: str = ""

    @property
    def wrong(self) -> bool:
        return any(problem.error for problem in self.problems)

    @property
    def mendable(self) -> bool:
        """Whether every error has a value to put instead."""
        return self.wrong and all(problem.fix is not None for problem in self.problems if problem.error)

    def record(self) -> list[Any]:
        return [self.number, self.values, [problem.record() for problem in self.problems], self.verdict]

    def told(self, *problems: Problem) -> "Read":
        return replace(self, problems=(*self.problems, *problems)) if problems else self


def read_of(record: list[Any]) -> Read:
    """A row from its record."""
    number, values, problems, verdict = record
    return Read(number, values, tuple(Problem(*one) for one in problems), verdict)


def problem(
    found: Found, name: str, key: str, cell: Any = None, fix: Any = None, *, error: bool = True, **values: Any
) -> Problem:
    at = found.columns.get(name)
    return Problem(name, "" if at is None else letter(at), key, values, _was(name, cell), fix, error)


def _was(name: str, cell: Any) -> str:
    said = shown(cell)
    if name in _MASKED and len(said) > _ALL_BUT:
        return "*" * min(8, len(said) - _ALL_BUT) + said[-_ALL_BUT:]
    return said[:SHOWN]


Parser = Callable[[Any], Any]


def understood(row: Row, found: Found, parsers: Mapping[str, Parser]) -> Read:
    """A row put before the parsers of its columns; a column that is not there has no value and no problem."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, cell in cells_of(row, found.columns).items():
        if name not in parsers:
            continue
        if without_result(cell):
            problems.append(problem(found, name, "formula_empty", cell))
            continue
        if is_formula(cell):
            problems.append(problem(found, name, "formula", cell, error=False))
            cell = cell["formula"]  # noqa: PLW2901
        try:
            values[name] = parsers[name](cell)
        except CellWrong as wrong:
            problems.append(problem(found, name, wrong.key, cell, wrong.fix, **wrong.values))
    return Read(row.number, values, tuple(problems))


def mended(read: Read) -> Read:
    """The row with its fixes put in; unchanged where an error has none."""
    if not read.mendable:
        return read
    values = {**read.values, **{one.field: one.fix for one in read.problems if one.error}}
    return replace(read, values=values, problems=tuple(one for one in read.problems if not one.error))
