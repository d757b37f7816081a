"""What the words of a date's parts are worth: numbers, weekdays, years, units, shifts."""

import re
from dataclasses import replace

from nlp.dates import DatePhrase
from nlp.numerals import digits_of, value_of

WEEKDAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7, "末": 6} | {
    str(n): n for n in range(1, 8)
}
UNITS = {
    "天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month", "季": "quarter",
    "季度": "quarter", "年": "year", "小时": "hour", "钟头": "hour", "钟": "hour", "分钟": "minute", "分": "minute",
    "刻钟": "minute", "秒": "minute", "秒钟": "minute",
}  # fmt: skip
_MONTHS = {"元": 1, "正": 1, "冬": 11, "腊": 12}
_YEAR_SHIFTS = {"大前": -3, "前": -2, "去": -1, "上": -1, "旧": -1, "今": 0, "本": 0, "当": 0, "这": 0} | {
    "明": 1, "下": 1, "后": 2,
}  # fmt: skip
_YEAR_DIGITS = re.compile("[0-9]{4}|[0-9]{2}|[〇零一二三四五六七八九]{2,4}|[两二]千.*")


def number_of(said: str | None) -> int | None:
    if not said:
        return None
    value = _MONTHS.get(said) or value_of(said.removeprefix("初"))
    return None if value is None else int(value)


def in_year(phrase: DatePhrase, said: str | None) -> DatePhrase:
    """`phrase` in the year that these words name, if any."""
    if not said:
        return phrase
    digits = _YEAR_DIGITS.match(said)
    if not digits:
        return replace(phrase, year_shift=_YEAR_SHIFTS["大前" if said.startswith("大前") else said[0]])
    number = digits[0].partition("年")[0].strip()
    if "千" in number:
        return replace(phrase, year=number_of(number))
    year = digits_of(number)
    return replace(phrase, year=century(year) if year < 100 else year)


def century(year: int) -> int:
    """24 is 2024, 58 is 1958."""
    return year + (2000 if year < 45 else 1900)


def shift_of(said: str) -> int:
    """上 is -1 for each time said, 下 +1, 大上 -2; 这, 本, 当 are 0."""
    return said.count("下") - said.count("上") - said.count("大")


def count_of(said: str, unit_said: str) -> tuple[float | None, str]:
    """How many of which unit: 两, 个半月 is two and a half months."""
    count = 0.5 if said == "半" else value_of(said)
    unit = unit_said.removeprefix("个").removeprefix("多")
    half = "半" in unit
    return None if count is None else count + (0.5 if half else 0), UNITS[unit.replace("半", "")]
