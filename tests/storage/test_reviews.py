"""Pictures, rosters and reviews on both databases: once, in one commit, only of one's unit, nothing in the clear."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.ledger import OF_THIS, EntryKind, NewEntry, fold
from domain.message import Message
from domain.person import Role
from domain.proof import UNUSED_FOR, Mark, Objection
from domain.review import Decision, File, Invitation, Join, Waiting, returned_note, returned_words
from domain.vocabulary import EntryState
from storage.members import Employee
from storage.sealing import Vault
from storage.store import Conflict, Opened, Store
from storage.verification import verify
from tests.storage.said import KEY, NOW, change, claim, later, message, opened, raw, withdrawal

UNIT = "呼和浩特市建设集团"
PHOTO = "ab" * 32


async def person(store: Store, sender: str, name: str = "", unit: str = UNIT, role: Role | None = None) -> Opened:
    """Somebody who has joined the unit, if they have a name."""
    turn = await opened(store, message(1, sender))
    joins = (Join(unit, "工程部", name, "13900000001"),) if name else ()
    await store.settle(replace(change(message(1, sender), turn), joins=joins), NOW, durable=True)
    if role:
        await store.grant(turn.person.id, unit, role)
    return await opened(store, message(1, sender))


async def records(store: Store, sender: str, *entries: NewEntry, number: int = 2) -> str:
    """Records entries; the id of the first."""
    said = message(number, sender)
    settled = await store.settle(change(said, await opened(store, said), *entries), later(number), durable=True)
    return settled.entries[0].id


def all_of(waiting: Sequence[Waiting]) -> Sequence[Waiting]:
    return waiting


def verdict(file: File, code: Objection | None = None, told: str = "好了") -> Decision:
    kind = EntryKind.HOURS_RETURNED if code else EntryKind.HOURS_VERIFIED
    note = returned_note(code, "照片看不清") if code else ""
    entry = NewEntry(kind=kind, year=file.claim.year, refers_to=file.claim.id, note=note)
    waiting, since = file.waiting, file.waiting.since
    return Decision(waiting.person_id, file.claim.id, file.chain, entry, UNIT, since, code, file.address, told)


async def decide(store: Store, said: Message, *decisions: Decision, seconds: float = 100) -> None:
    turn = await opened(store, said)
    changed = replace(change(said, turn, replies=("已处理",)), decisions=decisions)
    await store.settle(changed, later(seconds), durable=True)


@pytest.fixture
async def hr(store: Store) -> str:
    return (await person(store, "oHr", "赵主任", role=Role.HR_ADMIN)).person.id


async def test_a_claim_waits_with_the_unit_of_its_person_and_nowhere_else(store: Store, hr: str) -> None:
    await person(store, "oWang", "王建国")
    far = await person(store, "oFar", "李远", unit="别的单位")
    first = await records(store, "oWang", claim("桥梁检测"))
    await records(store, "oFar", claim("桥梁检测"))
    await records(store, "oNobody", claim("没有单位"))
    desk = await store.desk.desk(hr, all_of)
    assert [one.claim_id for one in desk.waiting] == [first]
    (file,) = desk.files
    assert (file.waiting.name, file.waiting.department, file.claim.activity.title) == ("王建国", "工程部", "桥梁检测")
    assert (file.address.channel, file.address.sender) == ("official", "oWang") if file.address else False
    assert (await store.desk.desk(far.person.id, all_of)).units == ()


async def test_what_was_recorded_before_joining_is_seen_after(store: Store, hr: str) -> None:
    await records(store, "oLi", claim())
    assert (await store.desk.desk(hr, all_of)).waiting == ()
    said = message(3, "oLi")
    turn = await opened(store, said)
    await store.settle(replace(change(said, turn), joins=(Join(UNIT, "", "李娜"),)), NOW, durable=True)
    assert [one.name for one in (await store.desk.desk(hr, all_of)).waiting] == ["李娜"]


async def test_a_decision_stands_in_the_other_person_s_chain_and_tells_them(url: str, store: Store, hr: str) -> None:
    wang = await person(store, "oWang", "王建国")
    await records(store, "oWang", claim())
    (file,) = (await store.desk.desk(hr, all_of)).files
    await decide(store, message(9, "oHr"), verdict(file, Objection.UNREADABLE, "退回了"))
    (found,) = fold(await store.load_entries(wang.person.id, None))
    assert found.state is EntryState.RETURNED
    assert returned_words(found.note) == (Objection.UNREADABLE, "照片看不清")
    assert (await store.desk.desk(hr, all_of)).waiting == ()
    assert (await verify(url, print)).findings == 0
    delivered = await store.take_deliveries(later(200), 10, "s")
    assert [(one.recipient, one.reply.text) for one in delivered] == [("oWang", "退回了")]
    assert (await store.desk.waits(wang.person.id)).usual == timedelta(seconds=98)


async def test_a_decision_is_made_once(store: Store, hr: str) -> None:
    wang = await person(store, "oWang", "王建国")
    await records(store, "oWang", claim())
    (file,) = (await store.desk.desk(hr, all_of)).files
    await decide(store, message(9, "oHr"), verdict(file))
    other = await person(store, "oTwo", "孙工", role=Role.REVIEWER)
    assert (await store.desk.desk(other.person.id, all_of)).waiting == ()
    for again in (message(9, "oHr"), message(10, "oHr"), message(3, "oTwo")):  # a repeat, a second thought, a colleague
        with pytest.raises(Conflict):
            await decide(store, again, verdict(file, Objection.OTHER))
    states = [one.state for one in fold(await store.load_entries(wang.person.id, None))]
    assert states == [EntryState.VERIFIED]


async def test_a_decision_about_a_claim_taken_back_meanwhile_changes_nothing(store: Store, hr: str) -> None:
    wang = await person(store, "oWang", "王建国")
    first = await records(store, "oWang", claim())
    (file,) = (await store.desk.desk(hr, all_of)).files
    await records(store, "oWang", withdrawal(first), number=3)
    with pytest.raises(Conflict):
        await decide(store, message(9, "oHr"), verdict(file))
    states = [one.state for one in fold(await store.load_entries(wang.person.id, None))]
    assert states == [EntryState.WITHDRAWN]
    assert (await store.desk.desk(hr, all_of)).waiting == ()
    assert await store.take_deliveries(later(200), 10, "s") == []


async def test_several_about_one_person_and_others_are_decided_together_or_not_at_all(
    url: str, store: Store, hr: str
) -> None:
    wang, li = await person(store, "oWang", "王建国"), await person(store, "oLi", "李娜")
    plain = {"organizer": "", "attrs": {}}  # nothing to seal: no key is there before the return needs one
    await records(store, "oWang", claim("", **plain), claim("", **plain, quantity=3))
    await records(store, "oLi", claim("安全"))
    files = (await store.desk.desk(hr, all_of)).files
    decisions = [verdict(file, Objection.OTHER if file.waiting.name == "王建国" else None) for file in files]
    stale = [
        replace(one, chain=replace(one.chain, seq=99)) if one.person_id == li.person.id else one for one in decisions
    ]
    with pytest.raises(Conflict):
        await decide(store, message(8, "oHr"), *stale)
    assert len((await store.desk.desk(hr, all_of)).waiting) == 3
    await decide(store, message(9, "oHr"), *decisions)
    states = {
        who.person.id: [one.state for one in fold(await store.load_entries(who.person.id, None))] for who in (wang, li)
    }
    assert states == {wang.person.id: [EntryState.RETURNED] * 2, li.person.id: [EntryState.VERIFIED]}
    assert (await verify(url, print)).findings == 0


async def test_an_appeal_waits_again_and_is_marked(store: Store, hr: str) -> None:
    await person(store, "oWang", "王建国")
    first = await records(store, "oWang", claim())
    (file,) = (await store.desk.desk(hr, all_of)).files
    await decide(store, message(9, "oHr"), verdict(file, Objection.OTHER))
    appeal = NewEntry(kind=EntryKind.HOURS_APPEALED, year=2026, refers_to=first, note="原件如此")
    await records(store, "oWang", appeal, number=5)
    (again,) = (await store.desk.desk(hr, all_of)).files
    assert (again.claim.appealed, again.claim.note, again.waiting.appealed) == (True, "原件如此", True)
    await decide(store, message(11, "oHr"), verdict(again))
    assert (await store.desk.desk(hr, all_of)).waiting == ()


async def test_claims_about_one_event_are_known_by_title_and_days(store: Store, hr: str) -> None:
    for sender, name, title in (
        ("oA", "甲", "质量 培训"),
        ("oB", "乙", "质量培训"),
        ("oC", "丙", "别的培训"),
        ("oD", "丁", ""),
    ):
        await person(store, sender, name)
        await records(store, sender, claim(title))
    events = {one.name: one.event for one in (await store.desk.desk(hr, all_of)).waiting}
    assert events["甲"] == events["乙"] != events["丙"]
    assert events["丁"] == ""


# Pictures


async def test_a_picture_is_kept_once_and_as_long_as_it_is_needed(store: Store) -> None:
    wang = (await person(store, "oWang")).person.id
    for _ in range(2):
        await store.desk.keep_photo(wang, PHOTO, "image/jpeg", 1000, NOW)
    (kept,) = await store.desk.photos_of(wang)
    assert (kept.due_at - kept.kept_at, kept.removed) == (UNUSED_FOR, False)
    first = await records(store, "oWang", claim(), NewEntry(
        kind=EntryKind.PROOF_ATTACHED, year=2026, refers_to=f"{OF_THIS}0", note=PHOTO
    ))  # fmt: skip
    (found,) = fold(await store.load_entries(wang, None))
    assert (found.id, found.proofs) == (first, (PHOTO,))
    await store.desk.keep_photo(wang, PHOTO, "image/jpeg", 1000, later(1))  # sent again: no shorter for that
    (kept,) = await store.desk.photos_of(wang)
    assert kept.due_at.year == 2032
    assert await store.desk.due_photos(NOW + timedelta(days=365)) == []
    assert await store.desk.due_photos(kept.due_at) == [(wang, PHOTO)]
    assert await store.desk.remove_photo(wang, PHOTO, kept.due_at)
    assert not await store.desk.remove_photo(wang, PHOTO, kept.due_at)
    (kept,) = await store.desk.photos_of(wang)
    assert kept.removed
    assert fold(await store.load_entries(wang, None))[0].proofs == (PHOTO,)


async def test_what_was_read_is_sealed_and_the_same_proof_is_found_again(url: str, store: Store) -> None:
    wang, li = (await person(store, "oWang")).person.id, (await person(store, "oLi")).person.id
    number = [(Mark.FILE, PHOTO), (Mark.NUMBER, "NMG202600871")]
    for who, photo, marks in ((wang, PHOTO, number), (li, PHOTO, number[:1]), (wang, "cd" * 32, number[1:])):
        await store.desk.keep_photo(who, photo, "image/jpeg", 1, NOW)
        await store.desk.save_reading(who, photo, {"name": "王建国"}, "", marks, NOW)
    found = await store.desk.twins(wang, PHOTO, number)
    assert {(one.mark, one.photo[:2], one.own) for one in found} == {
        (Mark.FILE, "ab", False), (Mark.NUMBER, "cd", True)
    }  # fmt: skip
    assert await store.desk.twins(wang, PHOTO, []) == []
    stored = str(await raw(url, "SELECT * FROM proofs")) + str(await raw(url, "SELECT * FROM marks"))
    assert "王建国" not in stored
    assert str("王建国".encode())[2:-1] not in stored
    assert "871" not in str([row[0] for row in await raw(url, "SELECT mark FROM marks")])
    await store.desk.save_reading(wang, PHOTO, None, "crashed", (), NOW)  # read anew: the old marks are gone
    assert {kept.photo: kept.flaw for kept in await store.desk.photos_of(wang)}[PHOTO] == "crashed"
    assert [one.photo for one in await store.desk.twins(li, PHOTO, number)] == ["cd" * 32]


async def test_every_look_is_kept_once_with_who_it_was(store: Store, hr: str) -> None:
    wang = (await person(store, "oWang", "王建国")).person.id
    for key in ("task:1", "task:1", "task:2"):
        await store.desk.look(key, wang, PHOTO, hr, UNIT, NOW)
    looks = await store.desk.looks(wang)
    assert [(one.viewer, one.unit, one.at) for one in looks] == [("赵主任", UNIT, NOW)] * 2
    assert await store.desk.looks(hr) == []


# Rosters


async def test_a_roster_imported_again_updates_and_keeps_who_is_bound(url: str, store: Store) -> None:
    first = [Employee("王建国", "13900000001", "150102198001011234", "工程部"), Employee("李娜", "13900000002")]
    await store.desk.import_roster(UNIT, first, NOW)
    (li, wang) = sorted(await store.desk.roster(UNIT), key=lambda one: one.name, reverse=True)[::-1]
    li, wang = (li, wang) if li.name == "李娜" else (wang, li)
    turn = await opened(store, message(1, "oWang"))
    joining = Join(UNIT, "", "王建国", member_id=wang.id)
    await store.settle(replace(change(message(1, "oWang"), turn), joins=(joining,)), NOW, durable=True)
    moved = [Employee("王建国", "13900000099", "150102198001011234", "质检部"), Employee("李娜", "13900000002")]
    await store.desk.import_roster(UNIT, moved, later(1))
    found = {one.name: one for one in await store.desk.roster(UNIT)}
    assert len(found) == 2
    assert (found["王建国"].department, found["王建国"].phone) == ("质检部", "13900000099")
    assert (found["王建国"].person_id, found["李娜"].person_id) == (turn.person.id, None)
    assert [one.unit for one in await store.desk.memberships(turn.person.id)] == [UNIT]
    await store.desk.leave(found["王建国"].id)
    assert await store.desk.memberships(turn.person.id) == []
    assert len(await store.desk.roster(UNIT, also_gone=True)) == 2
    stored = str(await raw(url, "SELECT name, phone, id_number, identity, who FROM members"))
    for words in ("王建国", "13900000099", "150102198001011234"):
        assert words not in stored
        assert str(words.encode())[2:-1] not in stored


async def test_two_cannot_be_the_same_employee(store: Store) -> None:
    await store.desk.import_roster(UNIT, [Employee("李娜", "13900000002")], NOW)
    (li,) = await store.desk.roster(UNIT)
    for sender, fails in (("oA", False), ("oB", True)):
        turn = await opened(store, message(1, sender))
        joined = replace(change(message(1, sender), turn), joins=(Join(UNIT, "", "李娜", member_id=li.id),))
        if fails:
            with pytest.raises(Conflict):
                await store.settle(joined, NOW, durable=True)
        else:
            await store.settle(joined, NOW, durable=True)


async def test_who_somebody_is_and_what_a_code_invites_to(store: Store, hr: str) -> None:
    await store.desk.import_roster(UNIT, [Employee("李娜", "13900000002"), Employee("李娜", "13900000003")], NOW)
    said = message(5, "oHr")
    turn = await opened(store, said)
    invitation = Invitation("K7M2Q9XA", UNIT)
    await store.settle(replace(change(said, turn), invitation=invitation), NOW, durable=True)

    async def known(code: str, name: str, phone: str, seconds: float = 0) -> tuple[str | None, int]:
        found = await store.desk.membership("nobody", code, name, phone, later(seconds))
        return found.invited, len(found.found)

    assert await known("", "李娜", "139-0000-0002") == (None, 1)
    assert await known("", "李娜", "13900000009") == (None, 0)
    assert await known("K7M2Q9XA", "李娜", "") == (UNIT, 2)
    assert await known("K7M2Q9XB", "李娜", "") == (None, 0)
    assert await known("K7M2Q9XA", "", "", seconds=31 * 86400) == (None, 0)


async def test_all_is_found_again_after_the_keys_were_rotated(url: str, store: Store) -> None:
    await store.desk.import_roster(UNIT, [Employee("李娜", "13900000002")], NOW)
    wang = (await person(store, "oWang")).person.id
    await store.desk.keep_photo(wang, PHOTO, "image/jpeg", 1, NOW)
    await store.desk.save_reading(wang, PHOTO, {"name": "王建国"}, "", [(Mark.FILE, PHOTO)], NOW)
    await store.close()
    rotated = await Store.open(url, Vault([bytes(32), KEY]))
    await rotated.desk.import_roster(UNIT, [Employee("李娜", "13900000002", department="质检部")], NOW)
    assert [one.department for one in await rotated.desk.roster(UNIT)] == ["质检部"]
    assert len((await rotated.desk.membership("x", "", "李娜", "13900000002", NOW)).found) == 1
    assert [one.photo for one in await rotated.desk.twins("x", "", [(Mark.FILE, PHOTO)])] == [PHOTO]
    assert (await rotated.desk.photos_of(wang))[0].reading == {"name": "王建国"}
    await rotated.close()


async def test_the_organisers_of_a_unit(store: Store, hr: str) -> None:
    assert (await store.desk.desk(hr, all_of)).organizers == {UNIT: frozenset()}
    for names in (["建设厅", "人社厅"], ["人社厅"]):
        await store.desk.set_organizers(UNIT, names)
    assert (await store.desk.desk(hr, all_of)).organizers == {UNIT: {"人社厅"}}
