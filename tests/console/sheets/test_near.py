"""Slips are recognised as such; what only looks alike is left alone."""

import pytest

from console.sheets.near import Names, likeness, near_department

KNOWN = {"工程部": 30, "财务部": 8, "人力资源部": 6, "工程一部": 9, "工程二部": 9}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("工程不", "工程部"),  # the same sound
        ("人力资源", "人力资源部"),
        ("人力资原部", "人力资源部"),
        ("人力资部", "人力资源部"),
        ("商务部", None),  # another department, not a slip of 财务部
        ("工程三部", None),
        ("工程部", None),
        ("", None),
    ],
)
def test_departments(said: str, meant: str | None) -> None:
    assert near_department(said, KNOWN, {said: 1}) == meant


def test_a_department_that_many_rows_name_is_no_slip() -> None:
    assert near_department("人力资源", KNOWN, {"人力资源": 12}) is None
    assert near_department("质检布", {}, {"质检布": 1, "质检部": 9}) == "质检部"


def test_names_with_one_wrong_character() -> None:
    names = Names(["王建国", "李娜", "刘洋", "欧阳小明"])
    assert names.near("王健国") == "王建国"
    assert names.near("刘样") == "刘洋"
    assert names.near("刘备") is None  # half of a short name is another
    assert names.near("张建军") is None
    assert Names(["王建国", "王建军"]).near("王建一") is None


def test_titles() -> None:
    assert likeness("2026年BIM技术培训班", "《BIM技术》培训") == 1
    assert likeness("消防安全培训", "消防安全知识培训") >= 0.75
    assert likeness("公需科目网络课", "专业技术研修班") < 0.6
