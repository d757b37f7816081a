"""The slots of each intent, read from the facts of a sentence."""

import re
from collections.abc import Callable
from datetime import date

from domain.vocabulary import Mode, Unit
from nlp.facts import Facts, put_amount, put_days, tidy
from nlp.features import Sketch
from nlp.hr import audience_in, reason_in
from nlp.numbers import numbers_in
from nlp.numerals import value_of
from nlp.reading import Expecting, Intent, Slots
from nlp.terms import work_field_in
from nlp.titles import title_in

_BEFORE = re.compile("提前(?P<n>[0-9]{1,3}|[一二两三四五六七八九十半]{1,3})个?(?P<unit>天|日|周|星期|礼拜|月|小时)")
_BEFORE_DAY = re.compile("(?P<n>[0-9]{1,3}|[一二两三四五六七八九十半]{1,3})个?(?P<unit>天|日|周|星期|礼拜|月)")
_NAMED = re.compile("^(?:就?叫做?|名称[是叫为:：]?|名字[是叫]|题目[是叫]|标题[是叫]|课程名称?[是叫]|主题是|是)(?=.{2})")
_DAYS_OF = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "小时": 0}
_EVERY = re.compile("每(?:隔)?(?:一?个)?(?P<unit>天|日|周|星期|礼拜|月|季度?|年)(?P<weekday>[一二三四五六日天末])?")
_EVERY_UNIT = {"天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month"}
_REFERRED = re.compile("[^,]{0,6}?(?:的?那条|的?那个|的?那次|的?那场|的?记录|登记的|记的|的登记|报的|的)")


def slots_of(intent: Intent, seen: Sketch, original: str, today: date) -> tuple[Slots, Facts]:
    """The slots of an intent, and the facts they were read from (with their ambiguities)."""
    facts = Facts(seen, today, back=intent is not Intent.REMINDER_SET)
    slots: Slots = {}
    for fill in _FILLS.get(intent, ()):
        fill(slots, facts, original)
    return slots, facts


def activity(facts: Facts, original: str) -> Slots:
    """The slots of one activity that a stretch of a sentence tells of."""
    slots: Slots = {}
    _days(slots, facts, original)
    _year(slots, facts, original)
    put_amount(slots, facts.amount() or _clock_hours(facts))
    _category(slots, facts, original)
    mode = facts.mode()
    if mode:
        slots["mode"] = mode
    title = title_in(facts.seen, original, facts.at, facts.end)
    if title:
        slots["title"] = title
    attrs = facts.attrs(mode)
    if attrs:
        slots["attrs"] = attrs
    return slots


def _clock_hours(facts: Facts) -> tuple[float, Unit] | None:
    """下午2点到5点 is three hours."""
    for at, end, kind in facts.seen.spans.times:
        if kind == "clock" and facts.at <= at < facts.end:
            said = re.split("到|至|-+|~", facts.seen.text[at:end])
            if len(said) == 2:
                begin, until = (_clock(part) for part in said)
                if begin is not None and until is not None:
                    until += 12 if until <= begin and until + 12 > begin else 0
                    return (until - begin, Unit.CLOCK_HOUR) if 0 < until - begin <= 16 else None
    return None


def _clock(said: str) -> float | None:
    found = re.search(
        "(?P<h>[0-9]{1,2}|[一二两三四五六七八九十]{1,2})(?:点|时|:)(?P<m>半|[0-5]?[0-9]|[一二三]刻)?", said
    )
    if not found:
        return None
    hour = value_of(found["h"]) or 0.0
    said_minutes = found["m"] or "0"
    quarters = 0.25 * (value_of(said_minutes[0]) or 0) if "刻" in said_minutes else 0.5
    part = int(said_minutes) / 60 if said_minutes.isdigit() else quarters
    return hour + part + (12 if re.search("下午|晚上|傍晚", said) and hour < 12 else 0)


def _days(slots: Slots, facts: Facts, _: str) -> None:
    put_days(slots, facts.days())


def _year(slots: Slots, facts: Facts, _: str) -> None:
    year = facts.years()
    if year is not None:
        slots["year"] = year


def _category(slots: Slots, facts: Facts, _: str) -> None:
    category = facts.category()
    if category:
        slots["category"] = category


def _mode(slots: Slots, facts: Facts, _: str) -> None:
    mode = facts.mode()
    if mode and (mode is not Mode.TRAINING_CLASS or any(term.value is mode for term in facts.seen.terms)):
        slots["mode"] = mode


def _index(slots: Slots, facts: Facts, _: str) -> None:
    index = facts.term("index")
    if index is not None:
        slots["index"] = index


def _region(slots: Slots, facts: Facts, _: str) -> None:
    regions = [term.value for term in facts.seen.terms if term.kind == "region"]
    regions = [region for region in regions if region != "jiangsu"] or regions  # 江苏南通 is Nantong
    if regions:
        slots["region"] = regions[-1] if re.search("到|成|为|换|改|调", facts.seen.text) else regions[0]


def _level(slots: Slots, facts: Facts, _: str) -> None:
    level = facts.term("level")
    if level:
        slots["level"] = level


def _person(slots: Slots, facts: Facts, _: str) -> None:
    person = facts.term("person")
    if person:
        slots["person"] = person


def _department(slots: Slots, facts: Facts, _: str) -> None:
    department = facts.term("department")
    if department:
        slots["department"] = department


def _reason(slots: Slots, facts: Facts, original: str) -> None:
    reason = reason_in(facts.seen, original)
    if reason:
        slots["reason"] = reason


def _audience(slots: Slots, facts: Facts, _: str) -> None:
    audience = audience_in(facts.seen.text)
    if audience:
        slots["audience"] = audience


