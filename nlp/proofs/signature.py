"""Who signed a proof: the body whose name stands over the date at the end."""

import re
from collections.abc import Sequence

from nlp.proofs.dates import spans_in
from nlp.proofs.page import Line
from nlp.proofs.spelling import fold

_BODY = re.compile(
    r"[^,。;:、\n“”\"]{2,40}(?:局|厅|委|委员会|学会|协会|联合会|总会|分会|工会|商会|大学|学院|学校|中学|小学|党校|中心|医院|公司|集团|编辑部|杂志社|出版社|研究院|研究所|设计院|院|馆|站|所|部|社|基地|处|办公室|工程师联合会|组委会|筹备组|联盟|平台|[会校])"
    r"(?:\([^()]{1,12}\))?"
)
_NOT_A_BODY = re.compile("同志|证书|证明|表$|登记|学时|参加|合格|特发|扫|文件|身份|年度|培训班|题|记录$")


def signer_in(lines: Sequence[Line], all_lines: Sequence[Line], not_these: Sequence[str]) -> tuple[str, float] | None:
    """The signing body among lines that nothing else used, and how sure. `not_these` are employers and the like."""
    if not all_lines:
        return None
    top, bottom = min(line.top for line in all_lines), max(line.bottom for line in all_lines)
    dates = [line for line in all_lines if (spans := spans_in(fold(line.text))) and spans[-1].single]
    best: tuple[float, str, float] | None = None
    for line in lines:
        text = fold(line.text).replace(" ", "").strip(".。,")
        text = re.sub(r"[(](?:盖章|公章|章|印章|主办单位)[)]?$", "", text)
        found = _BODY.fullmatch(text)
        depth = (line.middle - top) / max(1.0, bottom - top)
        if not found or _NOT_A_BODY.search(text) or depth < 0.4 or len(text) < 4 or _known(text, not_these):
            continue
        dated = any(
            -0.5 * line.height < date.middle - line.middle < 4 * line.height and _near(date, line) for date in dates
        )
        score = depth + 0.6 * dated + 0.02 * min(len(text), 12)
        if best is None or score > best[0]:
            printed = re.sub(r"[ (（](?:盖章|公章|章|印章|主办单位)[)）]?$", "", line.text.strip())
            best = score, printed.strip(" .。,"), (0.88 if dated else 0.75) * line.sure
    return None if best is None else (best[1], best[2])


def _known(text: str, others: Sequence[str]) -> bool:
    return any(fold(other).replace(" ", "") == text for other in others)


def _near(date: Line, line: Line) -> bool:
    return date.left < line.right + 2 * line.height and date.right > line.left - 2 * line.height
