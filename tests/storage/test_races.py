"""Several at once: on PostgreSQL two processes' stores, on SQLite the tasks of one."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from domain.dialog import Dialog
from domain.ledger import EntryKind
from storage.sealing import Vault
from storage.store import Conflict, NotTaken, Settled, Store
from storage.verification import verify
from tests.databases import postgresql_url
from tests.storage.said import KEY, NOW, YEARS, change, claim, later, message, opened

ROUNDS = 15


@pytest.fixture
async def pair(store: Store, url: str) -> AsyncIterator[tuple[Store, Store]]:
    """Two stores of one database, as two processes have them; on SQLite it is one."""
    if url.startswith("sqlite"):
        yield store, store
    else:
        other = await Store.open(url, Vault([KEY]))
        yield store, other
        await other.close()


async def turn(store: Store, number: int, runner: str, entries: int = 1, sender: str = "oWang") -> Settled | None:
    """A whole turn, tried again after each conflict; None when another runs or has run the message."""
    said, retake = message(number, sender), False
    while True:
        read = await store.open_turn(said, NOW, YEARS, runner, retake=retake)
        if read.status != "new":
            return None
        try:
            claims = [claim(f"{number}.{place}") for place in range(entries)]
            return await store.settle(change(said, read, *claims, dialog=Dialog(topic="x")), NOW, durable=True)
        except Conflict:
            retake = True


async def test_one_message_raced_for_is_run_once(pair: tuple[Store, Store], url: str) -> None:
    for number in range(ROUNDS):
        racers = [turn(pair[racer % 2], number, f"r{racer}") for racer in range(6)]
        results = await asyncio.gather(*racers)
        assert sum(result is not None for result in results) == 1
    person = (await opened(pair[0], message(99))).person.id
    entries = await pair[1].load_entries(person, None)
    assert [entry.seq for entry in entries] == list(range(1, ROUNDS + 1))
    assert (await verify(url, print)).findings == 0


async def test_different_messages_of_one_person_end_in_one_chain(pair: tuple[Store, Store], url: str) -> None:
    results = await asyncio.gather(*(turn(pair[number % 2], number, f"r{number}", 3) for number in range(20)))
    assert None not in results
    person = (await opened(pair[0], message(99))).person.id
    entries = await pair[0].load_entries(person, None)
    assert [entry.seq for entry in entries] == list(range(1, 61))
    assert Counter(entry.kind for entry in entries) == {EntryKind.HOURS_CLAIMED: 60}
    assert (await opened(pair[1], message(98))).dialog.version == 20
    assert (await verify(url, print)).findings == 0


async def test_a_new_person_made_by_two_at_once_is_one(pair: tuple[Store, Store]) -> None:
    for number in range(ROUNDS):
        sender = f"o{number}"
        both = await asyncio.gather(
            opened(pair[0], message(1, sender), runner="a"), opened(pair[1], message(2, sender), runner="b")
        )
        assert both[0].person == both[1].person
        assert {read.status for read in both} == {"new"}


async def test_an_answer_is_passive_or_in_the_outbox_never_both_nor_neither(pair: tuple[Store, Store]) -> None:
    ways: Counter[bool] = Counter()
    for number in range(ROUNDS * 2):
        said = message(number, f"o{number}")
        read = await opened(pair[0], said)
        settled, late = await asyncio.gather(
            pair[0].settle(change(said, read), NOW, durable=True), pair[1].mark_late(said, NOW)
        )
        assert settled.late != late.settled
        assert (late.answer is not None) == late.settled
        sent = await pair[1].take_deliveries(later(1), 10, "s")
        assert len(sent) == settled.late
        ways[settled.late] += 1
    assert sum(ways.values()) == ROUNDS * 2


async def test_a_delivery_is_taken_by_one_sender_and_in_order(pair: tuple[Store, Store]) -> None:
    for number in range(10):
        said = message(number, f"o{number % 3}")
        read = await opened(pair[0], said)
        replies = tuple(f"{number:02}{place}" for place in range(4))
        await pair[0].settle(change(said, read, replies=replies), later(number / 1000), durable=True)
    sent: dict[str, list[str]] = {}

    async def send(store: Store, runner: str) -> None:
        while sum(map(len, sent.values())) < 30:
            await asyncio.sleep(0)
            for delivery in await store.take_deliveries(later(1), 2, runner):
                assert delivery.id is not None
                await store.begin_delivery(delivery.id, later(1))
                sent.setdefault(delivery.recipient, []).append(delivery.reply.text)
                await store.finish_delivery(delivery.id, "sent", "", later(1))

    async with asyncio.timeout(30):
        await asyncio.gather(*(send(pair[runner % 2], f"s{runner}") for runner in range(4)))
    assert {len(texts) for texts in sent.values()} == {12, 9}
    for texts in sent.values():
        assert texts == sorted(texts)


async def test_one_sender_of_several_may_begin(pair: tuple[Store, Store]) -> None:
    said = message(1)
    await pair[0].settle(change(said, await opened(pair[0], said), replies=("-", "a")), NOW, durable=True)
    (delivery,) = await pair[0].take_deliveries(later(1), 10, "s")
    assert delivery.id is not None
    begun = await asyncio.gather(
        *(pair[0].begin_delivery(delivery.id, later(1)) for _ in range(4)), return_exceptions=True
    )
    assert [type(each) for each in begun if each is not None] == [NotTaken] * 3


async def test_one_refresher_of_the_token(pair: tuple[Store, Store]) -> None:
    for number in range(ROUNDS):
        tries = (pair[racer % 2].lease_token_refresh(f"wx{number}", f"r{racer}", NOW, 15) for racer in range(6))
        assert sum(await asyncio.gather(*tries)) == 1


async def test_a_turn_cancelled_while_it_waits_leaves_the_store_usable(pair: tuple[Store, Store]) -> None:
    tasks = [asyncio.create_task(turn(pair[0], number, "a", sender=f"o{number}")) for number in range(60)]
    await asyncio.sleep(0.003)
    for task in tasks[::2]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, Settled) for result in results[1::2])
    await asyncio.gather(*(turn(pair[0], 100 + number, "a", sender=f"p{number}") for number in range(20)))


async def test_more_visits_than_connections_all_get_their_turn() -> None:
    store = await Store.open(postgresql_url(), Vault([KEY]))
    results = await asyncio.gather(*(turn(store, 1, "a", sender=f"o{number}") for number in range(100)))
    assert all(isinstance(result, Settled) for result in results)
    await store.close()