def _work_field(slots: Slots, facts: Facts, _: str) -> None:
    work_field = work_field_in(facts.seen.text)
    if work_field:
        slots["work_field"] = work_field


def _converted(slots: Slots, facts: Facts, _: str) -> None:
    put_amount(slots, facts.amount())
    mode = facts.mode()
    if mode:
        slots["mode"] = mode
    attrs = facts.attrs(mode)
    if attrs:
        slots["attrs"] = attrs


def _recorded(slots: Slots, facts: Facts, original: str) -> None:
    slots |= activity(facts, original)


def _corrected(slots: Slots, facts: Facts, original: str) -> None:
    """What is to change: behind 改成 if that is said, and what is not negated."""
    since = facts.place_of_change()
    _index(slots, facts, original)
    put_days(
        slots, facts.days(since) if facts.phrases(since) else None if since and facts.amount(since) else facts.days()
    )
    amount = facts.amount(since) or (None if since else facts.amount())
    bare = facts.bare_hours() if amount is None else None
    put_amount(slots, amount or ((bare, Unit.CLASS_HOUR) if bare is not None else None))
    category, mode = facts.category(since), facts.mode(since)
    if category:
        slots["category"] = category
    if mode:
        slots["mode"] = mode
    if re.search("名称|标题|名字|题目|课程名|叫", facts.seen.text) and (since or facts.seen.quoted):
        title = title_in(facts.seen, original, since) or original[since:].strip(" 。.,，") or None
        if title:
            slots["title"] = title


def _withdrawn(slots: Slots, facts: Facts, original: str) -> None:
    _index(slots, facts, original)
    _days(slots, facts, original)
    title = title_in(facts.seen, original)
    if title:
        slots["title"] = title


def _reminder(slots: Slots, facts: Facts, original: str) -> None:
    text = facts.seen.text
    before = _BEFORE.search(text) or _before_a_day(facts)
    if before:
        count = 0.5 if before["n"] == "半" else value_of(before["n"]) or 0
        slots["days_before"] = int(count * _DAYS_OF[before["unit"]])
    every = _EVERY.search(text)
    if every and every["unit"] in _EVERY_UNIT:
        slots["every"] = _EVERY_UNIT[every["unit"]]
        if every["weekday"] and slots["every"] == "week":
            slots["weekday"] = "一二三四五六日".find(every["weekday"].replace("天", "日").replace("末", "六")) + 1
    vague = [phrase for phrase in facts.phrases() if phrase.part]
    if not vague:
        _days(slots, facts, original)


def _before_a_day(facts: Facts) -> re.Match[str] | None:
    """12月20号前一周: a distance right behind a day."""
    for phrase in facts.phrases():
        if phrase.limit == "before":
            return _BEFORE_DAY.match(facts.seen.text, phrase.end)
        if phrase.window is not None and facts.seen.text[phrase.at : phrase.at + 1] == "前":
            return _BEFORE_DAY.match(facts.seen.text, phrase.at + 1)
    return None


Fill = Callable[[Slots, Facts, str], None]
_FILLS: dict[Intent, tuple[Fill, ...]] = {
    Intent.HOURS_REMAINING: (_year, _category),
    Intent.HOURS_SUMMARY: (_year, _category),
    Intent.HOURS_LIST: (_year, _category, _days),
    Intent.HOURS_EXPLAIN: (_year, _category, _mode, _index),
    Intent.CLAIM_RECORD: (_recorded,),
    Intent.CLAIM_CORRECT: (_corrected,),
    Intent.CLAIM_WITHDRAW: (_withdrawn,),
    Intent.CLAIM_STATUS: (_index, _days, _category),
    Intent.PROOF_SUBMIT: (_index, _category),
    Intent.CONVERT_ASK: (_converted, _region),
    Intent.POLICY_ASK: (_region, _category, _mode),
    Intent.READINESS_ASK: (_level,),
    Intent.PLAN_SUGGEST: (_category,),
    Intent.PROFILE_SET: (_region, _level, _work_field),
    Intent.REMINDER_SET: (_reminder,),
    Intent.RECORD_EXPORT: (_year,),
    Intent.REVIEW_APPROVE: (_person, _index),
    Intent.REVIEW_RETURN: (_person, _index, _reason),
    Intent.BROADCAST_DRAFT: (_audience, _department),
    Intent.STATS_SHOW: (_year, _category, _department),
    Intent.STAFF_LOOKUP: (_person, _year, _category, _department),
}


def answered(expecting: Expecting, seen: Sketch, original: str, today: date) -> tuple[Slots, Facts]:
    """The slots of a value given in answer to `expecting`."""
    facts = Facts(seen, today, back=True)
    slots: Slots = {}
    if expecting is Expecting.TITLE:
        named = title_in(seen, original) if seen.quoted else None
        slots["title"] = named or _NAMED.sub("", original).strip(" 。.!！")
        return slots, facts
    _year(slots, facts, original)
    _days(slots, facts, original)
    put_amount(slots, facts.amount() or _number_of_hours(seen, expecting))
    _category(slots, facts, original)
    mode = facts.mode()
    if mode and expecting is not Expecting.REGION:
        slots["mode"] = mode
    for fill in (_region, _level, _index):
        fill(slots, facts, original)
    if expecting is not Expecting.CATEGORY and expecting is not Expecting.MODE:
        _work_field(slots, facts, original)
    return slots, facts


def _number_of_hours(seen: Sketch, expecting: Expecting) -> tuple[float, Unit] | None:
    if expecting is not Expecting.HOURS:
        return None
    numbers = numbers_in(seen.text, [])
    if not numbers:
        return None
    half = 0.5 if re.match("个?半", seen.text[numbers[0].end :]) else 0
    return tidy(numbers[0].value + half), Unit.CLASS_HOUR
