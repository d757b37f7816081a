"""Lines cut at their labels: 姓名：王某　单位：某局 is two pieces, each with its label and its value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.proofs.dates import spans_in
from nlp.proofs.labels import Kind, Label, label_at
from nlp.proofs.page import Line
from nlp.proofs.spelling import fold
from nlp.proofs.values import AMOUNT, name_in


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line: its label if it begins with one, and the text behind it (all of it without a label)."""

    text: str
    line: Line
    label: Label | None = None

    @property
    def bare_label(self) -> bool:
        """A label whose value stands elsewhere."""
        return self.label is not None and not self.text


def pieces_of(lines: Sequence[Line]) -> list[Piece]:
    """All pieces of a page, lines from top to bottom."""
    return [piece for line in joined(wrapped(lines)) for piece in cut(line)]


def wrapped(lines: Sequence[Line]) -> list[Line]:
    """Lines with labels put together again that a narrow cell broke: 主办（施教）机 over 构."""
    tails: dict[int, int] = {}
    for index, line in enumerate(lines):
        text = fold(line.text).replace(" ", "")
        if len(text) > WIDEST_LABEL or _is_label(text):
            continue
        for other, below in enumerate(lines):
            rest = fold(below.text).replace(" ", "")
            if len(rest) <= 4 and _is_under(below, line) and not _is_label(rest) and _is_label(text + rest):
                tails[index] = other
    merged = {index: _together(line, lines[tails[index]]) for index, line in enumerate(lines) if index in tails}
    return [merged.get(index, line) for index, line in enumerate(lines) if index not in tails.values()]


WIDEST_LABEL = 12  # letters


def _is_label(text: str) -> bool:
    found = label_at(text, 0)
    return found is not None and found.end == len(text)


def _is_under(below: Line, line: Line) -> bool:
    shared = min(line.right, below.right) - max(line.left, below.left)
    gap = below.middle - line.middle
    return shared > 0.6 * (below.right - below.left) and 0.5 * line.height < gap < 1.9 * line.height


_SPREAD = {
    "姓": "名",
    "性": "别",
    "职": "称务",
    "学": "时号历",
    "单": "位",
    "编": "号",
    "证": "号",
    "电": "话",
    "民": "族",
    "课": "时",
    "日": "期",
    "时": "间",
}


def joined(lines: Sequence[Line]) -> list[Line]:
    """Lines with labels put together again that were printed wide apart: 姓 and 名：王某."""
    heads = {index: line for index, line in enumerate(lines) if fold(line.text).strip() in _SPREAD}
    merged: dict[int, Line] = {}
    gone: set[int] = set()
    for index, head in heads.items():
        tails = [
            (line.left, other)
            for other, line in enumerate(lines)
            if other != index
            and fold(line.text)[:1]
            and fold(line.text)[0] in _SPREAD[fold(head.text).strip()]
            and 0 <= line.left - head.right < 5 * head.height
            and abs(line.middle - head.middle) < 0.6 * head.height
        ]
        if tails:
            other = min(tails)[1]
            tail = lines[other]
            merged[other] = Line(
                head.text.strip() + tail.text,
                head.left,
                min(head.top, tail.top),
                tail.right,
                max(head.bottom, tail.bottom),
                tail.sure,
            )
            gone.add(index)
    return [merged.get(index, line) for index, line in enumerate(lines) if index not in gone]


_FIGURE = re.compile(rf"(?:共|计)?{AMOUNT}")
_UNIT = re.compile("个?(?:学时|课时|学分)")


def with_units(lines: Sequence[Line]) -> list[Line]:
    """Figures put together with the unit that is printed close behind them, smaller perhaps: 1.5 and 学时."""
    behind: dict[int, int] = {}
    for index, line in enumerate(lines):
        if _FIGURE.fullmatch(fold(line.text).strip()):
            near = [
                other
                for other, unit in enumerate(lines)
                if _UNIT.fullmatch(fold(unit.text).strip())
                and -0.3 * line.height < unit.left - line.right < 0.8 * line.height
                and line.top - 0.3 * line.height < unit.middle < line.bottom + 0.3 * line.height
            ]
            if len(near) == 1:
                behind[index] = near[0]
    return [
        _together(line, lines[behind[index]]) if index in behind else line
        for index, line in enumerate(lines)
        if index not in behind.values()
    ]


def _together(line: Line, other: Line) -> Line:
    top, bottom = min(line.top, other.top), max(line.bottom, other.bottom)
    return Line(line.text.strip() + other.text, line.left, top, other.right, bottom, min(line.sure, other.sure))


def cut(line: Line) -> list[Piece]:
    """One line as pieces; each has the part of the line's box that its letters take."""
    folded = fold(line.text)
    places = [at for at, char in enumerate(folded) if not char.isspace()]
    text = "".join(folded[at] for at in places)
    found = _labels(text)
    if not found:
        return [Piece(line.text.strip(), line)]
    pieces: list[Piece] = []
    if found[0][0] > _NUMBERING.match(text).end():  # type: ignore[union-attr]
        pieces.append(Piece(_original(line, places, 0, found[0][0]), _part(line, places, 0, found[0][0])))
    for index, (at, label) in enumerate(found):
        stop = found[index + 1][0] if index + 1 < len(found) else len(text)
        value = _original(line, places, label.end, stop)
        pieces.append(Piece(value.strip(" :：,，;；、_"), _part(line, places, at, stop), label))
    return pieces


