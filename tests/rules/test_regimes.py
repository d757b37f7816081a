"""Two regimes: each is decided, the stricter comes first, none is chosen in silence."""

from datetime import date

import pytest

from domain.vocabulary import Category, Mode, Unit
from rules.book import UnknownPlaceError, load
from rules.plan import RuleNotYetInForce
from rules.regimes import decide_each, regimes
from rules.ruling import Case, Subject

BOOK = load()
ON = date(2026, 12, 31)


def year_of(*hours: tuple[Category, float]) -> list[Case]:
    return [
        Case(f"e{at}", date(2026, 3, 1), category, Mode.TRAINING_CLASS, many, Unit.CLASS_HOUR)
        for at, (category, many) in enumerate(hours)
    ]


def test_a_person_is_bound_by_their_own_place_first() -> None:
    assert regimes(Subject("jilin")) == ("jilin",)
    assert regimes(Subject("jilin", {"also_bound_by": ["sichuan", "jilin", "national"]})) == (
        "jilin",
        "sichuan",
        "national",
    )
    with pytest.raises(ValueError, match="also_bound_by"):
        regimes(Subject("jilin", {"also_bound_by": "sichuan"}))
    with pytest.raises(ValueError, match="also_bound_by"):
        regimes(Subject("jilin", {"also_bound_by": [5]}))
    assert len(regimes(Subject("jilin", {"also_bound_by": [f"p{at}" for at in range(9)]}))) == 4


def test_the_strictest_comes_first() -> None:
    both = Subject("national", {"also_bound_by": ["neimenggu"]})
    found = decide_each(both, year_of((Category.PROFESSIONAL, 90)), 2026, ON, BOOK)
    assert [one.region for one in found] == ["neimenggu", "national"]  # 30 public hours are missing there
    equal = decide_each(both, [], 2026, ON, BOOK)
    assert [one.region for one in equal] == ["national", "neimenggu"]
    higher = Subject("national", {"also_bound_by": ["sichuan"], "industry_required_total": 120})
    done = year_of((Category.PUBLIC, 60), (Category.PROFESSIONAL, 90))
    assert [one.region for one in decide_each(higher, done, 2026, ON, BOOK)] == ["sichuan", "national"]


def test_only_a_further_regime_may_be_without_a_rule() -> None:
    found = decide_each(Subject("national", {"also_bound_by": ["jilin"]}), [], 2018, ON, BOOK)
    assert [one.region for one in found] == ["national"]
    with pytest.raises(RuleNotYetInForce):
        decide_each(Subject("jilin", {"also_bound_by": ["national"]}), [], 2018, ON, BOOK)
    with pytest.raises(UnknownPlaceError):
        decide_each(Subject("national", {"also_bound_by": ["mars"]}), [], 2026, ON, BOOK)
