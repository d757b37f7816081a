"""Every flag that a ruling can carry has one short sentence, and stands in the table of docs/rules.md."""

import ast
import re
from pathlib import Path

import pytest

from domain.vocabulary import Category
from rules.book import load
from rules.flags import flag_step
from wording import say, sentences

ROOT = Path(__file__).parents[2]
CONTRACT = [
    *(f"general_shortfall:{category}" for category in Category),
    *("general_upper_bound_exceeded:public", "needs_industry_rule:e1", "missing_proof:e1", "public_waived_2021"),
]


def flags() -> set[str]:
    """The names of all flags: those of the book's values, and those that the engine writes."""
    named = {getattr(value, "flag", "") for place in load().places.values() for _, value in place.dated()}
    for path in (ROOT / "rules").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named |= {node.value.partition(":")[0]} & SAID
    return named - {""}


SAID = {key.split(".")[2] for key in sentences() if key.startswith("rules.flag.")}


@pytest.mark.parametrize("flag", [*CONTRACT, "provisional:annual_hours.total", "to_confirm:e1"])
def test_a_flag_becomes_one_short_sentence(flag: str) -> None:
    step = flag_step(flag)
    assert 0 < len(say(step.key, **step.values)) <= 40
    assert step.case == ("e1" if flag.endswith(":e1") else None)


def test_every_flag_is_said_and_every_sentence_has_a_flag() -> None:
    assert flags() == SAID


def test_the_table_of_flags_is_complete() -> None:
    table = (ROOT / "docs" / "rules.md").read_text("utf-8").partition("## Flags")[2].partition("\n## ")[0]
    assert set(re.findall(r"`([a-z_0-9]+)(?::<[a-z]+>|:[a-z]+)?`(?=[,` |])", table)) == SAID
