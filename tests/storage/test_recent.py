"""What is remembered is what would be read, and no more of it than allowed."""

from domain.ledger import Activity
from storage.ledger import Head
from storage.recent import Recent
from storage.sealing import Vault
from storage.store import Store
from tests.storage.said import KEY, NOW, YEARS, change, claim, done, message, opened, raw

WANG, LI = ("official", "wx1", "oWang"), ("official", "wx1", "oLi")


async def test_remembered_entries_are_those_of_the_database(store: Store, url: str) -> None:
    await done(store, message(1), claim("甲"))
    for number in range(2, 8):
        said = message(number)
        turn = await opened(store, said)
        new = [claim(str(number), year) for year in (2024, 2025, 2026)]
        await store.settle(change(said, turn, *new), NOW, durable=True)
        remembered = (await opened(store, said)).entries
        assert remembered == await store.load_entries(turn.person.id, YEARS)
    assert len(remembered) == 13
    narrow = await store.open_turn(message(8), NOW, (2025,), "a")
    assert {entry.year for entry in narrow.entries} == {2025}


async def test_another_process_s_entries_and_a_destroyed_key_are_seen_at_once(url: str) -> None:
    store = await Store.open(url, Vault([KEY]))
    person = (await done(store, message(1), claim("甲"))).person.id
    await opened(store, message(2))
    if url.startswith("sqlite"):
        await store.close()
    other = await Store.open(url, Vault([KEY]))
    await done(other, message(3), claim("乙"))
    await other.close()
    if url.startswith("sqlite"):
        store = await Store.open(url, Vault([KEY]))
    assert [entry.seq for entry in (await opened(store, message(4))).entries] == [1, 2]
    await raw(url, f"DELETE FROM person_keys WHERE person_id = '{person}'")
    activities = [entry.activity for entry in (await opened(store, message(5))).entries]
    assert [activity.title for activity in activities if isinstance(activity, Activity)] == ["", ""]
    await store.close()


def test_it_forgets_who_has_not_written_for_longest() -> None:
    recent, head = Recent(limit=5), Head(0, "h")
    recent.keep(WANG, YEARS, head, [])
    recent.keep(LI, YEARS, head, [])
    assert recent.entries(WANG, YEARS, head) == []
    for number in range(4):
        recent.keep(("official", "wx1", str(number)), YEARS, head, [])
    assert not recent.knows(LI, YEARS)
    assert recent.knows(WANG, YEARS)
    assert recent.entries(WANG, YEARS, Head(1, "other")) is None
    assert recent.entries(WANG, (2026,), head) is None
