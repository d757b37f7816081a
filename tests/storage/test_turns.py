"""A message is accepted once, its turn committed all or nothing, and its answer kept."""

from datetime import timedelta

import pytest

from domain.delivery import Reply, ReplyKind
from domain.dialog import Dialog
from domain.ledger import GENESIS, EntryKind
from domain.vocabulary import WorkField
from storage.inbox import ATTEMPTS, LEASE
from storage.store import Change, Conflict, Store
from tests.storage.said import NOW, YEARS, change, claim, done, later, message, opened, withdrawal


async def test_a_first_message_makes_a_person_who_knows_nothing(store: Store) -> None:
    turn = await opened(store, message(1))
    assert turn.status == "new"
    assert turn.answer is None
    assert turn.person.following
    assert (turn.person.name, turn.person.region, turn.person.roles) == (None, None, [])
    assert (turn.dialog.version, turn.dialog.open) == (0, False)
    assert turn.entries == []
    assert (turn.head.seq, turn.head.hash) == (0, GENESIS)


async def test_a_person_is_the_same_in_the_next_message_and_another_is_not(store: Store) -> None:
    first = await opened(store, message(1))
    assert (await opened(store, message(2))).person.id == first.person.id
    assert (await opened(store, message(1, "oLi"))).person.id != first.person.id


async def test_a_turn_is_kept_whole(store: Store) -> None:
    draft = {"start": "2026-11-03", "parts": [1, 2, {"词": "半天"}]}
    dialog = Dialog(topic="claim", expecting="category", draft=draft, options=["公需", "专业"], expires_at=later(600))
    person = {
        "name": "王工",
        "phone": "13800000000",
        "region": "neimenggu",
        "work_field": WorkField.ENGINEERING,
        "profile": {"from": "2024-01-01"},
        "consented_at": NOW,
    }
    said = message(1)
    turn = await opened(store, said)
    settled = await store.settle(
        change(said, turn, claim("甲"), claim("乙", 2025), claim("丙", 2019), dialog=dialog, person=person),
        NOW,
        durable=True,
    )
    assert [entry.seq for entry in settled.entries] == [1, 2, 3]
    after = await opened(store, message(2))
    assert after.person.model_dump(exclude={"id"}) == {
        **person,
        "id_number": None,
        "roles": [],
        "following": True,
    }
    assert after.dialog == dialog.model_copy(update={"version": 1})
    assert after.entries == settled.entries[:2]  # 2019 is not among the years asked for
    assert (after.head.seq, after.head.hash) == (3, settled.entries[2].hash)
    assert await store.load_entries(turn.person.id, None) == settled.entries
    assert await store.load_entries(turn.person.id, (2019,)) == settled.entries[2:]
    assert await store.load_entries(turn.person.id, ()) == []
    assert await store.load_entries("nobody", None) == []


async def test_entries_are_linked_and_refer_to_each_other(store: Store) -> None:
    first = (await done(store, message(1), claim())).entries[0]
    second = (await done(store, message(2), withdrawal(first.id))).entries[1]
    assert (second.kind, second.refers_to, second.note) == (EntryKind.HOURS_WITHDRAWN, first.id, "记错了")
    assert second.activity is None
    assert second.previous_hash == first.hash


async def test_a_repeat_gets_the_same_answer_and_changes_nothing(store: Store) -> None:
    said = message(1)
    turn = await opened(store, said)
    reply = Reply(kind=ReplyKind.MENU, text="记下了 ✅ <&]]>", choices=[{"id": "1", "label": "撤回"}])
    settling = Change(said, turn.person.id, 0, None, turn.head, (claim(),), {}, (reply,))
    await store.settle(settling, NOW, durable=True)
    for _ in range(2):
        again = await opened(store, said, later(3), "b")
        assert (again.status, again.answer) == ("settled", reply)
        assert len(again.entries) == 1
    with pytest.raises(Conflict):
        await store.settle(settling, NOW, durable=True)
    assert len(await store.load_entries(turn.person.id, None)) == 1


async def test_a_turn_without_an_answer_is_settled_without_one(store: Store) -> None:
    said = message(1)
    await store.settle(change(said, await opened(store, said), replies=()), NOW, durable=False)
    again = await opened(store, said)
    assert (again.status, again.answer) == ("settled", None)


