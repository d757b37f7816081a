"""Readiness for title review: each year, the period's average, the certificates, and until when a gap can be mended."""

from datetime import date
from typing import Any

import pytest

from domain.vocabulary import Category, Mode, Unit
from rules.book import load
from rules.deadlines import UnitDeadline
from rules.readiness import Readiness, period, readiness
from rules.ruling import Case, Subject
from rules.values import DeadlineKind
from wording import say

BOOK = load()
ON = date(2026, 11, 21)
CERTIFIED = {"base_certificate": True}


def public(year: int, hours: float = 24, **attrs: Any) -> Case:
    return Case(f"p{year}-{hours}", date(year, 3, 1), Category.PUBLIC, Mode.DISTANCE, hours, Unit.CLASS_HOUR, attrs)


def work(year: int, hours: float) -> Case:
    day = date(year, 6, 1)
    return Case(f"w{year}", day, Category.PROFESSIONAL, Mode.TRAINING_CLASS, hours, Unit.CLASS_HOUR)


def appointed(start: str, end: str = "") -> dict[str, Any]:
    return {"appointment": {"start": start, **({"end": end} if end else {})}}


def of(place: str, cases: list[Case], on: date = ON, **profile: Any) -> Readiness:
    return readiness(Subject(place, profile), cases, on, BOOK)


def told(found: Readiness) -> list[str]:
    return [say(step.key, **step.values) for step in found.steps]


def lines(found: Readiness) -> list[str]:
    return [say(one.step.key, **one.step.values) for one in found.years]


def test_the_years_are_those_of_the_appointment_that_have_begun() -> None:
    assert period((date(2023, 7, 1), date(2028, 6, 30)), ON) == (2023, 2024, 2025, 2026)
    assert period((date(2019, 7, 1), date(2023, 6, 30)), ON) == (2019, 2020, 2021, 2022, 2023)
    assert period((date(2027, 1, 1), date(2028, 6, 30)), ON) == ()
    assert len(period((date(1900, 1, 1), date.max), ON)) == 50
    assert period(None, ON) == (2022, 2023, 2024, 2025, 2026)
    assert of("jilin", []).assumed
    assert not of("jilin", [], **appointed("2024-01-01")).assumed
    asked = readiness(Subject("jilin"), [], ON, BOOK, years=(2021, 2020))
    assert [one.year for one in asked.years] == [2021, 2020]
    assert not asked.assumed


def test_each_year_says_what_is_required_recognised_missing_and_until_when() -> None:
    cases = [public(2024, 30), work(2024, 60), public(2025, 30), work(2025, 50), public(2026, 30)]
    found = of("neimenggu", cases, **appointed("2024-01-01"))
    assert [(one.year, one.required, one.recognised, one.missing, one.complete) for one in found.years] == [
        (2024, 90, 90, 0, True),
        (2025, 90, 80, 10, False),
        (2026, 90, 30, 60, False),
    ]
    assert found.years[1].gaps == {"professional": 10}
    assert found.years[0].fixable_until is None
    assert found.years[1].fixable_until is None  # the year is over, and no text lets it be made up
    this_year = found.years[2].fixable_until
    assert this_year is not None
    assert (this_year.closes, this_year.basis) == (date(2026, 12, 31), "calendar")
    assert lines(found) == [
        "2024年要90学时，有90，够了",
        "2025年要90学时，有80，还差10；没有文件说以前的年份可以补",
        "2026年要90学时，有30，还差60，2026-12-31前可以补",
    ]
    assert found.ready is False
    assert (found.average, found.certificates, found.steps) == (None, None, ())


def test_a_place_that_verifies_no_average_looks_at_every_year() -> None:
    assert (
        of(
            "neimenggu", [public(2025, 30), work(2025, 60), work(2026, 60), public(2026, 30)], **appointed("2025-01-01")
        ).ready
        is True
    )
    assert of("jilin", [public(2026, 60), work(2026, 30)], **appointed("2026-01-01")).ready is None


def test_a_unit_may_let_an_earlier_year_be_made_up() -> None:
    unit = UnitDeadline(DeadlineKind.EARN_BY, 2026, date(2026, 12, 20), makes_up=(2025,))
    found = readiness(Subject("jilin", appointed("2025-01-01")), [], ON, BOOK, unit_settings=[unit])
    fixes = [one.fixable_until for one in found.years]
    assert [fix and (fix.basis, fix.closes) for fix in fixes] == [("unit", date(2026, 12, 20))] * 2
    later = readiness(
        Subject("jilin", appointed("2025-01-01")), [], ON, BOOK, unit_settings=[unit], verification_days=5
    )
    assert later.years[0].fixable_until is not None
    assert later.years[0].fixable_until.safe.day == date(2026, 12, 13)


def test_public_hours_alone_may_be_made_up_by_a_notice() -> None:
    cases = [work(2024, 90), work(2025, 90)]
    found = of("neimenggu", cases, date(2025, 11, 1), area="阿拉善盟", **appointed("2024-01-01"))
    fixes = [one.fixable_until for one in found.years]
    assert [fix and (fix.closes, fix.basis) for fix in fixes] == [(date(2025, 11, 30), "notice")] * 2


