"""`xueshi import-roster`: a unit's employees from a spreadsheet, rehearsed before it is done. Every cell is hostile.

The first sheet's first row that names a 姓名 column is the heading; columns are known by their heading, in any order.
"""

import re
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.settings import Settings
from bot.sheets import read_table, text
from storage.members import Employee
from storage.sealing import Vault
from storage.store import Store

MAX_BYTES = 20_000_000
MAX_ROWS = 50_000
AT_ONCE = 200  # employees in one commit
_HEADINGS = {
    "name": ("姓名", "名字", "员工姓名", "职工姓名"),
    "phone": ("手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "移动电话"),
    "id_number": ("身份证", "身份证号", "身份证号码", "证件号码", "证件号"),
    "department": ("部门", "科室", "所在部门", "处室", "单位部门"),
}
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z·.\s]{2,40}")
_PHONE = re.compile(r"1\d{10}")
_ID_NUMBER = re.compile(r"\d{17}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999, 4.2
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Roster:
    """What a file holds: the employees, and what is wrong by row (counted as the spreadsheet does)."""

    employees: list[Employee]
    problems: list[tuple[int, str]]


def read_roster(path: Path) -> Roster:
    """The employees of a spreadsheet. SheetRefused when it cannot be read as one."""
    found = read_table(
        path,
        _HEADINGS,
        {"name"},
        max_bytes=MAX_BYTES,
        max_rows=MAX_ROWS,
        wanted="no column is headed 姓名 in the first rows of the first sheet",
    )
    return _read(found.rows, found.first, found.columns)


def _read(rows: list[list[Any]], first: int, columns: dict[str, int]) -> Roster:
    employees: list[Employee] = []
    problems: list[tuple[int, str]] = []
    for number, row in enumerate(rows, first):
        told = {field: text(row[at]) for field, at in columns.items() if at < len(row)}
        if not any(told.values()):
            continue
        employee = Employee(
            name=told.get("name", "").replace(" ", ""),
            phone=re.sub(r"\D", "", told.get("phone", "")).removeprefix("86"),
            id_number=re.sub(r"\s", "", told.get("id_number", "")).upper(),
            department=told.get("department", "")[:100],
        )
        wrong = _wrong(employee)
        if wrong:
            problems.append((number, wrong))
        else:
            employees.append(employee)
    problems += [(0, f"{count} rows are the same person") for count in _repeated(employees)]
    return Roster(list(dict.fromkeys(employees)), sorted(problems))


def _wrong(employee: Employee) -> str:
    if not _NAME.fullmatch(employee.name):
        return "the name is missing or is none"
    if employee.phone and not _PHONE.fullmatch(employee.phone):
        return "the phone number does not have the eleven digits of a mobile"
    if employee.id_number and not _valid(employee.id_number):
        return "the ID number is wrong (its check digit does not fit)"
    if not employee.phone and not employee.id_number:
        return "a phone number or an ID number is needed to tell people apart"
    return ""


def _valid(number: str) -> bool:
    if not _ID_NUMBER.fullmatch(number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == number[17]


def _repeated(employees: list[Employee]) -> list[int]:
    return [count for count in Counter(employees).values() if count > 1]


async def import_roster(settings: Settings, path: Path, unit: str, now: datetime, *, dry_run: bool) -> None:
    """Reads and, unless it is a rehearsal, imports; says what is or would be new, changed and no longer there."""
    roster = read_roster(path)
    store = await Store.open(settings.database_url, Vault(settings.sealing_keys))
    try:
        known = {(one.name, one.phone): one for one in await store.desk.roster(unit, also_gone=True)}
        new = [one for one in roster.employees if (one.name, one.phone) not in known]
        handed_in = {(one.name, one.phone) for one in roster.employees}
        missing = [one for key, one in known.items() if key not in handed_in and one.active]
        if not dry_run:
            for at in range(0, len(roster.employees), AT_ONCE):
                await store.desk.import_roster(unit, roster.employees[at : at + AT_ONCE], now)
    finally:
        await store.close()
    _report(roster, len(new), len(missing), unit, dry_run=dry_run)


def _report(roster: Roster, new: int, missing: int, unit: str, *, dry_run: bool) -> None:
    for number, wrong in roster.problems:
        where = f"row {number}: " if number else ""
        sys.stdout.write(f"left out, {where}{wrong}\n" if number else f"note: {wrong}\n")
    verb = "would be" if dry_run else "have been"
    there = len(roster.employees) - new
    sys.stdout.write(f"{unit}: {new} employees {verb} added, {there} {verb} updated, {len(roster.problems)} problems\n")
    if missing:
        sys.stdout.write(f"{missing} people of the unit are not in the file; they stay on its roster\n")
    if dry_run:
        sys.stdout.write("nothing was changed: run it without --dry-run to import\n")
