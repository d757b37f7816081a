"""The grammar of days: which words of a folded text name a day or a stretch of days, and what they say.

A `DatePhrase` holds only what was said; `nlp.almanac` resolves it against a day and a direction, so that 25号 can look
back when something is recorded and ahead when a reminder is set.
"""

import re
from dataclasses import dataclass, replace

from nlp.numerals import CHINESE, digits_of, value_of


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
    daytime: str | None = None
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


_D = "〇零一二三四五六七八九"
_MONTH = rf"(?<![0-9{_D}十百.个])(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九元])"
_DAY = "(?:3[01]|[12][0-9]|0?[1-9]|[二三廿卅]?十[一二三四五六七八九]?|[廿卅][一二三四五六七八九]?|[一二三四五六七八九])"
_NO_COUNT = r"(?![0-9〇零一二两三四五六七八九十百千万个学课小分天节篇条年月点:名人位周场门次%.])"
_TO = r"[ ]?(?:-{1,2}|~|到|至)[ ]?"
_YEAR = (
    rf"(?:(?<![0-9])(?P<y4>(?:1[0-9]|2[01])[0-9][0-9]|[一二][〇零九][{_D}]{{2}}"
    rf"|两千[零〇]?[一二三四五六七八九十]{{1,3}})[ ]?(?:年度?|学年)(?![级代])"
    rf"|(?<![0-9.{_D}十百])(?P<y2>[0-9][0-9]|[{_D}]{{2}})年(?=(?<=[09零〇九][0-9{_D}]年)|度|[ ]?[上下]半|[ ]?(?:1[0-2]"
    rf"|0?[1-9]|[一二三四五六七八九十]{{1,2}})月|的|$|[还差有我公专完达总一]|底|初|全)(?![级代])度?"
    r"|(?<!马)(?P<yr>大前|[去今明前后](?=年)|本|当|(?<!以)上一?|(?<!一)下一?"
    r"|这一?)(?:(?<=[上下这本当一])(?:个)?年度|年度?)(?![级轻龄糕会货终味])(?!内(?!蒙))"
    r"|(?P<yo>旧年|上年))"
)
_PART = "(?P<part>上旬|中旬|下旬|月?[初底末](?![一二三四五六七八九十级中期])|月中(?!旬))"
_DAY_TAIL = (
    rf"(?:[日号]?(?:{_TO})(?P<d2>{_DAY})(?:[日号]|{_NO_COUNT}(?!月))"
    rf"|[日号]?[、和及与](?P<d3>{_DAY})[日号](?:两天)?|[日号]|{_NO_COUNT})(?![楼线院文令])"
)
_MONTH_TAIL = rf"(?:{_TO}(?P<m2>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])(?=月))?"
_MONTH_REL = r"(?P<mr>上{1,3}一?个?|这一?个?|本|当|(?<!一)下{1,3}一?个?)月(?:份)?(?!台|薪|饼)"
_IN_MONTH = rf"(?:月份?(?![度嫂饼票卡薪均])的?[ ]?(?:(?P<d>{_DAY}){_DAY_TAIL}|{_PART})?)"
_WEEK = "(?:周|星期|礼拜)"
_WEEK_SHIFT = "(?:(?P<wr>上{1,3}一?个?|(?:[这本]一?|今)个?|(?<!一)下{1,3}一?个?)(?:周|星期|礼拜)的?)"
_FESTIVAL = (
    "(?P<fest>元旦|新年(?=[当那节]|$)|春节|除夕|大年三十|大年初一|元宵|清明(?=节|当|那|假|期"
    "|$)|五一(?!路)|六一|端午|七一|八一|中秋|国庆"
    "|十一(?=当|那|期|假|长|放)|三八(?=节|妇)|圣诞|平安夜|双十一|双十二"
    "|(?:劳动|五四|儿童|建党|建军|重阳|教师|妇女|青年|护士|植树|情人|愚人|光棍|女生|母亲|父亲|感恩|万圣)(?=节))"
    "(?:劳动|儿童|妇女|建军|建党)?节?"
    "(?P<fs>当天|那天|当日|那一?日|期间|假期|长假|小长假|放假|前后|前夕|黄金周|这几天|那几天)?"
)
_DAYTIME = (
    r"(?:的)?[ ]?(?P<dt>凌晨|清晨|清早|一大早|早上|早晨|上午|中午|午后|下午|傍晚|晚上|夜里"
    r"|[早晚](?=[0-9一二三四五六七八九十][0-9一二]?点|上?参|去|听|学))?"
)
_OCLOCK = "点(?![一二三四五六七八九](?![十刻分])|[0-9](?![0-9分]))|时(?!间|候|长)"
_CLOCK = (
    r"(?:[ ]?(?P<clock>(?:[01]?[0-9]|2[0-4]):[0-5][0-9](?::[0-5][0-9])?|(?:[01]?[0-9]|2[0-4]"
    rf"|[一二两三四五六七八九]|十[一二]?)(?:{_OCLOCK})(?:钟|整|半|过|(?:[0-5]?[0-9]"
    r"|[一二三四五]?十[一二三四五六七八九]?|[一二三]刻)分?)?)"
    rf"(?:{_TO}(?P<clock2>(?:[01]?[0-9]|2[0-4]):[0-5][0-9]|(?:[01]?[0-9]|2[0-4]"
    rf"|[一二两三四五六七八九]|十[一二]?)(?:{_OCLOCK})(?:钟|整|半|(?:[0-5]?[0-9]"
    rf"|[一二三四五]?十[一二三四五六七八九]?|[一二三]刻)分?)?))?)"
)

