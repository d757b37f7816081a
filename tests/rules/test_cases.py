"""The worked cases of tests/cases, one file per place, in a form that a lawyer can read."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.vocabulary import Category, Mode, Unit
from rules.annual_hours import decide
from rules.book import load
from rules.plan import NoRuleInForceError
from rules.ruling import Case, Ruling, Subject
from wording import say

FOLDER = Path(__file__).parent.parent / "cases"
BOOK = load()


def cases() -> list[Any]:
    found = []
    for file in sorted(FOLDER.glob("*.yaml")):
        content = yaml.safe_load(file.read_text("utf-8"))
        for case in content["cases"]:
            name = f"{content['place']}-{case['year']}-{case['says']}"
            found.append(pytest.param(content["place"], case, id=name))
    return found


def activity(at: int, written: list[Any]) -> Case:
    day, category, mode, quantity, unit, *attrs = written
    return Case(f"e{at}", day, Category(category), Mode(mode), quantity, Unit(unit), attrs[0] if attrs else {})


def ruling(place: str, case: dict[str, Any]) -> Ruling:
    did = [activity(at, written) for at, written in enumerate(case["did"], 1)]
    on = case.get("asked", date(case["year"], 12, 31))
    return decide(Subject(place, case.get("profile", {})), did, case["year"], on, BOOK)


def first_step(answer: Ruling, activity: str) -> Any:
    return next(step for step in answer.steps if step.case == activity)


@pytest.mark.parametrize(("place", "case"), cases())
def test_case(place: str, case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(NoRuleInForceError, match=case["error"]) as raised:
            ruling(place, case)
        assert str(case["year"]) in say(raised.value.key, **raised.value.values)
        return
    answer = ruling(place, case)
    if "gives" in case:
        assert list(answer.recognised.values()) == case["gives"]
    if "by" in case:
        assert [first_step(answer, name).citation.article for name in answer.recognised] == case["by"]
    if "told" in case:
        told = [first_step(answer, name) for name in answer.recognised]
        assert all(words in say(step.key, **step.values) for words, step in zip(case["told"], told, strict=True))
    for name, article in case.get("cited_for", {}).items():
        assert answer.required[name].citation.article == article
    if "required" in case:
        required = {str(name): [need.hours, need.strength] for name, need in answer.required.items()}
        assert {name: required.get(name) for name in case["required"]} == case["required"]
    if "caps" in case:
        assert [[cap.rule, cap.limit, cap.before, cap.after] for cap in answer.caps] == case["caps"]
    if "missing" in case:
        assert answer.remaining == case["missing"]
    for name, hours in case.get("totals", {}).items():
        assert answer.totals[name] == hours, name
    if "complete" in case:
        assert answer.complete is case["complete"]
    if "deemed" in case:
        assert answer.deemed_complete == case["deemed"]
    _check_told(answer, case)


def _check_told(answer: Ruling, case: dict[str, Any]) -> None:
    assert set(case.get("flags", [])) <= set(answer.flags)
    for flag in case.get("no_flags", []):
        assert not [one for one in answer.flags if one.startswith(flag)]
    cited = {citation.article for citation in answer.citations}
    if "article" in case:
        found = any(one.startswith(case["article"]) for one in cited)
        assert found is case.get("applies", True), f"{case['article']} among {cited}"
    assert set(case.get("cites", [])) <= cited
    told = "\n".join(say(step.key, **step.values) for step in answer.steps)
    for words in case.get("says_also", []):
        assert words in told
    for words in case.get("does_not_say", []):
        assert words not in told


@pytest.mark.parametrize("place", sorted(BOOK.places))
def test_every_value_has_a_case(place: str) -> None:
    """Each value of the book decides some case: its article is cited by one of the place's rulings."""
    file = FOLDER / f"{place}.yaml"
    cited = {
        citation
        for case in yaml.safe_load(file.read_text("utf-8"))["cases"]
        if "error" not in case
        for citation in ruling(place, case).citations
    }
    values = [(key, value) for key, value in BOOK.place(place).dated() if not key.startswith("period_checks.")]
    missing = {key for key, value in values if value.source.citation not in cited}  # those: test_readiness
    assert not missing
