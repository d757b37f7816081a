"""The mini program's callbacks through the whole service: what is said in its talk is answered there, once."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import aiohttp
import pytest

from bot.photos import PhotoGone
from domain.delivery import Reply
from domain.message import Channel
from domain.reminder import Fate, Reminded, ReminderKind
from simulator.account import Form, Mode
from simulator.chat import Bubble
from simulator.faults import Armed, Fault
from simulator.push import Outcome
from storage.outreach import Spoken
from tests.bot.channels.test_against_the_stand_in import PNG
from tests.miniprogram.world import MINI, NOTICE, World, world
from tests.service.world import world as chat_only

T = TypeVar("T")
PROOFS = Path(__file__).parents[1] / "bot" / "proofs"


@pytest.mark.parametrize("form", list(Form))
async def test_every_mode_in_this_form(tmp_path: Path, form: Form) -> None:
    async with world(tmp_path, form=form) as here:
        for number, mode in enumerate(Mode, 1):
            here.mini.pusher.mode = mode
            assert await here.mini.pusher.verify()
            push = await here.mini.say("wang", "吉林的公需科目要多少学时")
            assert push.outcome is Outcome.ACKNOWLEDGED
            assert "学时" in (await here.heard(number))[-1]


async def test_a_repeat_is_answered_once_and_the_talk_goes_on(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.mini.enter("wang")
        here.platform.faults.arm(Fault.ANSWER_LOST, Armed(times=1))
        push = await here.mini.say("wang", "我在吉林")
        assert push.deliveries == 2
        first = await here.heard(1)
        here.platform.faults.arm(Fault.DUPLICATE, Armed(times=1))
        await here.mini.say("wang", "跳过")
        await here.mini.say("wang", "昨天参加《护理安全》培训班，专业课，8学时")
        await here.mini.say("wang", "对")
        said = await here.heard(len(first) + 3)
        assert len(said) == len(set(said)), "nothing twice"
        person = await here.service.store.find_by_sender(Channel.MINI, MINI.appid, here.mini.visitors["wang"].openid)
        assert person is not None
        entries = await here.service.store.load_entries(person.id, None)
        assert [entry.kind for entry in entries] == ["hours_claimed"]


async def test_a_picture_in_the_talk_is_fetched_from_the_mini_programs_media(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.mini.photo("wang", PNG)
        said = await here.heard(2)
        assert any("太小" in text or "看不" in text or "照片" in text for text in said)
        calls = [row.name for row in here.platform.wire.rows() if row.way == "api"]
        assert "media/get" in calls


async def test_a_picture_that_the_platform_refuses_is_removed(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.mini.files_are = "risky"
        await here.mini.photo("wang", (PROOFS / "course_screen.jpg").read_bytes())
        openid = here.mini.visitors["wang"].openid
        person = await until(lambda: here.service.store.find_by_sender(Channel.MINI, MINI.appid, openid))
        assert person is not None
        await until(lambda: refused(here, person.id))
        (kept,) = await here.service.store.desk.photos_of(person.id)
        assert kept.flaw == "refused"
        with pytest.raises(PhotoGone):
            await here.service.photos.open(person.id, kept.photo)
        link = f"{here.callback.removesuffix('/wechat/mini')}/checks/{person.id}/{kept.photo}.jpg"
        async with aiohttp.ClientSession() as session, session.get(link, params={"until": "9", "key": "x"}) as answer:
            assert answer.status == 403


async def test_a_reminder_comes_as_a_subscription_message(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        for words in ("我在吉林", "跳过", "昨天参加《护理安全》培训班，专业课，8学时", "对"):
            await here.mini.say("wang", words)
        await here.heard(4)
        await here.mini.answer_popup("wang", {NOTICE.id: True})
        here.platform.clock.set("2026-12-02T10:00:00")
        card = await reminded(here, 1)
        assert (card.text, card.more["from"]) == ("学时提醒", MINI.name)
        assert card.more["lines"][2]["value"].startswith("2026年12月")
        openid = here.mini.visitors["wang"].openid
        person = await here.service.store.find_by_sender(Channel.MINI, MINI.appid, openid)
        assert person is not None
        assert await consents(here, person.id, 0) == {}
        # What the platform refuses is kept as a fact about the person.
        await here.mini.answer_popup("wang", {NOTICE.id: True})
        here.mini.grants.withdraw(openid, NOTICE.id)
        here.platform.clock.set("2026-12-26T10:00:00")
        await here.service.clockwork.tick()
        assert await consents(here, person.id, 0) == {}
        assert len(here.platform.phone("wang").chat.heard()) == 1


async def test_a_notice_for_the_chat_goes_to_the_mini_program_when_the_chat_is_closed(tmp_path: Path) -> None:
    async with world(tmp_path) as here, aiohttp.ClientSession() as session:
        wang, store = here.platform.phone("wang"), here.service.store
        for words in ("我在吉林", "跳过", "昨天参加《护理安全》培训班，专业课，8学时", "对"):
            await wang.text(words)
        await here.service.bindings.acquaint()
        login = f"{here.callback.removesuffix('/wechat/mini')}/api/v1/login"
        async with session.post(login, json={"code": here.mini.login("wang")}) as answer:
            person_id = (await answer.json())["person"]["id"]
        ways = await store.outreach.ways(person_id, here.platform.clock.now())
        assert {way.channel for way in ways} >= {"mini", "official"}, "one person in both by the union id"
        await here.mini.answer_popup("wang", {NOTICE.id: True})
        here.platform.clock.set("2026-12-02T10:00:00")
        now = here.platform.clock.now()
        seen = await store.outreach.outlook(person_id, (2025, 2026), now)
        assert seen is not None
        due = Reminded(person_id=person_id, kind=ReminderKind.YEAR_END, year=2026, stage="30", fate=Fate.PUT, at=now)
        said = Spoken(due, "official", wang.person.openid, Reply(text="还差"))
        assert await store.outreach.settle(seen, None, now, [], [said], [], now)
        here.service.sender.wake()
        card = [bubble for bubble in await wang.chat.hears(len(wang.chat.heard()) + 1, 10) if bubble.kind == "card"][-1]
        assert (card.text, card.more["from"]) == ("学时提醒", MINI.name)


async def consents(here: World, person_id: str, count: int) -> dict[str, int]:
    """What is left of a person's consents, once it is so many."""
    async with asyncio.timeout(10):
        while True:
            (way,) = await here.service.store.outreach.ways(person_id, here.platform.clock.now())
            if sum(way.consents.values()) == count:
                return way.consents
            await asyncio.sleep(0.02)


