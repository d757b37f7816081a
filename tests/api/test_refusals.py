"""Forged, expired and other people's tokens, another person's ids in every path, repeated keys, too much at once."""

import asyncio
import hashlib
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.api.route import Route
from bot.api.table import ROUTES
from simulator.faults import Armed, Fault
from tests.api.phone import ENTRY, Phone
from tests.miniprogram.world import World, world

CLOSED = [route for route in ROUTES if not route.open]


def somewhere(route: Route, **known: str) -> str:
    """The route's path with ids: those that are `known`, else such as never were."""
    parts = {
        "id": "0" * 40,
        "year": "2026",
        "photo": "a" * 64,
        "code": "123456",
        "place": "jilin",
        "document": "decree-267",
        "article": "%E7%AC%AC%E4%B8%80%E6%9D%A1",
        "export": "0" * 40,
    }
    return route.path.format(**(parts | known))


async def test_every_path_wants_a_token_that_is_good(here: World, wang: Phone) -> None:
    good = wang.token
    assert wang.headers["Cache-Control"] == "no-store"
    here.platform.clock.advance(timedelta(minutes=21).total_seconds())
    for token in ("", "forged" * 8, good, good[:-1] + ("A" if good[-1] != "A" else "B"), wang.refresh):
        wang.token = token
        for route in CLOSED if token in ("", "forged" * 8) else CLOSED[:1]:
            told = await wang.ask(route.method, somewhere(route), 401)
            assert told["code"] == "token_refused"
            assert wang.headers["WWW-Authenticate"] == "Bearer"


async def test_a_refresh_token_is_good_once_and_a_second_time_ends_the_login(wang: Phone) -> None:
    first, access = wang.refresh, wang.token
    renewed = await wang.post("/refresh", {"refresh_token": first}, key="")
    assert renewed["person"]["id"]
    await wang.get("/me", 401)  # what was given before ends with the change
    wang.token = renewed["token"]
    await wang.get("/me")
    await wang.post("/refresh", {"refresh_token": first}, 401, key="")
    await wang.get("/me", 401)
    wang.token = access
    await wang.get("/me", 401)
    told = await wang.post("/refresh", {"refresh_token": renewed["refresh_token"]}, 401, key="")
    assert told["code"] == "token_refused"


async def test_two_refreshes_at_one_moment_give_one_pair_at_most(wang: Phone) -> None:
    async def refresh() -> int:
        body = {"refresh_token": wang.refresh}
        async with wang.http.post(wang.base + "/refresh", json=body) as answer:
            return answer.status

    assert sorted(await asyncio.gather(refresh(), refresh(), refresh())) in ([200, 401, 401], [401, 401, 401])


async def test_logging_out_ends_this_login_and_no_other(here: World, wang: Phone) -> None:
    elsewhere = Phone(here, "wang", wang.http)
    await elsewhere.login()
    await wang.ask("POST", "/logout", 204)
    await wang.get("/me", 401)
    await elsewhere.get("/me")


async def test_codes_of_the_platform_are_good_once(here: World, wang: Phone) -> None:
    code = here.mini.login("wang")
    await wang.post("/login", {"code": code}, key="")
    assert (await wang.post("/login", {"code": code}, 401, key=""))["code"] == "code_refused"
    assert (await wang.post("/login", {"code": "made-up"}, 401, key=""))["code"] == "code_refused"
    here.mini.visitors["wang"].high_risk = True
    assert (await wang.post("/login", {"code": here.mini.login("wang")}, 403, key=""))["code"] == "blocked"
    here.mini.visitors["wang"].high_risk = False
    here.platform.faults.arm(Fault.API_BUSY, Armed(times=9))
    assert (await wang.post("/login", {"code": here.mini.login("wang")}, 503, key=""))["code"] == "platform_busy"
    assert int(wang.headers["Retry-After"]) > 0


async def test_no_answer_names_the_session_key(here: World, http: object, wang: Phone) -> None:
    told = await wang.login()
    assert "session_key" not in str(told)
    dumped = (await wang.get("/privacy")), (await wang.get("/me"))
    assert "session_key" not in str(dumped)


