"""Cells one by one: what people and spreadsheets make of names, numbers, days, and what is to be put instead."""

from datetime import date
from typing import Any

import pytest

from console.sheets import cells
from console.sheets.cells import CellWrong
from console.sheets.days import days

ID = "110101199001011237"  # of nobody: its check digit fits


@pytest.mark.parametrize(
    ("cell", "name"),
    [("王 建国", "王建国"), ("阿依古丽•买买提", "阿依古丽·买买提"), ("Ｍａｒｙ Ann", "MaryAnn"), ("𠮷野", "𠮷野")],
)
def test_names(cell: str, name: str) -> None:
    assert cells.name(cell) == name


@pytest.mark.parametrize(
    ("parse", "cell", "key", "fix"),
    [
        (cells.name, "", "name_missing", None),
        (cells.name, "王建国（借调）", "name_odd", "王建国"),
        (cells.name, "张三1", "name_odd", "张三"),
        (cells.name, "=cmd|'/C calc'!A0", "name_odd", None),
        (cells.phone, "1390000", "phone_digits", None),
        (cells.phone, "1.39E+10", "rounded", None),
        (cells.phone, "13900000001/13900000002", "phone_several", "13900000001"),
        (cells.id_number, 1.10101199001011e17, "id_rounded", None),
        (cells.id_number, ID[:-1] + "8", "id_check", None),
        (cells.id_number, "110101199013011237", "id_birth", None),
        (cells.id_number, "110101900101123", "id_old", None),
        (cells.id_number, "1101", "id_digits", None),
        (cells.hours, "8小时", "hours_unit", None),
        (cells.hours, "两天", "hours_unread", None),
        (cells.hours, "约8", "hours_unread", 8.0),
        (cells.hours, 0, "hours_range", None),
        (cells.hours, -4, "hours_unread", 4.0),
        (cells.hours, 1e9, "hours_range", None),
        (cells.hours, "", "hours_missing", None),
        (cells.category, "公需课（2026）", "category_unread", "public"),
        (cells.category, "其他", "category_unread", None),
        (cells.mode, "玄学", "mode_unread", None),
    ],
)
def test_what_is_wrong_says_why_and_what_instead(parse: Any, cell: Any, key: str, fix: Any) -> None:
    with pytest.raises(CellWrong) as wrong:
        parse(cell)
    assert (wrong.value.key, wrong.value.fix) == (key, fix)


def test_numbers_in_every_dress() -> None:
    assert cells.phone(13900000001.0) == "13900000001"
    assert cells.phone("+86 139-0000-0001") == "13900000001"
    assert cells.phone("１３９００００００１２") == "13900000012"
    assert cells.id_number(f" {ID[:6]} {ID[6:]} ") == ID
    assert cells.id_number("11010119900101004x") == "11010119900101004X"
    for cell in (8, 8.0, "8", "８", "8学时", "8 课时", "八"):
        assert cells.hours(cell) == 8
    assert cells.category("公需科目") == "public"
    assert cells.mode("线上") == "distance"
    assert cells.mode("专题讲座") == "academic_lecture"
    assert (cells.assessed("合格"), cells.assessed("不合格"), cells.assessed("?")) == (True, False, None)


@pytest.mark.parametrize(
    "cell",
    [
        {"day": "2026-03-04"},
        46085.0,
        20260304.0,
        "20260304",
        "2026-03-04",
        "2026/3/4",
        "2026.3.4",
        "2026年3月4日",
        "２０２６年３月４日",
        "2026-03-04 09:30",
        "2026-03-04T09:30:00",
        "2026年3月4日（周三）",
        "3月4日",
        {"formula": {"day": "2026-03-04"}},
    ],
)
def test_a_day_in_every_dress(cell: Any) -> None:
    assert days(cell, 2026) == (date(2026, 3, 4), date(2026, 3, 4))


@pytest.mark.parametrize(
    "cell",
    ["2026-03-04至2026-03-06", "2026.3.4-6", "3月4日-6日", "3月4日～3月6日", "2026年3月4日—6日", "2026/3/4 到 3/6"],
)
def test_several_days(cell: str) -> None:
    assert days(cell, 2026) == (date(2026, 3, 4), date(2026, 3, 6))


@pytest.mark.parametrize(
    ("cell", "key", "fix"),
    [
        ("3/4/2026", "day_turned", "2026-03-04"),
        ("13/4/2026", "day_turned", "2026-04-13"),
        ("2026-13-04", "day_none", "2026-04-13"),
        ("2026-02-30", "day_none", None),
        (3.4, "day_number", "2026-03-04"),
        ("3.15", "day_number", "2026-03-15"),
        ("2026-03", "day_month", None),
        ("1826-03-04", "day_far", None),
        ("2026-03-06至2026-03-04", "day_order", "2026-03-04至2026-03-06"),
        ("昨天", "day_unread", None),
        (True, "day_unread", None),
        (1e300, "day_unread", None),
        ("", "day_missing", None),
    ],
)
def test_days_that_cannot_be_taken_as_they_are(cell: Any, key: str, fix: Any) -> None:
    with pytest.raises(CellWrong) as wrong:
        days(cell, 2026)
    assert (wrong.value.key, wrong.value.fix) == (key, fix)


def test_a_day_without_a_year_needs_one() -> None:
    with pytest.raises(CellWrong, match="day_year"):
        days("3月4日", None)
