"""Two people become one: nothing lost, nothing twice, both chains whole, on both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.binding import Identity, carried, filled
from domain.ledger import Claim, EntryKind, NewEntry, fold
from domain.message import Channel, Message
from domain.signing_in import Pair
from domain.vocabulary import EntryState
from storage.binding import Chain
from storage.members import Employee
from storage.refusals import Conflict
from storage.store import Store
from storage.verification import Finding, verify
from tests.storage.said import NOW, claim, done, later, message, raw

HERE = Identity("mini", "wx2", "oMini")
THERE = Identity("official", "wx1", "oWang")


def pair(name: str) -> Pair:
    return Pair(f"{name}-access-token-000000", f"{name}-refresh-token-00000", later(60), later(600))


def mini(number: int) -> Message:
    said = message(number, "oMini")
    return said.model_copy(update={"channel": Channel.MINI, "account": "wx2", "key": f"mini:wx2:oMini:form:{number}"})


async def chain(store: Store, person_id: str) -> Chain:
    found = await store.binding.chain(person_id)
    assert found is not None
    return found


async def test_two_chains_become_one(store: Store, url: str) -> None:
    stays = (await done(store, message(1), claim("甲"), claim("乙"), person={"region": "jilin"})).person.id
    goes = (await done(store, mini(2), claim("乙"), claim("丙"), person={"name": "王芳"})).person.id
    await store.desk.import_roster("一院", [Employee("王芳", "13800000000")], NOW)
    await store.mini.login(mini(3), "family", pair("a"), NOW)
    one, other = await chain(store, stays), await chain(store, goes)
    carrying = carried(fold(other.entries), fold(one.entries))
    assert (carrying.count, carrying.alike, carrying.verify_again) == (1, 1, 0)
    assert await store.binding.put_code("123456", HERE, goes, NOW)
    await store.binding.merge(one, other, carrying, filled(one.person, other.person), "bind", NOW, ("123456", THERE))
    await store.binding.clear(goes)
    found = fold(await store.load_entries(stays, None))
    assert [claim.activity.title for claim in found if claim.state is EntryState.CLAIMED] == ["甲", "乙", "丙"]
    person = await store.find_by_sender(Channel.MINI, "wx2", "oMini")
    assert person is not None
    assert (person.id, person.region, person.name) == (stays, "jilin", "王芳")
    caller = await store.mini.caller(pair("a").access, NOW)
    assert caller is not None
    assert caller.person.id == stays
    assert await store.binding.find_code("123456", THERE, NOW) == HERE, "said again by the same one"
    assert await store.binding.find_code("123456", replace(THERE, sender="oLi"), NOW) is None
    findings: list[Finding] = []
    await verify(url, findings.append)
    assert findings == []
    waiting = await raw(url, "SELECT count(*) FROM reviews WHERE state = 'waiting'")
    assert waiting == [(3,)]
    left = await raw(url, f"SELECT count(*) FROM person_keys WHERE person_id = '{goes}'")
    assert left == [(0,)]


async def test_merging_gives_way_to_what_came_between(store: Store) -> None:
    stays = (await done(store, message(1), claim("甲"))).person.id
    goes = (await done(store, mini(2))).person.id
    one, other = await chain(store, stays), await chain(store, goes)
    await done(store, mini(4), claim("乙"))
    with pytest.raises(Conflict):
        await store.binding.merge(one, other, carried([], []), {}, "bind", NOW)
    assert (await chain(store, goes)).person.id == goes
    again = await chain(store, goes)
    await store.binding.merge(one, again, carried(fold(again.entries), fold(one.entries)), {}, "bind", NOW)
    assert len(fold(await store.load_entries(stays, None))) == 2


async def test_a_code_is_used_by_one(store: Store) -> None:
    first = (await done(store, message(1), claim("甲"))).person.id
    second = (await done(store, mini(2))).person.id
    third = (await done(store, message(3, "oLi"))).person.id
    assert await store.binding.put_code("123456", HERE, second, NOW)
    assert not await store.binding.put_code("123456", THERE, first, NOW), "taken"
    made, said, also = [await chain(store, one) for one in (second, first, third)]
    li = replace(THERE, sender="oLi")
    results = await asyncio.gather(
        store.binding.merge(said, made, carried([], []), {}, "one", NOW, ("123456", THERE)),
        store.binding.merge(also, made, carried([], []), {}, "two", NOW, ("123456", li)),
        return_exceptions=True,
    )
    assert [type(one) for one in results].count(Conflict) == 1
    assert await store.binding.find_code("123456", THERE, NOW + timedelta(minutes=11)) is None


async def test_wrong_codes_are_counted_for_an_hour(store: Store) -> None:
    person_id = (await done(store, message(1))).person.id
    for _ in range(3):
        await store.binding.tried(person_id, NOW)
    assert await store.binding.tries(person_id, later(60)) == 3
    assert await store.binding.tries(person_id, later(3601)) == 0


async def test_refreshing_twice_ends_the_login(store: Store) -> None:
    await store.mini.login(mini(1), "family", pair("a"), NOW)
    assert await store.mini.caller(pair("a").access, NOW) is not None
    assert await store.mini.caller(pair("a").refresh, NOW) is None, "a refresh token opens nothing"
    assert await store.mini.caller(pair("a").access, later(61)) is None
    assert await store.mini.refresh(pair("a").access, pair("b"), NOW) is None
    assert await store.mini.refresh(pair("a").refresh, pair("b"), NOW) is not None
    assert await store.mini.caller(pair("a").access, NOW) is None
    assert await store.mini.caller(pair("b").access, NOW) is not None
    assert await store.mini.refresh(pair("a").refresh, pair("c"), NOW) is None
    assert await store.mini.caller(pair("b").access, NOW) is None
    assert await store.mini.refresh(pair("b").refresh, pair("d"), NOW) is None


async def test_one_union_id_is_one_person(store: Store) -> None:
    first = (await done(store, message(1))).person.id
    second = (await done(store, mini(2))).person.id
    assert await store.binding.unasked("official", "wx1", 10) == [("oWang", first)]
    assert await store.binding.know_union(THERE, first, "u1", NOW) is None
    assert await store.binding.unasked("official", "wx1", 10) == []
    assert await store.binding.know_union(HERE, second, "u2", NOW) is None
    assert await store.binding.know_union(HERE, second, "u1", NOW) == first


def test_what_was_verified_is_claimed_again_and_withdrawn_ones_stay_behind() -> None:
    claims = [
        Claim(str(number), number, 2026, entry.activity, state, NOW)
        for number, (entry, state) in enumerate(
            [
                (claim("甲"), EntryState.VERIFIED),
                (claim("乙"), EntryState.WITHDRAWN),
                (claim("丙"), EntryState.RETURNED),
            ]
        )
        if entry.activity is not None
    ]
    claims[0].proofs = ("a" * 64,)
    found = carried(claims, [])
    assert [entry.kind for entry in found.added] == [
        EntryKind.HOURS_CLAIMED,
        EntryKind.PROOF_ATTACHED,
        EntryKind.HOURS_CLAIMED,
    ]
    assert found.added[1] == NewEntry(kind=EntryKind.PROOF_ATTACHED, year=2026, refers_to="#0", note="a" * 64)
    assert [entry.refers_to for entry in found.ended] == ["0", "2"]
    assert (found.count, found.alike, found.verify_again) == (2, 0, 1)