async def test_another_persons_ids_are_unknown_everywhere(wang: Phone, zhao: Phone) -> None:
    entry = await wang.post("/entries", ENTRY, 201)
    export = await wang.post("/exports", {"kind": "card", "year": 2026}, 202)
    theirs = {"id": entry["id"], "export": export["export"], "photo": "b" * 64}
    bodies = {
        "/entries/{id}/correction": {"quantity": 1},
        "/entries/{id}/appeal": {"words": "不对"},
        "/entries/{id}/proofs": {"photo": "b" * 64},
        "/photos/{photo}/confirmation": ENTRY,
    }
    for route in CLOSED:
        if not {"id", "photo", "export"} & set(route.parameters) or route.path.startswith("/reviews"):
            continue
        told = await zhao.write(route.method, somewhere(route, **theirs), bodies.get(route.path, {}), 404)
        assert told["code"] == "not_found"
        assert (await zhao.write(route.method, somewhere(route), bodies.get(route.path, {}), 404)) == told
    for route in CLOSED:
        if route.path.startswith("/reviews"):
            body = {"code": "other", "words": "不对"} if route.path.endswith("return") else {}
            assert (await zhao.write(route.method, somewhere(route, **theirs), body, 403))["code"] == "no_role"
    assert (await wang.get(f"/entries/{entry['id']}"))["state"] == "claimed"


async def test_a_repeated_key_does_a_thing_once_and_for_its_owner_alone(wang: Phone, zhao: Phone) -> None:
    first = await wang.post("/entries", ENTRY, 201, key="same-key-1")
    assert await wang.post("/entries", ENTRY, 201, key="same-key-1") == first
    told = await wang.post("/entries", {**ENTRY, "quantity": 1}, 422, key="same-key-1")
    assert told["code"] == "key_reused"
    told = await wang.post(f"/entries/{first['id']}/withdrawal", {}, 422, key="same-key-1")
    assert told["code"] == "key_reused"
    other = await zhao.post("/entries", ENTRY, 201, key="same-key-1")
    assert other["id"] != first["id"]
    assert len((await wang.get("/entries"))["items"]) == 1
    assert (await wang.post("/entries", ENTRY, 400, key="short"))["code"] == "key_missing"
    assert (await wang.ask("POST", "/entries", 400, json=ENTRY))["code"] == "key_missing"


async def test_the_same_key_many_times_at_once_is_one_record(wang: Phone) -> None:
    told = await asyncio.gather(*(wang.post("/entries", ENTRY, 201, key="burst-key-1") for _ in range(8)))
    assert len({one["id"] for one in told}) == 1
    assert len((await wang.get("/entries"))["items"]) == 1


async def test_a_refusal_is_repeated_under_its_key(wang: Phone) -> None:
    form = {**ENTRY, "consent": False}
    first = await wang.post("/entries", form, 409, key="refused-key-1")
    await wang.post("/me/consent", {"accepted": True})
    assert await wang.post("/entries", form, 409, key="refused-key-1") == first
    await wang.post("/entries", form, 201, key="refused-key-2")


@pytest.mark.parametrize("declared", [True, False])
async def test_twenty_megabytes_are_refused_and_nothing_is_kept(wang: Phone, declared: bool) -> None:
    huge = b"\xff\xd8\xff\xe0" + b"\0" * (20 * 1024 * 1024)

    async def pieces() -> object:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        for at in range(0, len(huge), 1 << 20):
            yield huge[at : at + (1 << 20)]
        yield b"\r\n--b--\r\n"

    if declared:
        told = await wang.upload("/photos", huge, 413)
    else:
        headers = {"Content-Type": "multipart/form-data; boundary=b", "Idempotency-Key": "huge-key-1"}
        told = await wang.ask("POST", "/photos", 413, data=pieces(), headers=headers)
    assert told["code"] == "picture_too_large"
    assert "10" in told["detail"]
    assert (await wang.get("/proofs"))["items"] == []


