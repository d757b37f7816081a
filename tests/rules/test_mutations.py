"""Every number and every condition in the book, changed once: the worked cases notice, or the change is no change."""

import copy
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from rules.book import Book, load
from rules.values import Place
from tests.rules import test_advice as helps
from tests.rules import test_cases as worked
from tests.rules import test_deadlines as ends
from tests.rules import test_readiness as reviews
from tests.rules.books import written

BOOK = load()
GONE = object()
Path = tuple[str | int, ...]

WORDS = {"name", "names", "within", "unknown", "documents", "label", "key", "number", "title", "code", "says", "flag"}
WORDS |= {"decided_by", "decided_in", "instead", "source", "disputed_source", "besides", "besides_from"}
SHOWN = {"review_by", "estimate_per"}  # the day to look again (test_check), an estimate that counts for nothing
DATES = {"start", "end"}  # below: test_values_start_with_their_documents
OPTIONAL = {"absent", "amount", "amount_when", "other", "when", "confirm", "unsettled", "less", "cite_mode"}
OPTIONAL |= {"alternatives", "unless", "disputed", "accumulates", "differ_in"}
OPPOSITES = {"hard": "general", "general": "hard", "annual": "appointment", "appointment": "annual", "down": "kept"}
OPPOSITES |= {"kept": "down", "met": "open", "not_counted": "open", "open": "not_counted", "2/3": "1/2", "1/3": "1/2"}

NO_CHANGE = {
    ("national", ("conversions", 0, "cite_mode")),  # one article holds modes and hours
    ("hunan", ("conversions", 0, "cite_mode")),  # likewise
    ("jiangxi", ("notes", 0, "target")),  # 30 and 31 are the same: no more than 30 of 90 is left beside 60
    ("nantong", ("deemed", 10, "scope")),  # papers_of_several_levels is never deemed, in no scope
    ("nantong", ("deemed", 6, "scope")),  # county_award_high is never deemed, in no scope
    ("nantong", ("deemed", 6, "when", 1, "at_most")),  # a county third prize is deemed by the rule before
}

OTHER_CHECKS: dict[str, list[tuple[Any, tuple[Any, ...]]]] = {
    "deadlines": [
        *((ends.test_a_notice_says_its_day, notice) for notice in ends.NOTICES),
        (ends.test_every_notice_of_the_book_is_in_the_table, ()),
        *((ends.test_an_area_may_be_written_either_way, values) for values in ends.WRITTEN),
    ],
    "period_checks": [
        (reviews.test_nantong_verifies_the_average_and_shows_the_years_beside_it, ()),
        (reviews.test_beijing_accumulates_over_the_appointment, ()),
    ],
    "notes": [(helps.test_where_to_aim_when_the_text_sets_no_public_figure, ())],
}


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


def changed(content: dict[str, Any], path: Path, value: Any) -> Any:
    mutant: Any = copy.deepcopy(content)
    holder = mutant
    for part in path[:-1]:
        holder = holder[part]
    if value is GONE:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return mutant


def noticed(place: str, mutant: Place, at: str | int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Do the worked cases of the place notice, or the tests of what is no ruling?"""
    checks = [(worked.test_case, case.values) for case in worked.cases() if case.values[0] == place]
    checks = OTHER_CHECKS.get(str(at), []) + checks
    with monkeypatch.context() as patched:
        for module in (worked, ends, reviews, helps):
            patched.setattr(module, "BOOK", Book({**BOOK.places, place: mutant}))
        for check, values in checks:
            try:
                check(*values)
            except (AssertionError, LookupError, ValueError, pytest.fail.Exception):
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
        if (place, path) not in NO_CHANGE and not noticed(place, mutant, path[0], monkeypatch):
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
    last = {(code, key, value.end) for code, place in BOOK.places.items() for key, value in place.dated() if value.end}
    end_of_2021 = date(2021, 12, 31)
    assert last == {  # what the notice of 2021 says of 本年度
        ("nantong", "waivers.fifth_round", end_of_2021),
        ("nantong", "notes.certificate_before_title", end_of_2021),
        ("nantong", "notes.review_entrusted", end_of_2021),
    }
