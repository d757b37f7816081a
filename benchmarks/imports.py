"""How fast a list of 50,000 rows is taken in, rehearsed and run, and how much memory that takes.

Run with `python -m benchmarks.imports [--rows N] [--bound N] [--databases sqlite,postgresql]`. Each import is a process
of its own. The bare read is the same sheet read by the same library with nothing done to it: what cannot be saved.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook

from bot.batches import batches_of
from console.imports.taking import Form, attendance_form, roster_form, take_in
from domain.batch import Batch, BatchKind, BatchState
from domain.person import Role
from rules.book import load
from storage import members, people
from storage.sealing import Vault
from storage.store import Store
from tests.databases import url_of

UNIT = "某某集团"
HR = "h" * 32
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
SHARED = {
    "title": "安全生产培训",
    "start": "2026-11-03",
    "end": "2026-11-04",
    "category": "professional",
    "mode": "training_class",
}
BARE = """
import sys, time
from python_calamine import CalamineWorkbook
began = time.perf_counter()
rows = sum(1 for _ in CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).iter_rows())
print(time.perf_counter() - began)
"""


def sheet(path: Path, rows: int) -> None:
    book = Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet("名册")
    page.write_row(0, 0, ["序号", "姓名", "手机号", "部门", "学时"])
    for number in range(rows):
        page.write_row(
            number + 1, 0, [number + 1, name(number), str(13800000000 + number), f"部门{number % 40:02d}", 8]
        )
    book.close()


def name(number: int) -> str:
    letters = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国文辉力安"
    return letters[number % 20] + letters[20 + number // 20 % 30] + letters[20 + number // 600 % 30]


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url, Vault([bytes(range(32))]))
    try:
        yield store
    finally:
        await store.close()


async def seeded(url: str) -> None:
    async with opened(url) as store:
        await store._driver.run(_people([HR]), durable=True)
        await store.grant(HR, UNIT, Role.HR_ADMIN)


async def bind(url: str, count: int) -> None:
    """So many of the roster have said who they are."""
    async with opened(url) as store:
        roster = (await store.desk.roster(UNIT))[:count]
        for at in range(0, len(roster), 20):
            some = roster[at : at + 20]
            await store._driver.run(_people([f"{one.id:032d}" for one in some]))
            await store._driver.run(_bound([(one.id, f"{one.id:032d}") for one in some]))


def _people(ids: list[str]) -> Any:
    for id_ in ids:
        yield people.created(id_, NOW)
    for id_ in ids:
        yield (people.change(Vault([bytes(range(32))]), id_, {"region": "sichuan", "consented_at": NOW}),)


def _bound(pairs: list[tuple[int, str]]) -> Any:
    for member_id, person_id in pairs:
        values = {"of": member_id, "who_it_is": person_id, "now": NOW}
        yield (members.Step(members._BIND, values),)


async def imported(url: str, kind: str, path: Path) -> dict[str, Any]:
    """Seconds and resident memory (MB) of each step, and what became of the rows."""
    form: Form = roster_form() if kind == "roster" else attendance_form(SHARED, NOW)
    book = load()
    marks: list[dict[str, Any]] = []
    async with opened(url) as store:
        began = time.perf_counter()

        def mark(step: str) -> None:
            seconds, cpu = round(time.perf_counter() - began, 2), round(time.process_time(), 2)
            marks.append({"step": step, "seconds": seconds, "cpu": cpu, "mb": resident()})

        mark("start")
        batch = Batch(f"bench-{kind}-{time.time_ns()}"[:24], UNIT, BatchKind(kind), BatchState.READ, HR, NOW)
        batch.content.update({"file": path.name, "shared": SHARED})
        batch = await take_in(store, batch, form, path, NOW)
        mark("taken")
        work = batches_of(store, book, _no_form, lambda: NOW, lambda: NOW)
        await work.work()
        mark("rehearsed")
        there = await store.sheets.find(batch.id, (UNIT,))
        assert there is not None
        going = Batch(**{**_values(there), "state": BatchState.RUNNING, "place": 0, "tally": {}})
        await store.sheets.change(BatchState.REHEARSED, going, NOW)
        stopped = asyncio.create_task(_quarters(store, batch, mark))
        await work.work()
        await stopped
        mark("run")
        done = await store.sheets.find(batch.id, (UNIT,))
        assert done is not None
        assert done.state is BatchState.DONE, done.state
        return {"marks": marks, "tally": done.tally, "rows": done.rows}


async def _no_form(_person_id: str, _year: int, _key: str) -> None:
    return None


def _values(batch: Batch) -> dict[str, Any]:
    return {field: getattr(batch, field) for field in Batch.__dataclass_fields__}


async def _quarters(store: Store, batch: Batch, mark: Any) -> None:
    """Marks each quarter of the run, so that memory which grows is seen."""
    seen = 0
    while seen < 3:
        await asyncio.sleep(0.25)
        there = await store.sheets.find(batch.id, (UNIT,))
        if there is None or there.state is not BatchState.RUNNING:
            return
        while seen < 3 and there.place * 4 >= there.total * (seen + 1):
            seen += 1
            mark(f"{seen}/4")


def resident() -> int:
    """Memory of this process's own; pages of the database file that it has mapped are the machine's."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1]) >> 10


def child(*arguments: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.imports", *arguments], capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr.decode()[-3000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(database: str, kind: str, found: dict[str, Any], bare: float) -> None:
    steps = {mark["step"]: mark for mark in found["marks"]}
    rows, whole = found["rows"], steps["run"]["seconds"]
    print(
        f"{database} {kind}: {rows} rows in {whole:.1f} s, {rows / whole:,.0f} a second, {whole / bare:.0f} bare reads"
    )
    print(
        "   "
        + "  ".join(
            f"{mark['step']} {mark['seconds']:.1f} s ({mark['cpu']:.1f} of cpu) {mark['mb']} MB"
            for mark in found["marks"]
        )
    )
    print(f"   {found['tally']}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--bound", type=int, default=10_000)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--kinds", default="roster,again,attendance")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    asked, _ = parser.parse_known_args()
    if asked.one:
        url, kind, path = asked.one
        print(json.dumps(asyncio.run(imported(url, kind, Path(path)))))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        sheet(path, asked.rows)
        tries = [subprocess.run([sys.executable, "-c", BARE, path], capture_output=True, check=True) for _ in range(3)]
        bare = min(float(one.stdout) for one in tries)
        print(f"bare read of {asked.rows} rows: {bare:.2f} s")
        for database in asked.databases.split(","):
            url = url_of(database, Path(folder))
            asyncio.run(seeded(url))
            report(database, "roster", child("--one", url, "roster", str(path)), bare)
            if "again" in asked.kinds:
                report(database, "roster again", child("--one", url, "roster", str(path)), bare)
            if "attendance" in asked.kinds:
                asyncio.run(bind(url, asked.bound))
                report(database, "attendance", child("--one", url, "attendance", str(path)), bare)


if __name__ == "__main__":
    main()
