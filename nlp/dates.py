"""The grammar of days: which words of a folded text name a day or a stretch of days, and what they say.

A `DatePhrase` holds only what was said; `nlp.almanac` resolves it against a day and a direction, so that 25号 can look
back when something is recorded and ahead when a reminder is set.
"""

import re
from dataclasses import dataclass, replace

from nlp.daywords import AFTER_POINT, CLOCK_ALONE, LIMIT, LUNAR, POINT, RANGE, TRIGGER
from nlp.numerals import digits_of, value_of


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """What one phrase says; None was not said. `shift`s count from the present unit (上个月 is month_shift -1).

    `last_day`, `last_weekday`, `last_month` end a range written inside the phrase (8月15-17号). `window` is a stretch
    that ends or begins today (最近三天): (count, unit, -1 or 1). `offset` is a distance (三天前): same form.
    `until` is the second phrase of a range. `limit` is 'before' or 'after' when the phrase only bounds (12月31日前).
    """

    at: int
    end: int
    year: int | None = None
    year_shift: int | None = None
    half: int | None = None
    quarter: int | None = None
    quarter_shift: int | None = None
    month: int | None = None
    month_shift: int | None = None
    last_month: int | None = None
    part: str | None = None
    day: int | None = None
    last_day: int | None = None
    week_shift: int | None = None
    weekday: int | None = None
    last_weekday: int | None = None
    day_shift: int | None = None
    window: tuple[float, str, int] | None = None
    offset: tuple[float, str, int] | None = None
    festival: str | None = None
    stretch: bool = False
    until: "DatePhrase | None" = None
    limit: str | None = None

    @property
    def only_year(self) -> bool:
        """Whether nothing but a year was said."""
        said_more = (
            self.half,
            self.quarter,
            self.month,
            self.month_shift,
            self.part,
            self.day,
            self.festival,
            self.until,
        )
        return (self.year is not None or self.year_shift is not None) and all(item is None for item in said_more)


_MOST = 24  # phrases of one text
_WEEKDAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7, "末": 6, "0": 7} | {
    str(n): n for n in range(1, 7)
}
_YEAR_SHIFTS = {
    "大前": -3,
    "去": -1,
    "今": 0,
    "明": 1,
    "前": -2,
    "后": 2,
    "本": 0,
    "当": 0,
    "上": -1,
    "上一": -1,
    "下": 1,
    "下一": 1,
    "这": 0,
    "这一": 0,
}
_UNITS = {
    "天": "day",
    "日": "day",
    "周": "week",
    "星期": "week",
    "礼拜": "week",
    "月": "month",
    "季度": "quarter",
    "年": "year",
    "小时": "hour",
    "钟头": "hour",
    "分钟": "minute",
}


def dates_in(text: str) -> tuple[list[DatePhrase], list[tuple[int, int, str]]]:
    """The date phrases of a folded text in order, and other spans of time: (at, end, kind) with kind 'before'
    (提前3天), 'every' (每周一) or 'clock' (下午三点)."""
    if not TRIGGER.search(text) and "点" not in text and ":" not in text:
        return [], []
    phrases: list[DatePhrase] = []
    others: list[tuple[int, int, str]] = []
    at = 0
    while len(phrases) < _MOST and (found := POINT.search(text, at)):
        if found["before"] or found["every"]:
            others.append((found.start(), found.end(), "before" if found["before"] else "every"))
            at = found.end()
            continue
        phrase = _phrase(found)
        if phrase is not None and LUNAR.search(text[max(0, phrase.at - 2) : phrase.end + 1]):
            phrase = None
        if phrase is None:
            at = found.start() + 1
            continue
        after = AFTER_POINT.match(text, phrase.end)
        if after and after.end() > phrase.end:
            phrase = replace(phrase, end=after.end())
            if after["clock2"]:
                others.append((after.start("clock"), after.end(), "clock"))
        phrases.append(phrase)
        at = phrase.end
    phrases = _joined(text, phrases)
    for clock in CLOCK_ALONE.finditer(text) if "点" in text or ":" in text or "时" in text else ():
        if not any(phrase.at < clock.end() and clock.start() < phrase.end for phrase in phrases):
            others.append((clock.start(), clock.end(), "clock"))
    return phrases, others


