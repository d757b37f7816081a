"""What desk work keeps: figures of departments, people page by page, differences decided once; nothing of others."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.batch import Batch, BatchKind, BatchState, Cause, Difference, DifferenceState, Official
from domain.person import Role
from domain.vocabulary import Category
from rules.book import load
from storage.members import Employee
from storage.refusals import Conflict
from storage.sheets_differences import PAGE
from storage.store import Store
from tests.console.people import course, joined, settle
from tests.talk import ZONE

UNIT, OTHER = "江河设计院", "市第二医院"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=ZONE)
BOOK = load()


async def somebody(store: Store, name: str, unit: str, department: str, hours: float) -> str:
    known = await joined(store, name, unit, department, NOW - timedelta(days=3), BOOK)
    if hours:
        new = (course(Category.PUBLIC, hours, date(2026, 6, 3)),)
        await settle(store, known.sender, 2, NOW - timedelta(days=2), BOOK, entries=new)
    return known.id


async def test_figures_of_departments_count_people_and_hours(store: Store) -> None:
    await somebody(store, "张伟", UNIT, "一所", 8)
    await somebody(store, "李娜", UNIT, "一所", 0)
    await somebody(store, "吴迪", OTHER, "内科", 6)
    await store.desk.import_roster(UNIT, [Employee("未绑定", "13912345678", "", "二所")], NOW)
    groups = {(unit, department): values for unit, department, values in await store.sheets.groups((UNIT,), 2026)}
    assert set(groups) == {(UNIT, "一所"), (UNIT, "二所")}
    first, second = groups[UNIT, "一所"], groups[UNIT, "二所"]
    assert (first["people"], first["took_part"], first["public_claimed"], first["with_verified"]) == (2, 1, 8, 0)
    assert (second["people"], second["known"], second["took_part"]) == (1, 0, 0)
    assert await store.sheets.groups((), 2026) == []
    ids = await store.sheets.member_ids((UNIT,))
    assert len(ids) == 3
    assert len(await store.sheets.member_ids((UNIT,), "一所", bound=True)) == 2
    assert next(one.name for _, one in await store.sheets.people_of((UNIT,), ids)) in {"张伟", "李娜"}
    assert await store.sheets.people_of((OTHER,), ids) == []
    assert await store.sheets.departments(UNIT) == {"一所": 2, "二所": 1}


async def test_what_a_unit_fills_in_stands_until_it_is_filled_in_anew(store: Store) -> None:
    by = await somebody(store, "王芳", UNIT, "人事处", 0)
    assert await store.sheets.figures(UNIT, 2026) == {}
    await store.sheets.set_figures(UNIT, 2026, {"spent": 100.5}, by, NOW)
    await store.sheets.set_figures(UNIT, 2026, {"spent": 200, "remark": "审定"}, by, NOW)
    assert await store.sheets.figures(UNIT, 2026) == {"spent": 200, "remark": "审定"}
    assert await store.sheets.figures(UNIT, 2025) == {}


async def begun(store: Store) -> tuple[Batch, str]:
    by = await somebody(store, "王芳", UNIT, "人事处", 0)
    await store.grant(by, UNIT, Role.HR_ADMIN)
    batch = Batch("b" * 24, UNIT, BatchKind.OFFICIAL, BatchState.READ, by, NOW, content={"source": "平台"})
    await store.sheets.open(batch, NOW)
    return batch, by


def difference(batch: Batch, number: int, cause: Cause, person_id: str | None = None) -> Difference:
    record = Official("数字素养提升", 10, date(2026, 3, 1), date(2026, 3, 2), 2026, "public", "学院", "A1", 7)
    told = course(Category.PUBLIC, 8, date(2026, 6, 3)).activity
    return Difference(
        batch.id, number, cause, DifferenceState.OPEN, "张伟", "一所", 2026, record, told, "c" * 40, person_id, True
    )


async def test_differences_are_listed_by_cause_and_decided_once(store: Store) -> None:
    batch, by = await begun(store)
    whose = await somebody(store, "张伟", UNIT, "一所", 0)
    several = [difference(batch, number, Cause.HOURS, whose) for number in range(PAGE + 1)]
    several.append(difference(batch, PAGE + 1, Cause.UNKNOWN))
    await store.sheets.commit(store.sheets.differ(several))
    first, more = await store.sheets.differences(batch.id, "hours", "open")
    assert (first, more) == (several[:PAGE], True)
    rest, more = await store.sheets.differences(batch.id, "hours", "open", first[-1].number)
    assert ([one.number for one in rest], more) == ([PAGE], False)
    await store.sheets.commit([store.sheets.decide(first[3], DifferenceState.ACCEPTED, by, NOW)])
    with pytest.raises(Conflict):
        await store.sheets.commit([store.sheets.decide(first[3], DifferenceState.KEPT, by, NOW)])
    (found,) = await store.sheets.find_differences(batch.id, [3, 999])
    assert found == replace(several[3], state=DifferenceState.ACCEPTED, decided_at=found.decided_at)
    assert await store.sheets.difference_tally(batch.id) == {
        (Cause.HOURS, DifferenceState.OPEN): PAGE,
        (Cause.HOURS, DifferenceState.ACCEPTED): 1,
        (Cause.UNKNOWN, DifferenceState.OPEN): 1,
    }
    await store.erase(whose, NOW)
    assert list(await store.sheets.difference_tally(batch.id)) == [(Cause.UNKNOWN, DifferenceState.OPEN)]


async def test_a_batch_is_its_units_and_moves_by_state(store: Store) -> None:
    batch, _ = await begun(store)
    assert await store.sheets.find(batch.id, (OTHER,)) is None
    assert await store.sheets.find(batch.id, ()) is None
    assert await store.sheets.recent((OTHER,), tuple(BatchKind)) == []
    (listed,) = await store.sheets.recent((UNIT, OTHER), (BatchKind.OFFICIAL,))
    assert listed.content == {"source": "平台"}
    await store.sheets.change(BatchState.READ, replace(batch, state=BatchState.STOPPED, ended_at=NOW), NOW)
    with pytest.raises(Conflict):
        await store.sheets.change(BatchState.READ, replace(batch, state=BatchState.RUNNING), NOW)
