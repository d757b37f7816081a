"""Who signed a proof: the body whose name stands over the date at the end, or at its head."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from nlp.proofs.dates import spans_in
from nlp.proofs.page import Line
from nlp.proofs.spelling import bare, fold

_ENDING = (
    "(?:局|厅|委|学会|协会|联合会|总会|分会|工会|商会|大学|学院|学校|中学|小学|党校|中心|医院|公司|集团|编辑部|杂志社|出版社|研究院|研究所|院|馆|站|所|部|社"
    r"|基地|处|办公室|组委会|筹备组|联盟|平台|支队|总队|大队|电视台|[会校台厂行署园宫])(?:\([^()]{1,12}\))?"
)
_BODY = re.compile(rf"[^,。;:、\n“”\"]{{2,40}}{_ENDING}")
_NOT_A_BODY = re.compile("同志|证书|证明|表$|登记|学时|参加|合格|特发|扫|文件$|身份|年度|培训班|题|记录$")
_STAMP = re.compile(r"[ (（](?:盖章|公章|章|印章|主办单位)[)）]?$")
DATED, UNDATED, AT_THE_HEAD = 0.88, 0.75, 0.7  # how sure a body is the organiser by where it stands


def signer_in(free: Sequence[Line], lines: Sequence[Line], not_these: Sequence[str]) -> tuple[str, float] | None:
    """The signing body among lines that nothing else used, and how sure. `not_these` are employers and the like."""
    dates = [line for line in lines if (spans := spans_in(fold(line.text))) and spans[-1].single]
    known = {bare(name) for name in not_these}
    best: tuple[float, str, float] | None = None
    for line in free:
        text, depth = _body(line), _depth(line, lines)
        if text is None or depth < 0.4 or bare(text) in known:
            continue
        dated = any(_stands_under(date, line) for date in dates)
        score = depth + 0.6 * dated + 0.02 * min(len(text), 12)
        if best is None or score > best[0]:
            best = score, text, (DATED if dated else UNDATED) * line.sure
    return None if best is None else (best[1], best[2])


def letterhead_in(free: Sequence[Line], lines: Sequence[Line]) -> tuple[str, float] | None:
    """The body whose name heads the page: 某局文件, 《某刊》编辑部."""
    for line in free:
        cut = re.sub("(?:文件|函|通知)$", "", line.text.strip())
        text = _body(Line(cut, line.left, line.top, line.right, line.bottom, line.sure))
        if text and _depth(line, lines) < 0.25:
            return text, AT_THE_HEAD * line.sure
    return None


def mended(value: str | None, sure: float, other: tuple[str, float]) -> tuple[str, float] | None:
    """A body's name as it stands elsewhere on the page, when the one found is the same name with a letter lost."""
    if not value or bare(value) == bare(other[0]):
        return None
    alike = SequenceMatcher(None, bare(value), bare(other[0])).ratio() > 0.8
    broken = not re.search(_ENDING + "$", fold(value)) or len(bare(other[0])) > len(bare(value))
    return (other[0], max(sure, other[1]) * 0.9) if alike and broken and _BODY.fullmatch(fold(other[0])) else None


def _body(line: Line) -> str | None:
    """The line's text if it is the name of a body and nothing else."""
    text = _STAMP.sub("", line.text.strip(" .。,，"))
    folded = fold(text).replace(" ", "")
    fits = _BODY.fullmatch(folded) and not _NOT_A_BODY.search(folded) and len(folded) >= 4
    return text if fits else None


def _depth(line: Line, lines: Sequence[Line]) -> float:
    """Where on the page: 0 at the first line, 1 at the last."""
    top, bottom = min(other.top for other in lines), max(other.bottom for other in lines)
    return (line.middle - top) / max(1.0, bottom - top)


def _stands_under(date: Line, line: Line) -> bool:
    near = date.left < line.right + 2 * line.height and date.right > line.left - 2 * line.height
    return near and -0.5 * line.height < date.middle - line.middle < 4 * line.height
