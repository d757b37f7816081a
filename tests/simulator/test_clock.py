"""The movable clock: aware, never back unless told so, and heard by those who listen."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.clock import SHANGHAI, Clock, ClockWouldGoBack
from tests.simulator.conftest import START


def test_runs_from_where_it_was_set_and_is_aware() -> None:
    clock = Clock(START)
    assert clock.now() >= START
    assert clock.now().utcoffset() == timedelta(hours=8)
    assert clock.now() <= clock.now()


def test_without_a_start_it_is_the_real_time() -> None:
    assert abs(Clock().now() - datetime.now(UTC)) < timedelta(seconds=2)


def test_moves_forward_by_seconds_and_to_a_date() -> None:
    clock = Clock(START, frozen=True)
    assert clock.advance(3600) == START + timedelta(hours=1)
    assert clock.set("2026-12-01T09:00") == datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)
    assert clock.set("2026-12-01T02:00:00+00:00") == datetime(2026, 12, 1, 10, 0, tzinfo=SHANGHAI)


def test_goes_back_only_when_told() -> None:
    clock = Clock(START, frozen=True)
    with pytest.raises(ClockWouldGoBack):
        clock.advance(-1)
    with pytest.raises(ClockWouldGoBack):
        clock.set(START - timedelta(seconds=1))
    assert clock.now() == START
    assert clock.set(START - timedelta(days=1), backwards=True) == START - timedelta(days=1)


def test_reset_returns_to_real_time_and_listeners_hear_every_move() -> None:
    clock, heard = Clock(), list[datetime]()
    clock.listen(heard.append)
    clock.advance(86400)
    assert clock.moved == pytest.approx(timedelta(days=1), abs=timedelta(seconds=1))
    clock.reset()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=2)
    assert len(heard) == 2
