"""`xueshi import-deadlines`: the days that a unit sets for its people, from a spreadsheet, all of them or none.

The first sheet's first row that names 年度, 事项 and 截止日期 is the heading; columns are known by it, in any
order. Every cell is hostile: what cannot be read is named by row and column, with the cure.
"""

import re
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.settings import Settings
from bot.sheets import SheetRefused, read_table, text
from domain.reminder import DeadlineSetting
from rules.values import DeadlineKind
from storage.sealing import Vault
from storage.store import Store

MAX_BYTES = 5_000_000
MAX_ROWS = 2_000
_HEADINGS = {
    "year": ("年度", "学习年度", "年份"),
    "kind": ("事项", "类型", "截止事项"),
    "closes": ("截止日期", "截止", "截止时间", "最后一天"),
    "opens": ("开始日期", "开始", "起始日期"),
    "series": ("职称系列", "系列"),
    "category": ("科目", "类别"),
    "label": ("说明", "名称", "备注"),
    "source": ("依据", "来源", "文件", "通知"),
}
_KINDS = {
    DeadlineKind.EARN_BY: ("学完", "学习截止", "完成学习", "学时截止", "完成"),
    DeadlineKind.SUBMIT_BY: ("提交", "申报", "提交材料", "提交审核", "交材料"),
    DeadlineKind.PLATFORM_CLOSES: ("平台关闭", "平台关闭时间", "系统关闭", "关闭"),
    DeadlineKind.REVIEW_WINDOW: ("评审", "职称评审", "评审申报", "评审受理"),
}
_CATEGORIES = {
    "": "",
    "全部": "",
    "公需": "public",
    "公需科目": "public",
    "专业": "professional",
    "专业科目": "professional",
}
_DAY = re.compile(r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?(?:\s.*)?")
_KIND_NAMES = ", ".join(names[0] for names in _KINDS.values())
_SHEET = f"columns headed {', '.join(names[0] for names in _HEADINGS.values())}; the first three are needed"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds: the settings, and what is wrong by row (counted as the spreadsheet does)."""

    settings: list[DeadlineSetting]
    problems: list[tuple[int, str]]


def read_deadlines(path: Path, unit: str) -> Sheet:
    """The days of a spreadsheet. SheetRefused when it cannot be read as one."""
    found = read_table(
        path,
        _HEADINGS,
        {"year", "kind", "closes"},
        max_bytes=MAX_BYTES,
        max_rows=MAX_ROWS,
        wanted=f"the first rows of the first sheet are no heading: write {_SHEET}",
    )
    return _read(found.rows, found.first, found.columns, unit)


def _read(rows: list[list[Any]], first: int, columns: dict[str, int], unit: str) -> Sheet:
    settings: dict[tuple[object, ...], DeadlineSetting] = {}
    problems: list[tuple[int, str]] = []
    for number, row in enumerate(rows, first):
        told = {field: row[at] for field, at in columns.items() if at < len(row)}
        if not any(text(cell) for cell in told.values()):
            continue
        try:
            one = _setting(told, unit)
        except ValueError as wrong:
            problems.append((number, str(wrong)))
            continue
        key = (one.year, one.series, one.kind, one.category)
        if key in settings:
            problems.append((number, "this day stands in an earlier row already"))
        settings[key] = one
    return Sheet(list(settings.values()), problems)


def _setting(told: dict[str, Any], unit: str) -> DeadlineSetting:
    year = re.fullmatch(r"(\d{4})年?(?:度)?", text(told.get("year", "")))
    if year is None or not 1990 <= int(year[1]) <= 2100:
        raise ValueError("年度: write a year such as 2026")
    kinds = {word: kind for kind, words in _KINDS.items() for word in words}
    kind = kinds.get(text(told.get("kind", "")))
    if kind is None:
        raise ValueError(f"事项: write one of {_KIND_NAMES}")
    category = _CATEGORIES.get(text(told.get("category", "")))
    if category is None:
        raise ValueError("科目: write 公需 or 专业, or leave it empty")
    closes = _day(told.get("closes"), "截止日期")
    opens = _day(told["opens"], "开始日期") if text(told.get("opens", "")) else None
    if closes is None:
        raise ValueError("截止日期: it is missing")
    if opens is not None and opens > closes:
        raise ValueError("开始日期: it comes after 截止日期")
    if not -1 <= closes.year - int(year[1]) <= 2:
        raise ValueError("截止日期: it lies years away from 年度")
    return DeadlineSetting(
        unit=unit,
        year=int(year[1]),
        series=text(told.get("series", ""))[:40],
        kind=kind.value,
        category=category,
        opens=opens,
        closes=closes,
        label=text(told.get("label", ""))[:100],
        source=text(told.get("source", ""))[:200],
    )


def _day(cell: Any, column: str) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    said = text(cell if cell is not None else "")
    found = _DAY.fullmatch(said)
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"])) if found else _no_day(said, column)
    except ValueError:
        return _no_day(said, column)


def _no_day(said: str, column: str) -> date | None:
    if said:
        raise ValueError(f"{column}: write a day such as 2026-12-10")
    return None


async def import_deadlines(settings: Settings, path: Path, unit: str, now: datetime, *, dry_run: bool) -> bool:
    """Reads and, unless it is a rehearsal or a row is wrong, sets the days; whether every row was right."""
    if not 0 < len(unit.strip()) <= 100:
        raise SheetRefused("the unit's name has 1 to 100 characters")
    sheet = read_deadlines(path, unit.strip())
    store = await Store.open(settings.database_url, Vault(settings.sealing_keys))
    try:
        known = await store.outreach.deadlines_of(unit.strip())
        if not dry_run and not sheet.problems:
            await store.outreach.set_deadlines(sheet.settings, now)
    finally:
        await store.close()
    _report(sheet, sum(one in known for one in sheet.settings), unit.strip(), dry_run=dry_run)
    return not sheet.problems


def _report(sheet: Sheet, same: int, unit: str, *, dry_run: bool) -> None:
    for number, wrong in sheet.problems:
        sys.stdout.write(f"row {number}, {wrong}\n")
    if sheet.problems:
        sys.stdout.write(f"{unit}: nothing was changed; put the {len(sheet.problems)} rows right and import again\n")
        return
    verb = "would be" if dry_run else "have been"
    sys.stdout.write(f"{unit}: {len(sheet.settings) - same} days {verb} set, {same} stand already\n")
