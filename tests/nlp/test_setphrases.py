"""Set phrases: the whole message or nothing, with their parts; what is said in passing is left to the intents."""

import pytest

from nlp.setphrases import Cue, cue_in, parts_of, record_named


@pytest.mark.parametrize(
    ("text", "cue", "parts"),
    [
        ("申诉", Cue.APPEAL, {}),
        ("申诉 证书是原件", Cue.APPEAL, {"why": "证书是原件"}),
        ("第2条申诉：姓名没有错", Cue.APPEAL, {"a": "2", "why": "姓名没有错"}),
        ("我要申诉第12条，我全程都在", Cue.APPEAL, {"b": "12", "why": "，我全程都在"}),
        ("谁看过我的照片", Cue.LOOKS, {}),
        ("有谁看了我的证书？", Cue.LOOKS, {}),
        ("我的照片被谁看过", Cue.LOOKS, {}),
        ("谁看过我的记录", Cue.LOOKS, {}),
        ("谁查过我的学时记录？", Cue.LOOKS, {}),
        ("我的记录被谁看过", Cue.LOOKS, {}),
        ("邀请码", Cue.INVITE, {}),
        ("给我一个邀请码", Cue.INVITE, {}),
        ("加入 K7M2Q9XA", Cue.JOIN, {"code": "K7M2Q9XA"}),
        ("加入单位：K7M2Q9XA 王建国", Cue.JOIN, {"code": "K7M2Q9XA", "name": "王建国"}),
        ("绑定 王建国 13900000001", Cue.JOIN, {"name2": "王建国", "phone": "13900000001"}),
        ("绑定我是阿依古丽·买买提，13900000001", Cue.JOIN, {"name2": "阿依古丽·买买提", "phone": "13900000001"}),
    ],
)
def test_a_set_phrase_and_its_parts(text: str, cue: Cue, parts: dict[str, str]) -> None:
    assert cue_in(text) is cue
    assert cue_in(f"  {text}\n") is cue
    assert parts_of(text, cue) == parts


@pytest.mark.parametrize(
    "text",
    [
        "昨天参加了申诉流程培训，专业课，6学时",
        "能不能申诉",
        "照片发给谁看",
        "加入培训班",
        "绑定",
        "绑定 王建国 1390000",
        "加入 k7m2q9xa0",
        "我在内蒙古",
        "",
    ],
)
def test_what_is_said_in_passing_is_none(text: str) -> None:
    assert cue_in(text) is None


def test_the_words_that_name_a_record() -> None:
    assert record_named("这是昨天那个讲座的证明") == "昨天那个讲座"
    assert record_named("给上周三的培训补证书") == "给上周三的培训"
    assert record_named("这是我的证书") == ""
