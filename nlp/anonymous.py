"""A sentence without what tells who said it: names, phones, e-mail, ids, numbers of certificates, names of units.

Each is replaced by a word in brackets that says what stood there, so that the sentence still reads like one. What looks
like a number of somebody's is replaced even when it may be harmless; dates and amounts stay.
"""

import re
from functools import cache

from domain.person import Person
from nlp.features import sketch
from nlp.normalize import clean, fold
from nlp.places import pattern as places
from nlp.wordlists import entries

_LINK = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+", re.I)
_ACCOUNT = re.compile(r"(?:微信|wx|vx|qq|扣扣)号?[是为:：\s]*[\w-]{5,}", re.I)
_DATE = re.compile(r"(?:19|20)\d{2}(?:[-/.年]?(?:0?[1-9]|1[0-2])(?:[-/.月]?(?:0?[1-9]|[12]\d|3[01]))?)?")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-_/.· ]*[A-Za-z0-9]")
_SPELT = re.compile("[零〇一二三四五六七八九幺两]{7,}")
_TITLES = "老师|主任|医生|大夫|护士长|院长|校长|园长|科长|处长|局长|经理|总工|同志|同学|先生|女士|师傅|教授|书记"
_TOLD = re.compile(
    "(?P<before>我叫|我是|我姓|姓名[是为:：\\s]*|名字[是叫为:：\\s]*)(?P<name>[\u4e00-\u9fff·]{2,4})(?=$|[,，。.!！、\\s])"
)
_ORGANISATIONS = (
    "医院|卫生院|卫生室|疾控中心|大学|学院|学校|中学|小学|幼儿园|[一二三四五六七八九十]中|公司|集团|研究院|研究所|设计院|事务所"
    "|银行|水利局|住建局|教育局|卫健委|人社局|服务中心|工厂|电厂"
)
_COMPANY = re.compile("[\u4e00-\u9fffA-Za-z0-9（）()]{2,20}?(?:有限责任公司|股份有限公司|有限公司|集团|事务所)")
_DIGITS_OF_A_NUMBER = 6


def cleaned(text: str, person: Person) -> str:
    """`text` without personal data, as far as rules can see it."""
    text = clean(text)
    for own in (person.name, person.phone, person.id_number, *_units(person)):
        if own:
            text = text.replace(own, "〔本人信息〕")
    text = _LINK.sub("〔网址〕", text)
    text = _ACCOUNT.sub("〔账号〕", text)
    text = _NUMBER.sub(_number, text)
    text = _SPELT.sub("〔号码〕", text)
    text = _COMPANY.sub("〔单位〕", text)
    text = _organisation().sub("〔单位〕", text)
    text = _TOLD.sub(lambda found: found["before"] + "〔姓名〕", text)
    text = _addressed().sub(lambda found: "〔姓名〕" + found["title"], text)
    return _without_people(text)


def _units(person: Person) -> list[str]:
    return [str(person.profile[key]) for key in ("unit", "employer") if person.profile.get(key)]


def _number(found: re.Match[str]) -> str:
    """A run of letters and digits that may be somebody's number; what is left of it without dates decides."""
    said = found[0]
    if sum(char.isdigit() for char in _DATE.sub("", said)) >= _DIGITS_OF_A_NUMBER:
        return "〔号码〕"
    return said


@cache
def _organisation() -> re.Pattern[str]:
    """A unit by its full name: it begins with a place."""
    return re.compile(f"{places()}[^,，。;；\\s在去到是我的了]{{0,16}}?(?:{_ORGANISATIONS})")


@cache
def _addressed() -> re.Pattern[str]:
    surnames = "".join(sorted(name for name in entries("people.txt")["surname"] if len(name) == 1))
    return re.compile(f"[{surnames}][\u4e00-\u9fff]{{0,2}}?(?P<title>{_TITLES})")


def _without_people(text: str) -> str:
    """Without the names that reading finds; a folded text is as long as the typed one."""
    people = [term for term in sketch(fold(text)).terms if term.kind == "person"]
    for term in sorted(people, key=lambda term: -term.at):
        text = text[: term.at] + "〔姓名〕" + text[term.end :]
    return text
