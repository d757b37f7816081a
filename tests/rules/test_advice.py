"""What would help: offers obey the caps, close the gap when taken, and name the article that allows them."""

from datetime import date

import pytest

from domain.vocabulary import Category, Mode, Unit
from rules.advice import Offer, gaps, offers, with_more
from rules.annual_hours import decide
from rules.book import load
from rules.ruling import Case, Subject

BOOK = load()
ON = date(2026, 11, 21)
MET = {"planned": True, "organised": True, "assessed": True, "unit_approved": True, "higher_level": True}


def did(*written: tuple[Category, Mode, float, Unit]) -> list[Case]:
    return [
        Case(f"e{at}", date(2026, 3, at), category, mode, quantity, unit, MET)
        for at, (category, mode, quantity, unit) in enumerate(written, 1)
    ]


def taken(offer: Offer, times: int, lacking: set[str]) -> Case:
    """The offer taken; what is missing in total only is taken in a category that lacks nothing of its own."""
    free = Category.PROFESSIONAL if Category.PROFESSIONAL not in lacking else Category.PUBLIC
    category = free if offer.category == "total" else Category(offer.category)
    attrs = {**MET, "level": "national"}
    return Case("more", date(2026, 12, 1), category, offer.mode, offer.quantity * times, offer.unit, attrs)


def test_nothing_is_offered_when_nothing_is_missing() -> None:
    done = did(
        (Category.PUBLIC, Mode.DISTANCE, 30, Unit.CLASS_HOUR),
        (Category.PROFESSIONAL, Mode.DISTANCE, 60, Unit.CLASS_HOUR),
    )
    assert offers(Subject("jilin"), done, 2026, ON, BOOK) == ()


def test_gaps_are_told_apart_and_add_up() -> None:
    some = did((Category.PROFESSIONAL, Mode.DISTANCE, 50, Unit.CLASS_HOUR))
    assert gaps(decide(Subject("neimenggu"), some, 2026, ON, BOOK)) == {"public": 30, "professional": 10}
    assert gaps(decide(Subject("nantong"), some, 2026, ON, BOOK)) == {"public": 24, "total": 16}


def test_two_more_days_of_a_lecture_in_neimenggu() -> None:
    some = did(
        (Category.PUBLIC, Mode.DISTANCE, 30, Unit.CLASS_HOUR),
        (Category.PROFESSIONAL, Mode.DISTANCE, 44, Unit.CLASS_HOUR),
    )
    more = [Case("x", date(2026, 12, 1), Category.PROFESSIONAL, Mode.ACADEMIC_LECTURE, 2, Unit.DAY)]
    before, after = with_more(Subject("neimenggu"), some, more, 2026, ON, BOOK)
    assert (before.complete, before.remaining["total"]) == (False, 16)
    assert (after.complete, after.remaining["total"]) == (True, 0)


def test_a_half_day_in_neimenggu_is_offered_with_its_article() -> None:
    found = offers(Subject("neimenggu"), [], 2026, ON, BOOK)
    (lecture,) = [
        o for o in found if (o.category, o.mode, o.unit) == ("professional", Mode.ACADEMIC_LECTURE, Unit.HALF_DAY)
    ]
    assert (lecture.quantity, lecture.hours, lecture.gap, lecture.times) == (1, 4, 60, 15)
    assert lecture.citation.article == "第十条"
    (minutes,) = [o for o in found if (o.category, o.mode, o.unit) == ("public", Mode.DISTANCE, Unit.MINUTE)]
    assert (minutes.quantity, minutes.hours, minutes.times) == (45, 1, 30)


def test_a_cap_limits_what_is_offered() -> None:
    some = did((Category.PROFESSIONAL, Mode.SELF_STUDY, 35_000, Unit.CHAR))
    found = offers(Subject("sichuan"), some, 2026, ON, BOOK)
    (writing,) = [
        o for o in found if o.category == "professional" and (o.mode, o.unit) == (Mode.PUBLICATION, Unit.CHAR)
    ]
    assert (writing.quantity, writing.hours, writing.room, writing.times) == (1000, 2, 15, None)
    assert writing.cap is not None
    assert writing.asks == ("要有学习证明", "作品要正式发表出版、和本业务相关")
    full = did((Category.PROFESSIONAL, Mode.SELF_STUDY, 50_000, Unit.CHAR))
    assert not [o for o in offers(Subject("sichuan"), full, 2026, ON, BOOK) if o.mode is Mode.SELF_STUDY]


@pytest.mark.parametrize("place", sorted(BOOK.places))
def test_every_offer_taken_closes_its_gap_and_no_sooner(place: str) -> None:
    some = did((Category.PROFESSIONAL, Mode.DISTANCE, 41, Unit.CLASS_HOUR))
    subject = Subject(place)
    found = offers(subject, some, 2026, ON, BOOK)
    assert found
    lacking = {offer.category for offer in found}
    for offer in found:
        if offer.times is None:
            continue
        if place in ("nantong", "taizhou") and offer.label.startswith("地区以下"):
            continue  # asks for another level of meeting than the one taken here
        _, after = with_more(subject, some, [taken(offer, offer.times, lacking)], 2026, ON, BOOK)
        assert gaps(after).get(offer.category, 0) == 0, offer
        _, almost = with_more(subject, some, [taken(offer, offer.times - 1, lacking)], 2026, ON, BOOK)
        assert gaps(almost).get(offer.category, 0) > 0, offer
