"""Both token families, over HTTP and over time."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from simulator.platform import Platform
from tests.simulator.conftest import answered
from tests.simulator.service import ACCOUNT

Client = TestClient[web.Request, web.Application]
GRANT = {"grant_type": "client_credential", "appid": ACCOUNT.appid, "secret": ACCOUNT.secret}
Fetch = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def stable(client: Client) -> Fetch:
    async def fetch(**other: object) -> dict[str, Any]:
        return await answered(await client.post("/cgi-bin/stable_token", json=GRANT | other))

    return fetch


@pytest.fixture
def classic(client: Client) -> Fetch:
    async def fetch(**other: str) -> dict[str, Any]:
        return await answered(await client.get("/cgi-bin/token", params=GRANT | other))

    return fetch


@pytest.fixture
def works(client: Client) -> Callable[[str], Awaitable[int]]:
    async def errcode(token: str) -> int:
        answer = await answered(await client.get("/cgi-bin/getcallbackip", params={"access_token": token}))
        return int(answer.get("errcode", 0))

    return errcode


Works = Callable[[str], Awaitable[int]]


async def test_stable_returns_the_same_until_its_last_five_minutes(
    stable: Fetch, works: Works, platform: Platform
) -> None:
    first = await stable()
    assert first["expires_in"] == 7200
    platform.clock.advance(6899)
    assert await stable() == {"access_token": first["access_token"], "expires_in": 301}
    platform.clock.advance(1)
    second = await stable()
    assert second["access_token"] != first["access_token"]
    assert [await works(first["access_token"]), await works(second["access_token"])] == [0, 0]
    platform.clock.advance(300)
    assert [await works(first["access_token"]), await works(second["access_token"])] == [42001, 0]


async def test_the_classic_call_ages_the_token_before(classic: Fetch, works: Works, platform: Platform) -> None:
    first, second = (await classic())["access_token"], (await classic())["access_token"]
    assert first != second
    assert await works(first) == 0
    platform.clock.advance(301)
    assert [await works(first), await works(second)] == [42001, 0]


async def test_the_families_do_not_disturb_each_other(stable: Fetch, classic: Fetch, works: Works) -> None:
    kept = (await stable())["access_token"]
    await classic()
    await classic()
    assert (await stable())["access_token"] == kept
    assert await works(kept) == 0


async def test_forcing_kills_the_old_token_not_twice_in_30_s_and_20_times_a_day(
    stable: Fetch, works: Works, platform: Platform
) -> None:
    old = (await stable())["access_token"]
    new = (await stable(force_refresh=True))["access_token"]
    assert [await works(old), await works(new)] == [40001, 0]
    assert (await stable(force_refresh=True))["errcode"] == 45011
    for _ in range(19):
        platform.clock.advance(30)
        assert "access_token" in await stable(force_refresh=True)
    platform.clock.advance(30)
    assert (await stable(force_refresh=True))["errcode"] == 45009


@pytest.mark.parametrize(
    ("other", "errcode"),
    [
        ({"grant_type": "password"}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wx00000000000000ff"}, 40013),
        ({"secret": "wrong"}, 40125),
    ],
)
async def test_refuses_what_is_wrong(stable: Fetch, classic: Fetch, other: dict[str, str], errcode: int) -> None:
    assert (await stable(**other))["errcode"] == errcode
    assert (await classic(**other))["errcode"] == errcode


async def test_tells_no_token_from_a_wrong_one(works: Works, platform: Platform, stable: Fetch) -> None:
    assert [await works(""), await works("made-up")] == [41001, 40001]
    token = (await stable())["access_token"]
    platform.tokens.kill()
    assert await works(token) == 40001


async def test_the_wire_shows_neither_secret_nor_token(stable: Fetch, platform: Platform) -> None:
    token = (await stable())["access_token"]
    row = platform.wire.rows()[-1]
    assert row.name == "stable_token"
    assert ACCOUNT.secret not in row.sent
    assert token not in row.answered
