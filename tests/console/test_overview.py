"""The overview: numbers that are right, lead to the people behind them, and are only of the visitor's units."""

import json
import re
from datetime import date, datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from console.overview_days import upcoming
from console.overview_sums import backlog, by_unit, furthest_behind, mean_gap, plot, running, total
from domain.census import Course, Figures, Queue
from domain.reminder import Courtesy, DeadlineSetting
from rules.book import load
from tests.console.desk import Browser, Desk
from tests.console.people import BRANCH, HOSPITAL, INSTITUTE

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def figures(department: str, people: int, done: int, unit: str = "甲", **other: object) -> Figures:
    given = {"bound": people, "silent": 0, "open": 0, "public_behind": 0, "professional_behind": 0}
    more = {"missing": 0.0, "pending": 0, "reviewing": 0, "by_gap": (0, 0, 0, 0)}
    return Figures(unit, department, people, done=done, **{**given, **more, **other})  # type: ignore[arg-type]


def course(year: int, *months: float) -> Course:
    return Course(year, (*months, *[0.0] * (12 - len(months))), {})


def test_departments_add_up() -> None:
    one = figures("一", 10, 4, missing=30.0, by_gap=(1, 2, 0, 0), pending=3)
    two = figures("二", 5, 5, unit="乙", by_gap=(0, 0, 1, 1), missing=100.0)
    whole = total([one, two])
    assert (whole.people, whole.done, whole.behind, whole.missing, whole.pending) == (15, 9, 6, 130.0, 3)
    assert whole.by_gap == (1, 2, 1, 1)
    assert [each.unit for each in by_unit([one, two, one])] == ["甲", "乙"]
    assert by_unit([one, two, one])[0].people == 20
    assert mean_gap(one) == 10.0
    assert mean_gap(figures("三", 4, 4)) is None


def test_who_is_furthest_behind_comes_first() -> None:
    found = [figures("少", 2, 1), figures("完成", 9, 9), figures("多", 10, 5), figures("最差", 3, 0)]
    assert [one.department for one in furthest_behind(found)] == ["最差", "多", "少", "完成"]


def test_this_year_ends_with_this_month_and_last_year_is_whole() -> None:
    drawn = plot(course(2026, 1, 2, 3), course(2025, 10, *[0] * 10, 5), TODAY)
    shown = json.loads(drawn.data(["月份", "今年", "去年", "学时"]))
    assert shown["this"] == [1, 3, *[6] * 9, None]
    assert shown["last"] == [*[10] * 11, 15]
    assert (drawn.so_far, drawn.so_far_last) == (6, 10)
    assert drawn.rows[11] == (12, None, 5, None, 15)
    past = plot(course(2025, 1), course(2024), TODAY)
    assert past.until == 12
    assert plot(course(2026), course(2025), TODAY).empty
    assert running(course(2026, 0.1, 0.2))[1] == 0.3


def test_what_has_waited_longest_comes_first() -> None:
    early, late = datetime(2026, 11, 1, tzinfo=NOW.tzinfo), datetime(2026, 11, 20, tzinfo=NOW.tzinfo)
    found = backlog([Queue("甲", "一", 2, late, (0, 0, 0)), Queue("甲", "二", 3, early, (3, 2, 1))])
    assert (found.waiting, found.oldest, found.older) == (5, early, (3, 2, 1))
    assert [one.department for one in found.rows] == ["二", "一"]
    assert backlog([]).oldest is None


@pytest.mark.parametrize("place", ["sichuan", "neimenggu", "jiangxi", "nowhere"])
def test_days_to_come_are_the_places_and_the_units_own(place: str) -> None:
    own = DeadlineSetting(unit="甲", year=2026, kind="submit_by", closes=date(2026, 12, 10), label="年审")
    over = DeadlineSetting(unit="甲", year=2026, kind="earn_by", closes=date(2026, 11, 20))
    found = upcoming(load(), {place: 3}, [own, over], {"甲": Courtesy(verification_days=3)}, TODAY)
    assert [one.closes for one in found] == sorted(one.closes for one in found)
    (units,) = [one for one in found if one.unit]
    assert (units.closes, units.left) == (date(2026, 12, 10), 19)
    assert units.safe < units.closes
    assert all(one.closes >= TODAY for one in found)
    assert len(found) >= (1 if place == "nowhere" else 2)


# The pages


def links(text: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'href="(/console/people\?[^"]*)"', text)]


async def counted(browser: Browser, path: str) -> int:
    """How many people a list shows."""
    page = await browser.get(path)
    assert page.status == 200, path
    return len(re.findall(r'<tr data-member="', page.text))


async def test_numbers_are_of_ones_own_units_with_those_below(desk: Desk) -> None:
    page = await (await desk.as_("王芳")).get("/console/overview")
    assert page.status == 200
    assert INSTITUTE in page.text
    assert BRANCH in page.text
    assert HOSPITAL not in page.text
    other = await (await desk.as_("何院长")).get("/console/overview")
    assert "内科" in other.text
    assert INSTITUTE not in other.text
    assert "结构一所" not in other.text


async def test_a_unit_of_somebody_else_is_not_found(desk: Desk) -> None:
    browser = await desk.as_("何院长")
    for path in ("overview", "overview/course", "overview/proofs"):
        assert (await browser.get(f"/console/{path}?unit={INSTITUTE}")).status == 404
        assert (await browser.get(f"/console/{path}?unit={HOSPITAL}")).status == 200


async def test_fragments_are_fragments_for_htmx_and_pages_for_everybody_else(desk: Desk) -> None:
    await desk.service.outreach.sweep()  # a look places what people have recorded
    browser = await desk.as_("王芳")
    for path in ("proofs", "course"):
        whole = await browser.get(f"/console/overview/{path}")
        part = await browser.get(f"/console/overview/{path}", **{"HX-Request": "true"})
        assert "<html" in whole.text
        assert "<html" not in part.text
    shown = json.loads(unescape(part.text.partition('data-plot="')[2].partition('"')[0]))
    assert (shown["this"][4], shown["this"][10]) == (
        0,
        240,
    )  # all was learned in June; what was returned does not count


async def test_a_strange_year_is_this_year(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    for said in ("2026", "x", "9999", "-1", "", "٢٠٢٦"):
        assert "2026年学时概览" in (await browser.get(f"/console/overview?year={said}")).text
    assert "2025年学时概览" in (await browser.get("/console/overview?year=2025")).text
