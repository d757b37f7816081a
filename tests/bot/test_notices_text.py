"""What a notice says to each person, and what a course notice is told that it lacks."""

import pytest

from domain.broadcast import Recipient
from domain.delivery import ReplyKind
from outreach.broadcasts import READ, filled, lacking, notice

WANG = Recipient(1, "王建国", "p1", "official", "oWang", missing=26.5, public_missing=0, open=True)
NEW = Recipient(2, "李娜", "p2", "official", "oLi", missing=-1, public_missing=-1)


@pytest.mark.parametrize("marks", ["【】", "{}", "[]", "｛｝"])
def test_everybody_gets_their_own_figures(marks: str) -> None:
    left, right = marks
    text = f"{left}姓名{right}还差{left}还差{right}，公需{left}公需还差{right}，{left}别的{right}"
    assert filled(text, WANG) == f"王建国还差26.5，公需0，{left}别的{right}"
    assert "-1" not in filled(text, NEW)


def test_a_name_is_no_mark() -> None:
    odd = Recipient(3, "【还差】", "p3", missing=7)
    assert filled("【姓名】，【还差】", odd) == "【还差】，7"


def test_a_notice_can_be_answered_with_a_tap() -> None:
    sent = notice("一院", "b1", "请【姓名】学习", WANG)
    assert sent.kind is ReplyKind.MENU
    assert sent.text == "【一院】请王建国学习"
    assert [choice.id for choice in sent.choices] == [f"{READ}b1"]
    assert all(sent.fields.values())


def test_a_course_notice_lacks_what_the_law_has_published() -> None:
    assert lacking("请大家抓紧学习") == []
    assert "师资" in lacking("科目：公需\n学时：30")
    whole = "科目：公需\n方式：线上\n课程：三讲\n时间：12月5日\n老师：李教授\n考核：结业考试\n学时：30"
    assert lacking(whole) == []
