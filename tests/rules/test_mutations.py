"""Every number and every condition in the book, changed once: the worked cases notice, or the change is no change."""

import copy
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from rules import book as books
from rules.book import Book, load
from rules.values import Place
from tests.rules import test_cases as worked

BOOK = load()
GONE = object()
Path = tuple[str | int, ...]

WORDS = {"name", "names", "unknown", "documents", "label", "key", "number", "title", "code", "says", "flag"}
WORDS |= {"decided_by", "decided_in", "instead", "source", "disputed_source", "applied_by", "applied_from"}
SHOWN = {"review_by", "estimate_per"}  # the day to look again (test_check), an estimate that counts for nothing
DATES = {"start", "end"}  # below: test_values_start_with_their_documents
OPTIONAL = {"absent", "amount", "amount_when", "other", "when", "confirm", "unsettled", "less", "cite_mode"}
OPTIONAL |= {"alternatives", "unless", "disputed", "accumulates"}
OPPOSITES = {"hard": "general", "general": "hard", "annual": "appointment", "appointment": "annual", "down": "kept"}
OPPOSITES |= {"kept": "down", "met": "open", "not_counted": "open", "open": "not_counted", "2/3": "1/2", "1/3": "1/2"}

NO_CHANGE = {
    ("national", ("conversions", 0, "cite_mode")),  # one article holds modes and hours
    ("hunan", ("conversions", 0, "cite_mode")),  # likewise
    ("nantong", ("deemed", 6, "scope")),  # county_award_high is never deemed, in no scope
    ("nantong", ("deemed", 6, "when", 1, "at_most")),  # a county third prize is deemed by the rule before
}


def written(place: str) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for file in sorted((books.PARAMETERS / place).glob("*.yaml")):
        content.update(books._read(file))
    return content


def mutants(node: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in WORDS | SHOWN | DATES:
                continue
            if key == "listed":
                yield from ((((*path, key, mode)), GONE) for mode in value)
                continue
            yield from mutants(value, (*path, key))
            if key in OPTIONAL:
                yield (*path, key), GONE
    elif isinstance(node, list):
        for at, value in enumerate(node):
            yield from mutants(value, (*path, at))
            if len(node) > 1 and path[-1] != "places":
                yield (*path, at), GONE
    elif isinstance(node, bool):
        yield path, not node
    elif isinstance(node, int | float):
        yield from ((path, node + 1), (path, node - 1))
    elif isinstance(node, str) and node in OPPOSITES:
        yield path, OPPOSITES[node]


def changed(content: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    mutant: Any = copy.deepcopy(content)
    holder = mutant
    for part in path[:-1]:
        holder = holder[part]
    if value is GONE:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return mutant


def noticed(place: str, mutant: Place, monkeypatch: pytest.MonkeyPatch) -> bool:
    with monkeypatch.context() as patched:
        patched.setattr(worked, "BOOK", Book({**BOOK.places, place: mutant}))
        for case in worked.cases():
            if case.values[0] == place:
                try:
                    worked.test_case(*case.values)
                except (AssertionError, LookupError, pytest.fail.Exception):
                    return True
    return False


@pytest.mark.parametrize("place", sorted(BOOK.places))
def test_every_change_of_a_value_is_noticed(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = written(place)
    cases = [case for case in worked.cases() if case.values[0] == place]
    monkeypatch.setattr(worked, "cases", lambda: cases)
    unnoticed = []
    for path, value in mutants(content):
        try:
            mutant = Place.model_validate(changed(content, path, value))
        except ValidationError:
            continue  # does not even load
        if (place, path) not in NO_CHANGE and not noticed(place, mutant, monkeypatch):
            unnoticed.append((path, value))
    assert unnoticed == []


LATER = {  # values that begin after their document does, and why
    ("beijing", "2016-11-25"),  # the text read is the one amended on this day
    ("chongqing", "2010-07-23"),  # likewise
    ("chongqing", "2015-10-01"),  # the national order stands beside the older regulation
    ("henan", "2015-10-01"),  # likewise
    ("guangdong", "2021-01-01"),  # the figures of earlier years are not known
    ("anhui", "2016-01-01"),  # the notice's day is not known
}


def test_values_start_with_their_documents() -> None:
    for code, place in BOOK.places.items():
        for key, value in place.dated():
            document = BOOK.document(code, value.source.document)
            if value.start != document.in_force:
                assert (code, value.start.isoformat()) in LATER, key
    ends = {(code, key, value.end) for code, place in BOOK.places.items() for key, value in place.dated() if value.end}
    assert ends == {("nantong", "waivers.fifth_round", date(2021, 12, 31))}