_WINDOW = (
    "(?P<way>最近|过去|近|刚过去的?|前|头|这(?!一)|未来|今后|接下来的?|往后"
    "|(?<![年月日天周期后以])[上下后](?=[0-9两二三四五六七八九十]))的?这?"
)
_QUARTER = (
    "(?:第(?P<q>[一二三四1-4])季度?|(?P<q_>[一二三四1-4])季度"
    "|(?<![a-z])q(?P<qq>[1-4])(?![0-9a-z])|(?P<qr>上一?个?|这个?|本"
    "|(?<!一)下一?个?)季度?)(?!节)"
)
_FULL = (
    r"(?<![0-9.])(?P<ed>3[01]|[12][0-9]|0?[1-9])(?P<es>[./-])(?P<em>3[01]|[12][0-9]"
    r"|0?[1-9])(?P=es)(?P<ey>(?:19|20)[0-9][0-9])(?![0-9])|"
    r"(?<![0-9.])(?P<ay>(?:1[0-9]|2[01])[0-9][0-9])(?P<sep>[-/.])(?P<am>1[0-2]"
    r"|0?[1-9])(?:(?P=sep)(?P<ad>3[01]|[12][0-9]|0?[1-9])(?![0-9]))?(?![0-9])"
    rf"(?:[日号]?{_TO}(?P<ad2>3[01]|[12][0-9]|0?[1-9])(?:[日号]|{_NO_COUNT}(?![-/])))?"
    r"|(?<![0-9])(?P<packed>20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))(?![0-9])"
    rf"|(?<![0-9])(?P<yspan>(?:19|20)[0-9][0-9])年?{_TO}(?P<yspan2>(?:19|20)[0-9][0-9])(?:年|(?![0-9.年-]))"
)
_IN_YEAR = (
    rf"(?P<Y>{_YEAR}[ ]?的?[ ]?)?(?:(?P<m>{_MONTH}){_MONTH_TAIL}{_IN_MONTH}"
    rf"|{_MONTH_REL}的?[ ]?(?:(?P<d_>{_DAY})(?:[日号]?{_TO}(?P<d2_>{_DAY})[日号]|[日号])"
    rf"|(?P<part_>上旬|中旬|下旬|月?[初底末](?![一二三四五六七八九十级])))?"
    rf"|{_QUARTER}|(?P<h>[上下])半年|(?P<mp>月[底末初])|(?(Y)年?"
    rf"|年)(?P<yp>[底末初])(?![一二三四五六七八九十级中期终])|{_FESTIVAL}|(?(Y)|(?!)))"
)
_BARE_DAY = (
    rf"(?<![0-9.{_D}十百第])(?P<do>{_DAY})(?:[日号]?(?:{_TO})(?P<do2>{_DAY})(?:[日号])"
    rf"|[日号]?[、和及与](?P<do3>{_DAY})[日号]|[日号])(?![楼线院文令码])"
)
_WEEKDAY = (
    rf"(?:{_WEEK_SHIFT}{_WEEK}?|(?<![一每两几个马]){_WEEK})(?P<wd>[一二三四五六日天末1-6](?!次"
    rf"|个|年|遍|点|[0-9]|小时|天|学时|分))(?!十)"
    rf"(?:{_TO}(?:{_WEEK})?(?P<wd2>[一二三四五六日天末1-6])(?![点号月个0-9十])"
    rf"|[、和]?{_WEEK}(?P<wd3>[一二三四五六日天])(?:两天)?)?"
    rf"|{_WEEK_SHIFT.replace('<wr>', '<wr_>')}"
)
_RELATIVE = (
    r"(?P<rel>大前[天日儿]|大后[天日]|今[天日儿早晚夜]儿?个?|昨[天日儿晚夜]儿?个?"
    r"|(?<![天月年周日期以之])前[天日儿晚]儿?个?(?![气性真然])"
    r"|(?<![天月年周日期以之])后[天儿]个?(?![气性])|明[天日儿早晚]儿?个?)"
)
_NUMERIC = (
    r"(?<![0-9.:/])(?P<nm>1[0-2]|0?[1-9])(?P<ns>[./-])(?P<nd>3[01]|[12][0-9]|0?[1-9])(?![0-9])"
    rf"(?:[日号]|(?:{_TO})(?:(?P<nm2>1[0-2]|0?[1-9])(?P=ns))?(?P<nd2>3[01]|[12][0-9]|0?[1-9])(?![0-9.])[日号]?)?"
    r"(?![ ]?(?:个|学时|课时|小时|分|天|节|篇|倍|%|学分|万|千|字|钟))"
)


