"""What must hold of every ruling, whatever people did: the parts recompute to the answer, and nothing is lost."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.vocabulary import Category, Mode, Unit
from rules.annual_hours import decide
from rules.book import load
from rules.contract import decide_line
from rules.conversion import convert
from rules.ruling import Case, Ruling, Subject
from wording import say

BOOK = load()
PLACES = sorted(BOOK.places)
YEAR = 2024

quantities = st.one_of(
    st.integers(0, 400).map(float),
    st.decimals(0, 200, places=2, allow_nan=False, allow_infinity=False).map(float),
    st.integers(0, 120_000),
)
attributes = st.fixed_dictionaries(
    {},
    optional={
        "assessed": st.booleans(),
        "unit_approved": st.booleans(),
        "planned": st.booleans(),
        "organised": st.booleans(),
        "proof": st.booleans(),
        "level": st.sampled_from(["international", "national", "regional", "below_regional", "municipal", "county"]),
        "grade": st.integers(1, 5),
        "passed": st.booleans(),
        "sole": st.booleans(),
        "own_chars": st.integers(0, 90_000),
        "rest_minutes": st.integers(0, 300),
        "earned_in": st.sampled_from(["上海", "广东", "四川", ""]),
        "work_title": st.sampled_from(["甲", " 甲", "乙"]),
    },
)
profiles = st.fixed_dictionaries(
    {},
    optional={
        "industry_required_total": st.integers(60, 150),
        "fifth_round_certificate": st.booleans(),
        "moved_from": st.sampled_from(["上海", "广东"]),
        "appointment": st.just({"start": "2023-01-01", "end": "2025-12-31"}),
        "work_field": st.sampled_from(["health", "accounting"]),
    },
)


@st.composite
def years(draw: st.DrawFn) -> tuple[Subject, list[Case], date]:
    cases = [draw(activities(at)) for at in range(draw(st.integers(0, 8)))]
    subject = Subject(draw(st.sampled_from(PLACES)), draw(profiles))
    return subject, cases, draw(st.dates(date(2024, 1, 1), date(2025, 6, 1)))


@st.composite
def activities(draw: st.DrawFn, at: int) -> Case:
    day = draw(st.dates(date(2023, 11, 1), date(2025, 2, 1)))
    quantity, attrs = draw(quantities), dict(draw(attributes))
    if draw(st.integers(0, 5)) == 0:
        attrs["start"] = (day - timedelta(days=draw(st.integers(0, 40)))).isoformat()
        if draw(st.booleans()):
            attrs["quantity_by_year"] = {str(day.year): quantity}
    category, mode, unit = draw(st.sampled_from(Category)), draw(st.sampled_from(Mode)), draw(st.sampled_from(Unit))
    return Case(f"e{at}", day, category, mode, quantity, unit, attrs)


def ruling(year: tuple[Subject, list[Case], date]) -> Ruling:
    subject, cases, on = year
    return decide(subject, cases, YEAR, on, BOOK)


def written(value: float | None) -> Decimal:
    return Decimal(repr(value or 0))


@settings(max_examples=300, deadline=None)
@given(years())
def test_the_steps_recompute_to_the_totals(year: tuple[Subject, list[Case], date]) -> None:
    _, cases, _ = year
    answer = ruling(year)
    category_of = {case.id: str(case.category) for case in cases}
    sums: dict[str, Decimal] = dict.fromkeys(answer.totals, Decimal(0))
    for step in answer.steps:
        if step.case is not None and step.hours:
            sums[category_of[step.case]] += written(step.hours)
            sums["total"] += written(step.hours)
    assert {name: float(hours) for name, hours in sums.items()} == {k: float(v) for k, v in answer.totals.items()}


@settings(max_examples=200, deadline=None)
@given(years())
def test_a_ruling_fits_together(year: tuple[Subject, list[Case], date]) -> None:
    _, cases, on = year
    answer = ruling(year)
    assert list(answer.recognised) == [case.id for case in cases]
    parts = sum((written(answer.totals[name]) for name in answer.totals if name != "total"), Decimal(0))
    assert float(parts) == float(answer.totals["total"])
    for cap in answer.caps:
        group = sum((written(answer.recognised[name]) for name in cap.cases), Decimal(0))
        assert float(group) == float(cap.before)
        assert cap.after == min(cap.before, cap.limit)
    summed = {step.key for step in answer.steps if step.key.startswith("rules.sum.")}
    assert summed == {f"rules.sum.{name}" for name, hours in answer.totals.items() if hours or name == "total"}
    for case in cases:
        if "start" not in case.attrs and (case.day.year != YEAR or case.day > on):
            assert answer.recognised[case.id] == 0
    for name, need in answer.required.items():
        gap = max(written(need.hours) - written(answer.totals[name]), Decimal(0))
        deemed = name == "total" and bool(answer.deemed_complete and answer.deemed_complete["value"])
        assert float(answer.remaining[name]) == (0 if deemed else float(gap))
    hard = [gap for name, gap in answer.remaining.items() if answer.required[name].strength == "hard"]
    assert not (answer.complete is True and any(hard))
    assert not (answer.complete is False and not any(hard))


@settings(max_examples=150, deadline=None)
@given(years())
def test_every_step_can_be_said_and_is_cited(year: tuple[Subject, list[Case], date]) -> None:
    answer = ruling(year)
    for step in answer.steps:
        assert step.citation in answer.citations
        sentence = say(step.key, **step.values)
        assert len(sentence) < 150
        assert "{" not in sentence
    for citation in answer.citations:
        assert BOOK.document(answer.region, citation.document).title


@settings(max_examples=150, deadline=None)
@given(years(), st.permutations(range(8)))
def test_the_order_of_activities_changes_no_total(year: tuple[Subject, list[Case], date], order: list[int]) -> None:
    subject, cases, on = year
    shuffled = [cases[at] for at in order if at < len(cases)]
    one, other = ruling(year), ruling((subject, shuffled, on))
    assert (one.totals, one.remaining, one.complete) == (other.totals, other.remaining, other.complete)


@settings(max_examples=150, deadline=None)
@given(years())
def test_one_more_class_hour_never_lowers_the_total(year: tuple[Subject, list[Case], date]) -> None:
    subject, cases, on = year
    extra = Case("more", date(2024, 1, 1), Category.PROFESSIONAL, Mode.TRAINING_CLASS, 1, Unit.CLASS_HOUR)
    before, after = ruling(year), ruling((subject, [*cases, extra], on))
    assert after.totals["total"] >= before.totals["total"]
    assert after.remaining["total"] <= before.remaining["total"]


@settings(max_examples=150, deadline=None)
@given(years())
def test_a_question_about_one_activity_gives_what_the_year_gives(year: tuple[Subject, list[Case], date]) -> None:
    subject, cases, _ = year
    on = date(2025, 12, 31)
    in_year = [case for case in cases if case.day.year == YEAR and not {"start", "work_title"} & set(case.attrs)]
    answer = decide(subject, in_year, YEAR, on, BOOK)
    for case in in_year:
        assert convert(case, subject, on, BOOK).hours == answer.recognised[case.id]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
entry_fields = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["e1", "e2", "", 5]) | json_values,
        "date": st.sampled_from(["2024-02-29", "2024-13-01", "20240101"]) | json_values,
        "category": st.sampled_from(["public", "elective"]) | json_values,
        "mode": st.sampled_from(["self_study", "award", "publication"]) | json_values,
        "quantity": st.sampled_from([1, 2.5, 1e9]) | json_values,
        "unit": st.sampled_from(["char", "minute", "item"]) | json_values,
        "attrs": st.dictionaries(st.sampled_from(["rest_minutes", "own_chars", "level", "earned_in"]), json_values)
        | json_values,
    },
)
records = st.fixed_dictionaries(
    {},
    optional={
        "id": st.just("x") | json_values,
        "regime": st.sampled_from(PLACES) | json_values,
        "target_year": st.sampled_from([2013, 2024]) | json_values,
        "as_of_date": st.just("2024-12-31") | json_values,
        "profile": st.dictionaries(
            st.sampled_from(["appointment", "industry_required_total", "fifth_round_certificate", "mobility"]),
            json_values,
        )
        | json_values,
        "entries": st.lists(entry_fields, max_size=3) | json_values,
    },
)


@settings(max_examples=500, deadline=None)
@given(records | json_values)
def test_any_line_is_answered_in_json(record: Any) -> None:
    answer = decide_line(record, BOOK, say)
    json.dumps(answer, allow_nan=False)
    assert "id" in answer
    if "error" in answer:
        assert set(answer) == {"id", "error"}
        assert len(answer["error"]) < 400
