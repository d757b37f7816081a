"""An attendance list: its columns, its rows as activities, and what a row would record for whom. Pure.

What holds for the whole list (title, days, category, …) may be said once beside it; a row's own cell goes before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from console.imports import roster
from console.sheets import cells
from console.sheets.days import days, turned
from console.sheets.headings import Found
from console.sheets.near import Names, likeness
from console.sheets.reading import Row
from console.sheets.rows import Parser, Problem, Read, problem, understood
from console.sheets.rows import mended as rows_mended
from domain.ledger import Activity, Claim
from domain.vocabulary import Category, EntryState, Mode, Unit
from storage.members import normal
from storage.sheets_roster import Listed
from wording import say

HEADINGS: dict[str, Sequence[str]] = {
    "name": (*roster.HEADINGS["name"], "参训人员", "学员姓名"),
    "phone": roster.HEADINGS["phone"],
    "id_number": roster.HEADINGS["id_number"],
    "department": roster.HEADINGS["department"],
    "title": ("培训名称", "活动名称", "课程名称", "培训班名称", "培训项目", "培训内容", "课程", "项目名称"),
    "start": ("开始日期", "开始时间", "起始日期", "培训开始日期"),
    "end": ("结束日期", "结束时间", "截止日期", "培训结束日期"),
    "days": ("日期", "培训日期", "培训时间", "学习时间", "时间", "起止日期", "起止时间"),
    "category": ("科目", "类别", "科目类别", "学时类别", "课程类别"),
    "mode": ("学习方式", "培训方式", "形式", "学习形式", "培训形式"),
    "hours": ("学时", "课时", "学时数", "认定学时", "获得学时"),
    "organizer": ("主办单位", "举办单位", "组织单位", "培训机构", "承办单位"),
    "assessed": ("考核结果", "是否合格", "考试结果", "考核", "是否考核合格"),
}
NEEDED = (("name",),)
TEXT = 200
SHARED = ("title", "start", "end", "category", "mode", "hours", "organizer")  # what may be said once
HOURS_A_DAY = 12  # more than that on a day is told
NEAR = 0.75  # titles of one day so alike are probably one event
NEW, AWAITED, VERIFY, OWN, SAME, REPEAT = "new", "awaited", "verify", "own", "same", "repeat"


def _words(cell: Any) -> str:
    return cells.words(cell, TEXT)


def _category(cell: Any) -> str:
    return cells.category(cell).value if cells.shown(cell) else ""


def _mode(cell: Any) -> str:
    return cells.mode(cell).value if cells.shown(cell) else ""


def _hours(cell: Any) -> float | None:
    return cells.hours(cell) if cells.shown(cell) else None


def parsers(year: int) -> dict[str, Parser]:
    """`year` is taken where a day is written without one."""

    def told(cell: Any) -> list[str] | None:
        if not cells.shown(cell):
            return None
        first, last = days(cell, year)
        return [first.isoformat(), last.isoformat()]

    return {
        **roster.PARSERS,
        "title": _words,
        "start": told,
        "end": told,
        "days": told,
        "category": _category,
        "mode": _mode,
        "hours": _hours,
        "organizer": _words,
        "assessed": cells.assessed,
    }


def read(row: Row, found: Found, shared: Mapping[str, Any], year: int, today: date) -> Read:
    """A row by itself, with what is said of all rows."""
    one = understood(row, found, parsers(year))
    values = {name: value for name, value in one.values.items() if value not in (None, "")}
    values = _dated({**{name: value for name, value in shared.items() if value not in (None, "")}, **values}, found)
    one = replace(one, values=values)
    unread = {each.field for each in one.problems if each.error}
    missing = [
        problem(found, name, f"{name}_missing")
        for name in ("title", "category", "mode", "hours")
        if name not in values and name not in unread
    ]
    if not {"start", "end", "days"} & unread and "start" not in values:
        missing.append(problem(found, "days" if "days" in found.columns else "start", "day_missing"))
    one = one.told(*missing)
    return one.told(*_doubts(one, found, today))


def _dated(values: dict[str, Any], found: Found) -> dict[str, Any]:
    """First and last day out of the columns that there are; a row's own days go before the list's."""
    told = values.pop("days", None)
    if told:
        values["start"], values["end"] = told
        return values
    start, end = values.get("start"), values.get("end")
    first = start[0] if isinstance(start, list) else start
    last = end[1] if isinstance(end, list) else end
    if isinstance(start, list) and not isinstance(end, list):
        last = start[1]  # the row names its own first day: the list's last day is another event's
    if first or last:
        values["start"], values["end"] = first or last, last or first
    return values


def _doubts(one: Read, found: Found, today: date) -> list[Problem]:
    """What cannot be, or hardly, in a row that could be read."""
    told = []
    at = next((name for name in ("days", "end", "start") if name in found.columns), "start")
    if "start" in one.values:
        start, end = date.fromisoformat(one.values["start"]), date.fromisoformat(one.values["end"])
        if end < start:
            told.append(problem(found, at, "day_order"))
        elif end > today:
            other = turned(end)
            fix = [other.isoformat()] * 2 if other and other <= today and start == end else None
            told.append(problem(found, at, "day_future", end.isoformat(), fix, day=end.isoformat()))
        elif start.year != end.year:
            told.append(problem(found, at, "day_years"))
        elif one.values.get("hours", 0) > HOURS_A_DAY * ((end - start).days + 1):
            told.append(problem(found, "hours", "hours_many", one.values["hours"], error=False))
    if one.values.get("assessed") is False:
        told.append(problem(found, "assessed", "not_passed"))
    return told


def activity(values: Mapping[str, Any]) -> Activity:
    """The activity of a row that has no errors."""
    return Activity(
        start=date.fromisoformat(values["start"]),
        end=date.fromisoformat(values["end"]),
        category=Category(values["category"]),
        mode=Mode(values["mode"]),
        quantity=values["hours"],
        unit=Unit.CLASS_HOUR,
        title=values["title"],
        organizer=values.get("organizer", ""),
        attrs={"assessed": True} if values.get("assessed") else {},
    )


def mended(one: Read, today: date) -> Read:
    """The row with its fixes put in; unchanged where an error has none, or where something is still wrong then."""
    fixed = rows_mended(one)
    if fixed is one:
        return one
    values = _with_days(dict(fixed.values))
    if not {"name", *SHARED} - {"organizer"} <= values.keys():
        return one
    start, end = date.fromisoformat(values["start"]), date.fromisoformat(values["end"])
    return replace(fixed, values=values) if start <= end <= today and start.year == end.year else one


def _with_days(values: dict[str, Any]) -> dict[str, Any]:
    """Days that were put in stand under the column that they were put into: as first and last day."""
    for name in ("days", "start", "end"):
        told = values.get(name)
        if isinstance(told, str) and "至" in told:
            told = told.split("至")
        if name == "days" and told:
            values["start"], values["end"] = told if isinstance(told, list) else (told, told)
            del values["days"]
        elif isinstance(told, list):
            values["start"], values["end"] = told
    if "start" in values:
        values.setdefault("end", values["start"])
    return values


class Repeats:
    """The same person at the same event twice in one list."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[int, float]] = {}

    def seen(self, one: Read, found: Found) -> Read:
        if one.wrong:
            return one
        said = one.values
        who = said.get("id_number") or said.get("phone") or f"{said.get('department', '')} {said['name']}"
        key = f"{who}\n{event_words(activity(said))}"
        number, hours = self._rows.setdefault(key, (one.number, said["hours"]))
        if number == one.number:
            return one
        if hours == said["hours"]:
            return replace(one.told(problem(found, "name", "repeat", error=False, row=number)), verdict=REPEAT)
        return one.told(problem(found, "hours", "repeat_hours", said["hours"], row=number))


