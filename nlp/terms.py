"""The field's terms: categories, learning modes, review levels, work fields, entries by number, people, departments."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from domain.vocabulary import Category, Mode, WorkField
from nlp.numerals import CHINESE, integer_of
from nlp.places import code_of
from nlp.places import pattern as place_pattern
from nlp.wordlists import entries


@dataclass(frozen=True, slots=True)
class Term:
    """One term found: `kind` is a slot name; `value` is that slot's value."""

    at: int
    end: int
    kind: str
    value: Any


_INDEX = (
    rf"(?!第[一1]次(?!的|那|记|登))第[ ]?(?P<index>[0-9]{{1,4}}|{CHINESE}{{1,4}})[ ]?(?:条|个|项|笔|次|号|行|份|单)?"
    rf"(?:记录|登记|申报)?|(?:编号|序号|no\.?|#)[ ]?(?P<index2>[0-9]{{1,4}})"
    rf"|(?<![0-9第.])(?P<index3>[0-9]{{1,3}})号?(?:条|笔|号(?=记录|登记|申报|那条))(?!龙|例|款)"
)


@cache
def _said(kind: str) -> dict[str, str]:
    """The values of a kind of term (category, mode, level, field) with the expression of what people say for each."""
    listed = entries("terms.txt")
    return {name.split(".")[1]: "|".join(words) for name, words in listed.items() if name.startswith(f"{kind}.")}


def _people() -> tuple[str, str]:
    """The expressions of a department and of a person's name.

    A name is a surname with one or two characters that given names use, or with a title (王工, 李主任), or 老王, and is
    followed by what follows names; words that only look like one are listed.
    """
    lists = entries("people.txt")
    firsts = "".join(name[0] for name in lists["compound"])
    given, surnames, titles = "".join(lists["given"]), "".join(lists["surname"]), "|".join(lists["title"])
    department = (
        f"(?<![托幼])(?P<department>(?:{'|'.join(lists['department.name'])})(?:分)?(?:{'|'.join(lists['department.kind'])})"
        f"|{'|'.join(lists['department.whole'])})"
    )
    person = (
        f"(?=[老小{surnames}{firsts}])(?!{'|'.join(lists['nobody'])})(?<!谢)(?<!多少)(?P<person>(?:{'|'.join(lists['compound'])})[{given}]{{1,2}}"
        f"|[老小][{surnames}](?:{titles})?(?!时)|[{surnames}](?:{titles})(?![程作会资地局共结计数体是院部学分])"
        rf"|(?<![如任为从])[{surnames}](?:某某?|[{given}]{{1,2}}))(?=[\x01 ,、:;.!?。]|{'|'.join(lists['next'])})"
    )
    return department, person


@cache
def _scanner() -> re.Pattern[str]:
    department, person = _people()
    parts = [f"(?P<index_>{_INDEX})", department, f"(?P<region>{place_pattern()})", person]
    parts += [
        f"(?P<{kind}_{value}>{said})" for kind in ("category", "level", "mode") for value, said in _said(kind).items()
    ]
    return re.compile("|".join(parts))


def terms_in(text: str) -> list[Term]:
    """The terms of a folded text in order, not overlapping."""
    terms: list[Term] = []
    at = 0
    scan = _scanner().search
    while found := scan(text, at):
        term = _term(found)
        if term is None:
            at = found.start() + 1
            continue
        terms.append(term)
        at = found.end()
    return terms


def _term(found: re.Match[str]) -> Term | None:
    name = found.lastgroup or ""
    if found["index_"]:
        number = integer_of(found["index"] or found["index2"] or found["index3"] or "")
        return None if number is None else Term(found.start(), found.end(), "index", number)
    if found["department"]:
        return Term(found.start(), found.end(), "department", found["department"])
    if found["person"]:
        return Term(found.start(), found.end(), "person", found["person"])
    if found["region"]:
        return Term(found.start(), found.end(), "region", code_of(found["region"]))
    kind, _, value = name.partition("_")
    if kind == "category":
        return Term(found.start(), found.end(), kind, Category(value))
    if kind == "mode":
        return Term(found.start(), found.end(), kind, Mode(value))
    return Term(found.start(), found.end(), kind, value)


@cache
def _rank() -> dict[Mode, int]:
    return {Mode(mode): rank for rank, mode in enumerate(_said("mode"))}


def preferred_mode(modes: list[Mode]) -> Mode | None:
    """The mode that decides when several are named: 网上的讲座 is distance learning."""
    return min(modes, key=_rank().__getitem__) if modes else None


@cache
def _field_patterns() -> tuple[tuple[WorkField, re.Pattern[str]], ...]:
    return tuple((WorkField(name), re.compile(said)) for name, said in _said("field").items())


def work_field_in(text: str) -> WorkField | None:
    """The sector of work that a folded text names, if any."""
    return next((work_field for work_field, said in _field_patterns() if said.search(text)), None)


_MEETING_LEVELS = (
    ("international", re.compile("国际")),
    ("national", re.compile("国家级|全国|全国性|国家")),
    ("below_regional", re.compile("地区以下|县级|区县|县里|区级|校级|院级")),
    ("regional", re.compile("地区级|市级|地市级")),
    ("provincial", re.compile("省级|省里|全省")),
)
_JOURNAL_LEVELS = (
    ("provincial_or_above", re.compile("省级|部级|部省级|国家级|核心|sci|ei|cssci|北大核心")),
    ("municipal", re.compile("市级|市厅级")),
    ("county", re.compile("县级")),
)


def attrs_in(text: str, mode: Mode | None) -> dict[str, Any]:
    """Conditions that the rules ask about, named as in `xueshi decide`, as far as the text says them."""
    if mode is Mode.ACADEMIC_CONFERENCE:
        level = next((name for name, said in _MEETING_LEVELS if said.search(text)), None)
        return {"level": level} if level else {}
    if mode in (Mode.PAPER, Mode.PUBLICATION):
        level = next((name for name, said in _JOURNAL_LEVELS if said.search(text)), None)
        return {"journal_level": level} if level else {}
    if mode is Mode.AWARD:
        grade = re.search("([一二三四])等奖", text)
        level = "municipal" if re.search("市级|市厅|厅级|市科技", text) else "county" if "县" in text else None
        found: dict[str, Any] = {"grade": "一二三四".index(grade[1]) + 1} if grade else {}
        return found | ({"level": level} if level else {})
    if mode is Mode.SELF_STUDY:
        return {"assessed": True} if re.search("有考核|经考核|考核合格", text) else {}
    return {}
