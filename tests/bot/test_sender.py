"""The sender between the real store and the real client, which talks to an API over HTTP."""

import asyncio
import contextlib
import itertools
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp.test_utils import TestServer

from bot.channels.client import Client
from bot.sender import Sender
from domain.delivery import Choice, Delivery, DeliveryState, Purpose, Reply, ReplyKind
from domain.message import Channel, Message, MessageKind
from storage.schema import migrate
from storage.sealing import Vault
from storage.statements import Step
from storage.store import Store
from storage.turns import Change
from tests.bot.channels.server import Fault, Moment, PlatformApi, TokenRows

SEND = "message/custom/send"
START = datetime(2026, 11, 20, 1, 30, 20, tzinfo=UTC)


@dataclass
class Outbox:
    """The real store, with a record of what the sender asked of it, and failing when told to."""

    store: Store
    file: Path
    begun: list[int] = field(default_factory=list)
    put_off: dict[int, datetime | None] = field(default_factory=dict)
    broken: int = 0
    looks: int = 0
    numbers: Iterator[int] = field(default_factory=itertools.count)

    async def add(self, recipient: str, *replies: Reply | str, at: datetime = START) -> None:
        """Puts replies into the outbox as turns do: all but the first, which answers the message itself."""
        message = Message(
            key=f"official:wxapp:{recipient}:msg:{next(self.numbers)}",
            channel=Channel.OFFICIAL,
            account="wxapp",
            sender=recipient,
            kind=MessageKind.TEXT,
            sent_at=at,
        )
        opened = await self.store.open_turn(message, at, (), "r")
        said = tuple(Reply(text=reply) if isinstance(reply, str) else reply for reply in ("passive", *replies))
        change = Change(message, opened.person.id, opened.dialog.version, None, opened.head, replies=said)
        await self.store.settle(change, at, durable=True)

    async def take_deliveries(
        self, now: datetime, limit: int, runner: str, leased_at: datetime | None, purposes: Sequence[Purpose]
    ) -> list[Delivery]:
        self.looks += 1
        if self.broken:
            self.broken -= 1
            raise ConnectionError("the database is gone")
        return await self.store.take_deliveries(now, limit, runner, leased_at, purposes)

    async def begin_delivery(self, delivery_id: int, leased_at: datetime) -> None:
        await self.store.begin_delivery(delivery_id, leased_at)
        self.begun.append(delivery_id)

    async def finish_delivery(
        self,
        delivery_id: int,
        state: DeliveryState,
        reason: str,
        now: datetime,
        retry_at: datetime | None,
        way: str,
        along: Sequence[Step],
    ) -> None:
        await self.store.finish_delivery(delivery_id, state, reason, now, retry_at, way, along)
        self.put_off[delivery_id] = retry_at

    def column(self, name: str) -> list[Any]:
        with contextlib.closing(sqlite3.connect(self.file)) as connection:
            return [value for (value,) in connection.execute(f"SELECT {name} FROM deliveries ORDER BY id")]

    def states(self) -> list[str]:
        return self.column("state")


