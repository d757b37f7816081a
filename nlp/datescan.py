"""Finding the date phrases of a text, and joining those that make one: ranges, lists, a day and its weekday."""

import re
from dataclasses import replace

from nlp.clockwords import AFTER_POINT, CLOCK_ALONE
from nlp.dateforms import phrases_of, pick_of
from nlp.dates import DatePhrase
from nlp.daywords import LIMIT, LIST, PICK, POINT, RANGE
from nlp.festivals import lunar_date

Time = tuple[int, int, str]
_MOST = 16  # phrases of one text
_BETWEEN = re.compile("之?间")


def dates_in(text: str) -> tuple[list[DatePhrase], list[Time]]:
    """The date phrases of a folded text in order, and other spans of time: (at, end, kind) with kind 'before'
    (提前3天), 'every' (每周一) or 'clock' (下午三点)."""
    clocks = "点" in text or ":" in text or "时" in text
    phrases, others = _found(text)
    phrases = _joined(text, phrases)
    for clock in CLOCK_ALONE.finditer(text) if clocks else ():
        if not any(phrase.at < clock.end() and clock.start() < phrase.end for phrase in phrases):
            others.append((clock.start(), clock.end(), "clock"))
    return phrases, others


def _found(text: str) -> tuple[list[DatePhrase], list[Time]]:
    phrases: list[DatePhrase] = []
    others: list[Time] = []
    at = 0
    while len(phrases) < _MOST and (found := POINT.search(text, at)):
        form = found.lastgroup or ""
        if form in ("before", "every"):
            others.append((found.start(), found.end(), form))
            at = found.end()
            continue
        said = phrases_of(found)
        if not said:
            at = found.start() + 1
            continue
        *listed, last = said
        last, clock = _with_time(text, _with_picks(text, last))
        phrases += [*listed, last]
        others += [clock] if clock else []
        at = last.end
    return phrases, others


def _with_picks(text: str, phrase: DatePhrase) -> DatePhrase:
    """With what is picked out of it: 今年前三季度, 十月的第一个星期一, 第二周周三."""
    while phrase.holds_parts and len(phrase.picks) < 3 and (found := PICK.match(text, phrase.end)):
        pick = pick_of(found)
        if pick is None or not _may_hold(phrase, found):
            break
        phrase = replace(phrase, picks=(*phrase.picks, pick), end=found.end())
    return phrase


def _may_hold(phrase: DatePhrase, found: re.Match[str]) -> bool:
    """A weekday follows a week; 前三天 behind 月底 or 年底 is a distance, not a part of them."""
    if found["wd2"]:
        return bool(phrase.picks and phrase.picks[-1].unit == "week") or (
            phrase.week_shift is not None and not phrase.picks
        )
    return not (phrase.part and found["way"] in ("前", "头"))


def _with_time(text: str, phrase: DatePhrase) -> tuple[DatePhrase, Time | None]:
    """With the time of day behind it; a stretch of hours is told apart too."""
    after = AFTER_POINT.match(text, phrase.end)
    if not after or after.end() == phrase.end or after[0].strip() in ("的", "", "t"):
        return phrase, None
    clock = (after.start("clock"), after.end(), "clock") if after["clock2"] else None
    return replace(phrase, end=after.end()), clock


def _joined(text: str, phrases: list[DatePhrase]) -> list[DatePhrase]:
    joined: list[DatePhrase] = []
    for phrase in phrases:
        before = joined[-1] if joined else None
        if before and before.until is None and _linked(text, before, phrase):
            joined[-1] = replace(before, until=phrase, end=phrase.end)
        elif before and _names_same_day(text, before, phrase):
            joined[-1] = replace(_fuller(before, phrase), at=before.at, end=phrase.end)
        elif before and _in_year_before(text, before, phrase):
            joined[-1] = replace(phrase, year=before.year, year_shift=before.year_shift, at=before.at)
        elif before and _listed(text, before, phrase):
            joined.append(_inheriting(before, phrase))
        else:
            joined.append(phrase)
    return [_bounded(text, phrase) for phrase in joined]


def _in_year_before(text: str, before: DatePhrase, phrase: DatePhrase) -> bool:
    """Whether a year alone stands before a day of it: 今年3.15-3.17."""
    near = text[before.end : phrase.at].strip() in ("", "的", ",")
    return near and before.only_year and phrase.month is not None and not phrase.says_year and not phrase.lunar


def _listed(text: str, before: DatePhrase, phrase: DatePhrase) -> bool:
    """Whether two phrases are of one list: 8月5号、6号, 8月5号6号, 中秋国庆."""
    if before.end == phrase.at:
        return (before.day is not None and phrase.bare_day) or bool(before.festival and phrase.festival)
    return LIST.fullmatch(text, before.end, phrase.at) is not None


def _linked(text: str, before: DatePhrase, phrase: DatePhrase) -> bool:
    """Whether 到, or 和 … 之间, makes a range of two phrases."""
    link = RANGE.match(text, before.end)
    if link and link.end() == phrase.at:
        return True
    if before.end == phrase.at and (before.part or "").strip("月") in ("底", "末") and (phrase.part or "") == "初":
        return True  # 三月底四月初
    return text[before.end : phrase.at] in ("与", "和") and _BETWEEN.match(text, phrase.end) is not None


def _names_same_day(text: str, before: DatePhrase, phrase: DatePhrase) -> bool:
    """Whether one of two neighbours but says the other's day again: 20日（周五）, 今天（20日）, 正月十五元宵节."""
    between = text[before.end : phrase.at].strip()
    if between not in ("", "(", ",", "是", "即", "[") or phrase.until or (before.festival and phrase.festival):
        return False
    if phrase.bare_weekday:
        last = before.until or before
        return last.day is not None or last.day_shift is not None
    if before.until:
        return False
    if before.bare_weekday:
        return phrase.day is not None and phrase.until is None
    if phrase.festival or (between != "" and (phrase.day is not None or phrase.day_shift is not None)):
        near = before.festival or before.lunar or before.day_shift is not None or before.day is not None
        return between != "," and bool(near) and (phrase.festival is not None or between in ("(", "即", "["))
    return False


def _fuller(before: DatePhrase, phrase: DatePhrase) -> DatePhrase:
    """Which of the two says the day most surely."""
    if before.bare_weekday or (before.festival and phrase.day is not None):
        return phrase
    if phrase.festival and not before.lunar and (before.month, before.day) == lunar_date(phrase.festival):
        return replace(phrase, year=before.year, year_shift=before.year_shift)  # 八月十五中秋节
    return before


def _inheriting(before: DatePhrase, phrase: DatePhrase) -> DatePhrase:
    """In a list the later days take the year, month and week of the earlier: 9月1日、8日, 上周三和周四."""
    source = before.until or before
    if phrase.bare_day and not phrase.lunar and (source.month is not None or source.month_shift is not None):
        month = source.last_month or source.month
        phrase = replace(phrase, month=month, month_shift=source.month_shift)
        return replace(phrase, year=source.year, year_shift=source.year_shift)
    if phrase.bare_weekday and source.week_shift is not None:
        return replace(phrase, week_shift=source.week_shift)
    dated = (phrase.month is not None and source.month is not None) or (phrase.festival and source.festival)
    if dated and not phrase.says_year and source.says_year:
        return replace(phrase, year=source.year, year_shift=source.year_shift)
    return phrase


def _bounded(text: str, phrase: DatePhrase) -> DatePhrase:
    limit = LIMIT.match(text, phrase.end)
    if not limit or phrase.offset or phrase.until:
        return phrase
    return replace(phrase, end=limit.end(), limit="before" if limit["b"] else "after")
