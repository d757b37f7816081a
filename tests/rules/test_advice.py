"""What would help: offers obey the caps, close the gap when taken, and name the article that allows them."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from domain.vocabulary import Category, Mode, Unit
from rules.advice import Offer, fastest, gaps, offers, shortcuts, targets, what_if, with_more
from rules.annual_hours import decide
from rules.book import load
from rules.ruling import Case, Ruling, Subject
from tests.rules.books import Content, book_with
from tests.rules.test_properties import years
from wording import say

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


@pytest.mark.parametrize(("hours", "room"), [(20, 10), (45, 35), (60, 40)])
def test_of_two_caps_the_tighter_one_limits(hours: int, room: float) -> None:
    def change(content: Content) -> None:
        other = {"key": "works", "label": "作品", "modes": ["publication"], "hours": hours}
        content["caps"].append({**content["caps"][0], **other})

    some = did((Category.PROFESSIONAL, Mode.PUBLICATION, 5_000, Unit.CHAR))

    def other_way_round(content: Content) -> None:
        change(content)
        content["caps"].reverse()

    for book in (book_with("sichuan", change), book_with("sichuan", other_way_round)):
        found = {
            offer.room for offer in offers(Subject("sichuan"), some, 2026, ON, book) if offer.mode is Mode.PUBLICATION
        }
        assert found == {room}
        self_study = {o.room for o in offers(Subject("sichuan"), some, 2026, ON, book) if o.mode is Mode.SELF_STUDY}
        assert self_study == {40}


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


def figures(ruling: Ruling) -> tuple[object, ...]:
    return ruling.recognised, ruling.caps, ruling.totals, ruling.remaining, ruling.complete, ruling.flags, ruling.steps


@settings(max_examples=150, deadline=None)
@given(years(), years())
def test_with_more_is_the_ruling_with_the_activities_added(
    year: tuple[Subject, list[Case], date], other: tuple[Subject, list[Case], date]
) -> None:
    subject, cases, on = year
    more = [case._replace(id=f"more-{case.id}") for case in other[1]]
    found = what_if(subject, cases, more, 2024, on, BOOK)
    then = max([on, *(case.day for case in more)])
    assert figures(found.before) == figures(decide(subject, cases, 2024, on, BOOK))
    assert figures(found.after) == figures(decide(subject, [*cases, *more], 2024, then, BOOK))
    assert found.left == gaps(found.after)
    assert found.enough is found.after.complete
    without = decide(subject, cases, 2024, then, BOOK)
    for name, gain in found.gains.items():
        assert float(gain) == pytest.approx(found.after.totals[name] - without.totals[name])
    for gift in found.gifts:
        assert gift.hours == found.after.recognised[gift.case]
        assert 0 <= gift.counts <= (gift.hours or 0)
        assert (gift.cap is None) == (gift.counts == (gift.hours or 0))


def test_two_more_days_of_a_seminar_in_nantong() -> None:
    some = did(
        (Category.PUBLIC, Mode.DISTANCE, 24, Unit.CLASS_HOUR),
        (Category.PROFESSIONAL, Mode.DISTANCE, 60, Unit.CLASS_HOUR),
    )
    two_days = [Case("x", date(2026, 12, 1), Category.PROFESSIONAL, Mode.SEMINAR_CLASS, 2, Unit.DAY)]
    found = what_if(Subject("nantong"), some, two_days, 2026, ON, BOOK)
    (gift,) = found.gifts
    assert (gift.hours, gift.counts, gift.cap) == (12, 12, None)
    assert gift.steps[0].citation is not None
    assert gift.steps[0].citation.article == "2011:第十七条第（三）项"
    assert (found.enough, found.left, found.gains["professional"]) == (True, {}, 12)
    one_day = [two_days[0]._replace(quantity=0.5)]
    assert what_if(Subject("nantong"), some, one_day, 2026, ON, BOOK).left == {"total": 6}


def test_what_a_cap_takes_is_said() -> None:
    some = did((Category.PROFESSIONAL, Mode.SELF_STUDY, 45_000, Unit.CHAR))
    more = [Case("x", date(2026, 11, 30), Category.PROFESSIONAL, Mode.PUBLICATION, 10_000, Unit.CHAR)]
    found = what_if(Subject("sichuan"), some, more, 2026, ON, BOOK)
    (gift,) = found.gifts
    assert (gift.hours, gift.counts) == (20, 5)
    assert gift.cap is not None
    assert gift.cap.article == "二（二）第3段"
    assert found.gains == {"public": 0, "professional": 5, "total": 5}


def test_what_the_text_does_not_convert_gives_nothing_yet() -> None:
    more = [Case("x", date(2026, 12, 1), Category.PROFESSIONAL, Mode.TRAINING_CLASS, 2, Unit.DAY)]
    found = what_if(Subject("jilin"), [], more, 2026, ON, BOOK)
    assert (found.gifts[0].hours, found.gifts[0].counts) == (None, 0)
    assert found.left == {"public": 30, "professional": 60}
    assert found.enough is None


def test_an_activity_of_another_year_helps_nothing() -> None:
    more = [Case("x", date(2027, 1, 5), Category.PROFESSIONAL, Mode.TRAINING_CLASS, 60, Unit.CLASS_HOUR)]
    found = what_if(Subject("jilin"), [], more, 2026, ON, BOOK)
    assert (found.gains["total"], found.gifts[0].hours) == (0, 0)


def test_what_was_planned_anyway_is_no_gain() -> None:
    later = [Case("planned", date(2026, 11, 30), Category.PROFESSIONAL, Mode.TRAINING_CLASS, 20, Unit.CLASS_HOUR)]
    more = [Case("x", date(2026, 12, 1), Category.PROFESSIONAL, Mode.TRAINING_CLASS, 10, Unit.CLASS_HOUR)]
    found = what_if(Subject("jilin"), later, more, 2026, ON, BOOK)
    assert (found.before.totals["total"], found.after.totals["total"], found.gains["total"]) == (0, 30, 10)


def test_the_fastest_ways_come_first_in_each_category() -> None:
    found = fastest(Subject("nantong"), [], 2026, ON, BOOK)
    assert sorted(found, key=str) == sorted(offers(Subject("nantong"), [], 2026, ON, BOOK), key=str)
    assert [offer.category for offer in found] == sorted(
        (offer.category for offer in found), key=["public", "professional", "elective", "total"].index
    )
    total = [offer for offer in found if offer.category == "total"]
    assert (total[0].mode, total[0].per_day) == (Mode.ACADEMIC_CONFERENCE, 10)
    assert (total[1].mode, total[1].per_day) == (Mode.HIGH_LEVEL_BASE, 8)
    closing = [offer.times is not None for offer in total]
    assert closing == sorted(closing, reverse=True)
    half_day = next(o for o in fastest(Subject("neimenggu"), [], 2026, ON, BOOK) if o.unit is Unit.HALF_DAY)
    assert half_day.per_day == 8
    assert replace(half_day, quantity=4).per_day == 2
    hour = next(o for o in found if o.unit is Unit.CLASS_HOUR)
    assert hour.per_day is None


def test_what_stands_for_the_whole_year_is_named_with_its_article() -> None:
    found = shortcuts(Subject("nantong"), 2026, BOOK)
    assert {step.citation.article for step in found if step.citation} == {
        "2011:第十七条第（四）项",
        "2011:第十七条第（五）项",
    }
    told = [say(step.key, **step.values) for step in found]
    assert "视为完成的条件：参加专业技术职称（职业）资格考试且合格" in told
    assert not [line for line in told if "没有写" in line]
    assert shortcuts(Subject("jilin"), 2026, BOOK) == ()


def test_where_to_aim_when_the_text_sets_no_public_figure() -> None:
    def aims(place: str, *written: tuple[Category, Mode, float, Unit]) -> dict[str, float]:
        return targets(decide(Subject(place), did(*written), 2026, ON, BOOK), BOOK)

    assert aims("sichuan") == {"professional": 60, "public": 30}
    assert aims("jiangxi", (Category.PUBLIC, Mode.DISTANCE, 20, Unit.CLASS_HOUR)) == {
        "professional": 60,
        "public": 10,
    }
    assert aims("sichuan", (Category.PROFESSIONAL, Mode.DISTANCE, 80, Unit.CLASS_HOUR)) == {"public": 10}
    assert aims("sichuan", (Category.PUBLIC, Mode.DISTANCE, 40, Unit.CLASS_HOUR)) == {"professional": 60}
    assert aims("national") == {"professional": 60, "total": 30}
    more = Subject("sichuan", {"industry_required_total": 150})
    assert targets(decide(more, [], 2026, ON, BOOK), BOOK) == {"professional": 60, "public": 30, "total": 60}
    assert aims("jilin") == {"professional": 60, "public": 30}
