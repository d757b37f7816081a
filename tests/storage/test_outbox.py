"""What is said leaves once, in order, by one sender at a time; what may have been sent is not sent again."""

from datetime import timedelta

import pytest

from domain.delivery import Delivery, DeliveryState
from storage.outbox import LEASE
from storage.sealing import Vault
from storage.store import NotTaken, Store
from tests.storage.said import KEY, NOW, change, later, message, opened


async def put(store: Store, *texts: str, sender: str = "oWang", number: int = 1) -> None:
    """Puts the texts into the outbox as the further bubbles of a turn."""
    said = message(number, sender)
    turn = await opened(store, said)
    await store.settle(change(said, turn, replies=("passive", *texts)), later(number), durable=True)


async def take(store: Store, seconds: float = 60, limit: int = 10) -> list[Delivery]:
    return await store.take_deliveries(later(seconds), limit, "s")


def texts(deliveries: list[Delivery]) -> list[str]:
    return [delivery.reply.text for delivery in deliveries]


def id_of(delivery: Delivery) -> int:
    assert delivery.id is not None
    return delivery.id


async def finish(store: Store, delivery: Delivery, state: DeliveryState, retry: float | None = None) -> None:
    again = None if retry is None else later(retry)
    await store.finish_delivery(id_of(delivery), state, "45015", later(60), again)


async def test_deliveries_are_taken_once_and_oldest_first(store: Store) -> None:
    await put(store, "c", "d", sender="oLi", number=2)
    await put(store, "a", "b")
    assert await take(store, seconds=0) == []
    taken = await take(store)
    assert texts(taken) == ["a", "b", "c", "d"]
    assert [delivery.key for delivery in taken[:2]] == [f"{message(1).key}#1", f"{message(1).key}#2"]
    assert {delivery.state for delivery in taken} == {DeliveryState.TAKEN}
    assert await take(store) == []


async def test_a_person_hears_nothing_before_what_was_to_be_said_earlier(store: Store) -> None:
    await put(store, "a", "b", "c")
    await put(store, "x", sender="oLi", number=2)
    first = await take(store, limit=2)
    assert texts(first) == ["a", "b"]
    assert texts(await take(store)) == ["x"]  # c waits for a and b
    await finish(store, first[0], DeliveryState.SENT)
    await finish(store, first[1], DeliveryState.WAITING, retry=90)
    assert texts(await take(store, seconds=89)) == []
    assert texts(await take(store, seconds=90)) == ["b", "c"]


async def test_a_refusal_is_kept_and_holds_nobody_back(store: Store) -> None:
    await put(store, "a", "b")
    (first, second) = await take(store)
    await store.begin_delivery(id_of(first), later(60))
    await finish(store, first, DeliveryState.REFUSED)
    await finish(store, second, DeliveryState.WAITING)
    assert texts(await take(store)) == ["b"]
    assert await store.outbox_counts() == {DeliveryState.REFUSED: 1, DeliveryState.TAKEN: 1}


async def test_attempts_count_the_sends_begun(store: Store) -> None:
    await put(store, "a")
    for attempts in range(3):
        (delivery,) = await take(store)
        assert delivery.attempts == attempts
        await store.begin_delivery(id_of(delivery), later(60))
        await finish(store, delivery, DeliveryState.WAITING)


async def test_a_dead_sender_s_deliveries_wait_again_or_are_in_doubt(store: Store) -> None:
    await put(store, "begun", "not begun")
    begun, other = await take(store)
    await store.begin_delivery(id_of(begun), later(60))
    after = 60 + LEASE.total_seconds()
    assert await take(store, seconds=after - 0.001) == []
    assert texts(await take(store, seconds=after)) == ["not begun"]
    assert await store.outbox_counts() == {DeliveryState.UNKNOWN: 1, DeliveryState.TAKEN: 1}
    for late in (store.begin_delivery(id_of(begun), later(after)), store.begin_delivery(999, later(after))):
        with pytest.raises(NotTaken):
            await late
    with pytest.raises(NotTaken):
        await finish(store, begun, DeliveryState.SENT)
    await store.begin_delivery(id_of(other), later(after))


async def test_a_delivery_is_begun_once(store: Store) -> None:
    await put(store, "a")
    (delivery,) = await take(store)
    await store.begin_delivery(id_of(delivery), later(60))
    with pytest.raises(NotTaken):
        await store.begin_delivery(id_of(delivery), later(60))


async def test_a_new_process_does_not_own_what_the_old_one_took(url: str) -> None:
    old = await Store.open(url, Vault([KEY]))
    await put(old, "begun", "not begun")
    begun, other = await take(old)
    await old.begin_delivery(id_of(begun), later(60))
    await old.close()
    new = await Store.open(url, Vault([KEY]))
    for delivery in (begun, other):
        with pytest.raises(NotTaken):
            await new.begin_delivery(id_of(delivery), later(60))
    alone = url.startswith("sqlite")  # then nobody else can still be sending it
    assert texts(await take(new)) == (["not begun"] if alone else [])
    assert texts(await take(new, seconds=200)) == ["not begun"]
    assert (await new.outbox_counts())[DeliveryState.UNKNOWN] == 1
    await new.close()


async def test_the_age_is_that_of_the_oldest_due(store: Store) -> None:
    assert await store.outbox_age(NOW) == 0
    await put(store, "a", number=10)
    await put(store, "b", number=20)
    assert await store.outbox_age(later(9)) == 0
    assert await store.outbox_age(later(40)) == 30
    await take(store, limit=1)
    assert await store.outbox_age(later(40)) == 20
    assert await store.outbox_counts() == {DeliveryState.TAKEN: 1, DeliveryState.WAITING: 1}


async def test_a_reason_is_cut_and_words_are_blanked_after_a_week(store: Store) -> None:
    await put(store, "a")
    (delivery,) = await take(store)
    await store.finish_delivery(id_of(delivery), "refused", "x" * 500, later(61))
    assert await store.purge(NOW + timedelta(days=8)) == 2
    assert await store.purge(NOW + timedelta(days=8)) == 0