@dataclass
class World:
    api: PlatformApi
    rows: Outbox
    sender: Sender
    ended: list[DeliveryState]
    real: Moment  # what leases run on
    running: asyncio.Task[None] | None = None

    @property
    def clock(self) -> Moment:
        return self.api.clock

    def start(self) -> None:
        self.running = asyncio.create_task(self.sender.run())

    async def until(self, met: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not met():  # noqa: ASYNC110 - what is waited for happens in the service
                await asyncio.sleep(0.005)

    async def settled(self) -> list[str]:
        await self.until(lambda: not {"waiting", "taken"} & set(self.rows.states()))
        return self.rows.states()

    def said(self, openid: str = "") -> list[str]:
        return [each["text"]["content"] for each in self.api.sent if openid in ("", each["touser"])]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    api = PlatformApi(Moment(START))
    server = TestServer(api.app())
    await server.start_server()
    client = Client(
        api.appid,
        api.secret,
        str(server.make_url("")),
        store=TokenRows(),
        runner="r",
        now=api.clock,
        timeout=aiohttp.ClientTimeout(total=0.4),
    )
    url = f"sqlite+aiosqlite:///{tmp_path}/outbox.db"
    migrate(url)
    store = await Store.open(url, Vault([bytes(32)]))
    real = Moment(START)
    rows, ended = Outbox(store, tmp_path / "outbox.db"), list[DeliveryState]()
    sender = Sender(
        rows,
        {"official": client},
        api.clock,
        runner="r",
        poll_seconds=0.02,
        observe=lambda _delivery, state: ended.append(state),
        real=real,
    )
    world = World(api, rows, sender, ended, real)
    yield world
    sender.stop()
    if world.running is not None:
        await world.running
    await client.close()
    await store.close()
    await server.close()


async def test_everybody_gets_theirs_in_order(world: World) -> None:
    for number in range(60):
        await world.rows.add(f"o{number % 5}", str(number))
    world.start()
    assert await world.settled() == ["sent"] * 60
    for person in range(5):
        assert world.said(f"o{person}") == [str(number) for number in range(60) if number % 5 == person]
    assert world.ended == [DeliveryState.SENT] * 60


async def test_nobody_waits_for_another_persons_slow_send(world: World) -> None:
    for person in ("o1", "o2", "o3"):
        await world.rows.add(person, "a", "b")
    world.api.fail(SEND, Fault(seconds=0.3))
    world.start()
    await world.until(lambda: world.rows.states().count("sent") == 4)
    assert world.rows.states().count("taken") == 2
    assert set(await world.settled()) == {"sent"}


async def test_a_clock_moved_by_hand_takes_nothing_back(world: World) -> None:
    await world.rows.add("o1", "first", "second")
    world.api.fail(SEND, Fault(seconds=0.2))
    world.start()
    await world.until(lambda: len(world.api.sent) == 1)
    world.clock.advance(days=10)
    assert await world.settled() == ["sent", "sent"]


async def test_what_outlives_its_lease_is_never_sent_twice(world: World) -> None:
    await world.rows.add("o1", "first", "second")
    world.api.fail(SEND, Fault(seconds=0.3))
    world.start()
    await world.until(lambda: len(world.api.sent) == 1)
    world.real.advance(minutes=2)
    assert await world.settled() == ["unknown", "sent"]
    await asyncio.sleep(0.4)
    assert world.said() == ["first", "second"]
    await world.rows.add("o2", "the sender goes on", at=world.clock())
    await world.settled()
    assert world.said("o2") == ["the sender goes on"]


async def test_what_is_not_due_waits(world: World) -> None:
    await world.rows.add("o1", "now")
    await world.rows.add("o1", "tomorrow", at=START + timedelta(days=1))
    world.start()
    await world.until(lambda: world.said() == ["now"])
    await asyncio.sleep(0.1)
    assert world.rows.states() == ["sent", "waiting"]
    world.clock.advance(days=1)
    await world.settled()
    assert world.said() == ["now", "tomorrow"]


async def test_busy_is_tried_again_and_later_ones_wait_for_it(world: World) -> None:
    await world.rows.add("o1", "first")
    await world.rows.add("o1", "second")
    world.api.fail(SEND, Fault(-1))
    world.start()
    await world.until(lambda: len(world.rows.put_off) == 2)
    await world.rows.add("o1", "third")
    await world.rows.add("o2", "another person")
    await world.until(lambda: world.said() == ["another person"])
    world.api.fail(SEND, Fault(-1))
    world.clock.advance(seconds=30)
    await world.until(lambda: world.rows.column("attempts")[0] == 2 and "taken" not in world.rows.states())
    world.clock.advance(seconds=60)
    await world.settled()
    assert world.said("o1") == ["first", "second", "third"]
    assert world.rows.column("attempts") == [3, 1, 1, 1]


async def test_three_tries_and_no_more(world: World) -> None:
    await world.rows.add("o1", "never")
    world.api.fail(SEND, *(Fault(-1) for _ in range(5)))
    world.start()
    for tries in (1, 2):
        await world.until(lambda: (world.rows.begun, world.rows.states()) == ([1] * tries, ["waiting"]))  # noqa: B023
        world.clock.advance(seconds=60)
    assert await world.settled() == ["given_up"]
    assert len(world.api.faults[SEND]) == 2


@pytest.mark.parametrize(
    ("errcode", "reason"),
    [
        (45015, "window_closed (45015)"),
        (45047, "allowance_used (45047)"),
        (43004, "not_following (43004)"),
        (47001, "bad JSON (47001)"),
    ],
)
async def test_a_refusal_has_its_reason_and_stops_nobody_else(world: World, errcode: int, reason: str) -> None:
    await world.rows.add("o1", "refused")
    world.api.fail(SEND, Fault(errcode))
    world.start()
    assert await world.settled() == ["refused"]
    assert world.rows.column("reason")[0] == reason
    await world.rows.add("o2", "fine")
    await world.rows.add("o1", "fine too")
    await world.settled()
    assert sorted(world.said()) == ["fine", "fine too"]


@pytest.mark.parametrize("fault", [Fault(seconds=1), Fault(status=502), Fault(drop=True)], ids=["slow", "502", "drop"])
async def test_a_send_without_an_answer_is_unknown_and_never_repeated(world: World, fault: Fault) -> None:
    await world.rows.add("o1", "perhaps")
    await world.rows.add("o1", "next")
    world.api.fail(SEND, fault)
    world.start()
    assert await world.settled() == ["unknown", "sent"]
    world.clock.advance(days=2)
    await asyncio.sleep(0.1)
    assert world.rows.begun == [1, 2]


async def test_a_configuration_error_pauses_the_channel_and_loses_nothing(world: World) -> None:
    for number in range(40):
        await world.rows.add(f"o{number}", str(number))
    world.api.fail(SEND, *(Fault(48001) for _ in range(8)))  # as many as are sent at once
    with structlog.testing.capture_logs() as logs:
        world.start()
        await world.until(lambda: len(world.rows.put_off) >= 32)
        looks = world.rows.looks
        await asyncio.sleep(0.15)
        assert world.rows.looks == looks, "nothing is even taken while the channel pauses"
    assert not world.api.sent
    alerts = [line for line in logs if line["event"] == "channel_paused"]
    assert alerts
    assert alerts[0]["log_level"] == "error"
    world.clock.advance(seconds=20)
    assert set(await world.settled()) == {"sent"}
    assert len(world.said()) == 40


async def test_the_days_quota_pauses_until_midnight_in_beijing(world: World) -> None:
    await world.rows.add("o1", "tomorrow")
    world.api.fail(SEND, Fault(45009))
    world.start()
    await world.until(lambda: 1 in world.rows.put_off)
    assert world.rows.put_off[1] == datetime(2026, 11, 20, 16, tzinfo=UTC)
    world.clock.now = world.rows.put_off[1]
    assert await world.settled() == ["sent"]


async def test_without_a_token_nothing_is_begun(world: World) -> None:
    for number in range(3):
        await world.rows.add(f"o{number}", str(number))
    world.api.fail("stable_token", *(Fault(40164) for _ in range(3)))
    world.start()
    await world.until(lambda: len(world.rows.put_off) == 3)
    assert world.rows.begun == []
    world.clock.advance(minutes=1)
    assert set(await world.settled()) == {"sent"}


async def test_a_menu_becomes_text_where_menus_are_refused(world: World) -> None:
    choices = [Choice(id="1", label="公需科目"), Choice(id="2", label="专业科目")]
    menu = Reply(kind=ReplyKind.MENU, text="哪一类？", choices=choices)
    await world.rows.add("o1", menu)
    await world.rows.add("o2", menu)
    world.api.fail(SEND, Fault(40200))
    world.start()
    assert await world.settled() == ["sent", "sent"]
    kinds = {message["msgtype"]: message for message in world.api.sent}
    assert kinds["text"]["text"]["content"] == "哪一类？\n1. 公需科目\n2. 专业科目"
    assert kinds["msgmenu"]["msgmenu"]["list"] == [
        {"id": "1", "content": "公需科目"},
        {"id": "2", "content": "专业科目"},
    ]


async def test_a_picture_that_has_gone_and_an_empty_text_are_refused(world: World) -> None:
    world.api.media["here"] = (b"x", "image/png")
    await world.rows.add("o1", Reply(kind=ReplyKind.IMAGE, media_id="here"))
    await world.rows.add("o2", Reply(kind=ReplyKind.IMAGE, media_id="gone"))
    await world.rows.add("o3", " \x00")
    world.start()
    assert await world.settled() == ["sent", "refused", "refused"]


async def test_wake_sends_at_once(world: World) -> None:
    world.sender._poll_seconds = 60
    world.start()
    await world.until(lambda: world.rows.looks == 1)
    await world.rows.add("o1", "at once")
    world.sender.wake()
    async with asyncio.timeout(1):
        assert await world.settled() == ["sent"]


async def test_a_full_hand_does_not_wait_for_the_next_look(world: World) -> None:
    world.sender._poll_seconds = 60
    for number in range(100):  # more than are taken at a time
        await world.rows.add(f"o{number % 3}", str(number))
    world.start()
    assert set(await world.settled()) == {"sent"}


async def test_stopping_finishes_what_has_begun_and_gives_back_the_rest(world: World) -> None:
    world.api.fail(SEND, Fault(seconds=0.3))
    await world.rows.add("o1", "begun")
    await world.rows.add("o1", "only taken")
    world.start()
    await world.until(lambda: len(world.api.sent) == 1)
    assert world.rows.states() == ["taken", "taken"]
    world.sender.stop()
    assert world.running is not None
    await world.running
    assert world.rows.states() == ["sent", "waiting"]
    assert world.rows.begun == [1]
    assert world.rows.put_off[2] == START


async def test_the_store_may_fail_for_a_while(world: World) -> None:
    world.rows.broken = 3
    await world.rows.add("o1", "still")
    world.start()
    assert await world.settled() == ["sent"]


async def test_logs_hold_neither_words_nor_people(world: World) -> None:
    await world.rows.add("oTESTa0000000000000000000001", "身份证 220102199003070000")
    world.api.fail(SEND, Fault(45015))
    with structlog.testing.capture_logs() as logs:
        world.start()
        await world.settled()
    assert any(line["event"] == "delivery_not_sent" for line in logs)
    assert not [secret for secret in ("oTESTa", "220102", "token-1", "key-1") if secret in repr(logs)]
