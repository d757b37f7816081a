"""Labels and their values where they stand apart: in the cell to the right, below, or (large figures) above."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from nlp.proofs.dates import spans_in
from nlp.proofs.labels import Kind
from nlp.proofs.page import Line
from nlp.proofs.pieces import Piece
from nlp.proofs.spelling import fold
from nlp.proofs.values import fits


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and the lines of its value, from top to bottom. `near` is less than 1 where the place is a guess."""

    label: Piece
    value: str
    sure: float
    near: float = 1.0

    @property
    def kind(self) -> Kind:
        assert self.label.label is not None  # noqa: S101 (pairs are made of labelled pieces)
        return self.label.label.kind


class Pairing:
    """The pairs of a page, and which pieces they used."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._labelled = [piece for piece in pieces if piece.label]
        self._free = [piece for piece in pieces if not piece.label and piece.text]
        self._pitch = _pitch([piece.line for piece in self._labelled])
        self.used: set[int] = set()
        self.pairs: list[Pair] = []
        for piece in self._labelled:
            if piece.text:
                self._take(piece, [piece, *self._continued(piece)])
        for piece in self._labelled:
            if not piece.text:
                self._find(piece)

    def _take(self, label: Piece, value: Sequence[Piece], near: float = 1.0) -> None:
        self.used |= {id(piece) for piece in value} | {id(label)}
        text = _joined([piece.text for piece in value])
        self.pairs.append(Pair(label, text, min(piece.line.sure for piece in value), near))

    def _find(self, label: Piece) -> None:
        kind = label.label.kind if label.label else Kind.OTHER
        for near, value in ((1.0, self._right(label)), (0.97, self._below(label)), (0.95, self._above(label))):
            of_label = [piece for piece in value if kind not in _BODIES or not _is_a_day(piece.text)]
            if of_label and fits(kind, _joined([piece.text for piece in of_label])):
                self._take(label, of_label, near)
                return

    def _available(self) -> list[Piece]:
        return [piece for piece in self._free if id(piece) not in self.used]

    def _continued(self, piece: Piece) -> list[Piece]:
        """What runs on of a value that begins behind its label: further boxes of its row, then the lines below."""
        if piece.label is None or piece.label.kind not in _LONG:
            return []
        found = self._beside(piece)
        if len(piece.text) < 5 or piece.label.kind is Kind.NUMBER:
            return found
        last = found[-1].line if found else piece.line
        whole = piece.line
        value_left = whole.right - (whole.right - whole.left) * len(piece.text) / max(1, len(whole.text))
        for other in self._available():
            line = other.line
            gap = line.middle - last.middle
            if not 0 < gap < 1.9 * max(last.height, line.height) or not _alike(line, last) or _opens(other.text):
                continue
            indented = abs(line.left - value_left) < 1.6 * line.height and value_left - whole.left > 2 * line.height
            flush = abs(line.left - whole.left) < 1.6 * line.height and (gap < 0.85 * self._pitch or self._full(last))
            if (indented or flush) and line.right <= last.right + line.height:
                found.append(other)
                last = Line(line.text, line.left, line.top, max(line.right, last.right), line.bottom, line.sure)
        return found

    def _beside(self, piece: Piece) -> list[Piece]:
        """Boxes that the detector cut off the end of a value."""
        found: list[Piece] = []
        right = piece.line.right
        for other in sorted(self._available(), key=lambda item: item.line.left):
            line = other.line
            if (
                _same_row(line, piece.line)
                and _alike(line, piece.line)
                and -0.3 * line.height < line.left - right < 1.0 * line.height
            ):
                found.append(other)
                right = line.right
        return found

    def _full(self, line: Line) -> bool:
        """Whether a line reaches as far to the right as any."""
        return line.right > max(piece.line.right for piece in self._pieces) - 2.5 * line.height

    def _right(self, label: Piece) -> list[Piece]:
        """The cell to the right: what stands on the label's row before the next label, and lines that belong to it."""
        box = label.line
        low, high = self._band(box)
        barrier = min(
            (
                other.line.left
                for other in self._labelled
                if other is not label and other.line.left > box.right - 2 and _same_row(other.line, box)
            ),
            default=float("inf"),
        )
        cell = [
            piece
            for piece in self._available()
            if piece.line.left > box.right - 0.6 * box.height
            and piece.line.left < barrier
            and low <= piece.line.middle <= high
        ]
        seeds = [piece for piece in cell if abs(piece.line.middle - box.middle) < 0.75 * box.height]
        straddling = [piece for piece in cell if abs(piece.line.middle - box.middle) < 1.4 * box.height]
        if not seeds and len(straddling) >= 2:
            seeds = straddling
        if not seeds:
            return []
        first = min(piece.line.left for piece in seeds)
        widest = max(piece.line.right for piece in seeds)
        return _block(
            [piece for piece in cell if piece.line.right > first and piece.line.left < max(widest, first + 1)], seeds
        )

    def _band(self, box: Line) -> tuple[float, float]:
        """How far up and down a label's row reaches: half the way to the labels above and below it."""
        column = [
            other.line
            for other in self._labelled
            if other.line is not box and other.line.left < box.right and other.line.right > box.left
        ]
        above = max((line.middle for line in column if line.middle < box.middle - 0.5 * box.height), default=None)
        below = min((line.middle for line in column if line.middle > box.middle + 0.5 * box.height), default=None)
        low = (
            box.middle - 2.2 * box.height
            if above is None
            else max((above + box.middle) / 2, box.middle - 2.2 * box.height)
        )
        high = box.middle + 2.6 * box.height if below is None else below - 0.6 * box.height
        return low, min(high, box.middle + 4.5 * box.height)

    def _below(self, label: Piece) -> list[Piece]:
        """The cell below: what stands under the label, down to the next label under it."""
        box = label.line
        stop = min(
            (
                other.line.top
                for other in self._labelled
                if other is not label and other.line.middle > box.bottom and _overlap(other.line, box, 2 * box.height)
            ),
            default=float("inf"),
        )
        under = [
            piece
            for piece in self._available()
            if piece.line.middle > box.bottom - 0.2 * box.height
            and piece.line.middle < stop
            and _overlap(piece.line, box, 1.5 * box.height)
        ]
        first = min(under, key=lambda piece: piece.line.middle, default=None)
        if first is None or first.line.top - box.bottom > 2.0 * box.height:
            return []
        return _block(under, [first])

    def _above(self, label: Piece) -> list[Piece]:
        """A large figure over its caption."""
        box = label.line
        over = [
            piece
            for piece in self._available()
            if 0 < box.middle - piece.line.middle < 3.0 * box.height
            and abs(piece.line.centre - box.centre) < 1.5 * box.height
            and re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,2})?(?:学时|课时|学分|分|天)?", piece.text.strip())
        ]
        return [max(over, key=lambda piece: piece.line.middle)] if over else []


