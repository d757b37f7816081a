"""The JSON lines of `xueshi parse` and `xueshi spans`."""

import json

import pytest

from nlp import Expecting, Intent
from nlp.contract import parse_line, spans_line

NOW = "2026-11-20T09:30:00+08:00"


def test_parse() -> None:
    line = {"id": "a", "text": "上周三下午听了半天学术讲座，专业课", "now": NOW, "expecting": None}
    answer = json.loads(json.dumps(parse_line(line)))
    assert answer["id"] == "a"
    assert answer["intent"] == "claim.record"
    assert answer["slots"] == {
        "start": "2026-11-11",
        "end": "2026-11-11",
        "quantity": 1,
        "unit": "half_day",
        "category": "professional",
        "mode": "academic_lecture",
    }
    assert 0 <= answer["confidence"] <= 1


def test_spans() -> None:
    line = {"id": 3, "text": "8月15-17号三天，36个学时", "reference": "2026-11-20T09:30:00"}
    assert json.loads(json.dumps(spans_line(line))) == {
        "id": 3,
        "dates": [{"start": "2026-08-15", "end": "2026-08-17"}],
        "hours": 72,
        "numbers": [36],
    }


@pytest.mark.parametrize(
    "line",
    [
        {"id": 1},
        {"id": 1, "text": None, "now": NOW},
        {"id": 1, "text": 5, "now": NOW},
        {"id": 1, "text": "好", "now": "soon"},
        {"id": 1, "text": "好", "now": 5},
        {"id": 1, "text": "好", "now": NOW, "expecting": "weather"},
        {"id": 1, "text": "好", "now": NOW, "expecting": ["confirm"]},
    ],
)
def test_a_bad_line_is_named(line: dict) -> None:
    answer = parse_line(line)
    assert set(answer) == {"id", "error"}
    assert answer["id"] == 1


@pytest.mark.parametrize("line", [None, [], "text", 5])
def test_no_object(line: object) -> None:
    assert set(parse_line(line)) == {"id", "error"}  # type: ignore[arg-type]
    assert set(spans_line(line)) == {"id", "error"}  # type: ignore[arg-type]


def test_every_expecting_is_served() -> None:
    for expecting in Expecting:
        answer = parse_line({"id": 1, "text": "跳过", "now": NOW, "expecting": expecting.value})
        assert answer["intent"] in set(Intent)
