"""Each value stands where it says: the cited words hold the number, or name the way of learning.

The book is a transcription; this reads it back against the texts. Documents without a text (grade B) cannot be read.
"""

from fractions import Fraction
from typing import Any

import pytest

from domain.vocabulary import Mode
from rules.articles import Texts
from rules.book import Book, load
from rules.values import Cap, Condition, ConversionRule, DeemedRule, IndustryTotal, ModeList, Threshold, UpperBound
from rules.written import Dated, Predicate, Source

BOOK = load()
LIBRARY = Texts(BOOK)

NAMES = {  # how the texts call the ways of learning
    Mode.TRAINING_CLASS: "培训班|短期培训|培训",
    Mode.SEMINAR_CLASS: "研修|研讨",
    Mode.REFRESHER_CLASS: "进修",
    Mode.DISTANCE: "远程|网络",
    Mode.ACADEMIC_CONFERENCE: "学术会议|学术研讨|学术交流|学术活动|学术讲座",
    Mode.ACADEMIC_LECTURE: "讲座|学术活动|学术会议",
    Mode.ACADEMIC_VISIT: "访问|考察|学术会议、讲座、访问",
    Mode.PRACTICE: "实践|工作和学习",
    Mode.INSPECTION: "考察",
    Mode.OVERSEAS: "出国|国外|境外|国（境）外",
    Mode.DEGREE: "学历|学位",
    Mode.UNIT_ASSESSED_STUDY: "单位组织|有考核|考核",
    Mode.SELF_STUDY: "自学|自修|有考核的学习",
    Mode.PUBLICATION: "发表出版",
    Mode.HIGH_LEVEL_BASE: "高层次人才培训基地",
    Mode.MONOGRAPH: "专著",
    Mode.PAPER: "论文",
    Mode.AWARD: "等奖",
    Mode.EXAM: "考试",
}
SPELLED: dict[float | Fraction, str] = {
    1: "1|每千字|一",
    2: "2|二",
    3: "3|三",
    4: "4|四",
    6: "6",
    8: "8",
    10: "10",
    12: "12",
    24: "24",
    30: "30",
    40: "40",
    45: "45",
    50: "50",
    60: "60",
    72: "72",
    80: "80|８０|八十",
    90: "90|９０|九十",
    1000: "千字",
    30000: "3万",
    Fraction(2, 3): "三分之二",
    Fraction(1, 3): "三分之一",
}
WORDS = {  # what a condition or a deemed item is about, in the words of the texts
    "planned": "有计划|计划",
    "organised": "有组织|单位组织",
    "assessed": "有考核|考核",
    "unit_approved": "单位认可",
    "higher_level": "更高层次|高一级",
    "formally_published": "正式发表|出版",
    "related": "相关",
    "proof": "学习证明",
    "base_certificate": "基地",
    "sole": "1部以上专著",
    "own_chars": "撰稿",
    "national_education_series": "国民教育系列",
    "obtained": "获得相应学历",
    "passed": "合格",
    "journal_level": "刊物",
    "grade": "等奖",
    "level": "市|县|学术会议",
}


def words(place: str, source: Source, book: Book = BOOK) -> str | None:
    """The cited text with its chapter's or paragraph's own words; None where we hold no text."""
    if not LIBRARY.pages(place, source.document):
        return None
    return LIBRARY.article(place, source.document, source.article).text


def holds(text: str, number: float | Fraction) -> bool:
    return any(form in text for form in SPELLED[number].split("|"))


def numbers(value: Dated) -> list[float | Fraction]:
    """The numbers of a value that its article must hold."""
    if isinstance(value, Threshold | UpperBound | Cap):
        found: list[float | Fraction] = [value.hours if value.hours is not None else value.share or 0]
        return found + [one.quantity for one in getattr(value, "alternatives", ())]
    if isinstance(value, ConversionRule) and value.says not in ("stated", "credits"):
        return [value.hours, *([value.per] if value.per > 1 else [])]
    if isinstance(value, DeemedRule) and not value.unsettled:
        return [value.at_least] if value.at_least > 1 else []
    return []


def facts_asked(value: Dated) -> list[Predicate]:
    if isinstance(value, Condition):
        return list(value.requires)
    return list(value.when) if isinstance(value, ConversionRule | DeemedRule) else []


def values() -> list[Any]:
    return [
        pytest.param(place.code, value, id=f"{place.code}-{key}-{value.start}")
        for place in BOOK.places.values()
        for key, value in place.dated()
    ]


@pytest.mark.parametrize(("place", "value"), values())
def test_the_article_holds_the_numbers(place: str, value: Dated) -> None:
    text = words(place, value.source)
    if text is None:
        assert BOOK.document(place, value.source.document).grade == "B"
        return
    besides = getattr(value, "besides", None)
    if besides is not None:
        text += words(place, besides) or ""
    for number in numbers(value):
        assert holds(text, number), f"{number} is not in {value.source.article}: {text[:80]}"
    if isinstance(value, IndustryTotal):
        assert "高于" in text
    if isinstance(value, Threshold):
        assert ("一般" in text) or value.strength == "hard", text[:80]


@pytest.mark.parametrize(("place", "value"), values())
def test_the_article_holds_the_facts_that_are_asked(place: str, value: Dated) -> None:
    text = words(place, value.source)
    for test in facts_asked(value):
        if text is not None and test.attr in WORDS:
            assert any(word in text for word in WORDS[test.attr].split("|")), f"{test.attr}: {text[:120]}"


@pytest.mark.parametrize(("place", "value"), values())
def test_the_article_names_the_ways_of_learning(place: str, value: Dated) -> None:
    if not isinstance(value, ModeList):
        return
    for mode in value.listed:
        text = words(place, value.source_of(mode))
        if text is not None:
            assert any(name in text for name in NAMES[mode].split("|")), f"{mode}: {text[:120]}"
    if value.other and (text := words(place, Source(document=value.source.document, article=value.other))):
        assert any(word in text for word in ("其他", "等")), text
    decided = words(place, value.decided_in)
    if decided is not None:
        assert any(word in decided for word in ("人力资源", "主管部门", "人事", "行政部门", "厅", "部门")), decided
