"""A standing's hours by month are those of its categories, and say who goes for title review in that year."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from domain.ledger import Activity, Claim
from domain.person import Person
from domain.standing import MONTHS
from domain.vocabulary import Category, EntryState, Mode, Unit
from outreach.standings import stand
from rules.book import load

BOOK = load()
ON = date(2026, 12, 31)


def claim(number: int, end: date, hours: float, category: Category, state: EntryState) -> Claim:
    activity = Activity(
        start=end, end=end, category=category, mode=Mode.TRAINING_CLASS, quantity=hours, unit=Unit.CLASS_HOUR
    )
    return Claim(f"c{number}", number, end.year, activity, state, datetime(2026, 12, 31, tzinfo=UTC))


days = st.dates(date(2026, 1, 1), ON)
claims = st.tuples(days, st.integers(1, 20), st.sampled_from(list(Category)[:2]), st.sampled_from(list(EntryState)))


@given(st.lists(claims, max_size=12))
def test_months_add_up_to_categories(told: list[tuple[date, int, Category, EntryState]]) -> None:
    made = [claim(number, *one) for number, one in enumerate(told)]
    found = stand(Person(id="p", region="neimenggu"), made, 2026, ON, BOOK)
    assert found is not None
    categories = ("public", "professional", "elective")
    whole = sum(getattr(found, f"{name}_{state}") for name in categories for state in ("claimed", "verified"))
    assert sum(getattr(found, month) for month in MONTHS) == whole
    for end, _, _, state in told:
        if state in (EntryState.CLAIMED, EntryState.VERIFIED):
            assert getattr(found, MONTHS[end.month - 1]) > 0


def test_reviewing_is_of_the_year_that_the_person_named() -> None:
    person = Person(id="p", region="neimenggu", profile={"review_year": 2026})
    for year, expected in ((2025, False), (2026, True)):
        found = stand(person, [], year, ON, BOOK)
        assert found is not None
        assert found.reviewing is expected
