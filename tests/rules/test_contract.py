"""`xueshi decide` as a surface: what it refuses, and what its answers look like."""

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest

from rules.book import load
from rules.contract import decide_line
from wording import say

BOOK = load()
EXAMPLES = Path(__file__).parent.parent / "cases" / "rules-examples.jsonl"
GOOD: dict[str, Any] = {
    "id": "a",
    "regime": "neimenggu",
    "target_year": 2026,
    "as_of_date": "2026-11-21",
    "profile": {},
    "entries": [
        {
            "id": "e1",
            "date": "2026-11-18",
            "category": "professional",
            "mode": "academic_lecture",
            "quantity": 1,
            "unit": "half_day",
        }
    ],
}


def test_the_answer_has_exactly_the_fields_of_the_contract() -> None:
    answer = decide_line(GOOD, BOOK, say)
    assert list(answer) == [
        "id",
        "recognised_hours",
        "caps",
        "totals",
        "required",
        "remaining",
        "complete",
        "deemed_complete",
        "flags",
        "citations",
        "steps",
    ]
    assert answer["recognised_hours"] == {"e1": 4}
    assert answer["steps"][0] == {
        "text": "实践考察、学术讲座等活动：1个半天，每半天计4学时，共4学时",
        "citation": "第十条",
        "hours": 4,
    }
    assert "4.0" not in json.dumps(answer)


def changed(path: str, value: Any) -> dict[str, Any]:
    record = copy.deepcopy(GOOD)
    holder: Any = record
    *way, last = path.split(".")
    for name in way:
        holder = holder[int(name)] if isinstance(holder, list) else holder[name]
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    return record


REFUSED: list[tuple[str, Any, str]] = [
    ("id", None, "id must be text"),
    ("id", [1], "id must be text"),
    ("kind", "scope", "kind hours"),
    ("regime", "mars", "regime must be one of "),
    ("regime", 5, "regime must be"),
    ("target_year", "2026", "target_year must be a year"),
    ("target_year", True, "target_year must be a year"),
    ("target_year", 2026.0, "target_year must be a year"),
    ("target_year", 1989, "target_year must be a year from 1990 to 2100"),
    ("target_year", 2101, "target_year must be a year from 1990 to 2100"),
    ("target_year", 2000, "the rules of neimenggu in the book start on 2017-02-01; there is none for 2000"),
    ("as_of_date", "2026-02-30", "as_of_date of the record must be a date"),
    ("as_of_date", "20260230", "as_of_date of the record must be a date"),
    ("profile", [], "profile must be an object"),
    ("profile", {"industry_required_total": "120"}, "industry_required_total must be a number"),
    ("profile", {"industry_required_total": True}, "industry_required_total must be a number"),
    ("profile", {"industry_required_total": -1}, "industry_required_total must be a number"),
    ("profile", {"industry_required_total": 10_001}, "industry_required_total must be a number"),
    ("entries", None, "entries must be a list"),
    ("entries", [{}] * 5001, "entries must be a list of at most 5000"),
    ("entries", [5], "entry 1 must be an object"),
    ("entries.0.id", "", "id of entry 1 must be text"),
    ("entries.0.id", "x" * 201, "id of entry 1 must be text"),
    ("entries.0.date", None, "date of entry 1 must be a date"),
    ("entries.0.category", "other", "category of entry 1 must be one of public, professional, elective"),
    ("entries.0.mode", ["self_study"], "mode of entry 1 must be one of training_class"),
    ("entries.0.unit", "hour", "unit of entry 1 must be one of class_hour"),
    ("entries.0.quantity", "1", "quantity of entry 1 must be a number"),
    ("entries.0.quantity", True, "quantity of entry 1 must be a number"),
    ("entries.0.quantity", -1, "quantity of entry 1 must be a number from 0"),
    ("entries.0.quantity", float("nan"), "quantity of entry 1 must be a number"),
    ("entries.0.quantity", 10_000_001, "quantity of entry 1 must be a number"),
    ("entries.0.attrs", "level", "attrs of entry 1 must be an object"),
    ("entries.0.attrs", {"earned_in": 5}, "earned_in of e1 must be the name of a place"),
]


@pytest.mark.parametrize(("path", "value", "words"), REFUSED)
def test_a_bad_value_gets_one_sentence(path: str, value: Any, words: str) -> None:
    answer = decide_line(changed(path, value), BOOK, say)
    assert set(answer) == {"id", "error"}
    assert words in answer["error"]


@pytest.mark.parametrize("hours", [0, 10_000])
def test_an_industry_may_ask_for_any_number_of_hours_in_between(hours: int) -> None:
    record = changed("profile", {"industry_required_total": hours}) | {"regime": "sichuan"}
    assert decide_line(record, BOOK, say)["required"]["total"]["hours"] == max(90, hours)


def test_two_entries_may_not_share_an_id() -> None:
    answer = decide_line(changed("entries", GOOD["entries"] * 2), BOOK, say)
    assert answer == {"id": "a", "error": "two entries have the same id"}


@pytest.mark.parametrize("minutes", ["30", True, -1, float("inf"), 10_000_001])
def test_minutes_to_take_off_must_be_a_number(minutes: Any) -> None:
    record = changed("entries.0.unit", "minute")
    record["entries"][0]["attrs"] = {"rest_minutes": minutes}
    assert decide_line(record, BOOK, say)["error"] == "rest_minutes of e1 must be a number from 0 to 10000000"


@pytest.mark.parametrize(
    "appointment",
    ["2012", {}, {"start": 2012}, {"start": "2012-01-01", "end": "2011-01-01"}, {"start": "2012-13-01"}, []],
)
def test_an_unreadable_appointment_is_refused(appointment: Any) -> None:
    record = changed("profile", {"appointment": appointment})
    record |= {"regime": "nantong"}
    record["entries"][0] |= {"mode": "award", "unit": "item"}
    assert "appointment must" in decide_line(record, BOOK, say)["error"]


@pytest.mark.parametrize("record", [None, [], "x", 5, {}])
def test_anything_else_is_refused(record: Any) -> None:
    assert decide_line(record, BOOK, say)["error"]


def test_a_null_profile_and_null_attrs_say_nothing() -> None:
    record = copy.deepcopy(GOOD)
    record["profile"] = None
    record["entries"][0]["attrs"] = None
    assert decide_line(record, BOOK, say) == decide_line(GOOD, BOOK, say)


def test_thousands_of_entries_take_no_more_than_their_share() -> None:
    record = copy.deepcopy(GOOD)
    record["entries"] = [{**GOOD["entries"][0], "id": f"e{at}", "mode": "self_study"} for at in range(5000)]
    started = time.process_time()
    assert "error" not in decide_line(record, BOOK, say)
    assert time.process_time() - started < 3
