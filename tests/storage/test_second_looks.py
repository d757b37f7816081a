"""Second looks on both databases: drawn by the share, shown to another; an objection is an entry, no overwrite."""

from datetime import timedelta

import pytest

from domain.ledger import EntryKind, fold
from domain.proof import Objection
from domain.review import Decision, File
from domain.standing import Standing
from domain.vocabulary import EntryState
from storage.refusals import Conflict
from storage.store import Store
from storage.verification import verify
from tests.storage.said import NOW, claim, raw
from tests.storage.test_reviews import UNIT, person, records, verdict

LATER = NOW + timedelta(hours=1)


def standing(person_id: str, *, verified: float) -> Standing:
    return Standing(person_id=person_id, year=2026, region="jilin", unit=UNIT, professional_verified=verified)


async def waiting_file(store: Store, claim_id: str) -> File:
    found = await store.reviewing.find((UNIT,), claim_id)
    assert found is not None
    file = await store.reviewing.file(found)
    assert file is not None
    return file


async def approve(store: Store, reviewer: str, claim_id: str, key: str = "k1") -> Decision:
    decision = verdict(await waiting_file(store, claim_id))
    stood = [standing(decision.person_id, verified=4)]
    await store.reviewing.settle(reviewer, key, [decision], stood, LATER)
    return decision


async def unseen_file(store: Store, viewer: str) -> File:
    (one,) = await store.reviewing.unseen((UNIT,), viewer)
    file = await store.reviewing.file(one)
    assert file is not None
    return file


@pytest.fixture
async def desk(store: Store) -> tuple[str, str, str]:
    """Two reviewers and a claim that waits."""
    first = (await person(store, "oHr", "赵主任")).person.id
    second = (await person(store, "oQian", "钱科长")).person.id
    await person(store, "oWang", "王建国")
    return first, second, await records(store, "oWang", claim("桥梁检测"))


async def test_a_decision_and_the_standing_are_one_commit(store: Store, desk: tuple[str, str, str], url: str) -> None:
    first, _, claim_id = desk
    decision = await approve(store, first, claim_id)
    assert await raw(url, "SELECT professional_verified FROM standings") == [(4.0,)]
    with pytest.raises(Conflict):
        await store.reviewing.settle(first, "k2", [decision], [standing(decision.person_id, verified=9)], LATER)
    assert await raw(url, "SELECT professional_verified FROM standings") == [(4.0,)]
    assert await store.reviewing.find((UNIT,), claim_id) is None
    assert await raw(url, "SELECT count(*) FROM deliveries WHERE person_id = '" + decision.person_id + "'") == [(1,)]


async def test_nobody_approves_their_own_whoever_asks(store: Store, desk: tuple[str, str, str]) -> None:
    file = await waiting_file(store, desk[2])
    with pytest.raises(Conflict):
        await store.reviewing.settle(file.person.id, "k1", [verdict(file)], [], LATER)
    assert await store.reviewing.find((UNIT,), desk[2]) is not None


async def test_a_claim_is_found_by_its_unit_alone(store: Store, desk: tuple[str, str, str]) -> None:
    assert await store.reviewing.find(("别的单位",), desk[2]) is None
    assert await store.reviewing.find((), desk[2]) is None
    assert await store.reviewing.count((UNIT, "别的单位")) == 1
    assert await store.reviewing.count(("别的单位",)) == 0
    (one,) = await store.reviewing.waiting((UNIT,), department="工程部")
    assert [found.claim_id for found in await store.reviewing.waiting((UNIT,), event=one.event)] == [desk[2]]
    assert await store.reviewing.waiting((UNIT,), department="外科") == []


@pytest.mark.parametrize(("percent", "drawn"), [(None, 0), (0, 0), (100, 1)])
async def test_the_share_says_how_many_are_drawn(
    store: Store, desk: tuple[str, str, str], percent: int | None, drawn: int
) -> None:
    first, second, claim_id = desk
    if percent is not None:
        await store.reviewing.set_share(UNIT, percent)
        assert await store.reviewing.share(UNIT) == percent
    await approve(store, first, claim_id)
    assert len(await store.reviewing.unseen((UNIT,), second)) == drawn
    assert await store.reviewing.unseen((UNIT,), first) == []
    assert await store.reviewing.unseen(("别的单位",), second) == []


async def test_a_share_is_of_a_hundred(store: Store) -> None:
    with pytest.raises(ValueError, match="hundred"):
        await store.reviewing.set_share(UNIT, 101)


async def test_an_objection_is_an_entry_behind_the_first(store: Store, desk: tuple[str, str, str], url: str) -> None:
    first, second, claim_id = desk
    await store.reviewing.set_share(UNIT, 100)
    await approve(store, first, claim_id)
    file = await unseen_file(store, second)
    decision = verdict(file, Objection.NAME_DIFFERS)
    with pytest.raises(Conflict):
        await store.reviewing.object_to(first, "o1", decision, [], LATER)
    stood = [standing(decision.person_id, verified=0)]
    await store.reviewing.object_to(second, "o2", decision, stood, LATER)
    entries = await store.load_entries(file.person.id, None)
    assert [one.kind for one in entries] == [
        EntryKind.HOURS_CLAIMED,
        EntryKind.HOURS_VERIFIED,
        EntryKind.HOURS_RETURNED,
    ]
    assert [one.state for one in fold(entries)] == [EntryState.RETURNED]
    assert await raw(url, "SELECT state, code FROM reviews") == [("returned", "name_differs")]
    assert await raw(url, "SELECT professional_verified FROM standings") == [(0.0,)]
    assert await store.reviewing.tally((UNIT,)) == (1, 0)
    with pytest.raises(Conflict):
        await store.reviewing.object_to(second, "o3", decision, [], LATER)
    with pytest.raises(Conflict):
        await store.reviewing.agree(claim_id, second, LATER)
    assert (await verify(url, print)).findings == 0


async def test_an_agreement_changes_no_entry(store: Store, desk: tuple[str, str, str]) -> None:
    first, second, claim_id = desk
    await store.reviewing.set_share(UNIT, 100)
    await approve(store, first, claim_id)
    with pytest.raises(Conflict):
        await store.reviewing.agree(claim_id, first, LATER)
    await store.reviewing.agree(claim_id, second, LATER)
    assert await store.reviewing.tally((UNIT,)) == (1, 1)
    assert await store.reviewing.unseen((UNIT,), second) == []
