"""Tables with a header row: several activities of one person, several people of one activity, or one row of values."""

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.proofs.labels import Kind
from nlp.proofs.page import Line
from nlp.proofs.pieces import Piece
from nlp.proofs.values import fits

LEAST_COLUMNS = 3
_ROW_MARKS = ("序号", "编号", "次序")


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one cell and how sure the recogniser was of it."""

    text: str
    sure: float


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells by what their column announces, and the pieces that make up the table."""

    rows: tuple[dict[Kind, Cell], ...]
    used: frozenset[int]
    kinds: frozenset[Kind]


def table_in(pieces: Sequence[Piece]) -> Table | None:
    """The first table of the page with at least two columns of ours, or None."""
    for header in _headers(pieces):
        rows, used = _rows(header, pieces)
        ours = {kind for row in rows for kind in row if kind is not Kind.OTHER}
        if rows and len(ours) >= 2:
            kinds = frozenset(piece.label.kind for piece in header if piece.label)
            return Table(tuple(rows), frozenset(used | {id(piece) for piece in header}), kinds)
    return None


def _headers(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Rows of labels with nothing between them, from left to right."""
    bare = [piece for piece in pieces if piece.bare_label]
    headers = []
    for first in bare:
        row = [piece for piece in bare if abs(piece.line.middle - first.line.middle) < 0.8 * first.line.height]
        if len(row) >= LEAST_COLUMNS and first is min(row, key=lambda piece: piece.line.middle):
            left, right = min(piece.line.left for piece in row), max(piece.line.right for piece in row)
            between = [
                piece
                for piece in pieces
                if not piece.bare_label
                and left < piece.line.centre < right
                and abs(piece.line.middle - first.line.middle) < 0.5 * first.line.height
            ]
            if len(between) <= len(row) // 3:
                headers.append(sorted(row, key=lambda piece: piece.line.left))
    return headers


def _rows(header: Sequence[Piece], pieces: Sequence[Piece]) -> tuple[list[dict[Kind, Cell]], set[int]]:
    height = max(piece.line.height for piece in header)
    low = max(piece.line.middle for piece in header) + 0.6 * height
    left, right = header[0].line.left - 6 * height, header[-1].line.right + 10 * height
    under = [piece for piece in pieces if piece.line.middle > low and left < piece.line.centre < right]
    stop = min((piece.line.middle for piece in under if piece.label and piece.label.colon), default=float("inf"))
    columns: list[list[Piece]] = [[] for _ in header]
    for piece in under:
        if piece.line.middle < stop and not (piece.label and piece.label.colon):
            columns[_column(piece.line, header)].append(piece)
    anchors = _anchors(header, columns, low, height)
    rows: list[dict[Kind, Cell]] = []
    used: set[int] = set()
    for index, anchor in enumerate(anchors):
        reach = _reach(anchors, index, height)
        row: dict[Kind, Cell] = {}
        for head, column in zip(header, columns, strict=True):
            inside = sorted(
                (piece for piece in column if -reach[0] < piece.line.middle - anchor < reach[1]),
                key=lambda piece: piece.line.middle,
            )
            text = "".join(piece.line.text for piece in inside)
            kind = head.label.kind if head.label else Kind.OTHER
            if text and kind not in row and (kind is Kind.OTHER or fits(kind, text)):
                row[kind] = Cell(text, min(piece.line.sure for piece in inside))
                used |= {id(piece) for piece in inside}
        if sum(kind is not Kind.OTHER for kind in row) >= 2:
            rows.append(row)
    return rows, used


def _column(line: Line, header: Sequence[Piece]) -> int:
    """The header that a cell stands under: the one it overlaps, else the one with the nearest middle."""
    over = [index for index, head in enumerate(header) if line.left < head.line.right and line.right > head.line.left]
    if len(over) == 1:
        return over[0]
    return min(range(len(header)), key=lambda index: abs(header[index].line.centre - line.centre))


_ONE_LINE = (Kind.HOURS, Kind.NAME, Kind.CREDITS, Kind.CATEGORY, Kind.DAYS)


def _anchors(header: Sequence[Piece], columns: Sequence[Sequence[Piece]], low: float, height: float) -> list[float]:
    """Where rows are: the middles of cells in columns that have one line in each row, down to the first gap."""
    middles: list[float] = []
    for head, column in zip(header, columns, strict=True):
        label = head.label
        if label and (label.kind in _ONE_LINE or label.text in _ROW_MARKS):
            middles += [piece.line.middle for piece in column if fits(label.kind, piece.line.text)]
    if not middles:
        best = max(range(len(header)), key=lambda index: len(columns[index]))
        middles = [piece.line.middle for piece in columns[best]]
    groups: list[list[float]] = []
    for middle in sorted(middles):
        if groups and middle - groups[-1][-1] < 0.6 * height:
            groups[-1].append(middle)
        else:
            groups.append([middle])
    centres = [sum(group) / len(group) for group in groups]
    if not centres or centres[0] - low > 4.5 * height:
        return []
    rows = [centres[0]]
    for centre in centres[1:]:
        pitch = rows[-1] - (rows[-2] if len(rows) > 1 else low - height)
        if centre - rows[-1] > max(2.4 * pitch, 3 * height):
            break
        rows.append(centre)
    return rows


def _reach(anchors: Sequence[float], index: int, height: float) -> tuple[float, float]:
    """How far up and down a row reaches around its anchor."""
    up = (anchors[index] - anchors[index - 1]) / 2 if index else 0.0
    down = (anchors[index + 1] - anchors[index]) / 2 if index + 1 < len(anchors) else 0.0
    edge = up or down or 2.6 * height
    return up or edge, down or edge
