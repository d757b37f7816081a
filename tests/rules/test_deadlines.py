"""Until when: each day with its source or as the unit's own, working days as published, nothing carried over."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.vocabulary import Category
from rules.book import load
from rules.deadlines import (
    VERIFICATION_DAYS_LIMIT,
    Deadline,
    UnitDeadline,
    binding,
    deadlines,
    is_workday,
    last_safe_day,
    precedents,
    repair,
)
from rules.plan import RuleNotYetInForce
from rules.values import DeadlineKind
from wording import say

BOOK = load()
EARN, REVIEW = DeadlineKind.EARN_BY, DeadlineKind.REVIEW_WINDOW
ACCOUNTING = {"work_field": "accounting"}
ALXA = {"area": "阿拉善盟"}


def told(found: Deadline) -> str:
    return say(found.step.key, **found.step.values)


def test_without_a_notice_the_year_ends_with_the_calendar_and_says_so() -> None:
    (only,) = deadlines(BOOK, "jilin", 2026)
    assert (only.kind, only.closes, only.basis) == (EARN, date(2026, 12, 31), "calendar")
    assert only.source is not None
    assert only.source.article == "第十一条第二款"
    assert told(only) == "2026年的学时按自然年算，2026-12-31前学完；这一年没有收录另外的通知"


PUBLIC = Category.PUBLIC
NOTICES = [  # place, year, whom it concerns, kind, opens, closes, hour, category, years made up
    ("jiangxi", 2024, {}, EARN, None, date(2024, 12, 31), "", PUBLIC, ()),
    ("jiangxi", 2024, ACCOUNTING, EARN, date(2024, 4, 1), date(2024, 12, 31), "", None, ()),
    ("jiangxi", 2024, {"special_channel": True}, REVIEW, None, date(2024, 5, 31), "", None, ()),
    ("sichuan", 2025, ACCOUNTING, REVIEW, date(2025, 9, 28), date(2025, 10, 30), "12:00", None, ()),
    ("jilin", 2019, {}, REVIEW, None, date(2019, 6, 10), "", None, ()),
    ("jilin", 2022, ACCOUNTING, EARN, None, date(2022, 12, 31), "", None, ()),
    ("neimenggu", 2025, ALXA, EARN, date(2025, 1, 5), date(2025, 11, 30), "", PUBLIC, (2022, 2023, 2024)),
    ("guangdong", 2025, {"area": "潮州", **ACCOUNTING}, EARN, date(2025, 5, 31), date(2026, 4, 30), "", None, ()),
    ("hunan", 2025, ACCOUNTING, EARN, None, date(2026, 2, 28), "", None, ()),
]
Notice = tuple[DeadlineKind, date | None, date, str, Category | None, tuple[int, ...]]


def notices(place: str, year: int, profile: dict[str, Any], applies: bool | None) -> list[Notice]:
    return [
        (one.kind, one.opens, one.closes, one.at, one.category, one.makes_up)
        for one in deadlines(BOOK, place, year, profile=profile)
        if one.basis == "notice" and one.applies is applies
    ]


@pytest.mark.parametrize(("place", "year", "profile", "kind", "opens", "closes", "at", "category", "makes_up"), NOTICES)
def test_a_notice_says_its_day(
    place: str,
    year: int,
    profile: dict[str, Any],
    kind: DeadlineKind,
    opens: date | None,
    closes: date,
    at: str,
    category: Category | None,
    makes_up: tuple[int, ...],
) -> None:
    notice = (kind, opens, closes, at, category, makes_up)
    assert notice in notices(place, year, profile, applies=True)
    for fact, value in profile.items():  # one fact unknown: open; one fact otherwise: not told
        others = {name: known for name, known in profile.items() if name != fact}
        assert notice in notices(place, year, others, applies=None)
        for applies in (True, None):
            otherwise = {**profile, fact: False if value is True else "another"}
            assert notice not in notices(place, year, otherwise, applies)
    (one,) = [
        found
        for found in deadlines(BOOK, place, year, profile=profile)
        if found.basis == "notice" and (found.kind, found.opens, found.closes) == (kind, opens, closes)
    ]
    assert one.source is not None
    assert BOOK.document(place, one.source.document).grade == "B"
    assert closes.isoformat() in told(one)
    assert at in told(one)


def test_every_notice_of_the_book_is_in_the_table() -> None:
    written = sorted(
        (place.code, rule.year, str(rule.kind), rule.closes)
        for place in BOOK.places.values()
        for rule in place.deadlines
    )
    assert written == sorted((notice[0], notice[1], str(notice[3]), notice[5]) for notice in NOTICES)


WRITTEN = [("neimenggu", "阿拉善盟"), ("neimenggu", "阿拉善"), ("guangdong", "潮州市"), ("guangdong", "潮州")]


@pytest.mark.parametrize(("place", "area"), WRITTEN)
def test_an_area_may_be_written_either_way(place: str, area: str) -> None:
    assert notices(place, 2025, {"area": area, **ACCOUNTING}, applies=True)


def test_a_notice_for_others_is_not_told_and_for_the_unknown_is_open() -> None:
    assert not [one for one in deadlines(BOOK, "hunan", 2025, profile={"work_field": "health"}) if one.label]
    (unsure,) = [one for one in deadlines(BOOK, "hunan", 2025) if one.basis == "notice"]
    assert unsure.applies is None
    assert binding(deadlines(BOOK, "hunan", 2025), EARN) == deadlines(BOOK, "hunan", 2025)[0]


def test_a_notice_replaces_the_end_of_the_calendar_year() -> None:
    found = binding(deadlines(BOOK, "hunan", 2025, profile=ACCOUNTING), EARN)
    assert found is not None
    assert (found.closes, found.basis) == (date(2026, 2, 28), "notice")
    alxa = deadlines(BOOK, "neimenggu", 2025, profile=ALXA)
    public, any_category = binding(alxa, EARN, Category.PUBLIC), binding(alxa, EARN)
    assert public is not None
    assert any_category is not None
    assert (public.closes, any_category.closes) == (date(2025, 11, 30), date(2025, 12, 31))


def test_no_notice_is_carried_to_another_year() -> None:
    assert [one.basis for one in deadlines(BOOK, "hunan", 2026, profile=ACCOUNTING)] == ["calendar"]
    assert [one.closes for one in precedents(BOOK, "hunan", 2026, ACCOUNTING)] == [date(2026, 2, 28)]
    assert precedents(BOOK, "hunan", 2025, ACCOUNTING) == ()
    assert precedents(BOOK, "hunan", 2026, {"work_field": "health"}) == ()


def test_a_unit_sets_its_own_days() -> None:
    own = [
        UnitDeadline(EARN, 2026, date(2026, 11, 30), label="本单位"),
        UnitDeadline(DeadlineKind.SUBMIT_BY, 2026, date(2026, 12, 10)),
        UnitDeadline(DeadlineKind.PLATFORM_CLOSES, 2026, date(2026, 12, 20)),
        UnitDeadline(REVIEW, 2026, date(2027, 3, 31), opens=date(2027, 3, 1)),
        UnitDeadline(EARN, 2025, date(2025, 11, 30)),
    ]
    found = deadlines(BOOK, "jilin", 2026, own)
    assert [(one.kind, one.closes) for one in found if one.basis == "unit"] == [
        (one.kind, one.closes) for one in own if one.year == 2026
    ]
    assert [one.closes for one in found] == sorted(one.closes for one in found)
    assert all(one.source is None for one in found if one.basis == "unit")
    assert {told(one) for one in found if one.basis == "unit"} == {
        "单位要求2026-11-30前学完",
        "单位要求2026-12-10前提交",
        "单位说平台2026-12-20关闭",
        "单位通知：评审材料2027-03-31截止",
    }
    first = binding(found, EARN)
    assert first is not None
    assert (first.closes, first.basis) == (date(2026, 11, 30), "unit")


def test_every_kind_and_basis_can_be_said() -> None:
    for kind in DeadlineKind:
        assert say(f"rules.deadline.{kind}.notice", label="通知", closes="2026-12-31")
        assert say(f"rules.deadline.{kind}.unit", closes="2026-12-31")


def test_what_can_still_be_repaired() -> None:
    own = repair(BOOK, "jilin", 2026, date(2026, 12, 31))
    assert own is not None
    assert own.closes == date(2026, 12, 31)
    assert repair(BOOK, "jilin", 2025, date(2026, 1, 1)) is None
    unit = UnitDeadline(EARN, 2026, date(2026, 11, 30))
    before = repair(BOOK, "jilin", 2026, date(2026, 11, 30), [unit])
    after = repair(BOOK, "jilin", 2026, date(2026, 12, 1), [unit])
    assert before is not None
    assert after is not None
    assert (before.basis, after.basis) == ("unit", "calendar")  # the unit's day is over, the law's is not


def test_an_earlier_year_is_made_up_only_where_a_notice_or_the_unit_says_so() -> None:
    made_up = repair(BOOK, "neimenggu", 2023, date(2025, 11, 30), profile=ALXA, category=Category.PUBLIC)
    assert made_up is not None
    assert (made_up.year, made_up.closes, made_up.makes_up) == (2025, date(2025, 11, 30), (2022, 2023, 2024))
    assert repair(BOOK, "neimenggu", 2023, date(2025, 11, 30), profile=ALXA) is None  # only public hours
    assert repair(BOOK, "neimenggu", 2023, date(2025, 12, 1), profile=ALXA, category=Category.PUBLIC) is None
    assert repair(BOOK, "neimenggu", 2021, date(2025, 11, 30), profile=ALXA, category=Category.PUBLIC) is None
    assert repair(BOOK, "neimenggu", 2023, date(2025, 11, 30), category=Category.PUBLIC) is None  # lives elsewhere?
    unit = UnitDeadline(EARN, 2026, date(2026, 6, 30), makes_up=(2025,))
    by_unit = repair(BOOK, "jilin", 2025, date(2026, 6, 1), [unit])
    assert by_unit is not None
    assert (by_unit.basis, by_unit.closes) == ("unit", date(2026, 6, 30))


def test_a_year_without_a_rule_has_no_deadline() -> None:
    with pytest.raises(RuleNotYetInForce):
        deadlines(BOOK, "jilin", 2018)


WORKDAYS = [
    (date(2026, 10, 1), False, True),  # National Day
    (date(2026, 10, 10), True, True),  # a Saturday worked for it
    (date(2026, 10, 11), False, True),  # an ordinary Sunday
    (date(2026, 12, 31), True, True),
    (date(2027, 1, 1), True, False),  # a Friday, the calendar of 2027 is not published
    (date(2027, 1, 2), False, False),
    (date(2027, 1, 3), False, False),
]


@pytest.mark.parametrize(("day", "works", "published"), WORKDAYS)
def test_working_days_are_the_published_ones(day: date, works: bool, published: bool) -> None:
    assert is_workday(day) == (works, published)


SAFE = [  # closes, verification, the last safe day, provisional
    (date(2026, 12, 31), 0, date(2026, 12, 31), False),
    (date(2026, 12, 31), 1, date(2026, 12, 30), False),
    (date(2026, 12, 31), 5, date(2026, 12, 24), False),  # over the weekend of the 26th
    (date(2026, 10, 8), 1, date(2026, 10, 7), False),
    (date(2026, 10, 7), 1, date(2026, 9, 29), False),  # the holidays are no working days
    (date(2027, 1, 4), 2, date(2026, 12, 31), True),
    (date(2027, 1, 4), 3, date(2026, 12, 30), True),
]


@pytest.mark.parametrize(("closes", "days", "safe", "provisional"), SAFE)
def test_the_last_safe_day(closes: date, days: int, safe: date, provisional: bool) -> None:
    assert last_safe_day(closes, days) == (safe, provisional)
    unit = UnitDeadline(DeadlineKind.SUBMIT_BY, 2026, closes)
    (found,) = [one for one in deadlines(BOOK, "jilin", 2026, [unit], verification_days=days) if one.basis == "unit"]
    assert found.safe == (safe, provisional)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 40))
def test_the_last_safe_day_is_the_latest_that_leaves_the_days(closes: date, days: int) -> None:
    def working_days_after(day: date) -> int:
        return sum(is_workday(day + timedelta(days=at))[0] for at in range(1, (closes - day).days + 1))

    safe = last_safe_day(closes, days).day
    assert working_days_after(safe) == days
    assert safe == closes or working_days_after(safe + timedelta(days=1)) < days


@pytest.mark.parametrize("days", [-1, VERIFICATION_DAYS_LIMIT + 1])
def test_no_verification_takes_so_long(days: int) -> None:
    with pytest.raises(ValueError, match="working days"):
        last_safe_day(date(2026, 12, 31), days)
    assert last_safe_day(date(2026, 12, 31), VERIFICATION_DAYS_LIMIT).day < date(2026, 1, 31)


def test_the_end_of_the_year_is_cited_from_where_hours_are_said_to_be_yearly() -> None:
    found = {place: binding(deadlines(BOOK, place, 2026), DeadlineKind.EARN_BY) for place in ("nantong", "jilin")}
    assert {place: one and one.source and one.source.article for place, one in found.items()} == {
        "nantong": "2011:第十六条",
        "jilin": BOOK.plan("jilin", 2026).year_rule.article,
    }
