"""Deletion of a person's data: nothing personal stays, the chain still verifies, and nobody is mixed up afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import SQLModel

import storage.every_table  # noqa: F401
from domain.dialog import Dialog
from domain.paper import Form
from domain.person import Role
from domain.task import NewTask, TaskKind
from storage import erasure
from storage.refusals import Conflict
from storage.store import Ended, Store
from storage.verification import Finding, verify
from tests.storage.said import NOW, change, claim, done, message, opened, raw, withdrawal

PERSONAL = {"name": "王建国", "phone": "13800138000", "id_number": "150102199001011234", "region": "neimenggu"}


async def grown(store: Store, sender: str = "oWang") -> str:
    """A person with everything that storage keeps of one."""
    first = await done(store, message(1, sender), claim(), replies=("一", "二"), person=PERSONAL)
    person_id = first.person.id
    said = message(2, sender)
    turn = await opened(store, said)
    wanted = change(said, turn, withdrawal(first.entries[0].id), dialog=Dialog(topic="claim", draft={"title": "秘密"}))
    await store.settle(replace(wanted, tasks=(NewTask(TaskKind.RENDER_CARD),)), NOW, durable=True)
    await store.grant(person_id, "一院", Role.HR_ADMIN)
    await store.desk.keep_photo(person_id, "ab" * 32, "image/jpeg", 10, NOW)
    await store.papers.issue(Form("K7QF2M9X4TBD", person_id, 2026, NOW, {}, {}, 1))
    return person_id


async def test_nothing_personal_stays_and_the_chain_is_whole(store: Store, url: str) -> None:
    person_id = await grown(store)
    other = (await done(store, message(5, "oLi"), claim("乙"))).person.id
    await store.erase(person_id, NOW)
    for table in SQLModel.metadata.sorted_tables:
        if "person_id" in table.c and table.name not in {*erasure.CHAIN, "dialogs", "tasks"}:
            left = await raw(url, f"SELECT person_id FROM {table.name} WHERE person_id = '{person_id}'")
            assert left == [], table.name
    for entry in await store.load_entries(person_id, None):
        assert entry.note == ""
        assert entry.activity is None or (entry.activity.title, entry.activity.attrs) == ("", {})
    erased = await store.find_person(person_id)
    assert erased is not None
    assert (erased.name, erased.phone, erased.region, erased.roles, erased.profile) == (None, None, None, [], {})
    assert await raw(url, "SELECT count(*) FROM inbox WHERE words_kept = 1 AND key LIKE '%oWang%'") == [(0,)]
    assert await store.papers.find("K7QF2M9X4TBD") is None
    (kept,) = await store.load_entries(other, None)
    assert kept.activity is not None
    assert kept.activity.title == "乙"
    found: list[Finding] = []
    await verify(url, found.append)
    assert found == []


async def test_who_writes_again_is_somebody_new(store: Store) -> None:
    person_id = await grown(store)
    await store.erase(person_id, NOW)
    again = await done(store, message(7), claim("新的"))
    assert again.person.id != person_id
    assert [entry.seq for entry in again.entries] == [1]
    assert again.dialog.topic is None
    await store.erase(again.person.id, NOW)
    third = await opened(store, message(8))
    assert third.person.id not in {person_id, again.person.id}
    assert third.entries == []


async def test_erasing_again_changes_nothing(store: Store) -> None:
    person_id = await grown(store)
    await store.erase(person_id, NOW)
    fresh = (await done(store, message(7), claim("新的"))).person.id
    await store.erase(person_id, NOW)
    (entry,) = await store.load_entries(fresh, None)
    assert entry.activity is not None
    assert entry.activity.title == "新的"


async def test_a_turn_that_runs_meanwhile_is_retaken_as_the_new_person(store: Store) -> None:
    person_id = (await done(store, message(1), claim())).person.id
    said = message(2)
    turn = await opened(store, said)
    await store.erase(person_id, NOW)
    with pytest.raises(Conflict):
        await store.settle(change(said, turn, claim("后")), NOW, durable=True)
    await store.settle(change(said, await opened(store, said, retake=True), claim("后")), NOW, durable=True)
    assert len(await store.load_entries(person_id, None)) == 1
    (entry,) = await store.load_entries(erasure.successor_of(person_id), None)
    assert entry.activity is not None
    assert entry.activity.title == "后"


async def test_the_erasing_task_itself_can_end(store: Store) -> None:
    said = message(1)
    turn = await opened(store, said)
    await store.settle(replace(change(said, turn), tasks=(NewTask(TaskKind.ERASE),)), NOW, durable=True)
    (task,) = await store.take_tasks(NOW + timedelta(seconds=1), TaskKind.ERASE, 5)
    await store.erase(task.person_id, NOW)
    await store.end_task(task, Ended(done=True))
    assert not await store.waiting_tasks()
