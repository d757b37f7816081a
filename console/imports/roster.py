"""A roster as a list: its columns, its rows, and what a row would do to the roster that is there. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from console.sheets import cells
from console.sheets.headings import Found
from console.sheets.near import near_department
from console.sheets.reading import Row
from console.sheets.rows import Parser, Problem, Read, problem, understood
from storage.members import Employee
from storage.sheets_roster import Listed, Placing

HEADINGS: dict[str, Sequence[str]] = {
    "name": ("姓名", "名字", "员工姓名", "职工姓名", "人员姓名"),
    "phone": ("手机号", "手机", "手机号码", "电话", "联系电话", "联系方式", "移动电话", "电话号码"),
    "id_number": ("身份证号", "身份证", "身份证号码", "证件号码", "证件号", "居民身份证"),
    "department": ("部门", "科室", "所在部门", "处室", "单位部门", "所属部门", "内设机构"),
}
NEEDED = (("name",), ("phone", "id_number"))
DEPARTMENT = 100
NEW, CHANGED, SAME, REPEAT = "new", "changed", "same", "repeat"


def _department(cell: object) -> str:
    return cells.words(cell, DEPARTMENT)


PARSERS: dict[str, Parser] = {
    "name": cells.name,
    "phone": cells.phone,
    "id_number": cells.id_number,
    "department": _department,
}


def read(row: Row, found: Found) -> Read:
    """A row of the list by itself."""
    one = understood(row, found, PARSERS)
    unread = {each.field for each in one.problems if each.error}
    if not {"phone", "id_number"} & unread and not one.values.get("phone") and not one.values.get("id_number"):
        at = "phone" if "phone" in found.columns else "id_number"
        one = one.told(problem(found, at, "who_missing"))
    return one


class Repeats:
    """What the rows before have said of whom: the same again is passed over, something else is told."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[int, Employee]] = {}

    def seen(self, one: Read, found: Found) -> Read:
        if one.wrong:
            return one
        now = employee(one)
        for field, key in (("id_number", now.id_number), ("phone", now.phone)):
            if not key:
                continue
            number, before = self._rows.setdefault(f"{field} {key}", (one.number, now))
            if number == one.number:
                continue
            if before == now:
                return replace(one.told(_again(found, number)), verdict=REPEAT)
            if field == "id_number":
                return one.told(problem(found, field, "repeat_other", now.id_number, row=number))
            if before.name == now.name:
                return one.told(problem(found, "department", "repeat_differs", now.department, row=number))
            one = one.told(problem(found, field, "phone_shared", now.phone, error=False, row=number))
        return one


def _again(found: Found, number: int) -> Problem:
    return problem(found, "name", "repeat", error=False, row=number)


def employee(one: Read) -> Employee:
    return Employee(**{name: one.values.get(name, "") for name in HEADINGS})


def judged(
    one: Read, candidates: Sequence[Listed], known: Mapping[str, int], rows: Mapping[str, int], columns: dict[str, int]
) -> tuple[Read, Placing | None]:
    """What a row would do: its verdict, notices, and whom it would write. Rows that are wrong stay as they are."""
    if one.wrong or one.verdict == REPEAT:
        return one, None
    found = Found(columns, 0)
    said = employee(one)
    near = near_department(said.department, known, rows)
    if near:
        one = one.told(problem(found, "department", "department_near", said.department, near, error=False, near=near))
    there = _there(said, candidates)
    if there is None:
        namesake = next((each for each in candidates if each.active and each.name == said.name), None)
        if namesake:
            told = {"department": namesake.department or "—"}
            one = one.told(problem(found, "name", "namesake", said.name, error=False, **told))
        return replace(one, verdict=NEW), Placing(said)
    if there.name != said.name:
        one = one.told(problem(found, "name", "renamed", said.name, error=False))
    # an empty cell says nothing: it takes nothing away
    kept = {name: getattr(said, name) or getattr(there, name) for name in HEADINGS}
    placed = Employee(**kept)
    if placed == there.employee and there.active:
        return replace(one, verdict=SAME), None
    return replace(one, verdict=CHANGED), Placing(placed, there)


def _there(said: Employee, candidates: Sequence[Listed]) -> Listed | None:
    """The row of the roster that is about the same person: by ID number, else by name and phone where no two ID
    numbers say otherwise."""
    by_number = [one for one in candidates if said.id_number and one.id_number == said.id_number]
    if by_number:
        return by_number[0]
    same = [
        one
        for one in candidates
        if one.name == said.name
        and said.phone
        and one.phone == said.phone
        and not (said.id_number and one.id_number and said.id_number != one.id_number)
    ]
    return same[0] if same else None
