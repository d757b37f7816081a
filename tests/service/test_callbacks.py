"""The service over HTTP: modes, repeats, late answers, and everything hostile."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot import gateway
from domain.ledger import counted, fold
from domain.message import Channel
from simulator.account import Mode
from simulator.envelope import wrap
from simulator.faults import Armed, Fault
from simulator.inbound import Sender, text
from simulator.markup import render
from simulator.push import Outcome
from tests.service.world import ACCOUNT, World, world

RECORD = "11月3日参加培训班，专业课，6学时"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as there:
        yield there


async def claims(there: World, phone: str = "p0") -> int:
    person = await there.service.store.find_by_sender(
        Channel.OFFICIAL, ACCOUNT.appid, there.platform.phone(phone).person.openid
    )
    assert person is not None
    return len(counted(fold(await there.service.store.load_entries(person.id, None))))


@pytest.mark.parametrize("mode", list(Mode))
async def test_every_mode_is_answered_as_it_came(tmp_path: Path, mode: Mode) -> None:
    async with world(tmp_path, mode=mode) as there:
        push = await there.platform.phone("p0").text("我还差多少学时")
        assert push.outcome is Outcome.ANSWERED
        assert push.reply is not None
        assert "还差90学时" in push.reply.text


async def test_the_address_is_verified(running: World) -> None:
    assert await running.platform.pusher.verify()


async def test_a_lost_answer_is_repeated_and_recorded_once(running: World) -> None:
    phone = running.platform.phone("p0")
    running.platform.pusher.settings = _quick(running)
    await phone.text(RECORD)
    running.platform.faults.arm(Fault.ANSWER_LOST, Armed(times=2))
    push = await phone.text("对")
    assert push.deliveries == 3
    assert push.outcome is Outcome.ANSWERED
    assert push.reply is not None
    assert "记下了" in push.reply.text
    assert await claims(running) == 1


async def test_two_deliveries_at_once_are_one(running: World) -> None:
    phone = running.platform.phone("p0")
    running.platform.faults.arm(Fault.DUPLICATE, Armed(rate=1.0))
    await phone.text(RECORD)
    push = await phone.text("对")
    assert push.outcome is Outcome.ANSWERED
    assert await claims(running) == 1
    answers = [row.answered for row in running.platform.wire.rows("p0") if "记下了" in row.answered]
    assert len(answers) == 2, "both deliveries get the same answer"
    assert len(set(answers)) == 1 or all("6学时" in answer for answer in answers)


async def test_a_late_answer_is_acknowledged_and_follows_as_a_message(
    running: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "ANSWER_SECONDS", 0.3)
    phone = running.platform.phone("p0")
    key = f"official:{ACCOUNT.appid}:{phone.person.openid}"
    async with running.service.turns.locks.hold(key):
        push = await phone.text("我还差多少学时")
        assert push.outcome is Outcome.ACKNOWLEDGED
        assert phone.chat.heard() == []
    heard = await phone.chat.hears(1)
    assert heard[0].through == "customer"
    assert "还差90学时" in heard[0].text
    await asyncio.sleep(0.5)
    assert len(phone.chat.heard()) == 1, "answered once"


async def test_a_repeat_of_a_late_message_is_acknowledged_too(running: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "ANSWER_SECONDS", 0.2)
    phone = running.platform.phone("p0")
    async with running.service.turns.locks.hold(f"official:{ACCOUNT.appid}:{phone.person.openid}"):
        running.platform.pusher.settings = _quick(running)
        running.platform.faults.arm(Fault.ANSWER_LOST, Armed(times=1))
        push = await phone.text("我还差多少学时")
        assert push.outcome is Outcome.ACKNOWLEDGED
        assert push.deliveries == 2
    assert len(await phone.chat.hears(1)) == 1
    await asyncio.sleep(0.5)
    assert len(phone.chat.heard()) == 1


async def test_a_welcome_menu_can_be_tapped(running: World) -> None:
    phone = running.platform.phone("p1")
    await phone.unfollow()
    await phone.follow()
    heard = await phone.chat.hears(2)
    menu = heard[-1]
    assert menu.kind == "menu"
    assert {item["content"] for item in menu.more["items"]} >= {"吉林", "江西", "四川", "内蒙古", "南通"}
    await phone.choose(menu.id, "neimenggu")
    heard = await phone.chat.hears(4)
    assert "内蒙古" in heard[2].text
    await phone.choose(heard[3].id, "engineering")
    assert "工程" in (await phone.chat.hears(5))[4].text


async def test_quick_messages_of_one_person_queue(running: World) -> None:
    phone = running.platform.phone("p0")
    pushes = [phone.text(f"11月{day}日参加培训班，专业课，{day}学时", at_once=True) for day in range(1, 9)]
    done = await asyncio.gather(*(_settled(push) for push in pushes))
    assert all(push.outcome is Outcome.ANSWERED for push in done)
    push = await phone.text("对")
    assert push.reply is not None
    assert await claims(running) == 8, push.reply.text


HOSTILE_TEXTS = [
    "x" * 5000,
    "'; DROP TABLE ledger; --",
    "]]>" * 50,
    "{{7*7}} %s {0} ${jndi:ldap://x}",
    "学" * 5000,
    "\u202e对",
    "0" * 2000,
]


@pytest.mark.parametrize("words", HOSTILE_TEXTS)
async def test_hostile_words_get_a_normal_answer(running: World, words: str) -> None:
    push = await running.platform.phone("p0").text(words)
    assert push.outcome is Outcome.ANSWERED
    after = await running.platform.phone("p0").text("我还差多少学时")
    assert after.outcome is Outcome.ANSWERED


def _query(there: World, **changes: str) -> tuple[dict[str, str], bytes]:
    phone = there.platform.phone("p0")
    now = there.platform.clock.now()
    fields = text(Sender(ACCOUNT.original_id, phone.person.openid, now), 77, "我还差多少学时")
    timestamp = changes.pop("timestamp", str(int(now.timestamp())))
    wrapped = wrap(
        ACCOUNT,
        Mode.SAFE,
        render(fields),
        openid=phone.person.openid,
        timestamp=timestamp,
        nonce="n1",
        random16=b"r" * 16,
    )
    return {**wrapped.query, **changes}, wrapped.body


async def _post(there: World, query: dict[str, str], body: bytes) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(there.callback, params=query, data=io.BytesIO(body)) as response,
    ):
        return response.status, await response.text()


async def test_a_wrong_signature_is_refused(running: World) -> None:
    query, body = _query(running, msg_signature="0" * 40)
    status, said = await _post(running, query, body)
    assert status == 403
    assert "我还差" not in said


async def test_a_future_timestamp_is_refused(running: World) -> None:
    later = int((running.platform.clock.now() + timedelta(hours=1)).timestamp())
    query, body = _query(running, timestamp=str(later))
    assert (await _post(running, query, body))[0] == 403


async def test_another_accounts_envelope_is_refused(running: World) -> None:
    query, body = _query(running)
    query["msg_signature"] = query["signature"]
    assert (await _post(running, query, body))[0] == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"x" * 10_000_000, 413),
        (b"<xml><Encrypt>", 400),
        (b"", 400),
        (b'{"MsgType":"text"}', 400),
        (b"\x00\xff" * 99, 400),
    ],
    ids=["10 MB", "broken", "empty", "json", "binary"],
)
async def test_bodies_that_are_none_are_refused(running: World, body: bytes, status: int) -> None:
    query, _ = _query(running)
    assert (await _post(running, query, body))[0] == status
    push = await running.platform.phone("p0").text("你好")
    assert push.outcome is Outcome.ANSWERED


async def test_an_entity_bomb_is_refused(tmp_path: Path) -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "AAAAAAAAAA"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><xml><MsgType>text</MsgType><Content>&c;&c;&c;</Content></xml>'
    )
    async with world(tmp_path, mode=Mode.PLAIN) as there:
        query, _ = _query(there)
        plain = {name: query[name] for name in ("signature", "timestamp", "nonce")}
        assert (await _post(there, plain, bomb))[0] == 400


async def test_logs_hold_nothing_that_people_wrote(
    running: World, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    phone = running.platform.phone("p0")
    await phone.text("我叫欧阳静怡，电话13800138000，昨天培训6学时，专业课")
    await phone.text("对")
    captured = capfd.readouterr()
    everything = captured.out + captured.err + caplog.text
    for secret in ("欧阳静怡", "13800138000", phone.person.openid):
        assert secret not in everything


async def test_health_and_figures(running: World) -> None:
    await running.platform.phone("p0").text("我还差多少学时")
    base = running.callback.removesuffix("/wechat/official")
    async with aiohttp.ClientSession() as session:
        for path in ("/healthz", "/readyz"):
            async with session.get(base + path) as response:
                assert response.status == 200
        async with session.get(base + "/metrics") as response:
            shown = await response.text()
    for name in (
        "xueshi_turn_seconds_count",
        "xueshi_outbox_age_seconds",
        "xueshi_token_seconds_left",
        "xueshi_turns_total",
    ):
        assert name in shown


def _quick(there: World) -> object:
    from dataclasses import replace

    return replace(there.platform.pusher.settings, timeout=0.5, repeat_after=0.05)


async def _settled(push: object) -> object:
    return await push
