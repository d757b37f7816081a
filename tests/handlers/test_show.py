"""Texts fit the platform's limit and are cut where it does not hurt."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.delivery import TEXT_LIMIT
from domain.vocabulary import Unit
from handlers import show


@given(st.text(max_size=4000))
def test_what_fits_is_whole_and_what_does_not_is_marked(whole: str) -> None:
    fitted = show.fit(whole)
    assert len(fitted.encode()) <= TEXT_LIMIT
    assert fitted == whole if len(whole.encode()) <= TEXT_LIMIT else fitted.endswith("…")


def test_long_text_is_cut_at_the_end_of_a_line() -> None:
    assert show.fit("\n".join(["一行十个字一行十个字"] * 200)).endswith("一行十个字一行十个字…")


def test_days_read_as_people_say_them() -> None:
    today = date(2026, 11, 20)
    assert show.days(date(2026, 11, 11), date(2026, 11, 11), today) == "11月11日（周三）"
    assert show.days(date(2025, 3, 5), date(2025, 3, 7), today) == "2025年3月5日至2025年3月7日"


def test_quantities() -> None:
    assert show.quantity(1, Unit.HALF_DAY) == "半天"
    assert show.quantity(2.5, Unit.DAY) == "2.5天"
    assert show.quantity(90, Unit.MINUTE) == "90分钟"
