"""Text as the platform takes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.text import as_text, cut, legal
from domain.delivery import Choice, Reply, ReplyKind


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "…"),
        ("abcde", 4, "a…"),
        ("学时学时", 9, "学时…"),
        ("学时学时", 8, "学…"),
        ("a😀b", 5, "a…"),
        ("ae\u0301xyz", 5, "a…"),  # e and its accent stay together
        ("a👩\u200d🔬bcd", 12, "a…"),  # one emoji of three characters
        ("👍🏽xyz", 10, "👍…"),  # nothing would be left of it: then the character alone, never half of one
        ("abc", 2, ""),
    ],
)
def test_cut(text: str, limit: int, expected: str) -> None:
    assert cut(text, limit) == expected


@given(st.text(st.characters(codec="utf-8")), st.integers(0, 60))
def test_cut_never_exceeds(text: str, limit: int) -> None:
    assert len(cut(text, limit).encode()) <= limit
    assert cut(text, len(text.encode())) == text


@given(st.text(st.characters()))
def test_legal_text_is_stable_and_can_be_encoded(text: str) -> None:
    once = legal(text)
    assert legal(once) == once
    once.encode()


def test_more_choices_than_fit_are_cut_too() -> None:
    choices = [Choice(id=str(number), label="选" * 60) for number in range(30)]
    assert len(as_text(Reply(kind=ReplyKind.MENU, text="问", choices=choices)).encode()) <= 2048