async def test_while_one_runs_a_message_another_waits(store: Store) -> None:
    said = message(1)
    await opened(store, said)
    assert (await opened(store, said, later(1), "b")).status == "running"
    assert (await opened(store, said, later(1), "a")).status == "running"
    assert (await opened(store, said, later(1), "a", retake=True)).status == "new"
    assert (await opened(store, said, later(1), "b", retake=True)).status == "running"


async def test_a_silent_runner_loses_its_message_and_cannot_commit_twice(store: Store) -> None:
    said = message(1)
    slow = await opened(store, said)
    after = NOW + LEASE
    assert (await opened(store, said, after - timedelta(microseconds=1), "b")).status == "running"
    quick = await opened(store, said, after, "b")
    assert quick.status == "new"
    assert (await opened(store, said, after, "c")).status == "running"
    await store.settle(change(said, quick, claim()), after, durable=True)
    with pytest.raises(Conflict):
        await store.settle(change(said, slow, claim()), after, durable=True)
    assert len(await store.load_entries(slow.person.id, None)) == 1


async def test_a_moved_dialog_refuses_the_turn_that_read_it_before(store: Store) -> None:
    first, second = message(1), message(2)
    one, two = await opened(store, first), await opened(store, second)
    await store.settle(change(first, one, dialog=Dialog(topic="claim")), NOW, durable=True)
    with pytest.raises(Conflict):
        await store.settle(change(second, two, dialog=Dialog(topic="profile"), replies=("a", "b")), NOW, durable=True)
    again = await opened(store, second, retake=True)
    assert (again.status, again.dialog.topic, again.dialog.version) == ("new", "claim", 1)
    assert await store.take_deliveries(later(1), 10, "s") == []
    await store.settle(change(second, again, dialog=Dialog()), NOW, durable=True)
    assert not (await opened(store, message(3))).dialog.open


async def test_a_moved_chain_refuses_the_turn_that_read_it_before(store: Store) -> None:
    first, second = message(1), message(2)
    one, two = await opened(store, first), await opened(store, second)
    await store.settle(change(first, one, claim("甲")), NOW, durable=True)
    person = {"region": "jilin"}
    with pytest.raises(Conflict):
        await store.settle(change(second, two, claim("乙"), person=person), NOW, durable=True)
    again = await opened(store, second, retake=True)
    assert again.person.region is None
    assert [entry.activity.title for entry in again.entries if entry.activity] == ["甲"]
    await store.settle(change(second, again, claim("乙"), person=person), NOW, durable=True)
    assert [entry.seq for entry in await store.load_entries(one.person.id, None)] == [1, 2]


async def test_a_question_beside_another_turn_is_no_conflict(store: Store) -> None:
    first, second = message(1), message(2)
    one, two = await opened(store, first), await opened(store, second)
    await store.settle(change(first, one, claim(), dialog=Dialog(topic="claim")), NOW, durable=True)
    await store.settle(change(second, two), NOW, durable=False)
    assert (await opened(store, second)).status == "settled"


async def test_a_turn_may_not_change_roles_or_store_what_is_no_value(store: Store) -> None:
    said = message(1)
    turn = await opened(store, said)
    for person in ({"roles": ["operator"]}, {"id": "x"}, {"region": "x" * 33}, {"work_field": "magic"}):
        with pytest.raises(ValueError, match=r"may not change|validation error"):
            await store.settle(change(said, turn, person=person), NOW, durable=True)
    assert (await opened(store, said, retake=True)).status == "new"


async def test_a_late_answer_leaves_through_the_outbox_whole(store: Store) -> None:
    said = message(1)
    turn = await opened(store, said)
    late = await store.mark_late(said, later(4.5))
    assert (late.settled, late.answer) == (False, None)
    settled = await store.settle(change(said, turn, claim(), replies=("一", "二", "三")), later(6), durable=True)
    assert settled.late
    sent = await store.take_deliveries(later(7), 10, "s")
    assert [(each.reply.text, each.recipient, each.person_id) for each in sent] == [
        (text, "oWang", turn.person.id) for text in ("一", "二", "三")
    ]
    again = await opened(store, said)
    assert (again.status, again.answer) == ("settled", None)  # it would be said twice otherwise
    assert await store.mark_late(said, later(8)) == type(late)(settled=True, answer=None)


