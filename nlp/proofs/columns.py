"""Labels that no list holds, known by where they stand: in a column or a row of labels, as the others do.

主讲题目 over 主讲人, 听课人 and 讲座时间 announces what stands beside it, whatever it says; its last word tells what.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.proofs.labels import Kind, Label
from nlp.proofs.page import Line
from nlp.proofs.pieces import Piece
from nlp.proofs.spelling import fold

_LABEL = re.compile(r"[\u4e00-\u9fff]{2,8}(?:\([\u4e00-\u9fff]{1,6}\))?[:]?")
_BY_LAST_WORD = (
    (Kind.OTHER, re.compile("身份|电话|手机|文号|地点|方式|(?:考|报|签|发|审|批|颁|落)[^学训]{0,4}(?:时间|日期)|有效")),
    (Kind.TITLE, re.compile("(?:题目|课题|主题|课程名|名称)$")),
    (Kind.NAME, re.compile("姓名$")),
    (Kind.HOURS, re.compile("(?:学时|课时)数?$")),
    (Kind.CREDITS, re.compile("学分数?$")),
    (Kind.ORGANIZER, re.compile("(?:主办|举办|组织|施教|开课|办班)(?:单位|机构|方|部门|院校)$")),
    (Kind.NUMBER, re.compile("(?:证书?|证明|凭证)(?:编?号|号码)$")),
    (Kind.DATES, re.compile("(?:起止|学习|培训|会议|课程|讲座)(?:时间|日期)$")),
)
LEAST = 3  # known labels that make a column or a row of them


def with_placed(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, those that stand where only labels do being labels too."""
    known = [piece for piece in pieces if piece.bare_label]
    if len(known) < LEAST:
        return list(pieces)
    free = [piece for piece in pieces if not piece.label and _LABEL.fullmatch(_plain(piece))]
    placed = {
        id(piece) for piece in free if _heads_a_column(piece, known, pieces) or _in_a_column(piece, known, pieces)
    }
    return [_labelled(piece) if id(piece) in placed else piece for piece in pieces]


def _plain(piece: Piece) -> str:
    return fold(piece.text).replace(" ", "")


def _labelled(piece: Piece) -> Piece:
    text = _plain(piece).rstrip(":")
    kind = next((kind for kind, pattern in _BY_LAST_WORD if pattern.search(text)), Kind.OTHER)
    return replace(piece, text="", label=Label(kind, text, len(text), False))


def _heads_a_column(piece: Piece, known: Sequence[Piece], pieces: Sequence[Piece]) -> bool:
    """In a row of which nearly all are labels."""
    row = [other for other in pieces if _same_row(other.line, piece.line)]
    labels = [other for other in row if other.bare_label]
    return len(labels) >= LEAST and len(row) - len(labels) <= len(labels) // LEAST


def _in_a_column(piece: Piece, known: Sequence[Piece], pieces: Sequence[Piece]) -> bool:
    """Under or over labels, flush with them, and with a value to its right as they have."""
    column = [other for other in known if _flush(other.line, piece.line)]
    if len(column) < LEAST or not _has_value(piece, pieces):
        return False
    middles = [other.line.middle for other in column]
    reach = 3 * piece.line.height
    within = min(middles) - reach < piece.line.middle < max(middles) + reach
    return within and sum(_has_value(other, pieces) for other in column) > 0.6 * len(column)


def _has_value(label: Piece, pieces: Sequence[Piece]) -> bool:
    return any(
        not other.label and other.line.left > label.line.right and _same_row(other.line, label.line) for other in pieces
    )


def _flush(line: Line, other: Line) -> bool:
    slack = 0.6 * other.height
    sides = abs(line.left - other.left), abs(line.right - other.right), abs(line.centre - other.centre)
    return min(sides) < slack and 0.7 < line.height / max(other.height, 1e-6) < 1.4


def _same_row(line: Line, other: Line) -> bool:
    return abs(line.middle - other.middle) < 0.6 * max(line.height, other.height)