async def refused(here: World, person_id: str) -> bool:
    return any(one.flaw for one in await here.service.store.desk.photos_of(person_id))


async def until(look: Callable[[], Awaitable[T]]) -> T:
    """What is looked for, once it is there."""
    async with asyncio.timeout(30):
        while True:
            found = await look()
            if found:
                return found
            await asyncio.sleep(0.05)


async def reminded(here: World, count: int) -> Bubble:
    await here.service.clockwork.tick()
    here.service.sender.wake()
    return (await here.platform.phone("wang").chat.hears(count, 10))[-1]


@pytest.mark.parametrize(
    ("body", "query", "status"),
    [
        (b"{}", {}, 403),
        (b"{", {"signature": "0", "timestamp": "1", "nonce": "1"}, 403),
        (b"x" * 300_000, {}, 413),
        (b"<xml></xml>", {"encrypt_type": "aes", "msg_signature": "0", "timestamp": "1", "nonce": "1"}, 400),
    ],
)
async def test_what_is_not_the_platforms_is_refused(
    tmp_path: Path, body: bytes, query: dict[str, str], status: int
) -> None:
    async with world(tmp_path) as here, aiohttp.ClientSession() as session:
        async with session.post(here.callback, params=query, data=body) as answer:
            assert answer.status == status
        async with session.get(here.callback, params={"echostr": "1"}) as answer:
            assert answer.status == 403


async def test_without_a_mini_program_the_rest_goes_on(tmp_path: Path) -> None:
    async with chat_only(tmp_path) as here, aiohttp.ClientSession() as session:
        callback = here.callback.replace("/official", "/mini")
        async with session.post(callback, data=b"{}") as answer:
            assert answer.status == 503
        async with session.get(callback) as answer:
            assert answer.status == 503
        await here.platform.phone("p0").text("帮助")
        assert here.platform.phone("p0").chat.heard()
