"""Quantities with a unit and durations in a folded text: 3个半小时, 两个半天, 三万字, 一百二学时.

Days, half days and hours stay what they are; how many 学时 they give is asked of the rules.
"""

import re
from dataclasses import dataclass

from domain.vocabulary import Unit
from nlp.numerals import CHINESE, INSIDE, NUMBER, value_of
from nlp.wordlists import entries

HOURS = {
    "second": 1 / 3600,
    "minute": 1 / 60,
    "clock_hour": 1.0,
    "half_day": 12.0,
    "day": 24.0,
    "week": 168.0,
    "month": 720.0,
    "quarter": 2160.0,
    "year": 8760.0,
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` in `unit` (a contract unit, or week, month, quarter, year, second, or '' for a bare number).

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
_NOT_BEFORE = ("第", "哪", "某", "最后")
_LETTERS = {"k": 1000, "w": 10_000}  # 3k字, 1.2w字
_WORDS = {said: unit for unit, words in entries("units.txt").items() for said in words}
_PARTS_OF_DAY = ("上午", "下午", "晚上", "早上")
_UNIT = (
    "(?P<unit>学时|课时|学点|节课|节(?!日|假|点|约|能|水|目)|学分|小时(?!候|工)|钟头|分钟|分(?=半(?!天|年|小|个)"
    "|[0-9一二三四五十]{1,3}秒)"
    "|刻钟|秒钟?|工作日|半天|半日|整天|全天|上午|下午|晚上|早上|天(?!花|气|津|然|才|线|数|空|猫|河|府|书)|日(?!报"
    "|常|志|语|程|均)"
    r"|时(?!间|候|代|段|长|效|常|期|隔|不)|钟(?!头|表|点)"
    r"|周年(?=$|[,。!?了])|周(?![一二三四五六日末年边围期到刊岁])|星期(?![一二三四五六日天])"
    r"|礼拜(?![一二三四五六日天])|月(?![份初底末])|季度|年(?!级|度|底|初|末|龄|会|报|终|检|审|规划|行动|计划|制|期|代|发展|战略"
    r"|货|轻|纪)"
    r"|字(?!母|体|节)|篇|部(?!门|分|长|队|委|级)|本(?!月|年|周|人|单|地|科|来|次|省|市)|项"
    r"|hours?|h(?![a-z])|mins?(?![a-z]))"
)
_QUANTITY = re.compile(
    r"(?:(?P<total>(?:一共|总共|共计|合计|总计|累计|共|计)(?:是|有|了|学了|上了|拿了|得了|记|算)?[ :]?)"
    r"|(?P<each>(?:每天|每日|一天|天天|每次|每场|每节|每晚|每周|每期|每门|每|日均)(?:都)?(?:学"
    r"|上|听|是|给|算|有|各)?[ ]?))?"
    rf"(?:(?P<n>{NUMBER}|半)[多来余几]?[ ]?(?P<ge>个|多个|k|w)?(?P<half>半)?"
    rf"|(?P<oneandhalf>(?<!{CHINESE})(?<![0-9两几每各这那]))个半)[多整来]?[ ]?"
    rf"{_UNIT}(?P<tail>半钟?(?!天|年|个|截|路))?"
    r"|(?P<halfminute>(?<![0-9一二三四五六七八九十])分半钟)"
    r"|(?P<whole>(?:一|整)?整天|全天|一天到晚|整日)"
    r"|(?P<halfday>大?半晌|大半天)"
)
_MINUTES_AFTER = re.compile(
    rf"(?:零|又)?(?P<n>[0-9]{{1,2}}|{CHINESE}{{1,3}}|半)(?:分钟?|mins?|个?半?刻钟?)?(?![0-9一二三四五六七八九十个天学])(?!秒)"
)
_MOST = 16  # quantities of one text


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
    if found["halfminute"]:
        return Quantity(found.start(), found.end(), 1.5, "minute")
    start = found.start()
    said = found["n"] or "一"
    value = 0.5 if said == "半" else value_of(said)
    if not said[0].isdigit() and text[start - 1 : start] in INSIDE:  # 七八天, 几千字: no one knows
        return None
    if value is None or value > 1e9 or not _plausible(found, said, value) or text[:start].endswith(_NOT_BEFORE):
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
    if found["n"] is None:
        return (1.0, "half_day") if found["unit"] in ("天", "日") else (1.5, unit)
    if found["half"] and found["unit"] in ("天", "日") and found["ge"]:
        return value, "half_day"  # 两个半天: two halves, not two and a half
    if found["n"] == "半" and found["unit"] in ("天", "日"):
        return 1.0, "half_day"
    value *= _LETTERS.get(found["ge"], 1)
    value *= 15 if found["unit"] == "刻钟" else 1
    return value + (0.5 if found["half"] else 0) + (0.5 if found["tail"] else 0), unit


def _minutes(found: re.Match[str]) -> float | None:
    said = found[0]
    if said.endswith(("刻", "刻钟")):
        value = value_of(found["n"])
        return None if value is None else value * 15
    if not said.endswith(("分", "分钟", "min", "mins")):
        return None
    return 30.0 if found["n"] == "半" else value_of(found["n"])


def _plausible(found: re.Match[str], said: str, value: float) -> bool:
    """Not the words that only look like a quantity: 三月 (a date), 2026年 (a date), 万字, 五下午."""
    if said in ("百", "千", "万", "亿") and found["unit"] != "字":
        return False
    unit_said, counted = found["unit"], bool(found["ge"] or found["half"] or found["n"] is None)
    if unit_said in ("月", "钟", "季度"):
        return counted
    if unit_said in ("年", "周年"):
        return value <= 60 and not found["ge"]
    if unit_said in _PARTS_OF_DAY:
        return said in ("一", "1", "两", "2", "二", "三", "3") and not found["half"]
    if unit_said in ("篇", "部", "本", "项"):
        return value <= 200
    if unit_said == "日":  # 5日 is a day of the month
        return said in ("半", "两", "俩") or value > 31 or bool(found["half"])
    if unit_said == "时":  # 20时 is a time of day, unless days stand before it
        return found.string[found.start() - 1 : found.start()] in ("天", "日")
    return not (unit_said in ("半天", "半日") and said == "半")
