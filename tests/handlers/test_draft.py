"""Drafts: what is kept of what was said, and what is still to be asked."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.vocabulary import Category, Mode, Unit
from handlers import draft as drafts
from nlp.reading import Slots

SLOTS = st.fixed_dictionaries(
    {},
    optional={
        "start": st.dates(date(2020, 1, 1), date(2026, 12, 31)),
        "quantity": st.integers(1, 90).map(float),
        "unit": st.sampled_from(Unit),
        "category": st.sampled_from(Category),
        "mode": st.sampled_from(Mode),
        "title": st.text(min_size=1, max_size=30),
    },
)


def test_a_single_day_has_both_ends() -> None:
    draft = drafts.plain(Slots(start=date(2026, 11, 11)))
    assert (draft["start"], draft["end"]) == ("2026-11-11", "2026-11-11")


def test_a_bare_number_is_class_hours_unless_the_draft_has_a_unit() -> None:
    assert drafts.plain(Slots(quantity=6))["unit"] == "class_hour"
    assert drafts.merged({"quantity": 1.0, "unit": "half_day"}, Slots(quantity=2))["unit"] == "half_day"


def test_what_is_missing_is_asked_in_order() -> None:
    assert drafts.missing({}) == ["date", "hours", "category", "mode"]
    assert drafts.missing({"start": "2026-11-11", "mode": "distance"}) == ["hours", "category"]


@given(SLOTS, SLOTS)
def test_later_words_win_and_nothing_else_is_lost(first: Slots, second: Slots) -> None:
    merged = drafts.merged(drafts.plain(first), second)
    for key, value in drafts.plain(second).items():
        if key != "unit":
            assert merged[key] == value
    assert set(merged) == set(drafts.plain(first)) | set(drafts.plain(second))


@given(SLOTS)
def test_a_complete_draft_is_an_activity_and_comes_back_the_same(slots: Slots) -> None:
    draft = drafts.plain(slots)
    if not drafts.missing(draft):
        assert drafts.missing(drafts.draft_of(drafts.activity(draft))) == []
        assert drafts.draft_of(drafts.activity(draft))["start"] == draft["start"]


def test_too_much_is_a_slip_of_the_tongue() -> None:
    assert drafts.too_much({"quantity": 5000.0, "unit": "class_hour"})
    assert drafts.too_much({"quantity": 0.0, "unit": "day"})
    assert not drafts.too_much({"quantity": 60_000.0, "unit": "char"})
