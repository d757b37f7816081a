"""The API client over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.channels.client import Client
from bot.channels.errcodes import ErrorKind
from bot.channels.errors import ChannelBusy, ChannelError, ChannelRefused, OutcomeUnknown, PersonUnreachable
from bot.channels.wire import Call
from domain.delivery import Choice
from tests.bot.channels.server import JPEG, Fault, Moment, PlatformApi, TokenRows

OPENID = "oTESTa0000000000000000000001"
SEND = "message/custom/send"
QUICK = aiohttp.ClientTimeout(total=0.5, sock_connect=0.3)


@dataclass
class World:
    """A platform and the processes that talk to it through one token row."""

    api: PlatformApi
    base_url: str
    rows: TokenRows = field(default_factory=TokenRows)
    calls: list[Call] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)

    def client(self, runner: str = "one", secret: str = "s3cret", base_url: str = "") -> Client:
        client = Client(
            "wxapp",
            secret,
            base_url or self.base_url,
            store=self.rows,
            runner=runner,
            now=self.api.clock,
            observe=self.calls.append,
            timeout=QUICK,
        )
        self.clients.append(client)
        return client


@pytest.fixture
async def world() -> AsyncIterator[World]:
    api = PlatformApi(Moment(datetime(2026, 11, 20, 1, 30, 20, tzinfo=UTC)))
    server = TestServer(api.app())
    await server.start_server()
    world = World(api, str(server.make_url("")))
    yield world
    for client in world.clients:
        await client.close()
    await server.close()


async def test_text_arrives_as_raw_utf8(world: World) -> None:
    text = '还差 48 学时😀 "引号" \\ / <b>&\n\t\u2028é'
    await world.client().send_text(OPENID, text + "\x00\x1b\ud800")
    assert world.api.sent == [{"touser": OPENID, "msgtype": "text", "text": {"content": text}}]


async def test_long_text_is_cut(world: World) -> None:
    await world.client().send_text(OPENID, "学" * 5000)
    assert world.api.sent[0]["text"]["content"] == "学" * 681 + "…"


async def test_menu_message(world: World) -> None:
    await world.client().send_menu(
        OPENID, "长" * 2000, [Choice(id="a", label="公需"), Choice(id="b", label="专业")], "完"
    )
    menu = world.api.sent[0]["msgmenu"]
    assert menu["list"] == [{"id": "a", "content": "公需"}, {"id": "b", "content": "专业"}]
    assert menu["tail_content"] == "完"
    assert menu["head_content"].endswith("长…")
    assert len((menu["head_content"] + "公需专业完").encode()) <= 2048


async def test_media_up_sent_and_down(world: World) -> None:
    client = world.client()
    media_id = await client.upload_media(JPEG, "image/jpeg")
    await client.send_image(OPENID, media_id)
    assert world.api.sent[0]["image"] == {"media_id": media_id}
    answer = await client.download_media(media_id)
    assert (answer.content, answer.content_type) == (JPEG, "image/jpeg")
    with pytest.raises(ChannelRefused) as too_large:
        await client.download_media(media_id, limit=len(JPEG) - 1)
    assert too_large.value.errcode == 45001
    with pytest.raises(ChannelRefused) as gone:
        await client.download_media("never-uploaded")
    assert (gone.value.errcode, gone.value.kind) == (40007, ErrorKind.MEDIA)
    with pytest.raises(ValueError, match="cannot be uploaded"):
        await client.upload_media(b"MZ", "application/x-msdownload")


async def test_a_film_is_answered_with_an_address_and_is_no_file(world: World) -> None:
    client = world.client()
    await client.ready()
    world.api.fail("media/get", Fault(body=b'{"video_url":"http://films.test/1"}'))
    with pytest.raises(ChannelRefused, match="not a file"):
        await client.download_media("film")


async def test_menu_and_typing(world: World) -> None:
    client = world.client()
    buttons = [{"type": "click", "name": "我的学时", "key": "hours"}]
    await client.create_menu(buttons)
    assert world.api.menu == {"button": buttons}
    await client.typing(OPENID)
    world.api.fail("message/custom/typing", Fault(45081))
    await client.typing(OPENID)  # already shown: fine
    await client.typing(OPENID, on=False)
    assert world.api.typed == ["Typing", "CancelTyping"]


# What went wrong, and what may be done


@pytest.mark.parametrize(
    ("errcode", "expected"),
    [(45015, "window_closed"), (45047, "allowance_used"), (43004, "not_following"), (48002, "receives_nothing")],
)
async def test_a_person_who_cannot_be_reached(world: World, errcode: int, expected: str) -> None:
    world.api.fail(SEND, Fault(errcode))
    with pytest.raises(PersonUnreachable) as unreachable:
        await world.client().send_text(OPENID, "在吗")
    assert (unreachable.value.errcode, unreachable.value.reason) == (errcode, expected)
    assert unreachable.value.rid == "6a1b-2c3d-4e5f"


async def test_busy_says_when(world: World) -> None:
    client, clock = world.client(), world.api.clock
    for errcode, retry_at in (
        (-1, None),
        (45011, clock() + timedelta(seconds=40)),
        (45009, datetime(2026, 11, 20, 16, tzinfo=UTC)),
    ):
        world.api.fail(SEND, Fault(errcode))
        with pytest.raises(ChannelBusy) as busy:
            await client.send_text(OPENID, "在吗")
        assert (busy.value.errcode, busy.value.retry_at) == (errcode, retry_at)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=502, body=b"bad gateway"),
        Fault(body=b"<html>"),
        Fault(body=b"[]"),
        Fault(body=b"null"),
        Fault(body=b'{"errcode":"x"}'),
        Fault(body=b""),
        Fault(body=b"\xff\xfe"),
        Fault(body=b"[" * 100_000),
        Fault(drop=True),
        Fault(seconds=2),
    ],
    ids=lambda fault: f"{fault.status}-{(fault.body or b'')[:15]!r}-{fault.drop}-{fault.seconds}",
)
async def test_a_send_without_an_answer_is_unknown_and_not_repeated(world: World, fault: Fault) -> None:
    client = world.client()
    await client.ready()
    world.api.fail(SEND, fault)
    with pytest.raises(OutcomeUnknown):
        await client.send_text(OPENID, "在吗")
    assert len(world.api.sent) == (1 if fault.seconds else 0)


@pytest.mark.parametrize("fault", [Fault(status=503), Fault(body=b"<html>"), Fault(drop=True), Fault(seconds=2)])
async def test_what_may_be_repeated_is_only_busy(world: World, fault: Fault) -> None:
    client = world.client()
    await client.ready()
    world.api.fail("menu/create", fault)
    with pytest.raises(ChannelBusy):
        await client.create_menu([])


@pytest.mark.parametrize(("status", "kind"), [(404, ErrorKind.CONFIG), (302, ErrorKind.CONFIG)])
async def test_an_address_that_is_no_wechat(world: World, status: int, kind: ErrorKind) -> None:
    client = world.client()
    await client.ready()
    world.api.fail(SEND, Fault(status=status))
    with pytest.raises(ChannelRefused) as refused:
        await client.send_text(OPENID, "在吗")
    assert (refused.value.errcode, refused.value.kind) == (status, kind)


async def test_nobody_listens(world: World, unused_tcp_port: int) -> None:
    world.rows.rows["wxapp"] = ("token-0", world.api.clock() + timedelta(hours=1))
    with pytest.raises(ChannelBusy):
        await world.client(base_url=f"http://127.0.0.1:{unused_tcp_port}").send_text(OPENID, "在吗")


@pytest.mark.parametrize("errcode", [0, None])
async def test_success_may_lack_its_errcode(world: World, errcode: int | None) -> None:
    client = world.client()
    await client.ready()
    world.api.fail(SEND, Fault(body=b"{}" if errcode is None else b'{"errcode":"0","errmsg":"system error -1"}'))
    await client.send_text(OPENID, "在吗")


# The token


async def test_one_fetch_for_many_calls(world: World) -> None:
    world.api.slow_tokens = 0.05
    client = world.client()
    await asyncio.gather(*(client.send_text(OPENID, str(number)) for number in range(20)))
    assert world.api.token_calls == [False]
    assert len(world.api.sent) == 20
    assert world.rows.reads == 1, "who waited takes the token from memory"


async def test_one_fetch_for_many_processes(world: World) -> None:
    world.api.slow_tokens = 0.3
    clients = [world.client(f"process-{number}") for number in range(5)]
    await asyncio.gather(*(client.send_text(OPENID, "在吗") for client in clients))
    assert world.api.token_calls == [False]


async def test_a_token_is_renewed_before_it_ends(world: World) -> None:
    client = world.client()
    await client.send_text(OPENID, "1")
    world.api.clock.advance(minutes=115)
    await client.send_text(OPENID, "2")
    assert len(world.api.token_calls) == 1
    world.api.clock.advance(minutes=1, seconds=1)  # inside the last four minutes
    await client.send_text(OPENID, "3")
    assert world.api.token_calls == [False, False]
    assert world.api.token == "token-2"
    assert world.rows.rows["wxapp"][0] == "token-2"


async def test_the_old_token_serves_while_no_new_one_can_be_had(world: World) -> None:
    client = world.client()
    await client.send_text(OPENID, "1")
    world.api.clock.advance(minutes=117)
    world.api.fail("stable_token", Fault(-1))
    await client.send_text(OPENID, "2")
    assert len(world.api.sent) == 2


async def test_a_token_that_ended_early_is_replaced_once(world: World) -> None:
    client = world.client()
    await client.send_text(OPENID, "1")
    world.api.token_ends = world.api.clock()
    world.api.kill_token()
    await client.send_text(OPENID, "2")
    assert world.api.token_calls == [False, False]
    assert [message["text"]["content"] for message in world.api.sent] == ["1", "2"]


async def test_many_calls_with_a_dead_token_replace_it_once(world: World) -> None:
    client = world.client()
    await client.ready()
    world.api.token_ends = world.api.clock()
    world.api.kill_token()
    await asyncio.gather(*(client.send_text(OPENID, str(number)) for number in range(10)))
    assert world.api.token_calls == [False, False]
    assert len(world.api.sent) == 10
    assert world.rows.reads == 2


async def test_a_token_that_another_process_replaced_is_taken_over(world: World) -> None:
    one, other = world.client("one"), world.client("other")
    await one.send_text(OPENID, "1")
    await other.send_text(OPENID, "2")
    world.api.token_ends = world.api.clock()
    world.api.kill_token()
    await asyncio.gather(one.send_text(OPENID, "3"), other.send_text(OPENID, "4"))
    assert world.api.token_calls == [False, False]
    assert len(world.api.sent) == 4


async def test_the_same_dead_token_again_is_forced_out_once(world: World) -> None:
    client = world.client()
    await client.send_text(OPENID, "1")
    world.api.kill_token()
    await client.send_text(OPENID, "2")
    assert world.api.token_calls == [False, False, True]
    world.api.kill_token()
    with pytest.raises(ChannelRefused) as refused:
        await client.send_text(OPENID, "3")
    assert refused.value.kind is ErrorKind.CONFIG
    assert world.api.token_calls == [False, False, True, False]  # forcing is rationed


async def test_a_platform_that_refuses_every_token_is_asked_twice_at_most(world: World) -> None:
    client = world.client()
    await client.ready()
    world.api.fail(SEND, *(Fault(42001) for _ in range(10)))
    with pytest.raises(ChannelRefused) as refused:
        await client.send_text(OPENID, "1")
    assert refused.value.kind is ErrorKind.TOKEN
    assert len(world.api.faults[SEND]) == 8


async def test_a_wrong_secret_is_a_matter_of_configuration(world: World) -> None:
    with pytest.raises(ChannelRefused, match="secret") as refused:
        await world.client(secret="wrong").send_text(OPENID, "1")
    assert refused.value.kind is ErrorKind.CONFIG
    assert len(world.api.token_calls) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"access_token":"","expires_in":7200}',
        b'{"access_token":"a b","expires_in":7200}',
        b'{"access_token":"t","expires_in":"soon"}',
        b'{"access_token":"t","expires_in":0}',
        b'{"access_token":7,"expires_in":7200}',
    ],
)
async def test_a_token_answer_that_is_none(world: World, body: bytes) -> None:
    world.api.fail("stable_token", Fault(body=body))
    with pytest.raises(ChannelBusy):
        await world.client().ready()


async def test_a_process_that_died_with_the_lease_is_followed(world: World) -> None:
    world.rows.leases["wxapp"] = ("dead", world.api.clock() + timedelta(seconds=15))
    waiting = asyncio.create_task(world.client().ready())
    await asyncio.sleep(0.3)
    assert not waiting.done()
    world.api.clock.advance(seconds=16)
    await waiting
    assert world.api.token_calls == [False]


# What is told


async def test_calls_are_told_without_text_ids_or_tokens(world: World) -> None:
    client = world.client()
    await client.send_text(OPENID, "身份证 220102199003070000")
    world.api.fail(SEND, Fault(45015))
    with pytest.raises(PersonUnreachable):
        await client.send_text(OPENID, "在吗")
    assert [(call.api, call.errcode, call.error) for call in world.calls] == [
        ("stable_token", 0, ""),
        (SEND, 0, ""),
        (SEND, 45015, "PersonUnreachable"),
    ]
    assert world.calls[2].rid == "6a1b-2c3d-4e5f"
    shown = repr(world.calls)
    assert not [secret for secret in (OPENID, "220102", "token-1", "s3cret") if secret in shown]


@pytest.mark.parametrize("fault", [Fault(45015), Fault(-1), Fault(47001), Fault(status=500), Fault(drop=True)])
async def test_exceptions_hold_nothing_personal(world: World, fault: Fault) -> None:
    client = world.client()
    await client.ready()
    world.api.fail(SEND, fault)
    with pytest.raises(ChannelError) as raised:
        await client.send_text(OPENID, "秘密")
    told = f"{raised.value!r} {raised.value} {raised.value.__cause__!r} {raised.value.__suppress_context__}"
    assert told.endswith("None True") or raised.value.__context__ is None
    assert not [secret for secret in (OPENID, "秘密", "token-1") if secret in told]


async def test_close_ends_the_session_and_a_later_call_opens_another(world: World) -> None:
    client = world.client()
    await client.ready()
    await client.close()
    await client.close()
    await client.send_text(OPENID, "1")
    assert len(world.api.sent) == 1
