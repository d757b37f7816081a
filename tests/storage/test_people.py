"""Roles, sealed personal data, keys that can be destroyed, and the platform's token."""

import pytest

from domain.message import Channel
from domain.person import Role
from storage.sealing import SealBroken, Vault
from storage.store import Store, UnknownPerson
from tests.storage.said import KEY, NOW, change, claim, done, later, message, opened, raw

PERSONAL = {"name": "王小明", "phone": "13812345678", "id_number": "150102199001011234"}


async def test_people_are_found_by_id_and_by_who_they_are_to_the_platform(store: Store) -> None:
    person = (await done(store, message(1), person=PERSONAL)).person
    assert await store.find_person(person.id) == person
    assert await store.find_by_sender(Channel.OFFICIAL, "wx1", "oWang") == person
    assert await store.find_person("nobody") is None
    assert await store.find_by_sender(Channel.WECOM, "wx1", "oWang") is None


async def test_roles_are_granted_once_each(store: Store) -> None:
    id_ = (await done(store, message(1))).person.id
    for unit, role in (("市医院", Role.REVIEWER), ("市医院", Role.REVIEWER), ("一中", Role.HR_ADMIN)):
        await store.grant(id_, unit, role)
    assert (await opened(store, message(2))).person.roles == [Role.HR_ADMIN, Role.REVIEWER]
    with pytest.raises(UnknownPerson):
        await store.grant("nobody", "市医院", Role.OPERATOR)


async def test_nothing_personal_stands_open_in_the_database(store: Store, url: str) -> None:
    said = message(1, text="我昨天听了保密讲座")
    dialog_words = {"title": "秘密题目"}
    turn = await opened(store, said)
    dialog = turn.dialog.model_copy(update={"topic": "claim", "draft": dialog_words})
    await store.settle(
        change(said, turn, claim("机密研讨会"), dialog=dialog, person=PERSONAL, replies=("答复甲", "答复乙")),
        NOW,
        durable=True,
    )
    await store.save_token("wx1", "never", NOW)
    await store.lease_token_refresh("wx1", "a", NOW, 15)
    await store.save_token("wx1", "tokentokentoken", NOW)
    dump = b""
    for table in ("inbox", "people", "dialogs", "ledger", "deliveries", "tokens", "person_keys"):
        for row in await raw(url, f"SELECT * FROM {table}"):
            dump += b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
    assert b"oWang" in dump  # the dump does hold the rows
    for words in (*PERSONAL.values(), "讲座", "秘密", "机密", "人社厅", "province", "答复", "tokentoken"):
        assert words.encode() not in dump, words


async def test_keys_rotate(url: str) -> None:
    old, new = KEY, bytes(32)
    store = await Store.open(url, Vault([old]))
    await done(store, message(1), claim("甲"), person=PERSONAL)
    await store.close()
    store = await Store.open(url, Vault([new, old]))
    await done(store, message(2), claim("乙"))
    entries = (await opened(store, message(3))).entries
    assert [entry.activity.title for entry in entries if entry.activity] == ["甲", "乙"]
    await store.close()
    store = await Store.open(url, Vault([new]))
    with pytest.raises(SealBroken) as broken:
        await opened(store, message(4))
    assert "oWang" not in str(broken.value)
    await store.close()


async def test_one_process_refreshes_the_token(store: Store) -> None:
    assert await store.token("wx1") is None
    assert await store.lease_token_refresh("wx1", "a", NOW, 15)
    assert not await store.lease_token_refresh("wx1", "b", later(14), 15)
    assert await store.lease_token_refresh("wx1", "a", later(14), 15)
    assert await store.lease_token_refresh("wx1", "b", later(29), 15)
    assert await store.token("wx1") is None
    await store.save_token("wx1", "t" * 1024, later(7200))
    assert await store.token("wx1") == ("t" * 1024, later(7200))
    assert await store.lease_token_refresh("wx1", "a", later(30), 15)
    assert await store.token("wx1") == ("t" * 1024, later(7200))
    assert await store.lease_token_refresh("wx2", "b", later(30), 15)
