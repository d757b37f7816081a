"""What an official platform exports: its columns under the names that such platforms use, its rows as records. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from console.imports import attendance, roster
from console.imports.taking import Form
from console.sheets import cells
from console.sheets.days import days
from console.sheets.headings import Found
from console.sheets.reading import Row
from console.sheets.rows import Parser, Read, problem, understood
from domain.batch import BatchKind, Official

HEADINGS: dict[str, Sequence[str]] = {
    "name": (*roster.HEADINGS["name"], "学员姓名", "学员", "持证人"),
    "phone": roster.HEADINGS["phone"],
    "id_number": roster.HEADINGS["id_number"],
    "department": roster.HEADINGS["department"],
    "title": (*attendance.HEADINGS["title"], "学习内容", "学习项目", "继续教育内容", "证书名称"),
    "start": attendance.HEADINGS["start"],
    "end": (*attendance.HEADINGS["end"], "完成日期", "完成时间", "结业时间", "发证日期"),
    "days": attendance.HEADINGS["days"],
    "year": ("年度", "学习年度", "所属年度", "学年", "年份"),
    "category": (*attendance.HEADINGS["category"], "学时类型", "科目类型"),
    "hours": (*attendance.HEADINGS["hours"], "已获学时", "审核学时", "确认学时", "折算学时", "学分"),
    "organizer": (*attendance.HEADINGS["organizer"], "施教机构", "继续教育机构", "培训单位", "发证单位"),
    "number": ("证书编号", "合格证号", "证书号", "编号"),
}
NEEDED = (("name",), ("title",), ("hours",), ("year", "days", "end", "start"))
PAGE = 20
_NUMBER = 60
_HALF = 8  # characters at each end that a masked ID number shows, at most


def parsers(year: int) -> dict[str, Parser]:
    def told(cell: Any) -> list[str] | None:
        if not cells.shown(cell):
            return None
        first, last = days(cell, year)
        return [first.isoformat(), last.isoformat()]

    return {
        "name": cells.name,
        "phone": _phone,
        "id_number": _id_number,
        "department": roster.PARSERS["department"],
        "title": lambda cell: cells.words(cell, attendance.TEXT),
        "start": told,
        "end": told,
        "days": told,
        "year": _year,
        "category": lambda cell: cells.category(cell).value if cells.shown(cell) else "",
        "hours": cells.hours,
        "organizer": lambda cell: cells.words(cell, attendance.TEXT),
        "number": lambda cell: cells.words(cell, _NUMBER),
    }


def _phone(cell: Any) -> str:
    """Masked numbers tell nothing: they are left out, not refused."""
    return "" if "*" in cells.shown(cell) else cells.phone(cell)


def _id_number(cell: Any) -> str:
    said = cells.shown(cell).replace(" ", "").upper()
    return "" if "*" in said else cells.id_number(cell)


def _year(cell: Any) -> int:
    digits = "".join(each for each in cells.shown(cell) if each.isdigit())[:4]
    if len(digits) != 4 or not 1990 <= int(digits) <= 2099:
        raise cells.CellWrong("year_missing")
    return int(digits)


def form(year: int) -> Form:
    """`year` is what the records are of where they do not say; those of another year are left out."""

    def read(row: Row, found: Found) -> Read:
        return record(row, found, year)

    return Form(BatchKind.OFFICIAL, HEADINGS, NEEDED, PAGE, read)


def record(row: Row, found: Found, year: int) -> Read:
    """A row by itself. What is of another year has the verdict `other_year`."""
    one = understood(row, found, parsers(year))
    values = {name: value for name, value in one.values.items() if value not in (None, "")}
    told = values.pop("days", None) or _between(values.pop("start", None), values.pop("end", None))
    if told:
        values["start"], values["end"] = told
        values.setdefault("year", int(told[1][:4]))
    values.setdefault("year", year)
    missing = [] if "title" in values else [problem(found, "title", "title_missing")]
    verdict = "" if values["year"] == year else "other_year"
    return replace(one, values=values, verdict=verdict).told(*missing)


def _between(start: list[str] | None, end: list[str] | None) -> list[str] | None:
    some = start or end
    return None if some is None else [(start or some)[0], (end or some)[1]]


def official(one: Read) -> Official:
    """The record of a row without errors."""
    said = one.values
    return Official(
        title=said["title"],
        hours=said["hours"],
        start=date.fromisoformat(said["start"]) if "start" in said else None,
        end=date.fromisoformat(said["end"]) if "end" in said else None,
        year=said["year"],
        category=said.get("category", ""),
        organizer=said.get("organizer", ""),
        number=said.get("number", ""),
        row=one.number,
    )
