"""A change of law: a new value with a start date changes only what it should, and the rehearsal says who and why."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.vocabulary import Category, Mode, Unit
from rules.annual_hours import decide
from rules.book import Book
from rules.rehearsal import Move, Reason, rehearse
from rules.ruling import Case, Ruling, Subject
from tests.rules.books import BOOK, Content, book_with
from tests.rules.test_properties import years

ON = date(2026, 12, 31)


def case(name: str, mode: Mode, quantity: float, unit: Unit, year: int = 2026, **attrs: Any) -> Case:
    return Case(name, date(year, 6, 1), Category.PROFESSIONAL, mode, quantity, unit, attrs)


def newer(versions: list[Any], start: date, **fields: Any) -> None:
    """A later version of the last of `versions`."""
    versions.append({**versions[-1], "start": start, "review_by": date(2030, 12, 31), **fields})


def total_of(hours: int, start: date) -> Any:
    def change(content: Content) -> None:
        newer(content["annual_hours"]["total"], start, hours=hours)

    return change


def figures(ruling: Ruling) -> tuple[object, ...]:
    return (*_given(ruling), ruling.required, ruling.remaining, ruling.complete, ruling.flags, ruling.steps)


def _given(ruling: Ruling) -> tuple[object, ...]:
    return ruling.recognised, ruling.caps, ruling.totals, ruling.deemed_complete


CHANGED = book_with("jilin", total_of(100, date(2024, 1, 1)))


@settings(max_examples=120, deadline=None)
@given(years(), st.integers(2019, 2026))
def test_a_new_total_changes_the_years_from_its_start_and_nothing_else(
    year: tuple[Subject, list[Case], date], asked: int
) -> None:
    subject, cases, on = year
    for place in (subject.region, "jilin"):
        who = Subject(place)
        if asked < BOOK.place(place).annual_hours.total[0].start.year:
            continue
        before, after = (decide(who, cases, asked, on, book) for book in (BOOK, CHANGED))
        move = rehearse(who, cases, asked, on, BOOK, CHANGED)
        if place != "jilin" or asked < 2024:
            assert figures(before) == figures(after)
            assert move is None
            continue
        assert _given(before) == _given(after)
        assert (before.required["total"].hours, after.required["total"].hours) == (90, 100)
        assert {n: r for n, r in before.required.items() if n != "total"} == {
            n: r for n, r in after.required.items() if n != "total"
        }
        assert move is not None
        assert [reason.what for reason in move.reasons] == ["required total"]


def _conversions() -> list[tuple[str, int]]:
    return [(place.code, at) for place in BOOK.places.values() for at, rule in enumerate(place.conversions)]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(_conversions()), years())
def test_a_new_rate_changes_the_activities_it_is_about_from_its_first_day(
    which: tuple[str, int], year: tuple[Subject, list[Case], date]
) -> None:
    place, at = which
    rule = BOOK.place(place).conversions[at]
    start = date(2024, 7, 1)
    if rule.start >= start:
        return

    def change(content: Content) -> None:
        conversions = content["conversions"]
        later = {**conversions[at], "start": start, "hours": rule.hours + 1, "review_by": date(2030, 12, 31)}
        conversions.insert(at, later)

    _, cases, on = year
    changed = book_with(place, change)
    before, after = (decide(Subject(place), cases, 2024, on, book) for book in (BOOK, changed))
    for one in cases:
        about = one.day >= start and one.unit in rule.units and (not rule.modes or one.mode in rule.modes)
        if not about:
            assert before.recognised[one.id] == after.recognised[one.id]
        else:
            assert (before.recognised[one.id] or 0) <= (after.recognised[one.id] or 0)
    assert before.required == after.required


def of(subject: Subject, cases: list[Case], new: Book, year: int = 2026) -> Move | None:
    return rehearse(subject, cases, year, ON, BOOK, new)


def told(move: Move | None) -> list[tuple[str, object, object, str | None]]:
    assert move is not None
    return [(one.what, one.before, one.after, one.citation.article if one.citation else None) for one in move.reasons]


def test_who_moves_and_why() -> None:
    done = [case("a", Mode.TRAINING_CLASS, 95, Unit.CLASS_HOUR)]
    higher = book_with("jilin", total_of(100, date(2026, 1, 1)))
    move = of(Subject("jilin"), done, higher)
    assert told(move) == [("required total", "90 (hard)", "100 (hard)", "第十一条第一款")]
    assert move is not None
    assert move.before is not None
    assert move.after is not None
    assert (move.before.remaining["total"], move.after.remaining["total"]) == (0, 5)
    assert of(Subject("jilin"), done, higher, year=2025) is None
    assert of(Subject("sichuan"), done, higher) is None
    assert of(Subject("jilin"), done, BOOK) is None


def test_a_stricter_wording_is_a_change_too() -> None:
    def change(content: Content) -> None:
        newer(content["annual_hours"]["professional"], date(2026, 1, 1), strength="hard")

    move = of(Subject("jilin"), [], book_with("jilin", change))
    assert told(move) == [("required professional", "60 (general)", "60 (hard)", "第十一条第一款")]


def test_a_figure_that_comes_or_goes_is_cited_where_it_stands() -> None:
    def gone(content: Content) -> None:
        del content["annual_hours"]["public"]

    without = book_with("jilin", gone)
    assert told(of(Subject("jilin"), [], without)) == [("required public", "30 (general)", None, "第十一条第一款")]
    back = rehearse(Subject("jilin"), [], 2026, ON, without, BOOK)
    assert told(back) == [("required public", None, "30 (general)", "第十一条第一款")]


def test_a_rate_a_cap_and_a_condition_are_named() -> None:
    written = [case("a", Mode.PUBLICATION, 40_000, Unit.CHAR), case("b", Mode.PUBLICATION, 1_000, Unit.CHAR)]

    def dearer(content: Content) -> None:
        for rule in content["conversions"]:
            if rule["key"] == "published_work":
                rule["hours"] = 1

    def lower(content: Content) -> None:
        content["caps"][0]["hours"] = 40

    def without(content: Content) -> None:
        del content["caps"]

    move = of(Subject("sichuan"), written, book_with("sichuan", dearer))
    assert told(move) == [("gives publication by char", 82, 41, "二（二）第3段")]
    assert told(of(Subject("sichuan"), written, book_with("sichuan", lower))) == [
        ("cap self_study_and_publication_50", 50, 40, "二（二）第3段")
    ]
    assert told(of(Subject("sichuan"), written, book_with("sichuan", without))) == [
        ("cap self_study_and_publication_50", 50, None, "二（二）第3段")
    ]


def test_what_can_no_longer_be_converted_is_a_change() -> None:
    days = [case("a", Mode.TRAINING_CLASS, 2, Unit.DAY), case("b", Mode.TRAINING_CLASS, 5, Unit.CLASS_HOUR)]

    def gone(content: Content) -> None:
        content["conversions"] = [rule for rule in content["conversions"] if rule["key"] != "class_or_lecture"]

    move = of(Subject("nantong"), days, book_with("nantong", gone))
    assert told(move) == [("gives training_class by day", 12, 0, "2011:第十七条第（七）项")]


def test_what_is_deemed_complete_is_named() -> None:
    exam = [case("a", Mode.EXAM, 1, Unit.ITEM, passed=True)]

    def gone(content: Content) -> None:
        content["deemed"] = [rule for rule in content["deemed"] if rule["key"] != "exam"]

    (deemed,) = told(of(Subject("nantong"), exam, book_with("nantong", gone)))
    assert deemed == ("deemed complete", True, None, "2011:第十五条")


def test_a_year_that_loses_or_wins_its_rule_is_named() -> None:
    def ended(content: Content) -> None:
        content["annual_hours"]["total"][0]["end"] = date(2025, 12, 31)

    shorter = book_with("jilin", ended)
    move = of(Subject("jilin"), [], shorter)
    assert move is not None
    assert (move.before is None, move.after) == (False, None)
    source = BOOK.plan("jilin", 2026).required["total"].citation
    assert move.reasons[0] == Reason("a rule for the year", True, False, source)
    back = rehearse(Subject("jilin"), [], 2026, ON, shorter, BOOK)
    assert back is not None
    assert (back.reasons[0].before, back.reasons[0].after) == (False, True)
    assert rehearse(Subject("jilin"), [], 2018, ON, BOOK, shorter) is None


def test_a_place_that_is_gone_is_a_year_without_a_rule() -> None:
    without = Book({code: place for code, place in BOOK.places.items() if code != "taizhou"})
    move = of(Subject("taizhou"), [], without)
    assert move is not None
    assert move.after is None


def test_an_unusable_fact_is_refused_as_in_a_ruling() -> None:
    with pytest.raises(ValueError, match="industry_required_total"):
        of(Subject("sichuan", {"industry_required_total": "many"}), [], BOOK)