def _joined(text: str, phrases: list[DatePhrase]) -> list[DatePhrase]:
    """到 between two phrases makes a range; a weekday beside its day adds nothing (20日（周五））; 前, 后
    behind a phrase make it a bound."""
    joined: list[DatePhrase] = []
    for phrase in phrases:
        before = joined[-1] if joined else None
        if before and before.until is None and _linked(text, before, phrase):
            joined[-1] = replace(before, until=phrase, end=phrase.end)
        elif before and _only_names_weekday(text, before, phrase):
            joined[-1] = replace(before if before.day is not None else phrase, at=before.at, end=phrase.end)
        else:
            joined.append(phrase)
    return [_bounded(text, phrase) for phrase in joined]


def _linked(text: str, before: DatePhrase, phrase: DatePhrase) -> bool:
    link = RANGE.match(text, before.end)
    if link and link.end() == phrase.at:
        return True
    return (
        text[before.end : phrase.at] in ("与", "和")
        and re.match("之?间", text[phrase.end : phrase.end + 2]) is not None
    )


def _only_names_weekday(text: str, before: DatePhrase, phrase: DatePhrase) -> bool:
    """Whether one of two neighbouring phrases is but the weekday of the other's day."""
    beside = text[before.end : phrase.at].strip() in ("", "(", ",", "是", "即")
    return beside and (
        (_bare_weekday(phrase) and before.day is not None) or (_bare_weekday(before) and phrase.day is not None)
    )


def _bare_weekday(phrase: DatePhrase) -> bool:
    return phrase.weekday is not None and phrase.week_shift is None and phrase.last_weekday is None


def _bounded(text: str, phrase: DatePhrase) -> DatePhrase:
    limit = LIMIT.match(text, phrase.end)
    if not limit or phrase.offset or phrase.until:
        return phrase
    return replace(phrase, end=limit.end(), limit="before" if limit["b"] else "after")


def _number(said: str | None) -> int | None:
    if said is None:
        return None
    value = 1 if said == "元" else value_of(said.removeprefix("初"))
    return None if value is None else int(value)


def _count(said: str) -> float | None:
    return 0.5 if said == "半" else value_of(said)


def _year(found: re.Match[str]) -> tuple[int | None, int | None]:
    if found["y4"]:
        said = found["y4"]
        return (_number(said) if said[0] == "两" else digits_of(said)), None
    if found["y2"]:
        short = digits_of(found["y2"])
        return short + (2000 if short < 70 else 1900), None
    if found["yo"]:
        return None, -1
    return None, _YEAR_SHIFTS.get(found["yr"]) if found["yr"] else None


def _shift(said: str) -> int:
    """上 is -1 for each time said, 下 +1; 这, 本, 当 are 0."""
    return said.count("下") - said.count("上")


def _phrase(found: re.Match[str]) -> DatePhrase | None:
    span = found.span()
    said = found.groupdict()
    if said["packed"]:
        digits = said["packed"]
        return DatePhrase(*span, year=int(digits[:4]), month=int(digits[4:6]), day=int(digits[6:]))
    if said["ey"]:
        return _day_first(span, int(said["ed"] or 0), int(said["em"] or 0), int(said["ey"]))
    if said["ay"]:
        day, last = _number(said["ad"]), _number(said["ad2"])
        if last is not None and day is None:
            return DatePhrase(found.start(), found.end("am"), year=int(said["ay"]), month=_number(said["am"]))
        return DatePhrase(*span, year=int(said["ay"]), month=_number(said["am"]), day=day, last_day=last)
    if said["yspan"]:
        first = DatePhrase(*span, year=int(said["yspan"]))
        return replace(first, until=DatePhrase(*span, year=int(said["yspan2"])))
    if said["nm"]:
        return _numeric(found, said)
    if said["wd"]:
        return _weekday(span, said)
    if said["wr_"]:
        return DatePhrase(*span, week_shift=_shift(said["wr_"]))
    if said["rel"]:
        return DatePhrase(*span, day_shift=_day_shift(said["rel"]))
    if said["wn"] or said["on"]:
        return _distance(found, said)
    return _in_year(found, said, span)