async def test_bodies_that_are_none_are_refused(wang: Phone) -> None:
    key = {"Idempotency-Key": "a-fine-key"}
    json = {**key, "Content-Type": "application/json"}
    for body, status, code in (
        (b"{", 400, "not_json"),
        (b"[]", 422, "invalid"),
        (b"\xff\xfe", 400, "not_json"),
        (b'{"title": "\\u0000"}', 422, "invalid"),
        (b"{" + b'"title":"' + b"x" * 70_000 + b'"}', 413, "too_large"),
    ):
        assert (await wang.ask("POST", "/entries", status, data=body, headers=json))["code"] == code
    told = await wang.ask("POST", "/entries", 415, data=b"a=b", headers={**key, "Content-Type": "text/plain"})
    assert told["code"] == "not_json"
    told = await wang.post("/entries", {**ENTRY, "hours": 5, "quantity": "2"}, 422)
    assert {one["field"] for one in told["errors"]} >= {"hours", "quantity"}
    await wang.ask("POST", "/photos", 415, data=b"", headers=key)
    await wang.ask("DELETE", "/entries", 405)
    assert wang.headers["Allow"] == "GET, POST"
    await wang.ask("GET", "/nowhere", 404)
    await wang.ask("GET", "/entries?year=2026&year=2025", 422)
    await wang.ask("GET", "/entries?cursor=%21", 422)
    await wang.ask("GET", "/me?x=1", 422)


async def test_words_that_the_platform_refuses_are_not_kept(here: World, wang: Phone) -> None:
    told = await wang.post("/entries", {**ENTRY, "title": "赌博网站"}, 422)
    assert told["code"] == "words_refused"
    assert (await wang.get("/entries"))["items"] == []


async def test_who_asks_too_much_is_told_when_to_come_back(wang: Phone) -> None:
    statuses = []
    for _ in range(70):
        async with wang.http.post(
            wang.base + "/readings", json={"text": "你好"}, headers={"Authorization": f"Bearer {wang.token}"}
        ) as answer:
            statuses.append(answer.status)
            if answer.status == 429:
                assert int(answer.headers["Retry-After"]) >= 1
                break
    assert statuses[-1] == 429
    await wang.get("/me")  # reading is held back apart from writing


async def test_a_read_that_has_not_changed_is_not_sent_again(wang: Phone) -> None:
    await wang.get("/summary")
    tag = wang.headers["ETag"]
    await wang.ask("GET", "/summary", 304, headers={"If-None-Match": tag})
    await wang.post("/entries", ENTRY, 201)
    await wang.ask("GET", "/summary", 200, headers={"If-None-Match": tag})
    async with wang.http.get(wang.base + "/openapi.json") as described:
        tag = described.headers["ETag"]
    await wang.ask("GET", "/openapi.json", 304, headers={"If-None-Match": f'W/"x", {tag}'})


async def test_no_other_site_may_read_the_answers(wang: Phone) -> None:
    await wang.ask("GET", "/me", 200, headers={"Origin": "https://evil.example"})
    assert not [name for name in wang.headers if name.lower().startswith("access-control")]


async def test_tokens_and_codes_stand_in_the_database_as_digests_only(here: World, wang: Phone, tmp_path: Path) -> None:
    code = (await wang.post("/binding", None, key=""))["code"]
    stored = await asyncio.to_thread(lambda: b"".join(each.read_bytes() for each in tmp_path.glob("service.db*")))
    assert wang.token.encode() not in stored
    assert wang.refresh.encode() not in stored
    assert hashlib.sha256(wang.token.encode()).hexdigest().encode() in stored
    assert hashlib.sha256(code.encode()).hexdigest().encode() not in stored, "a bare hash of six digits hides nothing"


async def test_logins_are_counted_by_address_behind_a_proxy_too(
    tmp_path: Path, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.api.service.LOGINS", 3)
    async with world(tmp_path) as here:

        async def login(address: str) -> int:
            address = f"203.0.113.9, {address}"
            url = Phone(here, "wang", http).base + "/login"
            async with http.post(url, json={"code": "made-up"}, headers={"X-Forwarded-For": address}) as answer:
                return answer.status

        assert [await login("198.51.100.1") for _ in range(4)] == [401, 401, 401, 429]
        assert await login("198.51.100.2") == 401
