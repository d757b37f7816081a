"""Chinese and Arabic numbers: 一百二 is 120, 3万5 is 35000, 两点五 is 2.5, 廿三 is 23."""

import re

DIGITS = {
    "〇": 0, "零": 0, "一": 1, "幺": 1, "壹": 1, "二": 2, "两": 2, "贰": 2, "俩": 2, "三": 3, "叁": 3, "仨": 3,
    "四": 4, "肆": 4, "五": 5, "伍": 5, "六": 6, "陆": 6, "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9,
}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TWENTIES = {"廿": 20, "卅": 30, "卌": 40}
_MYRIADS = {"亿": 100_000_000, "万": 10_000}

ARABIC = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]{1,15}(?:\.[0-9]{1,8})?"
CHINESE = "[〇零一壹二两贰三叁四肆五伍六陆七柒八捌九玖十拾廿卅百佰千仟万亿]"
# A number as it is written: digits with an optional myriad (3万5, 1.5万), or a run of Chinese numerals.
NUMBER = (
    rf"(?:(?:{ARABIC})(?:e[+-]?[0-9]{{1,2}}(?![0-9])"
    rf"|[多余几来]?[十百千万亿]{{1,3}}(?:零?[0-9]{{1,4}}[十百千万]{{1,2}}){{0,3}}(?:零?[0-9]{{1,4}}(?![0-9.])"
    rf"|[一二三四五六七八九])?"
    rf"|点[0-9]{{1,8}})?"
    rf"|{CHINESE}{{1,16}}+(?:点[〇零一二三四五六七八九]{{1,8}}[万亿]?"
    rf"|[多余几来][百千万亿]{{1,2}})?|[俩仨]|(?<![0-9])[.][0-9]{{1,8}})"
)
_ABOUT = re.compile("零?[多余几来](?=[十百千万亿])")
_PART = re.compile(rf"零?(?P<n>{ARABIC}|[.][0-9]+|[一二三四五六七八九]$)(?P<units>[十百千万亿]*)")
_PLAIN_DIGITS = re.compile("[〇零一二三四五六七八九幺]+")


def value_of(said: str) -> float | None:
    """The value of `said` (whole numbers as float too), or None when it is no well-formed number."""
    if not said:
        return None
    said = _ABOUT.sub("", said)
    if "e" in said:
        return float(said)
    if said[0] in "0123456789.":
        return _with_arabic_digits(said.replace("点", "."))
    whole, point, fraction = said.partition("点")
    if not point:
        value = _whole(whole)
        return None if value is None else float(value)
    unit = _MYRIADS.get(fraction[-1:], 1)
    return _with_fraction(whole, fraction.rstrip("万亿"), unit)


def _with_fraction(whole: str, fraction: str, unit: int) -> float | None:
    value = _whole(whole) if whole else None
    if value is None or not fraction or not all(char in DIGITS for char in fraction):
        return None
    return float(f"{value}.{''.join(str(DIGITS[char]) for char in fraction)}") * unit


def integer_of(said: str) -> int | None:
    """The value of `said` when it is a whole number."""
    value = value_of(said)
    return int(value) if value is not None and value == int(value) else None


def digits_of(said: str) -> int:
    """A year or another number read digit by digit: 二〇二六 is 2026."""
    return int("".join(str(DIGITS.get(char, char)) for char in said))


def _with_arabic_digits(said: str) -> float | None:
    """3万5 and 3万5千 are 35000: a lone digit behind a unit counts in the next lower one."""
    total, unit_before, at = 0.0, 1, 0
    while at < len(said):
        part = _PART.match(said, at)
        if not part:
            return None
        unit = 1
        for mark in part["units"]:
            unit *= _TENS.get(mark) or _MYRIADS[mark]
        number = float(DIGITS[part["n"]]) if part["n"] in DIGITS else float(part["n"].replace(",", ""))
        if not part["units"] and unit_before > 1 and len(part[0]) == 1:
            unit = unit_before // 10
        total, unit_before, at = total + number * unit, unit, part.end()
    return total


def _whole(said: str) -> int | None:
    """Chinese numerals. A digit after the last unit stands for the next lower one: 一百二, 两万三, 三千五."""
    if len(said) > 1 and _PLAIN_DIGITS.fullmatch(said):
        about = len(said) == 2 and DIGITS[said[1]] == DIGITS[said[0]] + 1  # 四五: four or five
        return None if about else digits_of(said)
    for mark, unit in _MYRIADS.items():
        if mark in said:
            head_said, _, tail_said = said.rpartition(mark)
            head, tail = (_whole(head_said) if head_said else 1), (_whole(tail_said) if tail_said else 0)
            if head is None or tail is None:
                return None
            return head * unit + (tail * unit // 10 if len(tail_said) == 1 and tail < 10 else tail)
    return _below_myriad(said)


def _below_myriad(said: str) -> int | None:
    total = digit = 0
    unit_before, waits, zero = 10, False, False  # waits: a digit stands before its unit
    for char in said:
        if char in DIGITS:
            if waits and digit:
                return None
            waits, digit, zero = True, DIGITS[char], zero or char in "零〇"
        elif char in _TENS:
            total += (digit if waits and digit else 1) * _TENS[char]
            unit_before, waits, zero = _TENS[char], False, False
        elif char in _TWENTIES:
            total, waits, unit_before = total + _TWENTIES[char], False, 10
        else:
            return None
    if not waits:
        return total
    return total + (digit if zero or not total else digit * unit_before // 10)
