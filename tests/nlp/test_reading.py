"""What `nlp.read` makes of ordinary talk: several facts, corrections, dialogs, ambiguity, direction, hostile input."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nlp
from nlp import Expecting, Intent
from nlp.homophones import mended
from tests.nlp.hostile import HOSTILE

FRIDAY = datetime.fromisoformat("2026-11-20T09:30:00+08:00")
SUNDAY = datetime.fromisoformat("2026-11-22T09:30:00+08:00")
JANUARY = datetime.fromisoformat("2026-01-04T09:30:00+08:00")

MOST_CALLS = 8_000  # an ordinary sentence makes 150 to 500; the hardest known one 6,200


def read(text: str, expecting: str | None = None, now: datetime = FRIDAY) -> nlp.Reading:
    return nlp.read(text, now, Expecting(expecting) if expecting else None)


def test_everything_in_one_sentence() -> None:
    reading = read("上周三到周五在省建设厅参加BIM技术研修班三天，专业课，一共18学时")
    assert reading.intent is Intent.CLAIM_RECORD
    assert reading.slots == {
        "start": date(2026, 11, 11),
        "end": date(2026, 11, 13),
        "quantity": 18,
        "unit": "class_hour",
        "category": "professional",
        "mode": "seminar_class",
        "title": "BIM技术研修班",
    }
    assert reading.activities == ()


def test_two_activities_become_two() -> None:
    reading = read("昨天上午听学术讲座3学时，下午线上公需课2学时")
    first, second = reading.activities
    assert (first["quantity"], first["mode"], first["start"]) == (3, "academic_lecture", date(2026, 11, 19))
    assert (second["quantity"], second["category"], second["start"]) == (2, "public", date(2026, 11, 19))


@pytest.mark.parametrize(
    ("text", "days", "amounts"),
    [
        ("9月1日、9月8日两次讲座各3学时", [date(2026, 9, 1), date(2026, 9, 8)], [3, 3]),
        ("9月1号和9月8号听了两场讲座，每场2小时", [date(2026, 9, 1), date(2026, 9, 8)], [2, 2]),
        ("上周二、周四分别听了3学时和4学时的公需课", [date(2026, 11, 10), date(2026, 11, 12)], [3, 4]),
    ],
)
def test_days_listed_with_an_amount_each(text: str, days: list[date], amounts: list[int]) -> None:
    activities = read(text).activities
    assert [slots["start"] for slots in activities] == days
    assert [slots["quantity"] for slots in activities] == amounts


def test_days_listed_with_one_amount_are_one_activity() -> None:
    reading = read("11月2号、3号两天培训一共12学时")
    assert (reading.activities, reading.slots["quantity"], reading.slots["end"]) == ((), 12, date(2026, 11, 3))


def test_two_days_dictated_without_punctuation() -> None:
    reading = read("上周三参加安全生产培训班8学时上周五听法律讲座3学时")
    assert [slots["start"].day for slots in reading.activities] == [11, 13]
    assert [slots["quantity"] for slots in reading.activities] == [8, 3]


def test_daily_hours_times_days() -> None:
    assert read("8月15-17号参加培训班，每天6学时").slots["quantity"] == 18
    assert read("培训班学了3天，每天6学时").slots["quantity"] == 18


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("不是专业课，是公需课", {"category": "public"}),
        ("刚才那条改成4学时", {"quantity": 4, "unit": "class_hour"}),
        ("记错了，是上周四", {"start": date(2026, 11, 12), "end": date(2026, 11, 12)}),
        ("第2条学时改成12", {"index": 2, "quantity": 12, "unit": "class_hour"}),
        ("日期不是昨天，是前天", {"start": date(2026, 11, 18), "end": date(2026, 11, 18)}),
    ],
)
def test_corrections(text: str, slots: dict) -> None:
    reading = read(text)
    assert reading.intent is Intent.CLAIM_CORRECT
    assert {key: reading.slots.get(key) for key in slots} == slots


def test_withdrawing_an_entry() -> None:
    assert read("把第二条删了").intent is Intent.CLAIM_WITHDRAW
    assert read("把第二条删了").slots == {"index": 2}


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("把没学公需课的都催一遍", Intent.BROADCAST_DRAFT, {"audience": "public_unfinished"}),
        ("张伟的讲座通过", Intent.REVIEW_APPROVE, {"person": "张伟"}),
        ("驳回第2条，照片看不清", Intent.REVIEW_RETURN, {"index": 2, "reason": "照片看不清"}),
        ("技术部完成率", Intent.STATS_SHOW, {"department": "技术部"}),
    ],
)
def test_the_language_of_hr(text: str, intent: Intent, slots: dict) -> None:
    reading = read(text)
    assert reading.intent is intent
    assert {key: reading.slots.get(key) for key in slots} == slots


@pytest.mark.parametrize(
    ("text", "expecting", "intent"),
    [
        ("对", "confirm", Intent.ANSWER_YES),
        ("👌", "confirm", Intent.ANSWER_YES),
        ("是的没错", "confirm", Intent.ANSWER_YES),
        ("不对", "confirm", Intent.ANSWER_NO),
        ("都不对", "choice", Intent.ANSWER_NO),
        ("算了", "hours", Intent.ANSWER_CANCEL),
        ("不记了", "date", Intent.ANSWER_CANCEL),
        ("取消", "title", Intent.ANSWER_CANCEL),
        ("跳过", "title", Intent.ANSWER_SKIP),
        ("不知道", "date", Intent.ANSWER_SKIP),
    ],
)
def test_bare_answers(text: str, expecting: str, intent: Intent) -> None:
    assert read(text, expecting).intent is intent


@pytest.mark.parametrize(
    ("text", "expecting", "slots"),
    [
        ("公需", "category", {"category": "public"}),
        ("应该是专业课吧", "category", {"category": "professional"}),
        ("8", "hours", {"quantity": 8, "unit": "class_hour"}),
        ("八个", "hours", {"quantity": 8, "unit": "class_hour"}),
        ("半天", "hours", {"quantity": 1, "unit": "half_day"}),
        ("上周三", "date", {"start": date(2026, 11, 11), "end": date(2026, 11, 11)}),
        ("15", "date", {"start": date(2026, 11, 15), "end": date(2026, 11, 15)}),
        ("网上学的", "mode", {"mode": "distance"}),
        ("呼和浩特", "region", {"region": "neimenggu"}),
        ("南通市", "region", {"region": "nantong"}),
        ("第二个", "choice", {"index": 2}),
        ("2", "choice", {"index": 2}),
        ("装配式建筑质量控制", "title", {"title": "装配式建筑质量控制"}),
        ("《职业道德》", "title", {"title": "职业道德"}),
    ],
)
def test_values(text: str, expecting: str, slots: dict) -> None:
    reading = read(text, expecting)
    assert (reading.intent, reading.slots) == (Intent.ANSWER_VALUE, slots)


@pytest.mark.parametrize("expecting", ["hours", "date", "category", "title", "mode", "region"])
def test_a_question_in_the_middle_stays_a_question(expecting: str) -> None:
    assert read("我今年还差多少学时", expecting).intent is Intent.HOURS_REMAINING


@pytest.mark.parametrize("expecting", ["hours", "date", "category", "confirm"])
def test_a_new_sentence_in_the_middle_still_records(expecting: str) -> None:
    reading = read("上周三到周五参加BIM技术研修班三天，专业课，一共18学时", expecting)
    assert (reading.intent, reading.slots["quantity"]) == (Intent.CLAIM_RECORD, 18)


def test_no_with_the_right_category() -> None:
    reading = read("不是专业，是公需", "confirm")
    assert (reading.intent, reading.slots) == (Intent.ANSWER_NO, {"category": "public"})


@pytest.mark.parametrize("text", ["上一步", "返回上一步", "我要回到上一题", "退一步", "上一个问题", "上一步填错了"])
@pytest.mark.parametrize("expecting", ["hours", "title", "confirm", "choice"])
def test_the_question_before(text: str, expecting: str) -> None:
    reading = read(text, expecting)
    assert (reading.intent, reading.back, reading.slots) == (Intent.ANSWER_VALUE, True, {})


def test_what_only_resembles_the_question_before() -> None:
    assert not any(read(text, "title").back for text in ("上一步怎么走都不对", "后退火工艺培训", "返回", "上一条"))


def test_ambiguous_days_come_with_their_candidates() -> None:
    sunday = read("这周三听了学术讲座半天", now=SUNDAY)
    candidates = [days[0] for days in sunday.ambiguities[0].candidates]
    assert candidates == [date(2026, 11, 18), date(2026, 11, 25)]
    january = read("12月的培训班18学时", now=JANUARY)
    assert [days[0] for days in january.ambiguities[0].candidates] == [date(2025, 12, 1), date(2026, 12, 1)]
    assert read("昨天听了讲座").ambiguities == ()


def test_recording_looks_back_and_reminding_ahead() -> None:
    assert read("25号参加了培训班6学时").slots["start"] == date(2026, 10, 25)
    assert read("25号提醒我学公需课").slots["start"] == date(2026, 11, 25)
    assert read("11月25日提醒我听课").slots["start"] == date(2026, 11, 25)


def test_recent_days_include_today_when_told() -> None:
    assert read("最近三天登记了哪些").slots["end"] == date(2026, 11, 20)


def test_reminders() -> None:
    assert read("提前两周提醒我").slots["days_before"] == 14
    weekly = read("每周一提醒我看看进度")
    assert (weekly.intent, weekly.slots["every"], weekly.slots["weekday"]) == (Intent.REMINDER_SET, "week", 1)


def test_attributes_for_the_rules() -> None:
    assert read("昨天参加省级学术会议一天").slots["mode"] == "academic_conference"
    assert read("昨天参加全国学术会议一天").slots["attrs"] == {"level": "national"}
    assert read("发表省级期刊论文一篇").slots["attrs"] == {"journal_level": "provincial_or_above"}


@pytest.mark.parametrize(
    "text",
    ["还差多少公须课学式", "還差多少公需課學時", "还差多少ｇｘｋ学时", "haicha多少gongxuke学时", "还差多少公需课xs"],
)
def test_spellings(text: str) -> None:
    reading = read(text)
    assert (reading.intent, reading.slots) == (Intent.HOURS_REMAINING, {"category": "public"})


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("体星我补学时", "reminder.set"),
        ("注消账号", "privacy.delete"),
        ("第二条通果", "review.approve"),
        ("转人公", "human.contact"),
    ],
)
def test_words_written_with_other_characters_of_their_sound(text: str, intent: str) -> None:
    assert read(text).intent == intent


def test_words_that_only_sound_like_ours_stay() -> None:
    assert mended("小学师资培训") == "小学师资培训"
    assert mended("删除第二条") == "删除第二条"


def test_the_title_keeps_its_spelling() -> None:
    assert read("昨天参加ＢＩＭ技術研修班8學時").slots["title"] == "ＢＩＭ技術研修班"


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("expecting", [None, "confirm", "title", "hours", "date"])
def test_hostile_input_is_read_with_bounded_work(text: str, expecting: str | None) -> None:
    """Work is counted in calls, not in milliseconds: the count is the same on every machine."""
    nlp.warm()
    read(text, expecting)  # what is remembered from here on is not the sentence's own work
    assert _calls(text, expecting) < MOST_CALLS


def _calls(text: str, expecting: str | None) -> int:
    calls = 0

    def seen(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        read(text, expecting)
    finally:
        sys.setprofile(None)
    return calls


PIECES = (
    "上 下 这 周 三 3 月 15 号 日 到 - 年 去 天 半 个 小时 学时 第 条 不是 改成 参加 在 《 》 班 公需 张伟 的 "
    "， 。 提前 每 点 : . 2026 一 万 百 前 后 网课 退回 通过"
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES.split()), max_size=120).map("".join), st.sampled_from([None, *Expecting]))
def test_any_mixture_is_read(text: str, expecting: Expecting | None) -> None:
    nlp.warm()
    first = nlp.read(text, FRIDAY, expecting)
    assert nlp.read(text, FRIDAY, expecting) == first
    assert 0 <= first.confidence <= 1
    assert first.slots.get("start", date.min) <= first.slots.get("end", date.max)
    assert _calls(text, expecting.value if expecting else None) < MOST_CALLS


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=500))
def test_any_text_is_read(text: str) -> None:
    nlp.read(text, FRIDAY, None)


def test_threads_agree() -> None:
    texts = ["昨天听了两小时讲座", "还差多少", "第2条改成4学时", "上周三到周五培训18学时"] * 50
    alone = [read(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, texts)) == alone


def test_words() -> None:
    words = nlp.tokens("公需科目一般不少于30學時。")
    assert {"公需科目", "一般", "30", "学时"} <= set(words)
    assert "。" not in words


def test_the_week_before_is_monday_to_sunday() -> None:
    for shift in range(14):
        now = FRIDAY + timedelta(days=shift)
        monday = now.date() - timedelta(days=now.weekday() + 7)
        assert read("上周三听了讲座3学时", now=now).slots["start"] == monday + timedelta(days=2)
