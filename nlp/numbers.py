"""Bare numbers in a folded text: what is neither a day, a duration nor a part of a word."""

import re
from functools import cache

from nlp.numerals import CHINESE, INSIDE, NUMBER, value_of
from nlp.quantities import Quantity
from nlp.wordlists import entries

_BARE = re.compile(
    rf"(?P<minus>(?:负[ ]?|(?<![0-9a-z一-龥)])-)(?=[0-9一-龥.]))?(?:(?:(?P<whole>{NUMBER})又)?(?P<of>{CHINESE}{{1,8}}"
    rf"|[0-9]{{1,6}})分之(?P<part>{NUMBER})"
    rf"|(?P<n>{NUMBER})(?:(?P<percent>%)"
    rf"|(?P<tenths>成(?![为绩立果人功了员本都分效年长熟语交就套品组份]))(?P<more>[一二三四五六七八九])?"
    r"|(?P<off>折(?![合算扣叠线返腾磨旧射抵成为中]))|(?P<dozen>打(?![开听电印扫造断动算分车卡包架工招球折对])))?"
    r"(?P<k>[kw](?![a-z0-9]))?(?P<half>(?:个|公?斤|米|吨|成)?半(?![天个小年月学截路]))?)"
)
_MEASURES = "个条份门次场名位人元块件张台套号期章页岁遍批栋吨斤米公里倍成点只家班组杯双对折打本篇项科届轮"
_UNIT_LETTERS = re.compile("(?:cm|mm|km|kg|mg|ml|kb|mb|gb|m|k|w)(?![a-z0-9])")
_LETTERS = {"k": 1000, "w": 10_000}
_HAS_CHINESE = re.compile(f"{CHINESE}|第")
_LAST_SPOKEN = "这那不而却吧呢吗啊了就，"


@cache
def _words() -> re.Pattern[str]:
    """Words with digits, and ordinals."""
    listed = "|".join(entries("numberwords.txt")["plain"])
    return re.compile(f"(?<!{CHINESE})(?<![0-9])(?:第[0-9〇零一二三四五六七八九十百]+|(?<!分)之一|{listed})")


def numbers_in(text: str, taken: list[tuple[int, int]]) -> list[Quantity]:
    """Bare numbers outside `taken`; a single Chinese digit counts only before a measure word or standing alone."""
    blocked = list(taken)
    if _HAS_CHINESE.search(text):
        blocked += [found.span() for found in _words().finditer(text)]
    numbers = []
    for found in _BARE.finditer(text):
        start, end = found.span()
        if any(start < stop and begin < end for begin, stop in blocked):
            continue
        value = _number(text, found)
        if value is not None:
            numbers.append(Quantity(start, end, value, ""))
    return numbers


def _number(text: str, found: re.Match[str]) -> float | None:
    sign = -1 if found["minus"] else 1
    if found["of"]:
        of, part, whole = value_of(found["of"]), value_of(found["part"]), value_of(found["whole"] or "零")
        if not of or part is None or whole is None:
            return None
        return round(whole + part / of, 6) * sign
    value = value_of(found["n"])
    if value is None or not _counts(text, *found.span("n"), bool(found["minus"])):
        return None
    value = (value + (0.5 if found["half"] else 0)) * (
        _LETTERS[found["k"]] if found["k"] else 12 if found["dozen"] else 1
    )
    if found["tenths"] or found["off"]:
        more = (value_of(found["more"]) or 0) / 100 if found["more"] else 0
        return round(value / (10 if value <= 10 else 100) + more, 6)
    return (round(value / 100, 6) if found["percent"] else value) * sign


def _counts(text: str, start: int, end: int, minus: bool) -> bool:
    said = text[start:end]
    before, after = text[start - 1 : start], text[end : end + 2].lstrip("多来余几")[:1]
    if said[0].isdigit() or said[0] == ".":
        if before.isascii() and (before.isalpha() or before == "_"):
            return False
        return not (after.isascii() and after.isalpha()) or _UNIT_LETTERS.match(text, end) is not None
    if not said.strip("百千万亿兆") or (not said[0].isdigit() and before in INSIDE):
        return False
    if len(said) > 1 or minus:
        return True
    if said == "一" and before and before in "上下这那每某另任同哪":  # 上一条
        return False
    told = before in "是为成写填选有" if before else True
    alone = (told or not _is_word(before)) and (
        not _is_word(after) or (bool(before) and told and after in _LAST_SPOKEN)
    )
    return alone or (bool(after) and after in _MEASURES)


def _is_word(char: str) -> bool:
    return bool(char) and (char.isalnum() or "\u4e00" <= char <= "\u9fff")
