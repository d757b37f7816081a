"""What becomes of a delivery that failed, as a table; and how long a channel pauses."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.errors import ChannelError, OutcomeUnknown, failure
from bot.channels.verdict import Circuit, Verdict, judge
from domain.delivery import DeliveryState

NOW = datetime(2026, 11, 20, 1, 30, 20, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 20, 16, tzinfo=UTC)
WAITING, REFUSED, GIVEN_UP = DeliveryState.WAITING, DeliveryState.REFUSED, DeliveryState.GIVEN_UP


def failed(errcode: int) -> ChannelError:
    error = failure(errcode, "rid: 1-2-3", NOW)
    assert error is not None
    return error


@pytest.mark.parametrize(
    ("errcode", "tries", "state", "seconds", "pause", "alert"),
    [
        (-1, 1, WAITING, 3, False, False),
        (-1, 2, WAITING, 12, False, False),
        (-1, 3, GIVEN_UP, None, False, False),
        (-1, 9, GIVEN_UP, None, False, False),
        (45011, 1, WAITING, 40, False, False),  # the next minute
        (45011, 3, GIVEN_UP, None, False, False),
        (45009, 1, WAITING, (MIDNIGHT - NOW).total_seconds(), True, True),
        (45009, 7, WAITING, (MIDNIGHT - NOW).total_seconds(), True, True),
        *[(code, 1, REFUSED, None, False, False) for code in (40003, 43004, 43019, 43101, 45015, 45047, 46004, 50005)],
        *[(code, 1, REFUSED, None, False, False) for code in (40007, 45002, 45008, 47003, 99_999)],
        *[(code, 1, REFUSED, None, False, True) for code in (40033, 41001, 43002, 44002, 47001)],  # our defects
        *[(code, 1, REFUSED, None, False, True) for code in (40200, 48008)],  # this kind of message only
        *[(code, 1, WAITING, None, True, True) for code in (40013, 40125, 40164, 40243, 48001, 48004, 50002)],
        *[(code, 5, WAITING, None, True, True) for code in (40001, 40014, 42001)],  # also with another token
    ],
)
def test_judge(errcode: int, tries: int, state: DeliveryState, seconds: float | None, pause: bool, alert: bool) -> None:
    verdict = judge(failed(errcode), tries, NOW, jitter=0.5)
    retry_at = NOW + timedelta(seconds=seconds) if seconds is not None else None
    assert (verdict.state, verdict.retry_at, verdict.pause, verdict.alert) == (state, retry_at, pause, alert)
    assert verdict.reason.endswith(f"({errcode})")
    assert len(verdict.reason) <= 200


def test_silence_is_unknown_for_ever() -> None:
    assert judge(OutcomeUnknown(), 1, NOW, 0.5) == Verdict(DeliveryState.UNKNOWN, "no answer from the platform (0)")


def test_jitter_spreads_without_ever_coming_early() -> None:
    waits = [judge(failed(-1), 1, NOW, jitter / 10).retry_at for jitter in range(11)]
    assert waits == sorted(waits, key=lambda at: at or NOW)
    assert (waits[0], waits[-1]) == (NOW + timedelta(seconds=1.5), NOW + timedelta(seconds=4.5))
    minute = judge(failed(45011), 1, NOW, 0).retry_at
    assert minute == NOW + timedelta(seconds=40)


def test_pauses_double_up_to_a_limit_and_a_success_ends_them() -> None:
    circuit, now, lengths = Circuit(), NOW, []
    for _ in range(9):
        until = circuit.pause(now)
        lengths.append((until - now).total_seconds())
        now = until
    assert lengths == [15, 30, 60, 120, 240, 480, 960, 960, 960]
    circuit.succeed()
    assert circuit.blocked(now) is None
    assert circuit.pause(now) == now + timedelta(seconds=15)


def test_failures_of_the_same_moment_pause_once() -> None:
    circuit = Circuit()
    assert circuit.pause(NOW) == circuit.pause(NOW + timedelta(seconds=1))
    assert circuit.pauses == 1
    assert circuit.pause(NOW, MIDNIGHT) == MIDNIGHT, "a longer pause wins"
    assert circuit.pause(NOW, NOW + timedelta(seconds=20)) == MIDNIGHT
    assert circuit.blocked(MIDNIGHT - timedelta(seconds=1)) == MIDNIGHT
    assert circuit.blocked(MIDNIGHT) is None
