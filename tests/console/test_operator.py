"""The operator's room: all processes together, a failed message run again, the ledger looked at, nothing personal."""

import asyncio
from datetime import timedelta

import pytest

from domain.vitals import slot_of
from handlers import fallback, routes
from storage.store import Change
from storage.vitals import Figure, Process
from tests.console.desk import Browser, Desk
from tests.console.people import message

OPERATOR = "运维老周"


@pytest.fixture
async def visitor(desk: Desk) -> Browser:
    return await desk.as_(OPERATOR)


async def failing(desk: Desk, name: str, text: str) -> str:
    """A message of somebody whose turn has failed; its key."""
    said = message(desk.people[name].sender, 99, desk.clock.now()).model_copy(update={"text": text})
    opened = await desk.store.open_turn(said, desk.clock.now(), (2026,), "tests")
    change = Change(said, opened.person.id, opened.dialog.version, None, opened.head)
    await desk.store.fail(change, "KeyError", desk.clock.now())
    return said.key


async def test_the_lamps_hang_and_say_what_to_do(desk: Desk, visitor: Browser) -> None:
    minute = slot_of(desk.clock.now())
    await desk.store.vitals.add(
        minute, "a", {"answers": Figure(200, 6.2), "within.0.100": Figure(195, 0.1), "within.slower": Figure(5, 6.2)}
    )
    await desk.store.vitals.beat(Process("a", "all", minute - timedelta(hours=2), minute, leads=True))
    page = await visitor.get("/console/operator")
    assert page.status == 200
    assert 'class="lamp red" data-lamp="answers"' in page.text
    assert "200 次里有 5 次超过 4.5 秒，最慢 6.2 秒" in page.text
    assert 'class="lamp red" data-lamp="clock"' in page.text, "two hours without a sweep"
    lines = await visitor.get("/console/operator/lines")
    assert '"slowest": [6.2]' in lines.text


async def test_pressing_refresh_writes_down_what_this_process_knows(desk: Desk, visitor: Browser) -> None:
    await visitor.post("/console/operator/refresh", {})
    page = await visitor.get("/console/operator/machines")
    assert "运行中" in page.text
    assert "aiohttp" in page.text


async def test_a_failed_message_is_listed_without_words_and_run_again_once(desk: Desk, visitor: Browser) -> None:
    key = await failing(desk, "张伟", "今天参加培训班《消防安全》，专业课，6学时")
    page = await visitor.get("/console/operator/turns")
    number = page.text.partition('name="number" value="')[2].partition('"')[0]
    assert len(number) == 10
    for secret in ("消防", desk.people["张伟"].sender, desk.people["张伟"].id, "张伟"):
        assert secret not in page.text
    done = await visitor.post("/console/operator/turns/replay", {"number": number})
    assert (done.status, done.goes_to) == (303, "/console/operator/turns")
    assert "没有处理失败的消息" in (await visitor.get("/console/operator/turns")).text
    again = await visitor.post("/console/operator/turns/replay", {"number": number})
    assert again.status == 303
    said = [one.reply.text for one in await desk.store.take_deliveries(desk.clock.now(), 9, "tests")]
    assert any("消防安全" in text for text in said)
    assert await desk.store.queues.stands(key) == ("settled", "")


async def test_what_fails_again_stays_in_the_list(
    desk: Desk, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await failing(desk, "张伟", "我还差多少学时")
    number = (await visitor.get("/console/operator/turns")).text.partition('name="number" value="')[2][:10]

    def broken(_turn: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(routes, "answer", broken)
    await visitor.post("/console/operator/turns/replay", {"number": number})
    page = await visitor.get("/console/operator/turns")
    assert number in page.text
    assert "ZeroDivisionError" in page.text
    said = [one.reply.text for one in await desk.store.take_deliveries(desk.clock.now(), 9, "tests")]
    assert fallback.sorry() in said


async def test_the_ledger_is_looked_at_in_the_background_and_one_look_at_a_time(desk: Desk, visitor: Browser) -> None:
    began, second = await asyncio.gather(
        visitor.post("/console/operator/ledger/check", {}), visitor.post("/console/operator/ledger/check", {})
    )
    assert began.status == second.status == 303
    await desk.service.operations.audit.finished()
    page = await visitor.get("/console/operator/ledger")
    assert page.text.count("完好</span>") == 1
    (check,) = await desk.store.ledger_checks.latest()
    assert (check.people, check.state, check.reason) == (14, "whole", "demand")
    assert check.root in page.text
    part = await visitor.get("/console/operator/ledger/progress")
    assert part.status == 200


async def test_the_progress_is_fetched_anew_only_while_a_look_runs(desk: Desk, visitor: Browser) -> None:
    number = await desk.store.ledger_checks.begin("night", "another", desk.clock.now())
    assert number is not None
    await desk.store.ledger_checks.advance(number, 7, 30, 0, desk.clock.now())
    page = await visitor.get("/console/operator/ledger")
    assert "正在核对：7 / 14 人，30 条记录" in page.text
    assert 'hx-trigger="every 2s"' in page.text
    desk.clock.advance(300)
    page = await visitor.get("/console/operator/ledger")
    assert "every 2s" not in page.text, "its process has been silent for five minutes"
    assert "中断" in page.text
    finding = "person 12345678…: entry 3 has been altered"
    await desk.store.ledger_checks.end(number, "broken", 14, 60, [finding], 1, "", desk.clock.now())
    page = await visitor.get("/console/operator/ledger")
    assert "every 2s" not in page.text
    assert finding in page.text


async def test_rules_past_their_review_are_listed_with_place_and_day(desk: Desk, visitor: Browser) -> None:
    desk.clock.set("2040-01-01T10:00:00")
    page = await (await desk.as_(OPERATOR)).get("/console/operator/rules")
    assert "已过复核期" in page.text
    assert "sichuan/" in page.text


async def test_the_night_looks_at_the_ledger_once_a_day_also_late(desk: Desk) -> None:
    audit = desk.service.operations.audit
    desk.clock.set("2026-11-22T02:59:00")
    await audit.night()
    assert await desk.store.ledger_checks.latest() == []
    for moment in ("2026-11-22T09:00:00", "2026-11-22T23:00:00", "2026-11-23T04:00:00"):
        desk.clock.set(moment)
        for _ in range(2):
            await audit.night()
            await audit.finished()
    checks = await desk.store.ledger_checks.latest()
    assert [(check.started_at.astimezone(desk.clock.now().tzinfo).day, check.state) for check in checks] == [
        (23, "whole"),
        (22, "whole"),
    ]