async def test_an_answer_that_was_ready_after_all_is_not_late(store: Store) -> None:
    said = message(1)
    settled = await store.settle(change(said, await opened(store, said), replies=("一", "二")), NOW, durable=True)
    assert not settled.late
    late = await store.mark_late(said, later(4.5))
    assert late.settled
    assert late.answer == Reply(text="一")
    assert [each.reply.text for each in await store.take_deliveries(later(5), 10, "s")] == ["二"]


async def test_a_message_acknowledged_before_it_was_accepted_is_still_run(store: Store) -> None:
    said = message(1)
    assert not (await store.mark_late(said, NOW)).settled
    turn = await opened(store, said, later(1))
    assert turn.status == "late"
    assert (await store.settle(change(said, turn), later(1), durable=True)).late


async def test_what_a_crash_left_open_is_handed_out_again_and_answered_late(store: Store) -> None:
    first, second = message(1, text="听了半天讲座"), message(2, "oLi")
    await opened(store, second, later(1))
    await opened(store, first, NOW)
    await done(store, message(3))
    assert await store.unfinished(later(30), 31) == []
    assert await store.unfinished(later(31), 30) == [first, second]
    assert await store.unfinished(later(31), 30) == []  # somebody is on it now
    turn = await opened(store, first, later(31), "b")
    assert turn.status == "late"
    assert (await store.settle(change(first, turn), later(31), durable=True)).late
    assert [said.key for said in await store.unfinished(later(62), 30)] == [second.key]


async def test_a_message_that_always_fails_is_given_up(store: Store) -> None:
    said = message(1)
    await opened(store, said)
    for attempt in range(1, ATTEMPTS):
        now = later(100 * attempt)
        assert await store.unfinished(now, 30) == [said]
        assert (await opened(store, said, now)).status == "late"
    assert await store.unfinished(later(10_000), 30) == []
    assert (await opened(store, said, later(10_000))).status == "settled"


async def test_a_failed_turn_is_settled_with_its_apology(store: Store) -> None:
    said = message(1)
    await store.fail(change(said, await opened(store, said), replies=("抱歉",)), "ValueError", NOW)
    again = await opened(store, said)
    assert (again.status, again.answer) == ("settled", Reply(text="抱歉"))
    with pytest.raises(Conflict):
        await store.fail(change(said, again), "again", NOW)


HOSTILE = [
    "'; DROP TABLE ledger; --",
    "\x00\x01\x1f nul",
    "字" * 5000,
    "😀\u202e\u2028]]>%s{}$1 ?",
    "",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_words_come_back_as_they_were(store: Store, text: str) -> None:
    said = message(1, text=text)
    await opened(store, said)
    assert (await store.unfinished(later(31), 30))[0].text == text
    turn = await opened(store, said, later(31))
    dialog = Dialog(topic="claim", draft={text[:50]: text})
    person = {"name": text, "profile": {"x": text}}
    await store.settle(
        change(said, turn, claim(text[:200]), dialog=dialog, person=person, replies=(text,)), NOW, durable=True
    )
    after = await opened(store, message(2))
    assert after.dialog.draft == {text[:50]: text}
    assert (after.person.name, after.person.profile) == (text, {"x": text})
    assert after.entries[0].activity is not None
    assert after.entries[0].activity.title == text[:200]
    assert (await store.take_deliveries(later(60), 5, "s"))[0].reply.text == text


async def test_old_words_are_blanked_and_a_repeat_is_still_known(store: Store) -> None:
    said = message(1)
    await done(store, said, replies=("一", "二"))
    open_one = message(2)
    await opened(store, open_one)
    (delivery,) = await store.take_deliveries(later(1), 5, "s")
    await store.finish_delivery(delivery.id or 0, "sent", "", later(1))
    assert await store.purge(NOW + timedelta(days=7)) == 0
    assert await store.purge(NOW + timedelta(days=7, seconds=1)) == 2
    assert await store.purge(NOW + timedelta(days=8)) == 0
    again = await opened(store, said)
    assert (again.status, again.answer) == ("settled", None)
    assert (await store.unfinished(NOW + timedelta(days=8), 30)) == [open_one]


async def test_years_of_any_number_are_read(store: Store) -> None:
    said = message(1)
    await done(store, said, *[claim(year=year) for year in range(2015, 2027)])
    for years in ((), (2026,), tuple(range(2010, 2027)), YEARS):
        turn = await store.open_turn(said, NOW, years, "a")
        assert [entry.year for entry in turn.entries] == [year for year in range(2015, 2027) if year in years]
