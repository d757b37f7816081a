"""The official account and its client against the stand-in: two readings of one platform that share no code."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels import official
from bot.channels.client import Client
from bot.channels.envelope import fresh_nonce
from bot.channels.errors import PersonUnreachable
from domain.delivery import Choice, Reply, ReplyKind
from domain.message import Message, MessageKind
from simulator.account import Account, Mode, Person
from simulator.app import build
from simulator.clock import Clock
from simulator.faults import Armed, Fault
from simulator.phones import Phone
from simulator.platform import Platform
from tests.bot.channels.server import TokenRows

AES_KEY = "FixtureAesKey0FixtureAesKey0FixtureAesKey0A"
OPENID = "oTESTa0000000000000000000001"
PNG = base64.b64decode(  # one grey point
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
HOSTILE = "a]]>b<Content>x</Content>&lt;😀\t\n1. “引号” \\ end"


@dataclass
class World:
    """A service that answers with `reply`, and the platform that pushes to it."""

    platform: Platform
    client: Client
    reply: Reply | None = None
    messages: list[Message] = field(default_factory=list)

    @property
    def phone(self) -> Phone:
        return self.platform.phone("wang")

    def heard(self) -> list[tuple[str, str]]:
        return [(bubble.kind, bubble.text) for bubble in self.phone.chat.heard()]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    account = Account("wx00000000000000a1", "secret", "fixturetoken", AES_KEY, "gh_0a1b2c3d4e5f")
    ours = official.Account(account.appid, account.secret, account.token, AES_KEY, original_id=account.original_id)
    clock = Clock()

    async def receive(request: web.Request) -> web.Response:
        opened = official.open_body(await request.read(), request.query, ours, clock.now())
        message = official.decode(opened.xml, ours)
        world.messages.append(message)
        return web.Response(text=official.render(world.reply, message, opened, ours, fresh_nonce(), clock.now()))

    async def verify(request: web.Request) -> web.Response:
        return web.Response(text=official.verify(request.query, ours, clock.now()))

    app = web.Application()
    app.add_routes([web.get("/", verify), web.post("/", receive)])
    async with TestServer(app) as service:
        people = [Person("wang", "王工", OPENID, following=True)]
        callback = str(service.make_url("/"))
        async with Platform(account, people, callback, clock) as platform, TestServer(build(platform)) as server:
            base = str(server.make_url(""))
            client = Client(account.appid, account.secret, base, store=TokenRows(), runner="r", now=clock.now)
            world = World(platform, client)
            yield world
            await client.close()


@pytest.mark.parametrize("mode", list(Mode))
async def test_every_mode_carries_words_there_and_back(world: World, mode: Mode) -> None:
    world.platform.pusher.mode = mode
    assert await world.platform.pusher.verify()
    world.reply = Reply(text=HOSTILE)
    world.phone.text(HOSTILE)
    await world.platform.quiet()
    assert world.messages[0].text == HOSTILE
    assert world.heard() == [("text", HOSTILE)]


async def test_a_lost_answer_comes_again_under_the_same_key(world: World) -> None:
    world.platform.faults.arm(Fault.ANSWER_LOST, Armed(times=1))
    world.reply = Reply(text="收到")
    world.phone.text("听了讲座")
    await world.platform.quiet()
    assert len(world.messages) == 2
    assert len({message.key for message in world.messages}) == 1
    assert world.heard() == [("text", "收到")]


async def test_every_gesture_is_understood(world: World) -> None:
    phone = world.phone
    phone.voice("明天下午三点")
    phone.location()
    phone.link("标题", "摘要", "https://example.test/?a=1&b=2")
    phone.position(40.8, 111.7)
    phone.unfollow()
    phone.follow()
    await world.platform.quiet()
    kinds = [message.kind for message in world.messages]
    assert kinds == [MessageKind.VOICE, MessageKind.LOCATION, MessageKind.LINK, *[MessageKind.EVENT] * 3]
    assert world.messages[0].text == "明天下午三点"
    assert world.messages[1].details["latitude"] == 40.8424
    assert world.messages[2].details["url"] == "https://example.test/?a=1&b=2"
    assert [message.event for message in world.messages[3:]] == ["location", "unsubscribe", "subscribe"]
    assert len({message.key for message in world.messages}) == 6


async def test_customer_messages_menus_and_their_taps(world: World) -> None:
    with pytest.raises(PersonUnreachable) as closed:
        await world.client.send_text(OPENID, "早")
    assert closed.value.reason == "window_closed"
    world.phone.text("你好")
    await world.platform.quiet()
    await world.client.send_text(OPENID, HOSTILE)
    await world.client.send_menu(OPENID, "哪一类？", [Choice(id="public", label="公需科目")])
    await world.client.typing(OPENID)
    assert world.heard()[0] == ("text", HOSTILE)
    menu = world.phone.chat.heard()[1]
    world.phone.choose(menu.id, "public")
    await world.platform.quiet()
    assert (world.messages[-1].text, world.messages[-1].details["menu_choice"]) == ("公需科目", "public")


async def test_pictures_up_and_down(world: World) -> None:
    world.phone.image(PNG)
    await world.platform.quiet()
    answer = await world.client.download_media(world.messages[0].media_id)
    assert (answer.content, answer.content_type) == (PNG, "image/png")
    media_id = await world.client.upload_media(PNG, "image/png")
    await world.client.send_image(OPENID, media_id)
    world.reply = Reply(kind=ReplyKind.IMAGE, media_id=media_id)
    world.phone.text("再来一张")
    await world.platform.quiet()
    assert [kind for kind, _ in world.heard()] == ["image", "image"]


async def test_a_killed_token_is_replaced_unseen(world: World) -> None:
    world.phone.text("你好")
    await world.platform.quiet()
    await world.client.send_text(OPENID, "一")
    world.platform.faults.arm(Fault.TOKEN_KILLED, Armed(times=1))
    await world.client.send_text(OPENID, "二")
    assert world.heard() == [("text", "一"), ("text", "二")]
    await world.client.create_menu([{"type": "click", "name": "我的学时", "key": "hours.remaining"}])
    world.phone.tap([0])
    await world.platform.quiet()
    assert (world.messages[-1].event, world.messages[-1].event_key) == ("click", "hours.remaining")
