"""Days as proofs print them: 2024年3月5日至7日, 2024.03.05-2024.03.07, 二〇二四年三月五日, 2024年3月至5月."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass

FIRST_YEAR, LAST_YEAR = 1980, 2079  # printed years beyond are misread


@dataclass(frozen=True, slots=True)
class Span:
    """A day or a stretch of days in a text, from `at` to `end`. `first` and `last` are ISO days, or months."""

    first: str
    last: str
    at: int
    end: int

    @property
    def single(self) -> bool:
        return self.first == self.last


_S = r"[ \n]*"
_ZERO = "〇零OoQ0"
_CN = "(?:[一二三四五六七八九十廿卅]{1,3}|[0-9]{1,2})"
_MARK = rf"{_S}[.·,/\-]{_S}"


def _year_pattern(name: str) -> str:
    """A year, also with 〇 misread or dropped."""
    digits = f"[{_ZERO}一二三四五六七八九]"
    return rf"(?P<{name}>20[0-9]{{2}}|19[89][0-9]|[二2][{_ZERO}]{digits}{{2}}|二[一二三]{digits})"


def _long(prefix: str) -> str:
    """2024年3月5日, 二〇二四年三月五日, 2024年3月."""
    year, month, day = (f"{prefix}{part}" for part in "ymd")
    day_said = rf"(?:{_S}(?P<{day}>{_CN}){_S}[日号H目]期?)?"
    return rf"{_year_pattern(year)}{_S}年{_S}(?:度{_S})?(?P<{month}>{_CN}){_S}月份?{day_said}"


def _short(prefix: str) -> str:
    """2024.03.05, 2024-3-5, 2024/03; a time of day may follow without a gap."""
    year, month, day = (f"{prefix}{part}" for part in "ymd")
    no_more = r"(?![0-9](?![0-9]?:))(?!-[0-9]{3}(?![0-9]))"
    return (
        rf"{_year_pattern(year)}{_MARK}(?P<{month}>1[0-2]|0?[1-9])(?![0-9])"
        rf"(?:{_MARK}(?P<{day}>3[01]|[12][0-9]|0?[1-9]){no_more}日?)?"
    )


_CLOCK = rf"(?:{_S}[(][^()]{{0,6}}[)])?(?:{_S}T?[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?)?"
_TO = rf"{_S}起?{_S}(?:至|到|-{{1,3}}|~{{1,2}}|一(?=[0-9])){_S}"
_START_LONG = re.compile(_long("h"))
_START_SHORT = re.compile(r"(?<![0-9A-Za-z.\-/])" + _short("h"))
_SECOND_SHORT = re.compile(_short("h"))
_JOIN = re.compile(_CLOCK + _TO + "(?=[0-9一二三四五六七八九十廿])")
_REST_LONG = re.compile(rf"(?:(?P<tm>{_CN}){_S}月份?{_S})?(?:(?P<td>{_CN}){_S}[日号目])?")
_REST_SHORT = re.compile(rf"(?:(?P<tm>1[0-2]|0?[1-9]){_MARK})?(?P<td>3[01]|[12][0-9]|0?[1-9])(?![0-9:年月])")
_DIGITS = {**{char: index for index, char in enumerate("〇一二三四五六七八九")}, **dict.fromkeys("零OoQ", 0)}


def spans_in(text: str) -> list[Span]:
    """All days and stretches of days of a folded text, in order. A month alone is a span of months."""
    return list(_spans(text))


def _spans(text: str) -> Iterator[Span]:
    at = 0
    while head := _next(text, at):
        span = _range(text, head) or _alone(head)
        at = max(head.start() + 1, head.end() if span is None else span.end)
        if span is not None:
            yield span


def _next(text: str, at: int) -> re.Match[str] | None:
    found = [match for match in (_START_LONG.search(text, at), _START_SHORT.search(text, at)) if match]
    return min(found, key=lambda match: match.start(), default=None)


def _range(text: str, head: re.Match[str]) -> Span | None:
    join = _JOIN.match(text, head.end())
    if not join:
        return None
    start = _parts(head, "h")
    second = _START_LONG.match(text, join.end()) or _SECOND_SHORT.match(text, join.end())
    if second:
        stop, end = _parts(second, "h"), second.end()
    else:
        rest = _rest(text, head, join.end())
        if not rest:
            return None
        stop = (start[0], rest[1] or start[1], rest[2])
        end = rest[3]
    first, last = _iso(*start), _iso(*stop)
    if not first or not last or first[:7] > last[:7] or (len(first) == len(last) and first > last):
        return None
    if len(first) != len(last):
        return None if len(first) > len(last) else Span(first, last[:7], head.start(), end)
    return Span(first, last, head.start(), end)


def _rest(text: str, head: re.Match[str], at: int) -> tuple[int, int | None, int | None, int] | None:
    """What follows 至 without a year: month and day, a day, or (after a month alone) a month."""
    long = _REST_LONG.match(text, at)
    if long and (long["tm"] or long["td"]):
        return 0, _number(long["tm"]), _number(long["td"]), long.end()
    short = _REST_SHORT.match(text, at)
    if short and head["hd"] and not long_form(head):
        return 0, _number(short["tm"]), _number(short["td"]), short.end()
    return None


def long_form(head: re.Match[str]) -> bool:
    """Whether the day is written with 年月日 rather than with marks."""
    return "年" in head[0]


def _alone(head: re.Match[str]) -> Span | None:
    day = _iso(*_parts(head, "h"))
    if not day or (not head["hd"] and not long_form(head)):
        return None
    return Span(day, day, head.start(), head.end())


def _parts(match: re.Match[str], prefix: str) -> tuple[int, int | None, int | None]:
    return _year(match[prefix + "y"]), _number(match[prefix + "m"]), _number(match[prefix + "d"])


def _year(said: str) -> int:
    figures = "".join(str(_DIGITS.get(char, char)) for char in said)
    return int(figures if len(figures) == 4 else "20" + figures[-2:])  # 〇 is sometimes dropped


def _number(said: str | None) -> int | None:
    if not said:
        return None
    if said.isdigit():
        return int(said)
    said = said.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = said.rpartition("十")
    if not ten:
        return _DIGITS.get(said)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def _iso(year: int, month: int | None, day: int | None) -> str | None:
    if not FIRST_YEAR <= year <= LAST_YEAR or month is None or not 1 <= month <= 12:
        return None
    if day is None:
        return f"{year}-{month:02d}"
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return f"{year}-{month:02d}-{day:02d}"
