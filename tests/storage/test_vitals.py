"""Figures of processes, what waits, failed messages opened again once, looks at the ledger: on both databases."""

from datetime import date, timedelta

import pytest

from domain.delivery import Purpose
from domain.vitals import SLOT, slot_of
from storage.store import Store
from storage.verification import verify
from storage.vitals import Figure, Process
from tests.storage.said import NOW, change, claim, done, later, message, opened, raw

SLOT_AT = slot_of(NOW)


async def test_figures_add_up_over_processes_and_slots(store: Store) -> None:
    await store.vitals.add(SLOT_AT, "a", {"answer": Figure(2, 0.3)})
    await store.vitals.add(SLOT_AT, "a", {"answer": Figure(1, 0.2), "repeat": Figure(1, 1)})
    await store.vitals.add(SLOT_AT, "b", {"answer": Figure(4, 4.9)})
    await store.vitals.add(SLOT_AT + SLOT, "b", {"answer": Figure(1, 0.1)})
    assert await store.vitals.totals(SLOT_AT) == {"answer": Figure(8, 4.9), "repeat": Figure(1, 1)}
    assert await store.vitals.totals(later(1200)) == {}
    series = await store.vitals.series("answer", SLOT_AT)
    assert [(point.slot, point.figure) for point in series] == [
        (SLOT_AT, Figure(7, 4.9)),
        (SLOT_AT + SLOT, Figure(1, 0.1)),
    ]
    await store.vitals.purge(SLOT_AT + SLOT)
    assert await store.vitals.totals(SLOT_AT) == {"answer": Figure(1, 0.1)}


async def test_a_series_is_asked_for_by_the_beginning_of_its_name(store: Store) -> None:
    await store.vitals.add(SLOT_AT, "a", {"within.1": Figure(1, 1), "within.5": Figure(1, 1), "without": Figure(1, 1)})
    assert {point.name for point in await store.vitals.series("within.", SLOT_AT)} == {"within.1", "within.5"}


async def test_a_process_has_one_row_however_often_it_speaks(store: Store) -> None:
    first = Process("host-1", "all", NOW, NOW, None, leads=True, details={"python": "3.11"})
    await store.vitals.beat(first)
    again = Process(
        "host-1", "all", NOW, later(60), later(60), leads=False, details={"python": "3.11", "megabytes": 90}
    )
    await store.vitals.beat(again)
    await store.vitals.beat(Process("host-2", "gateway", later(5), later(30)))
    assert await store.vitals.processes(NOW) == [again, Process("host-2", "gateway", later(5), later(30))]
    assert await store.vitals.processes(later(40)) == [again]


async def test_queues_say_how_many_wait_and_since_when(store: Store) -> None:
    seen = await opened(store, message(1))
    replies = ("一", "二")
    await store.settle(change(message(1), seen, replies=replies), NOW, durable=True)  # the second bubble waits
    await opened(store, message(2), now=later(10))
    found = await store.queues.look(later(20), NOW, date(2026, 11, 21))
    assert (found.inbox.count, found.inbox.since) == (1, later(10))
    assert found.outbox[Purpose.ANSWER].count == 1
    assert found.outbox[Purpose.ANSWER].since == NOW
    assert found.failed == found.failed_tasks == 0
    assert not found.usage
    assert not found.tokens


async def failing(store: Store, number: int = 1, *, late: bool = False) -> str:
    """A message whose turn failed; it was apologised for, late through the outbox."""
    said = message(number)
    seen = await opened(store, said)
    if late:
        await store.mark_late(said, NOW)
    await store.fail(change(said, seen, replies=("抱歉",)), "KeyError", NOW)
    return said.key


@pytest.mark.parametrize("late", [False, True])
async def test_a_failed_message_is_run_again_once_and_answered_through_the_outbox(store: Store, late: bool) -> None:
    key = await failing(store, late=late)
    (failed,) = await store.queues.failed()
    assert (failed.key, failed.reason, failed.kept) == (key, "KeyError", 1)
    again = await store.queues.reopen(key, later(100))
    assert again is not None
    assert again.text == message(1).text
    assert await store.queues.reopen(key, later(100)) is None, "whoever presses twice opens nothing twice"
    assert await store.queues.failed() == []
    seen = await opened(store, again, now=later(100))
    assert seen.status == "late"
    settled = await store.settle(change(again, seen, claim(), replies=("好了",)), later(101), durable=True)
    assert settled.late
    assert len(settled.entries) == 1
    assert (await opened(store, again, now=later(102))).status == "settled"
    assert await store.queues.stands(key) == ("settled", "")
    said = [one.reply.text for one in await store.take_deliveries(later(103), 9, "s")]
    assert said == (["抱歉", "好了"] if late else ["好了"])


async def test_a_run_that_fails_again_is_apologised_for_again_and_may_be_tried_once_more(store: Store) -> None:
    key = await failing(store, late=True)
    for second in (100, 200):
        again = await store.queues.reopen(key, later(second))
        assert again is not None
        await store.fail(change(again, await opened(store, again, now=later(second))), "ValueError", later(second))
    assert [one.reason for one in await store.queues.failed()] == ["ValueError"]
    assert len(await store.take_deliveries(later(300), 9, "s")) == 3


async def test_what_was_not_failed_or_is_not_kept_cannot_be_opened(store: Store) -> None:
    await done(store, message(1))
    assert await store.queues.reopen(message(1).key, NOW) is None
    assert await store.queues.reopen("official:wx1:nobody:msg:9", NOW) is None
    key = await failing(store, 2)
    await store.purge(NOW + timedelta(days=8))
    (failed,) = await store.queues.failed()
    assert not failed.kept
    assert await store.queues.reopen(key, NOW + timedelta(days=8)) is None


async def test_one_look_at_the_ledger_at_a_time(store: Store) -> None:
    first = await store.ledger_checks.begin("demand", "a", NOW)
    assert first is not None
    assert await store.ledger_checks.begin("night", "b", later(5)) is None
    assert await store.ledger_checks.advance(first, 3, 20, 0, later(10))
    second = await store.ledger_checks.begin("night", "b", later(1000))  # the first has been silent too long
    assert second is not None
    assert second != first
    assert not await store.ledger_checks.advance(first, 4, 30, 0, later(1001))
    await store.ledger_checks.end(second, "broken", 5, 40, ["entry 3 is missing"], 1, "ab" * 32, later(1010))
    newest, lost = await store.ledger_checks.latest()
    assert (newest.state, newest.findings, newest.told, newest.reason) == ("broken", 1, ["entry 3 is missing"], "night")
    assert (lost.state, lost.people, lost.entries) == ("lost", 3, 20)


async def test_the_root_stands_for_every_head(url: str, store: Store) -> None:
    await done(store, message(1), claim())
    progress: list[int] = []
    first = await verify(url, lambda _finding: None, lambda tally: progress.append(tally.entries))
    assert len(first.root) == 64
    assert progress == [1]
    assert (await verify(url, lambda _finding: None)).root == first.root
    await done(store, message(2, sender="oLi"), claim())
    assert (await verify(url, lambda _finding: None)).root != first.root


async def test_the_failed_are_found_by_an_index(url: str, store: Store) -> None:
    await failing(store)
    names = "SELECT indexname FROM pg_indexes" if "postgresql" in url else "SELECT name FROM sqlite_master"
    assert {("ix_inbox_failed",), ("ix_tasks_failed",)} <= set(await raw(url, names))
