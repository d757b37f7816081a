"""One activity by itself ("两天的省级学术会议算多少学时", an exam, a paper): its hours, or what it stands for."""

from datetime import date
from typing import Any

import pytest

from domain.vocabulary import Category, Mode, Unit
from rules.book import load
from rules.conversion import convert
from rules.ruling import Case, Conversion, Subject
from wording import say

BOOK = load()
ON = date(2026, 11, 21)


def asked(place: str, mode: Mode, quantity: float, unit: Unit, on: date = ON, **attrs: Any) -> Conversion:
    case = Case("asked", date(2026, 11, 1), Category.PROFESSIONAL, mode, quantity, unit, attrs)
    return convert(case, Subject(place), on, BOOK)


def told(found: Conversion) -> list[str]:
    return [say(step.key, **step.values) for step in found.steps]


def test_a_provincial_meeting_of_two_days() -> None:
    nantong = asked("nantong", Mode.ACADEMIC_CONFERENCE, 2, Unit.DAY, level="provincial")
    assert (nantong.hours, nantong.flags) == (12, ("to_confirm:asked",))
    assert nantong.steps[0].citation is not None
    assert nantong.steps[0].citation.article == "2011:第十七条第（一）项"
    assert asked("neimenggu", Mode.ACADEMIC_CONFERENCE, 2, Unit.DAY).hours == 16
    jilin = asked("jilin", Mode.ACADEMIC_CONFERENCE, 2, Unit.DAY)
    assert (jilin.hours, jilin.flags) == (None, ("needs_recognition:asked",))
    assert "由省人社厅确定" in told(jilin)[0]


def test_a_book_of_fifty_thousand_characters() -> None:
    assert asked("sichuan", Mode.MONOGRAPH, 50_000, Unit.CHAR).hours == 100  # before the yearly cap
    nantong = asked("nantong", Mode.MONOGRAPH, 50_000, Unit.CHAR)
    assert nantong.hours == 0
    assert told(nantong)[1:] == ["合著撰稿3万字以上，视为完成整个聘期的学时"]
    assert asked("jiangxi", Mode.MONOGRAPH, 50_000, Unit.CHAR).hours is None


@pytest.mark.parametrize(
    ("mode", "quantity", "attrs", "says"),
    [
        (Mode.EXAM, 1, {"passed": True}, ["参加专业技术职称（职业）资格考试且合格，视为完成当年学时"]),
        (Mode.PAPER, 2, {"journal_level": "provincial_or_above"}, ["在部省级以上刊物发表论文2篇，视为完成当年学时"]),
        (
            Mode.PAPER,
            1,
            {"journal_level": "provincial_or_above", "passed": True},
            [
                f"视为完成的条件：{what}"
                for what in ("在部省级以上刊物发表论文2篇", "在市级刊物发表论文3篇", "在县级刊物发表论文4篇")
            ],
        ),
        (
            Mode.AWARD,
            1,
            {"level": "county", "grade": 2},
            [
                f"视为完成的条件：{what}"
                for what in (
                    "市（厅）级科技进步三等奖及以上的获得者或主要完成者",
                    "市（厅）级科技进步四等奖的获得者或主要完成者",
                    "县级科技进步三、四等奖的获得者或主要完成者",
                )
            ],
        ),
        (
            Mode.DEGREE,
            1,
            {"national_education_series": True, "obtained": True},
            ["国民教育系列的学历教育，已获得学历或学位，视为完成整个聘期的学时"],
        ),
    ],
)
def test_an_item_says_what_it_would_stand_for(
    mode: Mode, quantity: float, attrs: dict[str, Any], says: list[str]
) -> None:
    found = asked("nantong", mode, quantity, Unit.ITEM, **attrs)
    assert found.hours == 0
    assert told(found) == ["这一项本身不折学时，看是否“视为完成”", *says]


def test_a_degree_by_its_hours_counts_by_them() -> None:
    assert asked("nantong", Mode.DEGREE, 40, Unit.CLASS_HOUR).hours == 40
    assert len(asked("nantong", Mode.DEGREE, 40, Unit.CLASS_HOUR).steps) == 1


def test_after_review_by_an_answer_is_provisional() -> None:
    assert not asked("jilin", Mode.DISTANCE, 1, Unit.CLASS_HOUR, on=date(2027, 12, 31)).flags
    late = asked("jilin", Mode.DISTANCE, 1, Unit.CLASS_HOUR, on=date(2028, 1, 1)).flags
    assert "provisional:conversions.stated" in late