def _labels(text: str) -> list[tuple[int, Label]]:
    """Where labels begin. The first may do without a colon when what follows is of its kind; then others may too."""
    found: list[tuple[int, Label]] = []
    first = at = _NUMBERING.match(text).end()  # type: ignore[union-attr]  # matches the empty text too
    while at < len(text):
        label = label_at(text, at) if _may_begin(text, at) else None
        if label and at > first and _addresses(label, text, at):
            return found
        if label and (label.colon or _plausible(label, text, at == first, _runs_loose(found, first))):
            found.append((at, label))
            at = label.end
        else:
            at += 1
    return found


def _addresses(label: Label, text: str, at: int) -> bool:
    """王某学员： addresses somebody; it is no label with its value elsewhere."""
    return label.kind is Kind.NAME and label.end == len(text) and name_in(text[:at]) is not None


_NUMBERING = re.compile(
    r"(?:[0-9]{1,2}[.、)]|[(][0-9一二三四五六七八九十]{1,2}[)]|[一二三四五六七八九十]{1,2}、|[•·●■◆▪*※○]+)?"
)


def _runs_loose(found: list[tuple[int, Label]], first: int) -> bool:
    """姓名王某性别男职称工程师: a row of short values without colons."""
    return bool(found) and found[0][0] == first and found[0][1].kind in (Kind.NAME, Kind.OTHER)


def _may_begin(text: str, at: int) -> bool:
    """Not inside a word of Latin letters, and not behind an opening quote: a title may hold 课程 or 时间."""
    return at == 0 or not (
        text[at - 1] in '“"《「(' or (text[at - 1].isascii() and text[at - 1].isalnum() and text[at].isascii())
    )


_SENTENCE = re.compile("[,。!?、]|[，！？]|^(?:的|为|是|和|与|及|包括|证明|证书|登记|合格|情况|汇总|记录)")
_AMOUNT = re.compile(rf"(?:共|计|约)?[(]?{AMOUNT}个?(?:学时|课时|学分|分|节|天|小时)?[)]?(?![0-9年月日.\-])")
_LOOSE_OTHER = re.compile(
    "性别|职称|职务|工作单位|所在单位|身份证号码?|学历|民族|年龄|联系电话|考核成绩|考试成绩|成绩|考核结果"
)


def _plausible(label: Label, text: str, first: bool, again: bool) -> bool:
    """Whether a label without a colon is one: it is the whole text, or what follows is of its kind."""
    rest = text[label.end :]
    if first and not rest:
        return True
    if not first and not again:
        return False
    match label.kind:
        case Kind.NAME:
            return label.text.endswith("姓名") and re.match(r"[\u4e00-\u9fff·]{2,4}", rest) is not None
        case Kind.HOURS | Kind.CREDITS | Kind.DAYS:
            found = _AMOUNT.match(rest)
            return found is not None and (found.end() == len(rest) or label_at(rest, found.end()) is not None)
        case Kind.DATES | Kind.START | Kind.END | Kind.ISSUED:
            spans = spans_in(rest)
            return bool(spans) and spans[0].at <= 1
        case Kind.NUMBER:
            return re.match(r"[A-Za-z0-9〔\[(第.\-]{5,}|[\u4e00-\u9fff]{1,6}[字第(〔\[][^,。]{3,}$", rest) is not None
        case Kind.TITLE | Kind.ORGANIZER | Kind.SIGNER:
            return first and len(label.text) >= 4 and len(rest) >= 4 and not _SENTENCE.search(rest)
        case Kind.CATEGORY:
            return re.match("公需|专业(?:科目|课)|必修|选修|公共", rest) is not None
        case Kind.OTHER:
            return _LOOSE_OTHER.fullmatch(label.text) is not None and len(rest) > 0 and not _SENTENCE.search(rest[:14])
    return False


def _original(line: Line, places: list[int], start: int, stop: int) -> str:
    """The letters as printed between two positions of the text without spaces."""
    if start >= stop:
        return ""
    return line.text[places[start] : places[stop - 1] + 1]


def _part(line: Line, places: list[int], start: int, stop: int) -> Line:
    """The part of the line between two positions; every letter is taken to be as wide as the next, Latin ones half."""
    text = line.text
    if start == 0 and stop == len(places):
        return line
    widths = [0.5 if char.isascii() else 1.0 for char in text]
    total = sum(widths) or 1.0
    scale = (line.right - line.left) / total
    left = line.left + scale * sum(widths[: places[start]])
    right = line.left + scale * sum(widths[: places[stop - 1] + 1])
    return Line(text[places[start] : places[stop - 1] + 1], left, line.top, right, line.bottom, line.sure)
