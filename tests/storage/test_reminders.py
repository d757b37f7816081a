"""Agendas, reminders and ways as the store keeps them, on both databases."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.delivery import Purpose, Reply
from domain.message import Channel, Message, MessageKind
from domain.reach import Reach
from domain.reminder import Courtesy, DeadlineSetting, Every, Fate, Occasion, Reminded, ReminderKind, Wishes
from storage.outreach import Outlook, Progress, Spoken
from storage.store import Conflict, Store
from tests.storage.said import NOW, change, claim, done, later, message, opened

TEMPLATE = "TESTtemplate00000000000000000000000000000A1"


def event(number: int, name: str, **details: Any) -> Message:
    return message(number).model_copy(
        update={"kind": MessageKind.EVENT, "event": name, "text": "", "details": details, "key": f"evt:{number}"}
    )


async def person_of(store: Store) -> str:
    return (await done(store, message(1), claim())).person.id


async def outlook(store: Store, person_id: str) -> Outlook:
    found = await store.outreach.outlook(person_id, (2025, 2026), later(60))
    assert found is not None
    return found


def reminded(person_id: str, stage: str = "30", fate: Fate = Fate.PUT) -> Reminded:
    return Reminded(person_id=person_id, kind=ReminderKind.YEAR_END, year=2026, stage=stage, fate=fate, at=later(60))


async def test_whatever_changes_a_person_has_them_looked_at(store: Store) -> None:
    person_id = await person_of(store)
    assert await store.outreach.due(later(1), 10) == [person_id]
    seen = await outlook(store, person_id)
    assert await store.outreach.settle(seen, later(3600), later(60), [], [], [], later(60))
    assert await store.outreach.due(later(1800), 10) == []
    await done(store, message(2), person={"region": "jilin"})
    assert await store.outreach.due(later(1), 10) == [person_id]


async def test_a_look_that_a_change_overtakes_writes_nothing(store: Store) -> None:
    person_id = await person_of(store)
    seen = await outlook(store, person_id)
    await done(store, message(2), claim())
    spoken = [Spoken(reminded(person_id), "official", "oWang", Reply(text="还差"))]
    assert not await store.outreach.settle(seen, None, later(60), [], spoken, [], later(60))
    assert await store.outreach.log(person_id) == []
    assert await store.take_deliveries(later(120), 10, "s") == []


async def test_a_reminder_is_put_once_for_ever(store: Store) -> None:
    person_id = await person_of(store)
    spoken = [Spoken(reminded(person_id), "official", "oWang", Reply(text="还差"))]
    seen = await outlook(store, person_id)
    looks = [store.outreach.settle(seen, None, later(60), [], spoken, [], later(60)) for _ in range(4)]
    assert sorted(await asyncio.gather(*looks)) == [False, False, False, True]
    again = await outlook(store, person_id)
    assert [one.occasion for one in again.log] == [Occasion(ReminderKind.YEAR_END, 2026, "30")]
    assert not await store.outreach.settle(again, None, later(90), [], spoken, [], later(90))
    (delivery,) = await store.take_deliveries(later(120), 10, "s")
    assert (delivery.purpose, delivery.reply.text) == (Purpose.REMINDER, "还差")
    assert again.heard == [later(60)]


async def test_answers_leave_before_reminders(store: Store) -> None:
    person_id = await person_of(store)
    spoken = [Spoken(reminded(person_id), "official", "oWang", Reply(text="还差"))]
    await store.outreach.settle(await outlook(store, person_id), None, later(60), [], spoken, [], later(60))
    await done(store, message(5), replies=("first", "second"))
    (answer,) = await store.take_deliveries(later(3600), 10, "s")
    assert (answer.reply.text, answer.purpose) == ("second", Purpose.ANSWER)
    assert answer.id is not None
    await store.finish_delivery(answer.id, "sent", "", later(3600))
    (reminder,) = await store.take_deliveries(later(3600), 10, "s")
    assert (reminder.reply.text, reminder.purpose) == ("还差", Purpose.REMINDER)


async def test_wishes_are_kept_sealed_and_touch(store: Store) -> None:
    person_id = await person_of(store)
    await store.outreach.settle(await outlook(store, person_id), None, later(60), [], [], [], later(60))
    said = message(7)
    wishes = Wishes(every=Every.WEEK, on=5)
    await store.settle(replace(change(said, await opened(store, said)), wishes=wishes), later(70), durable=True)
    kept = await store.outreach.agenda(person_id)
    assert kept.wishes == wishes
    assert kept.due_at == later(70)
    assert kept.since == later(70), "nothing was planned, so nothing has been missed"


async def test_the_window_opens_as_the_platform_has_it(store: Store) -> None:
    person_id = await person_of(store)
    (way,) = await store.outreach.ways(person_id, NOW)
    assert (way.left, way.until) == (5, NOW + timedelta(hours=48))
    await done(store, event(8, "click"))
    (way,) = await store.outreach.ways(person_id, NOW)
    assert (way.left, way.until) == (5, NOW + timedelta(hours=48)), "allowances do not add up"
    await done(store, event(9, "unsubscribe"))
    (way,) = await store.outreach.ways(person_id, NOW)
    assert (way.left, way.closed) == (0, "not_following")
    await done(store, event(10, "subscribe"))
    (way,) = await store.outreach.ways(person_id, NOW)
    assert (way.left, way.closed) == (3, "")


async def test_consents_add_up_and_are_withdrawn(store: Store) -> None:
    person_id = await person_of(store)

    async def answered(number: int, name: str, consent: str) -> dict[str, int]:
        await done(store, event(number, name, templates=[{"template_id": TEMPLATE, "consent": consent}]))
        (way,) = await store.outreach.ways(person_id, NOW)
        return way.consents

    assert await answered(11, "subscribe_msg_popup_event", "accept") == {TEMPLATE: 1}
    assert await answered(12, "subscribe_msg_popup_event", "accept") == {TEMPLATE: 2}
    with pytest.raises(Conflict):  # a repeat counts once
        await answered(12, "subscribe_msg_popup_event", "accept")
    assert await answered(13, "subscribe_msg_popup_event", "reject") == {TEMPLATE: 2}
    way = Reach("official", "wx1", "oWang")
    await store.outreach.learn(way, person_id, "no_grant", TEMPLATE)
    assert (await store.outreach.ways(person_id, NOW))[0].consents == {}
    assert await answered(14, "subscribe_msg_popup_event", "accept") == {TEMPLATE: 1}
    assert await answered(15, "subscribe_msg_change_event", "reject") == {}


async def test_an_answer_told_by_mini_program_and_platform_is_one_consent(store: Store) -> None:
    async def told(number: int, seconds: int) -> dict[str, int]:
        said = event(number, "subscribe_msg_popup_event", templates=[{"template_id": TEMPLATE, "consent": "accept"}])
        said = said.model_copy(update={"channel": Channel.MINI, "account": "wxb", "sender": "oMini"})
        found = await opened(store, said, later(seconds))
        await store.settle(change(said, found), later(seconds), durable=True)
        (way,) = await store.outreach.ways(found.person.id, NOW)
        return way.consents

    assert await told(21, 0) == {TEMPLATE: 1}
    assert await told(22, 2) == {TEMPLATE: 1}, "the same answer, told by the other side"
    assert await told(23, 30) == {TEMPLATE: 2}


async def test_what_the_platform_refuses_is_kept(store: Store) -> None:
    person_id = await person_of(store)
    way = Reach("official", "wx1", "oWang")
    await store.outreach.learn(way, person_id, "allowance_used", "")
    assert (await store.outreach.ways(person_id, NOW))[0].open_at(NOW) == 0
    await store.outreach.learn(way, person_id, "blacklisted", "")
    assert (await store.outreach.ways(person_id, NOW))[0].closed == "blacklisted"


async def test_a_days_calls_are_never_set_aside_twice(store: Store) -> None:
    day = date(2026, 12, 1)
    granted = await asyncio.gather(*(store.outreach.reserve("message/custom/send", day, 20, 100) for _ in range(8)))
    assert sum(granted) == 100
    assert await store.outreach.usage(day) == {"message/custom/send": 100}
    assert await store.outreach.reserve("message/custom/send", date(2026, 12, 2), 20, 100) == 20


async def test_deadlines_of_a_unit(store: Store) -> None:
    closes = DeadlineSetting(
        unit="一院", year=2026, kind="platform_closes", closes=date(2026, 12, 10), source="院人〔2026〕3号"
    )
    await store.outreach.set_deadlines([closes], NOW)
    moved = closes.model_copy(update={"closes": date(2026, 12, 12)})
    await store.outreach.set_deadlines([moved], NOW)
    assert await store.outreach.deadlines_of("一院") == [moved]
    assert await store.outreach.deadlines_since(2027) == []
    assert await store.outreach.remove_deadline(moved)
    assert await store.outreach.deadlines_of("一院") == []
    await store.outreach.set_courtesy("一院", Courtesy(weekly_cap=2))
    assert (await store.outreach.courtesies())["一院"].weekly_cap == 2


async def test_a_job_goes_on_where_it_was(store: Store) -> None:
    assert await store.outreach.progress("replan") is None
    await store.outreach.advance("replan", Progress(date(2026, 12, 1), "abc"))
    await store.outreach.advance("replan", Progress(date(2026, 12, 1), "", NOW))
    assert await store.outreach.progress("replan") == Progress(date(2026, 12, 1), "", NOW)


async def test_many_people_are_read_in_pages_and_moved(store: Store) -> None:
    for number in range(7):
        await done(store, message(100 + number, sender=f"o{number}"), claim())
    pages, after = [], ""
    while page := await store.outreach.page(after, 2026, 3):
        pages.append(page)
        after = page[-1].person_id
    assert [len(page) for page in pages] == [3, 3, 1]
    assert len({seen.person_id for page in pages for seen in page}) == 7
    await store.outreach.replan([(seen, later(9999)) for page in pages for seen in page], later(1))
    assert await store.outreach.due(later(9000), 10) == []
    assert len(await store.outreach.due(later(10000), 10)) == 7


async def test_one_process_leads(url: str) -> None:
    """On PostgreSQL the second follows when the first is gone; on SQLite there is no second."""
    from storage.leadership import Leadership

    if url.startswith("sqlite"):
        assert await Leadership(None).lead()
        return
    first, second = Leadership(url), Leadership(url)
    assert [await first.lead(), await second.lead(), await first.lead()] == [True, False, True]
    await first.resign()
    assert await second.lead()
    await second.resign()