_LONG = (Kind.TITLE, Kind.ORGANIZER, Kind.DATES, Kind.SIGNER, Kind.NUMBER)


_BODIES = (Kind.ORGANIZER, Kind.SIGNER, Kind.NAME)


def _is_a_day(text: str) -> bool:
    """The day under a signature is no part of who signed."""
    spans = spans_in(fold(text))
    return bool(spans) and spans[0].end - spans[0].at >= len(text.strip()) - 1


def _pitch(labels: Sequence[Line]) -> float:
    """How far apart labels usually stand, one under the other."""
    middles = sorted(line.middle for line in labels)
    height = median(line.height for line in labels) if labels else 0.0
    gaps = [low - high for high, low in pairwise(middles) if low - high > 0.6 * height]
    return median(gaps) if gaps else 0.0


_OPENS = re.compile(
    "[自从于]?(?:19|20|二〇)[0-9〇一二三四五六七八九]{2}[ ]?年|[\u4e00-\u9fff]{2,6}[:：]|[（(]?(?:盖章|章)"
)


def _opens(text: str) -> bool:
    """Whether a line begins something of its own: a date, another label, the end of the proof."""
    return _OPENS.match(text.strip()) is not None or closing(text)


_CLOSING = re.compile("特此证明|特发此证|情况属实|扫[描码]|(?:盖章)|查验|验证真伪")


def closing(text: str) -> bool:
    """Whether a line is one of those that end a proof and belong to no value."""
    return _CLOSING.search(text) is not None


def _block(pieces: Sequence[Piece], seeds: Sequence[Piece]) -> list[Piece]:
    """The seeds and the lines that follow them, or lead up to them, as closely as lines of one text do."""
    block = sorted(seeds, key=lambda piece: (piece.line.middle, piece.line.left))
    height = max(piece.line.height for piece in seeds)
    rest = [piece for piece in pieces if piece not in block]
    for piece in sorted(rest, key=lambda piece: piece.line.middle):
        last = block[-1].line
        if (
            0.5 * height < piece.line.middle - last.middle < 1.75 * height
            and _alike(piece.line, last)
            and not _opens(piece.text)
        ):
            block.append(piece)
    for piece in sorted(rest, key=lambda piece: -piece.line.middle):
        first = block[0].line
        if 0.5 * height < first.middle - piece.line.middle < 1.5 * height and _alike(piece.line, first):
            block.insert(0, piece)
    return block


def _joined(texts: Sequence[str]) -> str:
    """Lines of one value: Chinese runs on without a space, Latin words do not."""
    whole = ""
    for text in texts:
        gap = " " if whole[-1:].isascii() and whole[-1:].isalpha() and text[:1].isascii() and text[:1].isalpha() else ""
        whole += gap + text
    return whole


def _same_row(line: Line, other: Line) -> bool:
    return abs(line.middle - other.middle) < 0.6 * max(line.height, other.height)


def _overlap(line: Line, other: Line, slack: float) -> bool:
    return (
        line.left < other.right + slack * 0
        and line.right > other.left
        and line.left > other.left - max(slack * 4, other.right - other.left)
    )


def _alike(line: Line, other: Line) -> bool:
    """Of one size of type."""
    return 0.66 < line.height / max(other.height, 1e-6) < 1.5
