"""Bundles are folded into one PostgreSQL statement; what cannot be folded is refused."""

import pytest
from sqlalchemy import select

from storage.statements import Statement, fold
from storage.tables import TokenRow, table
from tests.storage.test_sqlite import ADD, ALL, DROP


def test_parameters_are_numbered_on_through_a_fold() -> None:
    sql = fold(((ADD, False), (DROP, True), (ALL, False))).sql
    assert "xueshi_guard_failed(1)" in sql
    for number in range(1, len(ADD.postgresql.names) + 2):
        assert sql.count(f"${number}::") == 1


def test_rows_are_given_back_to_the_step_they_belong_to() -> None:
    two = Statement(select(table(TokenRow).c.appid, table(TokenRow).c.refresher))
    folded = fold(((ADD, False), (ALL, False), (two, False)))
    assert folded.split([(1, "a", "x", "y"), (1, "a", "z", "y")]) == [[(1,)], [("a",)], [("x", "y"), ("z", "y")]]
    assert folded.split([(0, None, None, None)]) == [[], [], []]


@pytest.mark.parametrize("steps", [(ALL, ALL, ALL), (ALL, ADD)])
def test_what_does_not_fold_is_refused(steps: tuple[Statement, ...]) -> None:
    with pytest.raises(ValueError, match="counted writes, then at most two reads"):
        fold(tuple((step, False) for step in steps))


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        ADD.sqlite.arguments({"appid": "x"})
