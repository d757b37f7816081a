"""Several on one page: the people of a list, the activities of a record, the two categories of a yearly statement."""

import re
from collections.abc import Mapping, Sequence

from domain.vocabulary import Category
from nlp.proofs.findings import Findings
from nlp.proofs.labels import Kind
from nlp.proofs.pieces import Piece
from nlp.proofs.proof import Activity
from nlp.proofs.spelling import bare, fold
from nlp.proofs.tables import Cell, Table
from nlp.proofs.values import name_in

Row = Mapping[Kind, Cell]
LABELLED = 0.97  # how sure a value in its own column or behind its own label is


def people_of(table: Table | None) -> tuple[str, ...]:
    """All the names of a list of several people."""
    if table is None or Kind.NAME not in table.kinds:
        return ()
    names = [named[0] for row in table.rows if Kind.NAME in row and (named := name_in(row[Kind.NAME].text))]
    return tuple(dict.fromkeys(names)) if len(set(names)) > 1 else ()


def rows_of(table: Table | None, people: Sequence[str], holder: str | None) -> list[Row]:
    """The rows that speak of the holder: all of one person's record, one of a list of people.

    Whose list it is may be unknown; then what all rows agree on stands for one row.
    """
    if table is None:
        return []
    if not people:
        return list(table.rows)
    mine: list[Row] = [
        row for row in table.rows if holder and Kind.NAME in row and bare(row[Kind.NAME].text) == bare(holder)
    ]
    return mine or _shared(table.rows)


def _shared(rows: Sequence[Row]) -> list[Row]:
    own = (Kind.NAME, Kind.NUMBER, Kind.OTHER)
    shared: dict[Kind, Cell] = {
        kind: cell
        for kind, cell in rows[0].items()
        if kind not in own and len({bare(row[kind].text) for row in rows if kind in row}) == 1
    }
    return [shared] if shared else []


def add_row(row: Row, found: Findings) -> None:
    """Reads the cells of a row as what their columns announce."""
    for kind, cell in row.items():
        found.add_labelled(kind, cell.text, LABELLED * cell.sure)


def listed(rows: Sequence[Row], rest: Findings) -> list[Activity]:
    """One activity for each row; what no column says is said of all of them elsewhere on the page."""
    activities = []
    for row in rows:
        own = Findings()
        add_row(row, own)
        for name, kind in (("organizer", Kind.ORGANIZER), ("category", Kind.CATEGORY), ("certificate_no", Kind.NUMBER)):
            if name in rest.values and kind not in row:
                own.add(name, rest.values[name], rest.confidence[name])
        activities.append(own.activity())
    return activities


_OF_CATEGORY = re.compile(
    "(公需|专业)(?:科目|课程?)?(?:学时)?:?[^0-9,。;]{0,6}?(?P<n>[0-9]{1,3}(?:[.][0-9])?)?(?:个?学时|课时)?"
)
_AMOUNT = re.compile("([0-9]{1,3}(?:[.][0-9])?)(?:个?学时|课时)?")


def yearly(pieces: Sequence[Piece], found: Findings) -> list[Activity]:
    """The two activities of a yearly statement: hours of 公需 and hours of 专业; none on any other page."""
    hours: dict[Category, tuple[float, float]] = {}
    for piece in pieces:
        text = fold(piece.line.text).replace(" ", "")
        for said in _OF_CATEGORY.finditer(text):
            category = Category.PUBLIC if said[1] == "公需" else Category.PROFESSIONAL
            amount = float(said["n"]) if said["n"] else _beneath(piece, pieces) if said.end() == len(text) else None
            if amount is not None:
                hours.setdefault(category, (amount, piece.line.sure))
    if len(hours) < 2:
        return []
    activities = []
    for category in (Category.PUBLIC, Category.PROFESSIONAL):
        amount, sure = hours[category]
        own = found.without("hours", "category")
        own.add("category", category, 0.95 * sure)
        own.add("hours", amount, 0.95 * sure)
        activities.append(own.activity())
    return activities


def _beneath(piece: Piece, pieces: Sequence[Piece]) -> float | None:
    """The number right under a caption."""
    box = piece.line
    for other in sorted(pieces, key=lambda item: item.line.middle):
        near = abs(other.line.centre - box.centre) < 2 * box.height
        if near and 0 < other.line.middle - box.middle < 3 * box.height:
            said = _AMOUNT.fullmatch(fold(other.text).replace(" ", ""))
            return float(said[1]) if said else None
    return None