def test_nantong_verifies_the_average_and_shows_the_years_beside_it() -> None:
    cases = [public(2024, **CERTIFIED), work(2024, 40), public(2025, **CERTIFIED), work(2025, 100)]
    cases += [public(2026, **CERTIFIED), work(2026, 58)]
    found = of("nantong", cases, **appointed("2024-01-01"))
    assert [one.complete for one in found.years] == [False, True, False]
    assert found.average is not None
    assert (found.average.hours, found.average.required, found.average.met) == (90, 90, True)
    assert found.average.citation.article == "2011:第二十七条第二款第（二）项"
    assert (found.certificates, found.ready) == (True, True)
    assert told(found) == [
        "聘任期内每年平均学时：平均每年90学时，要90，达到了",
        "聘任期内公需科目考试（考核）：各年的合格证明都有",
    ]
    assert {one.article for one in found.citations} == {
        "2011:第二十七条第二款第（二）项",
        "2011:第二十七条第二款第（三）项",
    }


def test_one_hour_below_the_average_is_below_it() -> None:
    cases = [public(2025, **CERTIFIED), work(2025, 66), public(2026, **CERTIFIED), work(2026, 65)]
    found = of("nantong", cases, **appointed("2025-01-01"))
    assert found.average is not None
    assert (found.average.hours, found.average.met, found.ready) == (89.5, False, False)
    assert told(found)[0] == "聘任期内每年平均学时：平均每年89.5学时，要90，还不到"


def test_the_standard_of_each_year_enters_the_average() -> None:
    found = of("nantong", [work(2013, 72), work(2014, 90)], **appointed("2013-01-01", "2014-12-31"))
    assert found.average is not None
    assert (found.average.required, found.average.hours, found.average.met) == (72, 81, True)
    three = of("nantong", [work(2013, 100)], **appointed("2012-01-01", "2014-12-31")).average
    assert three is not None
    assert three.hours == 33.33


@pytest.mark.parametrize(
    ("attrs", "certificate", "ready"),
    [({"base_certificate": True}, True, True), ({"base_certificate": False}, False, False), ({}, None, None)],
)
def test_the_public_subjects_certificate_is_verified_by_itself(
    attrs: dict[str, Any], certificate: bool | None, ready: bool | None
) -> None:
    found = of("nantong", [public(2026, **attrs), work(2026, 100)], **appointed("2026-01-01"))
    (year,) = found.years
    assert (year.asks_certificate, year.certificate, found.certificates) == (True, certificate, certificate)
    assert found.ready is ready


def test_a_waived_public_subject_asks_for_no_certificate() -> None:
    found = of("nantong", [work(2021, 90)], fifth_round_certificate=True, **appointed("2021-01-01", "2021-12-31"))
    (year,) = found.years
    assert (year.asks_certificate, found.certificates, found.ready) == (False, True, True)
    before_2021 = of("nantong", [work(2013, 90)], **appointed("2013-01-01", "2013-12-31"))
    assert not before_2021.years[0].asks_certificate  # no figure then, the examination is still verified


def test_one_certificate_among_several_courses_is_enough() -> None:
    cases = [public(2026, 12, base_certificate=False), public(2026, 24, base_certificate=True), work(2026, 70)]
    assert of("nantong", cases, **appointed("2026-01-01")).certificates is True
    unsaid = [public(2026, 12, base_certificate=False), public(2026, 24), work(2026, 70)]
    assert of("nantong", unsaid, **appointed("2026-01-01")).certificates is None


def test_a_deemed_item_stands_for_the_period_but_not_for_the_public_subject() -> None:
    book = Case("m", date(2025, 5, 1), Category.PROFESSIONAL, Mode.MONOGRAPH, 1, Unit.ITEM, {"sole": True})
    found = of("nantong", [book, public(2025), public(2026, 20)], **appointed("2025-01-01"))
    assert [one.deemed for one in found.years] == ["appointment", "appointment"]
    assert [one.gaps for one in found.years] == [{}, {"public": 4}]
    assert lines(found) == ["2025年要90学时，有24，已视为完成", "2026年总量已视为完成，其他还差4，2026-12-31前可以补"]
    assert [(step.case, step.citation and step.citation.article) for step in found.deemed] == [
        ("m", "2011:第十七条第（四）项")
    ]
    assert found.average is not None
    assert (found.average.hours, found.average.met) == (90, True)


def test_a_year_before_the_first_rule_is_told() -> None:
    found = of("jilin", [work(2019, 90)], **appointed("2018-01-01", "2019-12-31"))
    assert found.years[0].ruling is None
    assert lines(found)[0] == "吉林省收录的规定从2019-02-01开始，2018年的没有。"
    assert found.ready is None
    nothing = of("nantong", [], **appointed("2009-01-01", "2010-12-31"))
    assert (nothing.average, nothing.ready) == (None, None)


def test_beijing_accumulates_over_the_appointment() -> None:
    found = of("beijing", [work(2025, 150), work(2026, 30)], **appointed("2025-01-01"))
    assert found.average is not None
    assert (found.average.met, found.ready) == (True, True)
    assert found.average.citation.article == "第六条第二款"
    assert found.certificates is None


def test_an_unreadable_appointment_is_refused() -> None:
    with pytest.raises(ValueError, match="appointment"):
        of("nantong", [], appointment={"start": "soon"})