def _day_first(span: tuple[int, int], day: int, month: int, year: int) -> DatePhrase | None:
    """13.5.2015, and 10/31/2015 where only the other order makes a day."""
    if month > 12:
        day, month = month, day
    return DatePhrase(*span, year=year, month=month, day=day) if month <= 12 else None


def _numeric(found: re.Match[str], said: dict[str, str | None]) -> DatePhrase | None:
    """8.15, 8/15, 8.15-8.17. A lone 3.5 or 1/2 is a number, and so is what is no day of a month."""
    month, day = _number(said["nm"]), _number(said["nd"])
    alone = found.end() - found.start() == len(found.string)
    if not said["nd2"] and (len(said["nd"] or "") < 2 or alone) and said["ns"] != "/" and found[0][-1] not in "日号":
        return None
    first = DatePhrase(found.start(), found.end(), month=month, day=day)
    if said["nm2"]:
        return replace(
            first, until=DatePhrase(found.start(), found.end(), month=_number(said["nm2"]), day=_number(said["nd2"]))
        )
    return replace(first, last_day=_number(said["nd2"]))


def _weekday(span: tuple[int, int], said: dict[str, str | None]) -> DatePhrase:
    weekday, last = said["wd"] or "", said["wd2"] or said["wd3"]
    shift = _shift(said["wr"]) if said["wr"] else None
    until = _WEEKDAYS[last] if last else 7 if weekday == "末" else None
    return DatePhrase(*span, week_shift=shift, weekday=_WEEKDAYS[weekday], last_weekday=7 if last == "末" else until)


def _day_shift(said: str) -> int:
    if said.startswith("大"):
        return -3 if said[1] == "前" else 3
    return {"今": 0, "昨": -1, "前": -2, "明": 1, "后": 2}[said[0]]


def _distance(found: re.Match[str], said: dict[str, str | None]) -> DatePhrase | None:
    window = said["wn"] is not None
    count = _count(said["wn"] or said["on"] or "")
    unit_said = (said["wu"] or said["ou"] or "").removeprefix("个")
    half = unit_said.startswith("半")
    unit = _UNITS[unit_said.removeprefix("半")]
    if count is None or count > 4000:
        return None
    count += 0.5 if half else 0
    if window:
        ahead = found["way"][0] in "未今接往后下"
        return DatePhrase(found.start(), found.end(), window=(count, unit, 1 if ahead else -1))
    return DatePhrase(found.start(), found.end(), offset=(count, unit, 1 if said["od"] == "后" else -1))


def _in_year(found: re.Match[str], said: dict[str, str | None], span: tuple[int, int]) -> DatePhrase | None:
    year, year_shift = _year(found)
    suffix = said["fs"] or ""
    phrase = DatePhrase(
        *span,
        year=year,
        year_shift=year_shift,
        half=None if said["h"] is None else 1 if said["h"] == "上" else 2,
        quarter=_number(said["q"] or said["q_"] or said["qq"]),
        quarter_shift=_shift(said["qr"]) if said["qr"] else None,
        month=_number(said["m"]),
        last_month=_number(said["m2"]),
        month_shift=_shift(said["mr"]) if said["mr"] else 0 if said["mp"] else None,
        part=f"年{said['yp']}" if said["yp"] else said["part"] or said["part_"] or said["mp"],
        day=_number(said["d"] or said["d_"] or said["do"]),
        last_day=_number(said["d2"] or said["d3"] or said["d2_"] or said["do2"] or said["do3"]),
        festival=said["fest"],
        stretch=bool(suffix) and suffix[-1] not in "天日",
    )
    if (phrase.day or 1) > 31 or (phrase.last_day or 1) > 31 or (phrase.month or 1) > 12:
        return None
    return phrase
