"""Yearly statistics of a unit, as 江西 第二十条, 四川 七（三） and 内蒙古 第二十八条 have them kept.

People and hours are counted here; funds nobody has told us, so they are what the unit fills in, and are marked so.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter import Workbook

from console.imports.pages import starts_a_formula
from domain.vocabulary import Category
from rules.book import Book
from wording import say

COUNTED = ("people", "known", "took_part", "with_verified", "complete")
FUNDS = ("spent", "from_unit", "from_people")  # 元
WORDS = ("filled_by", "remark")
BASES = (
    ("jiangxi", "decree-259", "第二十条"),
    ("sichuan", "opinion-2016-20", "七（三）"),
    ("neimenggu", "measures-2017-3", "第二十八条"),
)
_HOURS = tuple(f"{category}_{state}" for state in ("verified", "claimed") for category in Category)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a department, a unit or all: counts and hours by name."""

    unit: str
    department: str
    values: Mapping[str, float] = field(default_factory=dict)

    def __getitem__(self, name: str) -> float:
        return self.values.get(name, 0.0)

    def hours(self, state: str) -> float:
        return sum(self[f"{category}_{state}"] for category in Category)

    @property
    def per_person(self) -> float:
        """Verified hours for each of the people."""
        return round(self.hours("verified") / self["people"], 1) if self["people"] else 0.0


def summed(groups: Iterable[tuple[str, str, Mapping[str, float]]]) -> tuple[list[Figures], Figures]:
    """The figures of each department, and of all together."""
    each = [Figures(unit, department, values) for unit, department, values in groups]
    names = (*COUNTED, *_HOURS)
    return each, Figures("", "", {name: sum(one[name] for one in each) for name in names})


def bases(book: Book) -> list[str]:
    """What has such statistics kept, each with what its text names."""
    told = []
    for place, document, article in BASES:
        title = book.document(place, document).title
        told.append(say(f"console.exports.basis.{place}", title=title, article=article))
    return told


def statistics_book(
    units: Sequence[str],
    year: int,
    each: Sequence[Figures],
    whole: Figures,
    filled: Mapping[str, Any],
    book: Book,
    day: str,
) -> bytes:
    """The statistics as a workbook: the table, its departments, and what it rests on."""
    content = io.BytesIO()
    made = Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = made.add_worksheet(say("console.exports.sheet.statistics"))
    title = made.add_format({"bold": True, "font_size": 14})
    section = made.add_format({"bold": True, "bg_color": "#EEF2F6"})
    blank = made.add_format({"bg_color": "#FFF6D6", "border": 1})
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 22)
    sheet.set_column(2, 2, 60)
    sheet.write_string(0, 0, say("console.exports.statistics_title", year=year), title)
    sheet.write_string(1, 0, say("console.exports.about_units", units="、".join(units)))
    sheet.write_string(2, 0, say("console.exports.about_made", day=day))
    at = 4
    for name, rows in _sections(whole, filled):
        sheet.write_string(at, 0, say(f"console.exports.section.{name}"), section)
        sheet.write_blank(at, 1, None, section)
        sheet.write_string(at, 2, say(f"console.exports.section_note.{name}"), section)
        for key, value in rows:
            at += 1
            sheet.write_string(at, 0, say(f"console.exports.figure.{key}"))
            _put(made, sheet, at, value, blank if name == "funds" else None)
        at += 2
    for line in (*bases(book), say("document.form_not_official")):
        sheet.write_string(at, 0, line)
        at += 1
    _departments(made, each)
    made.close()
    return content.getvalue()


def _sections(whole: Figures, filled: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, Any]]]]:
    people: list[tuple[str, Any]] = [(name, whole[name]) for name in COUNTED]
    hours: list[tuple[str, Any]] = [(name, whole[name]) for name in _HOURS]
    hours += [("total_verified", whole.hours("verified")), ("total_claimed", whole.hours("claimed"))]
    hours.append(("per_person", whole.per_person))
    funds = [(name, filled.get(name)) for name in (*FUNDS, *WORDS)]
    return [("people", people), ("hours", hours), ("funds", funds)]


def _put(made: Any, sheet: Any, row: int, value: Any, given: Any) -> None:
    if isinstance(value, int | float):
        sheet.write_number(row, 1, value, given)
    elif value:
        quoted = made.add_format({"quote_prefix": True}) if starts_a_formula(value) else given
        sheet.write_string(row, 1, value, quoted)
    else:
        sheet.write_blank(row, 1, None, given)


def _departments(made: Any, each: Sequence[Figures]) -> None:
    sheet = made.add_worksheet(say("console.exports.sheet.departments"))
    head = made.add_format({"bold": True, "bg_color": "#EEF2F6", "text_wrap": True})
    quoted = made.add_format({"quote_prefix": True})
    columns = ("unit", "department", *COUNTED, *_HOURS, "total_verified", "per_person")
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, len(columns) - 1, 13)
    for at, name in enumerate(columns):
        key = f"console.exports.column.{name}" if name in {"unit", "department"} else f"console.exports.figure.{name}"
        sheet.write_string(0, at, say(key), head)
    for row, one in enumerate(each, 1):
        for at, words in enumerate((one.unit, one.department or say("console.exports.no_department"))):
            sheet.write_string(row, at, words, quoted if starts_a_formula(words) else None)
        values = [one[name] for name in (*COUNTED, *_HOURS)]
        for at, value in enumerate((*values, one.hours("verified"), one.per_person), 2):
            sheet.write_number(row, at, value)
