"""Quantities with a unit, durations and remaining numbers in a folded text: 3个半小时, 两个半天, 三万字, 一百二学时.

Days, half days and hours stay what they are; how many 学时 they give is asked of the rules.
"""

import re
from dataclasses import dataclass

from domain.vocabulary import Unit
from nlp.numerals import CHINESE, NUMBER, value_of
from nlp.wordlists import entries

HOURS = {
    "second": 1 / 3600,
    "minute": 1 / 60,
    "clock_hour": 1.0,
    "half_day": 12.0,
    "day": 24.0,
    "week": 168.0,
    "month": 720.0,
    "year": 8760.0,
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` in `unit` (a contract unit, or week, month, year, second, or '' for a bare number).

    `each` is set when it is said of every day, lesson or time (每天6学时); `total` when it sums up (一共18学时).
    """

    at: int
    end: int
    value: float
    unit: str
    each: bool = False
    total: bool = False

    @property
    def contract_unit(self) -> Unit | None:
        return Unit(self.unit) if self.unit in _CONTRACT else None


_CONTRACT = frozenset(Unit)
_WORDS = {said: unit for unit, words in entries("units.txt").items() for said in words}
_UNIT = (
    "(?P<unit>学时|课时|学点|节课|节(?!日|假|点|约|能|水|目)|学分|小时(?!候|工)|钟头|分钟"
    "|刻钟|秒钟?|工作日|半天|整天|全天|上午|下午|晚上|早上|天(?!花|气|津|然|才|线|数|空|猫|河"
    "|府|书)"
    r"|周(?![一二三四五六日末年边围期到刊岁])|星期(?![一二三四五六日天])"
    r"|礼拜(?![一二三四五六日天])|月(?![份初底末])|年(?!级|度|底|初|末|级|龄|会)"
    r"|字(?!母|体)|篇|部(?!门|分|长|队|委|级)|本(?!月|年|周|人|单|地|科|来|次|省|市)|项"
    "|hours?|h(?![a-z])|mins?(?![a-z]))"
)
_QUANTITY = re.compile(
    r"(?P<total>(?:一共|总共|共计|合计|总计|累计|共|计)(?:是|有|了|学了|上了|拿了|得了|记|算)?[ :]?)?"
    r"(?P<each>(?:每天|每日|一天|天天|每次|每场|每节|每晚|每周|每期|每门|每|日均)(?:都)?(?:学"
    r"|上|听|是|给|算|有|各)?[ ]?)?"
    rf"(?P<n>{NUMBER}|半)(?:多|来)?[ ]?(?P<ge>个|多个|k)?(?P<half>半)?(?:多|整)?[ "
    rf"]?{_UNIT}(?P<tail>半(?!天|年|个|截|路))?"
    r"|(?P<whole>(?:一|整)?整天|全天|一天到晚|整日)"
    r"|(?P<halfday>大?半晌|大半天)"
)
_MINUTES_AFTER = re.compile(
    rf"(?:零|又)?(?P<n>[0-9]{{1,2}}|{CHINESE}{{1,3}}|半)(?:分钟?|个?半?刻钟?)?(?![0-9一二三四五六七八九十个天学])"
)
_BARE = re.compile(
    rf"(?P<minus>(?:负|(?<![0-9a-z一-龥])-)(?=[0-9一-龥.]))?(?:(?:(?P<whole>{NUMBER})又)?(?P<of>{CHINESE}{{1,6}}"
    rf"|[0-9]{{1,6}})分之(?P<part>{NUMBER})"
    rf"|(?P<n>{NUMBER})(?P<percent>%)?(?P<k>k(?![a-z0-9]))?(?P<half>(?:个)?半(?![天小个年月学截路]))?)"
)
_WORDS_WITH_DIGITS = re.compile(
    f"(?<!{CHINESE})(?<![0-9])(?:"
    "第[0-9〇零一二三四五六七八九十百]+|一般|统一|十分|一下子?|一些|万一"
    "|三番[五两]次|一起|一直|一定|一样|一共|一点儿?|一边|一切|一旦|一律"
    "|一致|唯一|(?<!分)之一|进一步|一步|一方面|一线|[一二三]级"
    "|[一二]建|一期|二期|专一|单一|千万(?=[不别要记])|一会儿?|一流"
    "|一体|不一|四川|三亚|百度|三甲|一带一路|乱七八糟|七嘴八舌|一五一十"
    "|四面八方|五花八门|三心二意|一半|一路|一块儿?|一同|一并|一概|逐一"
    "|二维码|三峡|一把手|一手|一次性|一经|一向|一再|一贯|一时|一度|万能"
    "|万事|百姓|百科|十足|四季|四处|五官|六神|七夕|八卦|九寨沟|九江|一键"
    "|一口气|一遍|一趟|一句|第一|一番|一模一样|二手|老[二三四五六]|三者"
    "|两者|[两双]方|一者"
    ")"
)
_MEASURES = "个条份门次场名位人元块件张台套号期章页岁遍批栋吨斤米公里倍成点只家班组杯双"


def quantities_in(text: str) -> list[Quantity]:
    """Quantities with a unit in order. `text` is folded; dates in it are already blanked out."""
    found_all: list[Quantity] = []
    at = 0
    while len(found_all) < _MOST and (found := _QUANTITY.search(text, at)):
        quantity = _quantity(text, found)
        if quantity is None:
            at = found.start() + 1
            continue
        found_all.append(quantity)
        at = quantity.end
    return found_all


def _quantity(text: str, found: re.Match[str]) -> Quantity | None:
    if found["whole"] or found["halfday"]:
        return Quantity(found.start(), found.end(), 1.0, "day" if found["whole"] else "half_day")
    said, start = found["n"], found.start()
    value = 0.5 if said == "半" else value_of(said)
    if value is None or value > 1e9 or not _plausible(found, value) or text[start - 1 : start] == "第":
        return None
    each, total = bool(found["each"]), bool(found["total"])
    value, unit = _halved(found, value, _WORDS[found["unit"]])
    if unit == "clock_hour" and not found["tail"] and (after := _MINUTES_AFTER.match(text, found.end())):
        minutes = _minutes(after)
        if minutes is not None:
            return Quantity(start, after.end(), value * 60 + minutes, "minute", each, total)
    return Quantity(start, found.end(), value, unit, each, total)


def _halved(found: re.Match[str], value: float, unit: str) -> tuple[float, str]:
    """The halves of 两个半小时, 两天半, 两个半天 and 半天, and the thousands of 3k字."""
    if found["half"] and found["unit"] == "天" and found["ge"]:
        return value, "half_day"  # 两个半天: two halves, not two and a half
    if found["n"] == "半" and found["unit"] == "天":
        return 1.0, "half_day"
    value *= 1000 if found["ge"] == "k" else 15 if found["unit"] == "刻钟" else 1
    return value + (0.5 if found["half"] else 0) + (0.5 if found["tail"] else 0), unit


def _minutes(found: re.Match[str]) -> float | None:
    said = found[0]
    if said.endswith(("刻", "刻钟")):
        value = value_of(found["n"])
        return None if value is None else value * 15
    if not said.endswith(("分", "分钟")):
        return None
    return 30.0 if found["n"] == "半" else value_of(found["n"])


def _plausible(found: re.Match[str], value: float) -> bool:
    """Not the words that only look like a quantity: 三月 (a date), 2026年 (a date), 万字, 五下午."""
    said, unit_said = found["n"], found["unit"]
    if unit_said in ("月", "钟"):
        return bool(found["ge"])
    if unit_said == "年":
        return value <= 60 and not found["ge"]
    if unit_said in ("上午", "下午", "晚上", "早上"):
        return said in ("一", "1", "两", "2", "二", "三", "3") and not found["half"]
    if unit_said in ("篇", "部", "本", "项"):
        return value <= 200
    if unit_said == "半天" and said == "半":
        return False
    return said not in ("百", "千", "万", "亿") or unit_said == "字"


def numbers_in(text: str, taken: list[tuple[int, int]]) -> list[Quantity]:
    """Bare numbers outside `taken`; a single Chinese digit counts only before a measure word or standing alone."""
    blocked = list(taken)
    if _HAS_CHINESE.search(text):
        blocked += [found.span() for found in _WORDS_WITH_DIGITS.finditer(text)]
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
    if found["of"]:
        of, part, whole = value_of(found["of"]), value_of(found["part"]), value_of(found["whole"] or "零")
        if not of or part is None or whole is None:
            return None
        return round(whole + part / of, 6) * (-1 if found["minus"] else 1)
    value = value_of(found["n"])
    if value is None or not _counts(text, *found.span("n")):
        return None
    value = (value + (0.5 if found["half"] else 0)) * (1000 if found["k"] else 1)
    value = round(value / 100, 6) if found["percent"] else value
    return -value if found["minus"] else value


_MOST = 24  # quantities of one text
_HAS_CHINESE = re.compile(f"{CHINESE}|第")


def _counts(text: str, start: int, end: int) -> bool:
    said = text[start:end]
    before, after = text[start - 1 : start], text[end : end + 1]
    if said[0].isdigit():
        return not (before.isascii() and (before.isalpha() or before == "_")) and not (
            after.isascii() and after.isalpha() and after not in "k"
        )
    if len(said) > 1:
        return True
    alone = (not _is_word(before) or before in "是为成写填选有") and not _is_word(after)
    return said not in "百千万亿" and (alone or (bool(after) and after in _MEASURES))


def _is_word(char: str) -> bool:
    return bool(char) and (char.isalnum() or "\u4e00" <= char <= "\u9fff")
