"""The worked examples of the public contract, answered through it."""

import json
from pathlib import Path
from typing import Any

import pytest

from rules.book import load
from rules.contract import decide_line

EXAMPLES = Path(__file__).parent.parent / "cases" / "rules-examples.jsonl"
BOOK = load()


def key_only(key: str, /, **values: Any) -> str:
    return key


def records() -> list[dict[str, Any]]:
    return [json.loads(line) for line in EXAMPLES.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("record", records(), ids=lambda record: record["id"])
def test_example(record: dict[str, Any]) -> None:
    expected = record["expect"]
    answer = json.loads(json.dumps(decide_line(record, BOOK, key_only), allow_nan=False))
    assert "error" not in answer
    for name in ("recognised_hours", "caps", "required", "remaining", "complete", "deemed_complete"):
        assert answer[name] == expected[name], name
    assert {name: answer["totals"].get(name) for name in expected["totals"]} == expected["totals"]
    assert set(expected["flags"]) <= set(answer["flags"])
    assert set(expected["citations"]) <= set(answer["citations"])
