"""Batches on both databases: killed between pages, overtaken by people who talk meanwhile, taken by two workers."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.batches import batches_of
from console.batches import Batches
from console.imports.taking import attendance_form, roster_form, take_in
from domain.batch import Batch, BatchKind, BatchState
from domain.ledger import fold
from domain.person import Role
from domain.vocabulary import Category, EntryState
from rules.book import load
from storage.refusals import Conflict
from storage.sealing import Vault
from storage.store import Store
from tests.console.people import course, joined, settle
from tests.console.sheets.lists import workbook
from tests.databases import KINDS, url_of
from tests.storage.said import KEY, raw
from tests.talk import ZONE

UNIT = "江河设计院"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=ZONE)
BOOK = load()
SHARED = {
    "title": "消防安全培训",
    "start": "2026-11-03",
    "end": "2026-11-03",
    "category": "professional",
    "mode": "training_class",
    "hours": 8.0,
}
NAMES = ("张伟", "李娜", "刘洋", "杨帆", "孙丽")


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return url_of(request.param, tmp_path)


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = await Store.open(url, Vault([KEY]))
    yield opened
    await opened.close()


async def no_form(_person_id: str, _year: int, _key: str) -> None:
    return None


def worker(store: Store, now: datetime = NOW) -> Batches:
    return batches_of(store, BOOK, no_form, lambda: now, lambda: now)


async def handed_in(store: Store, by: str, path: Path, kind: BatchKind, **shared: Any) -> Batch:
    batch = Batch(f"{kind.value}-{path.stem}"[:24], UNIT, kind, BatchState.READ, by, NOW)
    batch.content.update({"file": path.name})
    form = roster_form() if kind is BatchKind.ROSTER else attendance_form(shared, NOW)
    return await take_in(store, batch, replace(form, page=2), path, NOW)


async def go(store: Store, batch: Batch, **chosen: Any) -> Batch:
    there = await store.sheets.find(batch.id, (UNIT,))
    assert there is not None
    assert there.state is BatchState.REHEARSED
    content = {**there.content, **chosen}
    going = replace(there, state=BatchState.RUNNING, place=0, tally={}, content=content)
    await store.sheets.change(BatchState.REHEARSED, going, NOW)
    return going


async def ended(store: Store, batch: Batch) -> Batch:
    there = await store.sheets.find(batch.id, (UNIT,))
    assert there is not None
    return there


async def hr(store: Store) -> str:
    admin = await joined(store, "王芳", UNIT, "人事处", NOW - timedelta(days=9), BOOK)
    await store.grant(admin.id, UNIT, Role.HR_ADMIN)
    return admin.id


async def test_a_run_that_dies_between_pages_goes_on_where_it_stopped(store: Store, url: str, tmp_path: Path) -> None:
    by = await hr(store)
    rows = [[f"新人{letter}", f"1390000{number:04d}"] for number, letter in enumerate("甲乙丙丁戊己庚辛")]
    path = workbook(tmp_path / "roster.xlsx", ["姓名", "手机号"], *rows)
    batch = await handed_in(store, by, path, BatchKind.ROSTER)
    await worker(store).work()
    await go(store, batch)
    dying = worker(store)
    moved, once = store.sheets.move, []

    async def die(*given: Any) -> None:
        if len(once) == 2:
            raise ConnectionError("gone")
        once.append(1)
        await moved(*given)

    store.sheets.move = die  # type: ignore[method-assign]
    await dying.work()
    store.sheets.move = moved  # type: ignore[method-assign]
    half = await ended(store, batch)
    assert (half.state, half.place) == (BatchState.RUNNING, 2)
    assert not await worker(store).work(), "its lease has not run out"
    later = worker(store, NOW + timedelta(minutes=2))
    assert await later.work()
    done = await ended(store, batch)
    assert (done.state, done.tally) == (BatchState.DONE, {"new": 8})
    assert await raw(url, "SELECT count(*) FROM members") == [(9,)]


async def test_people_who_talk_meanwhile_lose_nothing_and_delay_nobody(store: Store, tmp_path: Path) -> None:
    by = await hr(store)
    known = [await joined(store, name, UNIT, "结构一所", NOW - timedelta(days=9), BOOK) for name in NAMES]
    path = workbook(tmp_path / "list.xlsx", ["姓名"], *[[name] for name in NAMES])
    batch = await handed_in(store, by, path, BatchKind.ATTENDANCE, **SHARED)
    await worker(store).work()
    await go(store, batch)
    holders, talked = store.sheets.holders, []

    async def overtaken(*given: Any) -> Any:
        found = await holders(*given)
        if not talked and known[0].id in found:
            talked.append(1)
            new = (course(Category.PUBLIC, 4, NOW.date()),)
            await settle(store, known[0].sender, 7, NOW, BOOK, entries=new)
        return found

    store.sheets.holders = overtaken  # type: ignore[method-assign]
    await worker(store).work()
    store.sheets.holders = holders  # type: ignore[method-assign]
    assert talked
    assert (await ended(store, batch)).tally == {"new": 5}
    for one in known:
        claims = fold(await store.load_entries(one.id, None))
        assert [claim.state for claim in claims if claim.activity.title == SHARED["title"]] == [EntryState.VERIFIED]
    assert len(fold(await store.load_entries(known[0].id, None))) == 2
    standing = (await store.outreach.outlook(known[0].id, (2026,), NOW)).standings[0]  # type: ignore[union-attr]
    assert (standing.professional_verified, standing.public_claimed) == (8, 4)


async def test_hours_wait_for_who_has_not_come_and_are_theirs_when_they_do(
    store: Store, url: str, tmp_path: Path
) -> None:
    by = await hr(store)
    roster = workbook(tmp_path / "roster.xlsx", ["姓名", "手机号", "部门"], ["张伟", "13900000001", "一所"])
    batch = await handed_in(store, by, roster, BatchKind.ROSTER)
    await worker(store).work()
    await go(store, batch)
    await worker(store).work()
    path = workbook(tmp_path / "list.xlsx", ["姓名", "手机号"], ["张伟", "13900000001"])
    batch = await handed_in(store, by, path, BatchKind.ATTENDANCE, **SHARED)
    await worker(store).work()
    await go(store, batch)
    await worker(store).work()
    assert (await ended(store, batch)).tally == {"awaited": 1}
    assert await store.sheets.awaited(UNIT) == 1
    await worker(store).work()
    member = next(one for one in await store.desk.roster(UNIT) if one.name == "张伟")
    came = await joined(store, "张伟", "", "", NOW, BOOK)
    await raw(url, f"UPDATE members SET person_id = '{came.id}' WHERE id = {member.id}")
    for _ in range(2):
        await worker(store).work()
    (claim,) = fold(await store.load_entries(came.id, None))
    assert (claim.state, claim.activity.title, claim.proofs) == (EntryState.VERIFIED, SHARED["title"], (batch.digest,))
    assert await store.sheets.awaited(UNIT) == 0
    again = await handed_in(
        store, by, workbook(tmp_path / "list2.xlsx", ["姓名"], ["张伟"]), BatchKind.ATTENDANCE, **SHARED
    )
    await worker(store).work()
    assert (await ended(store, again)).tally == {"same": 1}


async def test_what_somebody_told_themselves_is_proved_by_the_list_not_doubled(store: Store, tmp_path: Path) -> None:
    by = await hr(store)
    known = {name: await joined(store, name, UNIT, "结构一所", NOW - timedelta(days=9), BOOK) for name in NAMES[:3]}
    new = course(Category.PUBLIC, 8, NOW.date() - timedelta(days=3))
    assert new.activity is not None
    for name, hours in (("张伟", 8.0), ("李娜", 6.0)):
        told = new.model_copy(update={"activity": new.activity.model_copy(update={"quantity": hours})})
        await settle(store, known[name].sender, 2, NOW, BOOK, entries=(told,))
    day = new.activity.start.isoformat()
    shared = {**SHARED, "title": "公需科目网络课", "category": "public", "start": day, "end": day}
    path = workbook(tmp_path / "list.xlsx", ["姓名"], ["张伟"], ["李娜"], ["刘洋"])
    batch = await handed_in(store, by, path, BatchKind.ATTENDANCE, **shared)
    await worker(store).work()
    assert (await ended(store, batch)).tally == {"verify": 1, "wrong": 1, "new": 1}
    await go(store, batch, partial=True)
    await worker(store).work()
    states = {
        name: [claim.state for claim in fold(await store.load_entries(one.id, None))] for name, one in known.items()
    }
    assert states == {
        "张伟": [EntryState.VERIFIED],
        "李娜": [EntryState.CLAIMED],
        "刘洋": [EntryState.VERIFIED],
    }


async def test_two_workers_share_nothing_and_a_stopped_batch_is_left(store: Store, tmp_path: Path) -> None:
    by = await hr(store)
    path = workbook(tmp_path / "roster.xlsx", ["姓名", "手机号"], ["新人甲", "13900000001"])
    batch = await handed_in(store, by, path, BatchKind.ROSTER)
    taken = await store.sheets.take(NOW)
    assert taken is not None
    assert await store.sheets.take(NOW) is None
    await store.sheets.change(BatchState.REHEARSING, replace(taken, state=BatchState.STOPPED, ended_at=NOW), NOW)
    with pytest.raises(Conflict):
        await store.sheets.move(taken, {}, [], NOW)
    assert (await ended(store, batch)).state is BatchState.STOPPED


async def test_batches_whose_time_is_over_are_deleted_with_their_rows(store: Store, tmp_path: Path) -> None:
    by = await hr(store)
    path = workbook(tmp_path / "roster.xlsx", ["姓名", "手机号"], ["新人甲", "13900000001"])
    batch = await handed_in(store, by, path, BatchKind.ROSTER)
    assert batch.total == 1
    await store.purge(NOW + timedelta(days=29))
    assert await store.sheets.find(batch.id, (UNIT,)) is not None
    await store.purge(NOW + timedelta(days=31))
    assert await store.sheets.find(batch.id, (UNIT,)) is None
    assert await store.sheets.page(batch.id, "rows", 0) is None
