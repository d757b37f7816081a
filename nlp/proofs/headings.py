"""What the large print of a page gives when neither labels nor sentences do: a title over a list, a name on its own."""

import re
from collections.abc import Sequence
from itertools import zip_longest
from statistics import median

from nlp.proofs.page import Line
from nlp.proofs.spelling import fold
from nlp.proofs.values import NAME

_SHEET = re.compile(
    r"[(（]?(?:参训|参会|参加)?(?:学员|人员|教师)?(?:继续教育)?(?:学时|学分|考勤|签到|签名|登记|花名|成绩|人员|汇总|统计|情况|信息|结业|合格|和|及|、)*"
    r"(?:表|册|簿|名单|(?<=成绩)单|名册|一览表|记录)[)）]?$"
)
_DOCUMENT = re.compile(
    "(?:证书?|证明书?|合格证|通知书?|记录|档案|报告|详情|文件|编辑部|卡|公示|单|表|册|凭证|批复|认定书|决定|函|情况|截图|协议|须知|简介|首页|中心)$|^.{0,7}课程$"
    "|^(?:学习|课程|我的|关于|年度|个人|证书|参加了?以|完成了?以|已|恭喜)|[:：。]|^[A-Za-z ]+$"
)
_GENERIC = re.compile(
    "^(?:[0-9]{4}年?度?|专业技术人员|继续教育|学时|培训|学习|个人|年度|情况|人员|单位|职工|教师|教育|情况|在线|网络|线上|平台|记录|明细)*$"
)
_ACTIVITY = re.compile(
    "培训|研修|学习|讲座|会议|论坛|年会|班|课程|大会|研讨|报告会|沙龙|交流|宣贯|讲堂|实务|技术|管理|能力|峰会"
)


def sheet_less(text: str) -> str:
    """某某培训班签到表 without 签到表; any other text as it is."""
    return _SHEET.sub("", text)


def title_in(free: Sequence[Line], all_lines: Sequence[Line]) -> tuple[str, float] | None:
    """The heading that names an activity: 某某培训班签到表 without 签到表, or the line over it."""
    if not all_lines:
        return None
    top, bottom = min(line.top for line in all_lines), max(line.bottom for line in all_lines)
    for line, after in zip_longest(free, free[1:]):
        if line.middle > top + 0.35 * (bottom - top):
            break
        text = sheet_less(fold(line.text).replace(" ", ""))
        sheet = len(text) < len(fold(line.text).replace(" ", ""))
        if len(text) < 5 or _GENERIC.match(text) or (not sheet and _DOCUMENT.search(text)) or re.search("[:,。]", text):
            continue
        if sheet or _ACTIVITY.search(text) or _large(line, all_lines) or (after is not None and _is_sheet(after)):
            return re.sub("^关于(?:举办|公布|印发)?", "", line.text.strip()[: len(text)]), 0.75 * line.sure
    middle = [line for line in free if top + 0.3 * (bottom - top) < line.middle < top + 0.65 * (bottom - top)]
    large = [
        line for line in middle if _large(line, all_lines) and _ACTIVITY.search(line.text) and _names_something(line)
    ]
    best = max(large, key=lambda line: line.height, default=None)
    return None if best is None else (best.text.strip(), 0.7 * best.sure)


def _names_something(line: Line) -> bool:
    text = fold(line.text).replace(" ", "")
    return len(text) >= 5 and not (_GENERIC.match(text) or _DOCUMENT.search(text) or re.search("[:,。]", text))


def title_over(labelled: Sequence[Line], free: Sequence[Line]) -> tuple[str, float] | None:
    """The line that stands right over a block of labels, flush with it: a card is headed by what it is about."""
    if len(labelled) < LEAST_LABELS:
        return None
    first = min(labelled, key=lambda line: line.middle)
    for line in free:
        gap = first.middle - line.middle
        over = 0.5 * line.height < gap < 3 * line.height and abs(line.left - first.left) < line.height
        if over and _names_something(line):
            return line.text.strip(), 0.7 * line.sure
    return None


LEAST_LABELS = 3  # that make a card


def name_in(free: Sequence[Line], all_lines: Sequence[Line]) -> tuple[str, float] | None:
    """A name that stands on a line of its own; the largest one."""
    alone = [
        line for line in free if re.fullmatch(NAME, fold(line.text).replace(" ", "")) and not _WORDS.search(line.text)
    ]
    if not alone:
        return None
    line = max(alone, key=lambda item: item.height)
    usual = median(other.height for other in all_lines)
    return fold(line.text).replace(" ", ""), (
        0.85 if line.height > 1.15 * usual and len(alone) == 1 else 0.6
    ) * line.sure


_WORDS = re.compile(
    "证|学时|培训|合格|课程|科目|单位|优秀|良好|公章|盖章|经理|主任|时间|日期|通过|党员|汉族|高级|成绩|学习|完成|返回|分享|下载|章|项目|平台|年|月|日|序|号"
)


def _is_sheet(line: Line) -> bool:
    """学时登记表, 人员签到表: a list that the line over it names."""
    text = fold(line.text).replace(" ", "")
    return _SHEET.search(text) is not None and len(_SHEET.sub("", text)) < 5


def _large(line: Line, lines: Sequence[Line]) -> bool:
    return line.height > 1.2 * median(other.height for other in lines)
