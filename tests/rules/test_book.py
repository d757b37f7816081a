"""The book asked for places, documents and years: what holds when, and what is said when nothing does."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from domain.vocabulary import Category, Mode, Unit
from rules.annual_hours import decide
from rules.book import PARAMETERS, PLANS_KEPT, Book, BrokenBookError, UnknownPlaceError, load
from rules.conversion import convert
from rules.plan import NoRuleInForceError, RuleNoLongerInForce, RuleNotYetInForce
from rules.ruling import Case, Conversion, Subject
from wording import say

BOOK = load()
FIRST_FIVE = {"jilin", "jiangxi", "sichuan", "neimenggu", "nantong", "national"}


def test_the_places_of_the_contract_are_there_with_names() -> None:
    assert set(BOOK.places) >= FIRST_FIVE
    assert BOOK.place("neimenggu").name == "内蒙古自治区"
    with pytest.raises(UnknownPlaceError):
        BOOK.place("mars")
    with pytest.raises(UnknownPlaceError):
        BOOK.plan("mars", 2024)


def test_a_place_may_cite_the_national_document() -> None:
    assert BOOK.document("nantong", "2021").number == "通职称办〔2021〕24号"
    assert BOOK.document("nantong", "order-25").number == "人力资源和社会保障部令第25号"
    with pytest.raises(KeyError):
        BOOK.document("national", "2021")


def test_no_document_is_of_grade_c() -> None:
    grades = {document.grade for place in BOOK.places.values() for document in place.documents}
    assert grades == {"A", "B"}
    for place in BOOK.places.values():
        for document in place.documents:
            assert document.summary == (document.grade == "B")


@pytest.mark.parametrize(
    ("place", "year", "grade"),
    [
        *(("jilin", 2024, "A"), ("sichuan", 2024, "A"), ("nantong", 2024, "A"), ("nantong", 2013, "A")),
        *(("nantong", 2018, "B"), ("national", 2024, "B"), ("guangdong", 2024, "B"), ("henan", 2024, "B")),
        ("beijing", 2024, "B"),  # its total is read in full, the share of professional hours is the national summary's
    ],
)
def test_a_place_says_how_well_it_is_known(place: str, year: int, grade: str) -> None:
    assert BOOK.grade(place, year) == grade


def test_what_is_not_read_in_full_says_what_is_unknown() -> None:
    for code, place in BOOK.places.items():
        if any(document.grade == "B" for document in place.documents if document.key in cited(code)):
            assert place.unknown, code


def cited(code: str) -> set[str]:
    """The documents that the figures and conversions of a place stand in."""
    return {value.source.document for _, value in BOOK.place(code).dated()}


def with_total(tmp_path: Path, lines: str) -> Book:
    """The book with other totals for jilin."""
    root = tmp_path / "book"
    shutil.copytree(PARAMETERS / "jilin", root / "jilin")
    (root / "jilin" / "annual_hours.yaml").write_text(f"annual_hours:\n  total:\n{lines}", "utf-8")
    return load(root)


def total(start: str, hours: int, end: str = "") -> str:
    until = f"end: {end}, " if end else ""
    return (
        f"    - {{start: {start}, {until}hours: {hours}, unit: class_hour, strength: hard, "
        "source: {document: decree-267, article: 第十一条第一款}, review_by: 2027-12-31}\n"
    )


def test_a_new_value_changes_only_the_years_from_its_start(tmp_path: Path) -> None:
    book = with_total(tmp_path, total("2019-02-01", 90) + total("2027-07-01", 100))
    years = {
        year: decide(Subject("jilin"), [], year, date(2027, 1, 1), book).remaining["total"]
        for year in (2019, 2026, 2027)
    }
    assert years == {2019: 90, 2026: 90, 2027: 100}


def test_after_the_last_value_nothing_is_guessed(tmp_path: Path) -> None:
    book = with_total(tmp_path, total("2019-02-01", 90, end="2024-12-31"))
    assert decide(Subject("jilin"), [], 2024, date(2026, 1, 1), book).remaining["total"] == 90
    with pytest.raises(RuleNoLongerInForce, match="2024-12-31") as raised:
        decide(Subject("jilin"), [], 2025, date(2026, 1, 1), book)
    assert say(raised.value.key, **raised.value.values) == "吉林省收录的规定到2024-12-31为止，2025年的没有。"


@pytest.mark.parametrize("newest_first", [True, False])
def test_only_the_newest_value_waits_for_a_review(tmp_path: Path, newest_first: bool) -> None:
    old = total("2019-02-01", 90).replace("2027-12-31", "2020-12-31")
    lines = total("2024-01-01", 90) + old if newest_first else old + total("2024-01-01", 90)
    book = with_total(tmp_path, lines)
    late = decide(Subject("jilin"), [], 2025, date(2026, 1, 1), book).flags
    assert "provisional:annual_hours.total" not in late
    assert "provisional:annual_hours.total" in decide(Subject("jilin"), [], 2025, date(2028, 1, 1), book).flags


def test_a_gap_between_two_values_is_no_guess_either(tmp_path: Path) -> None:
    book = with_total(tmp_path, total("2019-02-01", 90, end="2024-12-31") + total("2027-01-01", 100))
    with pytest.raises(RuleNoLongerInForce, match="2024-12-31"):
        decide(Subject("jilin"), [], 2026, date(2026, 1, 1), book)
    assert decide(Subject("jilin"), [], 2027, date(2027, 1, 1), book).remaining["total"] == 100


def test_before_the_first_value_nothing_is_guessed() -> None:
    with pytest.raises(RuleNotYetInForce, match="2019-02-01") as raised:
        decide(Subject("jilin"), [], 2018, date(2026, 1, 1), BOOK)
    assert say(raised.value.key, **raised.value.values) == "吉林省收录的规定从2019-02-01开始，2018年的没有。"
    lecture = Case("a", date(2018, 5, 1), Category.PUBLIC, Mode.DISTANCE, 5, Unit.CLASS_HOUR)
    with pytest.raises(NoRuleInForceError):
        convert(lecture, Subject("jilin"), date(2026, 1, 1), BOOK)


def test_after_review_by_a_ruling_is_provisional() -> None:
    on_the_day = decide(Subject("jilin"), [], 2027, date(2027, 12, 31), BOOK)
    assert not [flag for flag in on_the_day.flags if flag.startswith("provisional")]
    after = decide(Subject("jilin"), [], 2027, date(2028, 1, 1), BOOK)
    assert "provisional:annual_hours.total" in after.flags
    assert after.remaining == on_the_day.remaining
    lecture = Case("a", date(2027, 5, 1), Category.PUBLIC, Mode.DISTANCE, 5, Unit.CLASS_HOUR)
    assert "provisional:conversions.stated" in convert(lecture, Subject("jilin"), date(2028, 1, 1), BOOK).flags
    settled = decide(Subject("nantong"), [], 2013, date(2028, 1, 1), BOOK)
    assert "provisional:annual_hours.total" not in settled.flags  # replaced in 2021: nothing left to review
    assert "provisional:caps.self_study_one_third" in settled.flags


def test_a_conversion_that_changes_within_a_year_goes_by_the_day(tmp_path: Path) -> None:
    root = tmp_path / "book"
    shutil.copytree(PARAMETERS / "neimenggu", root / "neimenggu")
    file = root / "neimenggu" / "activities.yaml"
    text = file.read_text("utf-8")
    head, key, rest = text.partition("  - key: half_days")
    block = key + rest[: rest.index("  - key: study_time")]
    newer = block.replace("start: 2017-02-01", "start: 2026-07-01").replace("hours: 4", "hours: 3")
    file.write_text(head + newer + key + rest, "utf-8")
    book = load(root)
    days = [date(2026, 6, 30), date(2026, 7, 1), date(2025, 12, 31)]
    cases = [Case(str(day), day, Category.PROFESSIONAL, Mode.ACADEMIC_LECTURE, 1, Unit.HALF_DAY) for day in days]
    assert [convert(case, Subject("neimenggu"), date(2026, 12, 1), book).hours for case in cases] == [4, 3, 4]
    ruling = decide(Subject("neimenggu"), cases, 2026, date(2026, 12, 1), book)
    assert list(ruling.recognised.values()) == [4, 3, 0]


def test_questions_about_one_activity() -> None:
    on = date(2026, 11, 21)

    def asked(place: str, mode: Mode, quantity: float, unit: Unit, **attrs: object) -> Conversion:
        return convert(Case("a", on, Category.PROFESSIONAL, mode, quantity, unit, attrs), Subject(place), on, BOOK)

    meeting = asked("nantong", Mode.ACADEMIC_CONFERENCE, 2, Unit.DAY, level="provincial")
    assert (meeting.hours, meeting.flags) == (12, ("to_confirm:a",))
    book = asked("nantong", Mode.MONOGRAPH, 50_000, Unit.CHAR)
    assert [step.key for step in book.steps] == ["rules.deemed.item", "rules.deemed.appointment"]
    short = asked("nantong", Mode.MONOGRAPH, 20_000, Unit.CHAR)
    assert [step.key for step in short.steps] == ["rules.deemed.item", *["rules.deemed.needs"] * 2]
    assert asked("sichuan", Mode.MONOGRAPH, 50_000, Unit.CHAR).hours == 100
    assert asked("jilin", Mode.ACADEMIC_CONFERENCE, 2, Unit.DAY).hours is None


def test_asking_about_thousands_of_years_fills_no_memory() -> None:
    book = load()
    for year in range(2020, 2020 + PLANS_KEPT + 10):
        book.plan("jilin", year)
    assert len(book._plans) <= PLANS_KEPT


def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    (tmp_path / "jilin").mkdir()
    (tmp_path / "jilin" / "place.yaml").write_text("- a\n- b\n", "utf-8")
    with pytest.raises(BrokenBookError, match="mapping"):
        load(tmp_path)
    (tmp_path / "jilin" / "place.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BrokenBookError):
        load(tmp_path)
