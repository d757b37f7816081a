"""Tasks are put down once with the turn that wants them, taken by one worker at a time, and end once."""

import json
from datetime import timedelta

import pytest

from domain.task import NewTask, Task, TaskKind
from storage.refusals import Conflict
from storage.sealing import Vault
from storage.store import Change, Ended, NotTaken, Store
from storage.tasks import LEASE
from tests.storage.said import KEY, NOW, later, message, opened, raw

READ = TaskKind.READ_PROOF


def wanting(number: int, turn: object, *tasks: NewTask) -> Change:
    return Change(
        message=message(number),
        person_id=turn.person.id,  # type: ignore[attr-defined]
        dialog_version=turn.dialog.version,  # type: ignore[attr-defined]
        dialog=None,
        head=turn.head,  # type: ignore[attr-defined]
        tasks=tasks,
    )


async def put(store: Store, *contents: dict[str, object], number: int = 1) -> None:
    turn = await opened(store, message(number))
    await store.settle(wanting(number, turn, *(NewTask(READ, dict(one)) for one in contents)), NOW, durable=True)


async def take(store: Store, seconds: float = 0, limit: int = 10, kind: TaskKind = READ) -> list[Task]:
    return await store.take_tasks(later(seconds), kind, limit)


async def test_a_task_carries_whom_its_result_is_told_to(store: Store) -> None:
    await put(store, {"media_id": "m1"}, {"media_id": "m2"})
    first, second = await take(store)
    assert [first.content, second.content] == [{"media_id": "m1"}, {"media_id": "m2"}]
    assert (first.key, second.key) == (f"{message(1).key}#read_proof:0", f"{message(1).key}#read_proof:1")
    assert (first.channel, first.account, first.sender) == ("official", "wx1", "oWang")
    assert (first.kind, first.attempts) == (READ, 1)
    assert await take(store) == []


async def test_a_turn_run_again_puts_nothing_down_twice(store: Store) -> None:
    turn = await opened(store, message(1))
    change = wanting(1, turn, NewTask(READ, {"media_id": "m"}))
    await store.settle(change, NOW, durable=True)
    with pytest.raises(Conflict):
        await store.settle(change, NOW, durable=True)
    assert len(await take(store)) == 1
    assert await store.waiting_tasks() == {READ: 1}


async def test_the_oldest_come_first_and_only_of_the_kind_asked(store: Store) -> None:
    for number in (1, 2, 3):
        await put(store, {"n": number}, number=number)
    assert await take(store, kind=TaskKind.KEEP_PHOTO) == []
    assert [task.content["n"] for task in await take(store, limit=2)] == [1, 2]
    assert [task.content["n"] for task in await take(store)] == [3]


async def test_a_task_put_off_waits_until_then(store: Store) -> None:
    await put(store, {})
    (task,) = await take(store)
    await store.end_task(task, Ended(done=False, reason="ChannelBusy", again_at=later(30)))
    assert await take(store, 29.9) == []
    (again,) = await take(store, 30)
    assert (again.id, again.attempts) == (task.id, 2)


async def test_done_and_failed_tasks_are_never_taken_again(store: Store) -> None:
    await put(store, {"n": 1}, {"n": 2})
    done, failed = await take(store)
    await store.end_task(done, Ended(done=True))
    await store.end_task(failed, Ended(done=False, reason="x" * 500))
    assert await take(store, 10**6) == []
    assert await store.waiting_tasks() == {}


async def test_a_dead_worker_s_task_is_taken_over_and_ends_once(url: str, store: Store) -> None:
    await put(store, {})
    (task,) = await take(store)
    lease = LEASE.total_seconds()
    assert await take(store, lease - 0.001) == []
    (again,) = await take(store, lease)
    assert again.attempts == 2
    for ended in (Ended(done=True), Ended(done=False, again_at=later(1)), Ended(done=False)):
        with pytest.raises(NotTaken):  # the first worker wakes up late
            await store.end_task(task, ended)
    await store.end_task(again, Ended(done=True))
    with pytest.raises(NotTaken):
        await store.end_task(again, Ended(done=True))
    assert await raw(url, "SELECT state, attempts FROM tasks") == [("done", 2)]


async def test_another_process_ends_only_what_it_took(url: str, store: Store) -> None:
    if url.startswith("sqlite"):
        pytest.skip("one process only")
    await put(store, {}, {})
    other = await Store.open(url, Vault([KEY]))
    (mine,) = await take(store, limit=1)
    (theirs,) = await take(other)
    assert mine.id != theirs.id
    with pytest.raises(NotTaken):
        await store.end_task(theirs, Ended(done=True))
    await other.end_task(theirs, Ended(done=True))
    await other.close()


async def test_on_one_process_a_restart_frees_what_was_taken_at_once(url: str, store: Store) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("elsewhere others may be at work: the lease decides")
    await put(store, {})
    (task,) = await take(store)
    await store.close()
    again = await Store.open(url, Vault([KEY]))
    (taken,) = await take(again)
    assert (taken.id, taken.attempts) == (task.id, 2)
    await again.close()


async def test_what_a_task_holds_is_sealed_and_blanked_when_it_ends(url: str, store: Store) -> None:
    await put(store, {"holder": "王建国"})
    ((content,),) = await raw(url, "SELECT content FROM tasks")
    assert "王建国".encode() not in content
    assert json.dumps("王建国").encode() not in content
    (task,) = await take(store)
    await store.end_task(task, Ended(done=True))
    assert await raw(url, "SELECT content FROM tasks") == [(None,)]


async def test_tasks_are_found_again_by_a_store_with_a_rotated_key(url: str, store: Store) -> None:
    await put(store, {"media_id": "m"})
    await store.close()
    rotated = await Store.open(url, Vault([bytes(32), KEY]))
    (task,) = await rotated.take_tasks(NOW + timedelta(seconds=1), READ, 5)
    assert task.content == {"media_id": "m"}
    await rotated.close()