def _distance_form(count: str, unit: str) -> str:
    """A count and a unit of time, in groups of these names."""
    return (
        rf"(?P<{count}>[1-9][0-9]{{0,2}}|半|(?!零){CHINESE}{{1,4}})"
        rf"(?P<{unit}>天|日|个?周|个?星期|个?礼拜|个半?月|个?季度|年|个?小时|个钟头|分钟)"
    )


_POINT = re.compile(
    r"(?P<before>提前(?:[0-9]{1,3}|[一二两三四五六七八九十半]{1,3})个?(?:天|日|周|星期|礼拜|月|小时))"
    rf"|(?P<every>每(?:隔|个)?(?:天|日|月|年|季度?|周|星期|礼拜"
    rf"|[0-9一二两三四五六七八九十]个?(?:天|日|周|星期|礼拜"
    rf"|月))[一二三四五六日天末]?(?:{_DAY}[日号])?)"
    rf"|{_FULL}|{_WINDOW}{_distance_form('wn', 'wu')}(?:以?来|[里内中])?"
    rf"|(?<![0-9.{_D}十百]){_distance_form('on', 'ou')}(?:之|以)?(?P<od>[前后])(?!期)"
    rf"|{_IN_YEAR}|{_BARE_DAY}|{_WEEKDAY}|{_RELATIVE}|{_NUMERIC}"
)
_LUNAR = re.compile("农历|阴历|旧历|月初[一二三四五六七八九十]")  # not of this calendar: never guessed
_MOST = 24  # phrases of one text
_TRIGGER = re.compile("[0-9年月日号天周期拜今昨前后明季旦节庆午秋夕宵清明五七六八三十q每]")
_AFTER_POINT = re.compile(_DAYTIME + _CLOCK + "?")
_CLOCK_ALONE = re.compile(
    r"(?P<dt>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|早|晚)?"
    + _CLOCK.replace("?P<clock>(?:", "?P<clock>(?<![0-9.:])(?:", 1)
)
_RANGE = re.compile(r"[ ]?(?:-{1,2}|~|(?:一直)?(?:持续)?到(?:了)?|至)[ ]?")
_LIMIT = re.compile("(?P<b>之?前|以前)|(?P<a>之?后|以后|起|开始)")
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
_SOLAR = frozenset(
    [
        "元旦",
        "五一",
        "劳动",
        "五四",
        "六一",
        "儿童",
        "七一",
        "建党",
        "八一",
        "建军",
        "教师",
        "国庆",
        "十一",
        "妇女",
        "三八",
        "青年",
        "护士",
        "植树",
        "圣诞",
        "平安夜",
        "情人",
        "双十一",
        "双十二",
        "万圣",
    ]
)


def dates_in(text: str) -> tuple[list[DatePhrase], list[tuple[int, int, str]]]:
    """The date phrases of a folded text in order, and other spans of time: (at, end, kind) with kind 'before'
    (提前3天), 'every' (每周一) or 'clock' (下午三点)."""
    if not _TRIGGER.search(text) and "点" not in text and ":" not in text:
        return [], []
    phrases: list[DatePhrase] = []
    others: list[tuple[int, int, str]] = []
    at = 0
    while len(phrases) < _MOST and (found := _POINT.search(text, at)):
        if found["before"] or found["every"]:
            others.append((found.start(), found.end(), "before" if found["before"] else "every"))
            at = found.end()
            continue
        phrase = _phrase(found)
        if phrase is not None and _LUNAR.search(text[max(0, phrase.at - 2) : phrase.end + 1]):
            phrase = None
        if phrase is None:
            at = found.start() + 1
            continue
        after = _AFTER_POINT.match(text, phrase.end)
        if after and after.end() > phrase.end:
            phrase = replace(phrase, end=after.end(), daytime=after["dt"])
            if after["clock2"]:
                others.append((after.start("clock"), after.end(), "clock"))
        phrases.append(phrase)
        at = phrase.end
    phrases = _joined(text, phrases)
    for clock in _CLOCK_ALONE.finditer(text) if "点" in text or ":" in text or "时" in text else ():
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
    link = _RANGE.match(text, before.end)
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
    limit = _LIMIT.match(text, phrase.end)
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
        return DatePhrase(*span, day_shift=_day_shift(said["rel"]), daytime="晚上" if "晚" in said["rel"] else None)
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
