"""Cells of a list as what they mean: names, numbers, days, categories. Each is hostile, and each wrong one says why.

What is wrong is a `CellWrong` with the key of its sentence (`console.sheets.wrong.<key>`); `fix` is what the cell most
probably should be, where that can be said with good reason.
"""

import re
import unicodedata
from datetime import date
from typing import Any

from domain.vocabulary import Category, Mode
from nlp.terms import terms_in
from wording import say

MOST_HOURS = 999
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffffA-Za-z·.]{2,40}")
_NOT_OF_A_NAME = re.compile(r"[(\[【].*|[\d、,;:*#]+$")
_PHONE = re.compile(r"1[3-9]\d{9}")
_ID_NUMBER = re.compile(r"\d{17}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999, 4.2
_CHECKS = "10X98765432"
_HOURS = re.compile(r"(?P<n>\d+(?:\.\d+)?)(?P<unit>个?学时|课时|节|小时|h|天|日|个?半天|分|学分)?", re.I)
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.I)
_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")
_CATEGORIES = {
    Category.PUBLIC: ("公需", "公需课", "公需科目", "公共", "公共科目", "公共课", "公需课程", "公需类"),
    Category.PROFESSIONAL: ("专业", "专业课", "专业科目", "专业课程", "行业公需", "行业", "专业类", "专业技术"),
    Category.ELECTIVE: ("选修", "个人选修", "选修科目", "个人选修科目", "选修课"),
}
_MODES = {
    Mode.TRAINING_CLASS: ("面授", "线下", "集中培训", "集中授课", "内训", "培训", "现场培训", "脱产"),
    Mode.DISTANCE: ("网络", "线上", "在线", "远程", "网络培训", "在线学习", "线上培训", "网上学习", "网络学习"),
    Mode.ACADEMIC_LECTURE: ("讲座", "专题讲座", "学术报告", "报告会"),
    Mode.ACADEMIC_CONFERENCE: ("会议", "研讨会", "年会", "学术交流"),
    Mode.SEMINAR_CLASS: ("研修", "高研班", "高级研修班"),
    Mode.REFRESHER_CLASS: ("进修",),
}
_YES = frozenset({"合格", "通过", "及格", "优秀", "良好", "已通过", "是", "有", "√", "✓", "y", "yes", "1"})
_NO = frozenset({"不合格", "未通过", "不及格", "否", "无", "×", "x", "n", "no", "0", "缺考"})


class CellWrong(Exception):
    """`key` says why, with `values`; `fix` is what to put instead, None where nobody can know."""

    def __init__(self, key: str, fix: Any = None, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.fix = fix
        self.values = values


def shown(cell: Any) -> str:
    """A cell as the sheet shows it: a number without a point that says nothing, a day in ISO."""
    if isinstance(cell, dict):
        return shown(cell.get("day") or cell.get("formula"))
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        cell = int(cell) if cell.is_integer() else f"{cell:.10g}"
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", str(cell)).replace("\u200b", "")).strip()


def is_formula(cell: Any) -> bool:
    return isinstance(cell, dict) and "formula" in cell


def without_result(cell: Any) -> bool:
    """A formula that nobody has calculated: what wrote the file left its result out, or as zero."""
    return is_formula(cell) and cell["formula"] in (None, "", 0, 0.0)


def name(cell: Any) -> str:
    """A person's name without spaces; 2 to 40 letters."""
    said = shown(cell).replace(" ", "").replace("•", "·").replace("‧", "·")
    if not said:
        raise CellWrong("name_missing")
    if _NAME.fullmatch(said):
        return said
    bare = _NOT_OF_A_NAME.sub("", said)
    raise CellWrong("name_odd", bare if _NAME.fullmatch(bare) else None)


def phone(cell: Any) -> str:
    """A mobile number's eleven digits; empty where there is none."""
    said = shown(cell)
    if _ROUNDED.fullmatch(said):
        raise CellWrong("rounded")
    digits = re.sub(r"\D", "", said)
    digits = re.sub(r"^(?:00)?86(?=1\d{10}$)", "", digits)
    if not said or _PHONE.fullmatch(digits):
        return digits
    several = re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", said)
    if several:
        raise CellWrong("phone_several", several[0], count=len(several))
    raise CellWrong("phone_digits", count=len(digits))


def id_number(cell: Any) -> str:
    """An ID number of GB 11643-1999, its check digit right; empty where there is none."""
    said = re.sub(r"[\s-]", "", shown(cell)).upper()
    if not said:
        return ""
    if isinstance(cell, float | int) or _ROUNDED.fullmatch(said):
        raise CellWrong("id_rounded")  # a number in a spreadsheet has fifteen digits, the rest are lost
    if re.fullmatch(r"\d{15}", said):
        raise CellWrong("id_old")
    if not _ID_NUMBER.fullmatch(said):
        raise CellWrong("id_digits", count=len(said))
    try:
        date(int(said[6:10]), int(said[10:12]), int(said[12:14]))
    except ValueError:
        raise CellWrong("id_birth") from None
    right = _CHECKS[sum(int(digit) * weight for digit, weight in zip(said[:17], _WEIGHTS, strict=True)) % 11]
    if said[17] != right:
        raise CellWrong("id_check", last=said[17], right=right)
    return said


def hours(cell: Any) -> float:
    """学时, more than none. Days and clock hours are not class hours, and are not made into them."""
    said = shown(cell).replace(" ", "").replace(",", "")
    if not said:
        raise CellWrong("hours_missing")
    if re.fullmatch(r"[零〇一二三四五六七八九]", said):
        said = said.translate(_DIGITS)
    found = _HOURS.fullmatch(said)
    if found is None:
        inside = re.search(r"\d+(?:\.\d+)?", said)
        raise CellWrong("hours_unread", float(inside[0]) if inside else None)
    number, unit = float(found["n"]), (found["unit"] or "").removeprefix("个").lower()
    if unit and unit not in {"学时", "课时", "节"}:
        raise CellWrong("hours_unit", unit=unit)
    if not 0 < number <= MOST_HOURS:
        raise CellWrong("hours_range", most=MOST_HOURS)
    return number


def category(cell: Any) -> Category:
    said = re.sub(r"[\s类]", "", shown(cell))
    if not said:
        raise CellWrong("category_missing")
    for one, names in _CATEGORIES.items():
        if said in names or said == one.value:
            return one
    near = next((one for one, names in _CATEGORIES.items() if any(word in said for word in names)), None)
    raise CellWrong("category_unread", near.value if near else None)


def mode(cell: Any) -> Mode:
    said = re.sub(r"\s", "", shown(cell))
    if not said:
        raise CellWrong("mode_missing")
    for one in Mode:
        if said in {say(f"mode.{one}"), one.value} or said in _MODES.get(one, ()):
            return one
    found = [term.value for term in terms_in(said) if term.kind == "mode"]
    if len(set(found)) == 1:
        return Mode(found[0])
    near = next((one for one, names in _MODES.items() if any(word in said for word in names)), None)
    raise CellWrong("mode_unread", near.value if near else None)


def assessed(cell: Any) -> bool | None:
    """Whether an assessment was passed; None where the cell is empty or holds a mark that says nothing by itself."""
    said = shown(cell).lower()
    return True if said in _YES else False if said in _NO else None


def words(cell: Any, most: int) -> str:
    return shown(cell)[:most]
