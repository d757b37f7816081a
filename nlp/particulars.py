"""What people say of themselves beside region and field: name, employer, level, the review they aim at, appointment.

Read from set phrases; nothing is guessed from a sentence that is about something else. The names of `level` are those
of `xueshi parse` (junior intermediate associate senior); `target_level`, `review_year` and `appointment` are what
rulings and the readiness answer look for in a profile.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from nlp.normalize import clean
from nlp.wordlists import entries

_NAME = re.compile(
    "(?:^|[,，。;； ])(?:你好|您好)?[,， ]*(?:我叫|我的?名字是|我的?名字叫|姓名(?:是|为|叫|:|：)?|我的?姓名是)\\s*"
    "(?P<name>[\u4e00-\u9fff·]{2,15}?)(?=$|[,，。.!！;； ])"
)
_AM = re.compile("(?:^|[,，。;； ])我是(?P<name>[\u4e00-\u9fff]{2,3})(?=$|[,，。.!！;； ])")
_EMPLOYER = (
    re.compile("我?(?:现在|目前|一直)?(?:在|去)(?P<unit>[^,，。;；]{2,30}?)(?:上班|工作|任职|就职|教书|任教|供职)"),
    re.compile(
        "我是(?P<unit>[^,，。;；]{2,30}?)的(?:老师|教师|医生|大夫|护士|护士长|会计|工程师|员工|职工|技术员|药师|技师)"
    ),
    re.compile("(?:我的?)?(?:工作|所在)?单位(?:名称)?(?:是|叫|为|换成|改成|:|：)\\s*(?P<unit>[^,，。;；]{2,40})"),
    re.compile("我(?:换|调|转|跳槽)到(?:了)?(?P<unit>[^,，。;；]{2,30}?)(?:了|上班|工作|$)"),
)
_UNIT_WORD = re.compile(
    "医院|卫生|疾控|大学|学院|中学|小学|幼儿园|学校|[一二三四五六七八九十]中|公司|集团|研究|设计院|事务所|银行|局$|中心|厂|站|院$|社$|馆$|队$"
)
_LEVELS = (("正高", "senior"), ("副高", "associate"), ("高级", "associate"), ("中级", "intermediate"))
_JUNIOR = re.compile("初级|助理(?=$|[,，。 ]|工程师|会计师|级)|员级")
_TARGET = re.compile("(?:评|申报|报评|参评|晋升|晋级|升)(?:审|定)?(?:的?是)?(?P<level>[^,，。;；]{0,6})")
_REVIEW_YEAR = re.compile("(?P<year>今年|明年|后年|20\\d{2}年?)[^,，。;；]{0,6}?(?:评|申报|参评|晋升|晋级)")
_APPOINTED = re.compile(
    "(?P<year>20\\d{2})(?:年|[./-])(?:(?P<month>1[0-2]|0?[1-9])月?)?[^,，。;；]{0,4}(?:聘|评上|取得)|聘期?从(?P<year2>20\\d{2})年(?:(?P<month2>1[0-2]|[1-9])月)?"
)
_AHEAD = {"今年": 0, "明年": 1, "后年": 2}


@dataclass(frozen=True, slots=True)
class Particulars:
    """`facts` are entries of the profile."""

    name: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.name or self.facts)


def particulars(text: str, today: date) -> Particulars:
    """What `text` says of the person who says it."""
    said = clean(text).strip()
    facts: dict[str, Any] = {}
    unit = _employer(said)
    if unit:
        facts["employer"] = unit
    target, rest = _target(said)
    if target:
        facts["target_level"] = target
    year = _REVIEW_YEAR.search(said)
    if year:
        facts["review_year"] = today.year + _AHEAD[year["year"]] if year["year"] in _AHEAD else int(year["year"][:4])
    own = _level(rest) if re.search("我(?:现在|目前)?(?:已经)?是|我的?职称|聘", said) else None
    if own:
        facts["level"] = own
    start = _appointed(said, today)
    if start:
        facts["appointment"] = {"start": start.isoformat()}
    return Particulars(_name(said), facts)


def _name(said: str) -> str:
    found = _NAME.search(said)
    if found:
        return found["name"]
    found = _AM.search(said)
    return found["name"] if found and found["name"][0] in _surnames() and not _is_a_job(found["name"]) else ""


@cache
def _surnames() -> frozenset[str]:
    return frozenset(entries("people.txt")["surname"])


def _is_a_job(word: str) -> bool:
    return bool(re.search("[师员生士工长家]$|老师|会计|医|护|高级|中级|初级|教师|党员|职称", word))


def _employer(said: str) -> str:
    for pattern in _EMPLOYER:
        found = pattern.search(said)
        if found:
            unit = found["unit"].strip(" 的了")
            if _UNIT_WORD.search(unit) or pattern is _EMPLOYER[2]:
                return unit[:100]
    return ""


def _level(said: str) -> str | None:
    for word, level in _LEVELS:
        if word in said:
            return level
    return "junior" if _JUNIOR.search(said) else None


def _target(said: str) -> tuple[str | None, str]:
    """The level aimed at, and the words without it."""
    found = _TARGET.search(said)
    level = _level(found["level"]) if found else None
    return (level, said.replace(found[0], "")) if found and level else (None, said)


def _appointed(said: str, today: date) -> date | None:
    found = _APPOINTED.search(said)
    if not found:
        return None
    year, month = int(found["year"] or found["year2"]), int(found["month"] or found["month2"] or 1)
    start = date(year, month, 1)
    return start if date(1980, 1, 1) <= start <= today else None