def event_words(told: Activity) -> str:
    """What tells an event apart: its title and its days."""
    return f"{normal(told.title)}\n{told.start}\n{told.end}"


def key_words(unit: str, member: Listed, told: Activity) -> str:
    """What makes hours of a list once: unit, event, person and days."""
    return f"{unit}\n{member.identity}\n{event_words(told)}"


def whose(one: Read, candidates: Sequence[Listed], names: Names | None, columns: dict[str, int]) -> Listed | Problem:
    """Whom of the roster a row is about, or why that is not known."""
    found = Found(columns, 0)
    said = roster.employee(one)
    here = [each for each in candidates if each.active]
    by_number = [each for each in here if said.id_number and each.id_number == said.id_number]
    if by_number:
        return by_number[0] if by_number[0].name == said.name else problem(found, "name", "other_name", said.name)
    named = [each for each in here if each.name == said.name]
    by_phone = [each for each in named if said.phone and each.phone == said.phone]
    if by_phone:
        return by_phone[0]
    placed = [each for each in named if said.department and each.department == said.department]
    if len(placed) == 1:
        return placed[0]
    if len(named) == 1:
        if said.id_number and named[0].id_number:
            return problem(found, "id_number", "other_number", said.id_number)
        return named[0]
    if named:
        where = "、".join(sorted({each.department or "—" for each in named}))[:60]
        return problem(found, "name", "namesakes", said.name, count=len(named), where=where)
    near = names.near(said.name) if names else None
    return problem(found, "name", "nobody_near" if near else "nobody", said.name, near, near=near or "")


NEAR_OWN, OTHER_HOURS = "own_near", "own_differs"  # verdicts that keep a row out


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a row does, or why not; `claim` is the person's own record that it is about, None where there is none."""

    verdict: str
    claim: Claim | None = None

    def problem(self, one: Read, columns: dict[str, int]) -> Problem | None:
        """What somebody must look at before the row can be recorded."""
        if self.claim is None or self.verdict not in {NEAR_OWN, OTHER_HOURS}:
            return None
        was = self.claim.activity
        if self.verdict == NEAR_OWN:
            return problem(Found(columns, 0), "title", NEAR_OWN, one.values["title"], was.title, was=was.title)
        told = say(f"unit.{was.unit}", n=was.quantity)
        return problem(Found(columns, 0), "hours", OTHER_HOURS, one.values["hours"], was=told)


def meaning(told: Activity, claims: Sequence[Claim] | None, *, recorded: bool, own: bool) -> Meaning:
    """What a row that is about somebody does. `claims` are theirs of that year, None for somebody who does not use the
    service yet; `recorded`: a list has brought these hours before; `own`: the row is about whoever hands the list in.
    """
    if recorded:
        return Meaning(SAME)
    if claims is None:
        return Meaning(AWAITED)
    for claim in claims:
        theirs = claim.activity
        if claim.state not in {EntryState.CLAIMED, EntryState.VERIFIED} or not _at_once(theirs, told):
            continue
        if normal(theirs.title) != normal(told.title):
            if theirs.start == told.start and likeness(theirs.title, told.title) >= NEAR:
                return Meaning(NEAR_OWN, claim)
        elif (theirs.quantity, theirs.unit) != (told.quantity, told.unit):
            return Meaning(OTHER_HOURS, claim)
        else:
            return Meaning(SAME if claim.state is EntryState.VERIFIED or own else VERIFY, claim)
    return Meaning(OWN if own else NEW)


def _at_once(one: Activity, other: Activity) -> bool:
    return one.start <= other.end and other.start <= one.end
