"""Notices of a unit: whom an audience takes in, once for each person whatever happens, and what became of them."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.broadcast import Act, Audience, BroadcastState, Forecast, NewBroadcast, Noticing, Recipient, Verdict, Whom
from domain.delivery import DeliveryState, Purpose, Reply
from domain.person import Role
from domain.review import Join
from domain.standing import Standing
from storage import broadcast_pages as broadcasts
from storage.members import Employee
from storage.refusals import Conflict
from storage.store import Store
from tests.storage.said import NOW, change, claim, message, opened

UNIT = "一院"
EVERYBODY = Audience(UNIT, Whom.ALL, 2026)


def written(_unit: str, _id: str, text: str, one: Recipient) -> Reply:
    return Reply(text=f"{text} {one.name}")


async def joined(store: Store, number: int, department: str = "内科", **standing: float) -> str:
    """Somebody of the unit who has written, with a standing when one is told."""
    said = message(number, f"oStaff{number}")
    turn = await opened(store, said)
    wanted = change(said, turn, claim(), replies=("好",))
    joining = Join(UNIT, department, f"员工{number}", phone=f"1380000{number:04d}")
    await store.settle(replace(wanted, joins=(joining,)), NOW, durable=True)
    if standing:
        facts: dict[str, Any] = {"public_missing": 0.0, "missing": 0.0, **standing}
        row = Standing(
            person_id=turn.person.id, year=2026, region="neimenggu", unit=UNIT, department=department, **facts
        )
        await store.outreach.put_standings([row])
    return turn.person.id


async def unit(store: Store) -> None:
    """Four of whom one is done, one lacks public hours, one waits for review, one has no standing; one never wrote."""
    await joined(store, 1, complete=True)
    await joined(store, 2, missing=20, public_missing=10, complete=False)
    await joined(store, 3, "外科", missing=5, pending=2, complete=False)
    await joined(store, 4, "外科")
    await store.desk.import_roster(UNIT, [Employee("没来过")], NOW)


async def confirmed(store: Store, audience: Audience = EVERYBODY, *, approved: bool = True, number: int = 90) -> str:
    said = message(number, "oHr")
    turn = await opened(store, said)
    await store.grant(turn.person.id, UNIT, Role.HR_ADMIN)
    wanted = NewBroadcast(f"b{number}", audience, "年底前学完", NOW, 5, approved)
    await store.settle(replace(change(said, turn), noticing=Noticing(new=wanted)), NOW, durable=True)
    return wanted.id


async def judged(store: Store, verdict: Verdict, number: int, sender: str = "oOther") -> None:
    said = message(number, sender)
    turn = await opened(store, said)
    acts = Noticing(unit=UNIT, verdict=verdict)
    await store.settle(replace(change(said, turn), noticing=acts), NOW, durable=True)


@pytest.mark.parametrize(
    ("audience", "people", "by_message"),
    [
        (EVERYBODY, 5, 4),
        (replace(EVERYBODY, whom=Whom.UNFINISHED), 4, 3),
        (replace(EVERYBODY, whom=Whom.PUBLIC_UNFINISHED), 3, 2),
        (replace(EVERYBODY, whom=Whom.PENDING), 1, 1),
        (replace(EVERYBODY, department="外科"), 2, 2),
        (replace(EVERYBODY, region="neimenggu"), 3, 3),
        (replace(EVERYBODY, unit="二院"), 0, 0),
    ],
)
async def test_an_audience_is_exact(store: Store, audience: Audience, people: int, by_message: int) -> None:
    await unit(store)
    found = await store.broadcasts.forecast(audience, NOW)
    assert (found.people, found.by_message, found.by_consent) == (people, by_message, 0)
    assert len(found.examples) == min(3, people)


async def test_a_window_that_has_closed_reaches_nobody(store: Store) -> None:
    await unit(store)
    found = await store.broadcasts.forecast(EVERYBODY, NOW + timedelta(hours=49))
    assert (found.people, found.reachable) == (5, 0)


async def test_everybody_gets_it_once_and_who_never_wrote_is_counted(store: Store) -> None:
    await unit(store)
    broadcast_id = await confirmed(store)
    while await store.broadcasts.send_page(written, NOW):
        pass
    found = await store.take_deliveries(NOW, 50, "s", purposes=(Purpose.BROADCAST,))
    assert sorted(one.reply.text for one in found) == [f"年底前学完 员工{number}" for number in range(1, 5)]
    await store.finish_delivery(found[0].id or 0, DeliveryState.SENT, "", NOW)
    (latest,) = await store.broadcasts.latest(UNIT)
    assert latest.state is BroadcastState.OUT
    assert (latest.progress.taken, latest.progress.sent, latest.progress.waiting, latest.progress.unreached) == (
        5,
        1,
        3,
        1,
    )
    (missed,) = await store.broadcasts.unreached(broadcast_id)
    assert (missed.name, missed.reason) == ("没来过", "no_identity")


async def test_two_processes_at_one_page_send_it_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcasts, "PAGE", 2)
    await unit(store)
    await confirmed(store)
    while any(await asyncio.gather(*(store.broadcasts.send_page(written, NOW) for _ in range(4)))):
        pass
    found = await store.take_deliveries(NOW, 50, "s", purposes=(Purpose.BROADCAST,))
    assert len(found) == len({one.person_id for one in found}) == 4


async def test_nothing_leaves_before_it_is_due_or_approved(store: Store) -> None:
    await unit(store)
    broadcast_id = await confirmed(store, approved=False)
    assert not await store.broadcasts.send_page(written, NOW)
    await judged(store, Verdict(broadcast_id, BroadcastState.DUE, (BroadcastState.APPROVAL,)), 91)
    assert not await store.broadcasts.send_page(written, NOW - timedelta(minutes=1))
    assert await store.broadcasts.send_page(written, NOW)


async def test_a_verdict_is_given_once_and_only_by_the_unit(store: Store) -> None:
    await unit(store)
    broadcast_id = await confirmed(store, approved=False)
    reject = Verdict(broadcast_id, BroadcastState.REJECTED, (BroadcastState.APPROVAL,))
    said = message(92, "oOther")
    turn = await opened(store, said)
    with pytest.raises(Conflict):
        await store.settle(
            replace(change(said, turn), noticing=Noticing(unit="二院", verdict=reject)), NOW, durable=True
        )
    await judged(store, reject, 93)
    with pytest.raises(Conflict):
        await judged(store, reject, 94)


async def test_nobody_is_the_second_person_for_their_own(store: Store) -> None:
    await unit(store)
    broadcast_id = await confirmed(store, approved=False)
    with pytest.raises(Conflict):
        await judged(store, Verdict(broadcast_id, BroadcastState.DUE, (BroadcastState.APPROVAL,)), 91, "oHr")
    (one,) = await store.broadcasts.latest(UNIT)
    assert one.state is BroadcastState.APPROVAL


async def test_what_was_stopped_goes_on_where_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcasts, "PAGE", 2)
    await unit(store)
    broadcast_id = await confirmed(store)
    assert await store.broadcasts.send_page(written, NOW)
    await judged(store, Verdict(broadcast_id, BroadcastState.STOPPED, (BroadcastState.DUE, BroadcastState.OUT)), 91)
    await judged(store, Verdict(broadcast_id, BroadcastState.DUE, (BroadcastState.STOPPED,)), 92)
    while await store.broadcasts.send_page(written, NOW):
        pass
    found = await store.take_deliveries(NOW, 50, "s", purposes=(Purpose.BROADCAST,))
    assert len(found) == len({one.person_id for one in found}) == 4
    assert [one.act for one in await store.broadcasts.acts(broadcast_id)] == [Act.WRITTEN, Act.STOPPED, Act.RESUMED]


async def test_a_notice_is_found_by_its_unit_alone(store: Store) -> None:
    await unit(store)
    broadcast_id = await confirmed(store)
    assert await store.broadcasts.find(("二院",), broadcast_id) is None
    assert await store.broadcasts.find((), broadcast_id) is None
    found = await store.broadcasts.find(("二院", UNIT), broadcast_id)
    assert found is not None
    assert found.text == "年底前学完"
    assert [one.id for one in await store.broadcasts.listed((UNIT,))] == [broadcast_id]
    assert await store.broadcasts.listed((UNIT,), (found.created_at, found.id)) == []


async def test_what_is_stopped_leaves_no_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcasts, "PAGE", 2)
    await unit(store)
    broadcast_id = await confirmed(store)
    assert await store.broadcasts.send_page(written, NOW)
    await judged(store, Verdict(broadcast_id, BroadcastState.STOPPED, (BroadcastState.DUE, BroadcastState.OUT)), 91)
    assert not await store.broadcasts.send_page(written, NOW)
    assert await store.take_deliveries(NOW, 50, "s", purposes=(Purpose.BROADCAST,)) == []


async def test_a_tap_says_read_once(store: Store) -> None:
    await unit(store)
    broadcast_id = await confirmed(store)
    while await store.broadcasts.send_page(written, NOW):
        pass
    for number in (61, 62):
        said = message(number, "oStaff2")
        acts = Noticing(read=broadcast_id)
        await store.settle(replace(change(said, await opened(store, said)), noticing=acts), NOW, durable=True)
    (latest,) = await store.broadcasts.latest(UNIT)
    assert latest.progress.read == 1


async def test_an_id_is_one_notice(store: Store) -> None:
    await unit(store)
    await confirmed(store)
    said = message(95, "oHr")
    turn = await opened(store, said)
    again = NewBroadcast("b90", EVERYBODY, "别的", NOW, 5, approved=True)
    with pytest.raises(Conflict):
        await store.settle(replace(change(said, turn), noticing=Noticing(new=again)), NOW, durable=True)
    assert [one.text for one in await store.broadcasts.latest(UNIT)] == ["年底前学完"]


async def test_who_may_approve_is_somebody_else_of_the_unit(store: Store) -> None:
    hr = (await opened(store, message(1, "oHr"))).person.id
    for sender, where, role in (
        ("oHr2", UNIT, Role.APPROVER),
        ("oHr3", "二院", Role.HR_ADMIN),
        ("oHr4", UNIT, Role.REVIEWER),
    ):
        await store.grant((await opened(store, message(2, sender))).person.id, where, role)
    await store.grant(hr, UNIT, Role.HR_ADMIN)
    assert [one.sender for one in await store.broadcasts.colleagues(UNIT, hr)] == ["oHr2"]
    assert await store.broadcasts.units(hr) == [UNIT]


async def test_an_empty_audience_is_no_error(store: Store) -> None:
    assert await store.broadcasts.forecast(EVERYBODY, NOW) == Forecast()
    await confirmed(store)
    assert await store.broadcasts.send_page(written, NOW)
    assert not await store.broadcasts.send_page(written, NOW)
