"""A picture from the phone to a verified record: read aside, confirmed, seen by HR with a log, decided, appealed."""

from pathlib import Path
from typing import Any

import aiohttp

from domain.message import Channel
from domain.person import Role
from storage.members import Employee
from tests.api.phone import ENTRY, Phone, until
from tests.miniprogram.world import MINI, World

PROOFS = Path(__file__).parents[1] / "bot" / "proofs"
PICTURE = (PROOFS / "hours_statement.jpg").read_bytes()
UNIT = "一院"


async def read(phone: Phone, photo: str) -> Any:
    """What was read in a picture, once it has been."""
    return await done(phone, f"/photos/{photo}", "reading")


async def done(phone: Phone, path: str, before: str) -> Any:
    async def look() -> Any:
        told = await phone.get(path)
        return told if told["state"] != before else None

    return await until(look)


async def person_of(here: World, phone: Phone) -> str:
    found = await here.service.store.find_by_sender(Channel.MINI, MINI.appid, phone.openid)
    assert found is not None
    return found.id


async def employed(here: World, wang: Phone, zhao: Phone) -> None:
    """王 works where 赵 reviews."""
    store, now = here.service.store, here.platform.clock.now()
    await store.grant(await person_of(here, zhao), UNIT, Role.REVIEWER)
    await store.desk.import_roster(UNIT, [Employee("王小明", "13800000000", department="护理部")], now)
    push = await here.mini.say("wang", "绑定 王小明 13800000000")
    assert push.deliveries == 1

    async def belongs() -> Any:
        return (await wang.get("/me"))["units"]

    await until(belongs)


async def test_a_picture_becomes_a_record_that_hr_verifies(here: World, wang: Phone, zhao: Phone) -> None:
    await employed(here, wang, zhao)
    taken = await wang.upload("/photos", PICTURE, key="photo-key-1")
    assert await wang.upload("/photos", PICTURE, key="photo-key-1") == taken
    told = await read(wang, taken["photo"])
    assert told["state"] == "read"
    draft = {name: value for name, value in told["draft"].items() if value is not None}
    assert draft["quantity"] > 0
    assert (await zhao.get(told["picture"], 404))["code"] == "not_found"
    shown = await wang.get(told["picture"])
    assert shown[:3] == b"\xff\xd8\xff"
    assert b"Exif" not in shown[:4096]
    form = {**ENTRY, **draft, "consent": True}
    path = f"/photos/{taken['photo']}/confirmation"
    entry = await wang.post(path, form, 201, key="confirm-key-1")
    assert (await wang.post(path, form, 201, key="confirm-key-1"))["id"] == entry["id"]
    assert [one["photo"] for one in entry["pictures"]] == [taken["photo"]]
    assert (await wang.get(f"/photos/{taken['photo']}"))["entries"] == [entry["id"]]
    assert (await wang.get("/proofs"))["items"][0]["entries"] == [entry["id"]]

    waiting = await zhao.get("/reviews")
    assert [(one["id"], one["name"], one["department"]) for one in waiting["items"]] == [
        (entry["id"], "王小明", "护理部")
    ]
    file = await zhao.get(f"/reviews/{entry['id']}")
    assert file["read"]
    assert [one["photo"] for one in file["pictures"]] == [taken["photo"]]
    assert [one["what"] for one in (await wang.get("/privacy"))["looks"]] == ["record"]
    assert (await zhao.get(file["pictures"][0]["path"]))[:3] == b"\xff\xd8\xff"
    looks = (await wang.get("/privacy"))["looks"]
    assert sorted((one["unit"], one["what"]) for one in looks) == [(UNIT, "picture"), (UNIT, "record")]
    assert (await wang.get(file["pictures"][0]["path"], 403))["code"] == "no_role"

    body = {"code": "unreadable", "words": "看不清日期"}
    back = await zhao.post(f"/reviews/{entry['id']}/return", body, 200, key="return-key-1")
    assert (back["state"], back["next"], back["left"]) == ("returned", None, 0)
    assert await zhao.post(f"/reviews/{entry['id']}/return", body, 200, key="return-key-1") == back
    assert (await zhao.post(f"/reviews/{entry['id']}/verification", {}, 404))["code"] == "not_waiting"
    returned = await wang.get(f"/entries/{entry['id']}")
    assert (returned["state"], returned["reason"]["code"], returned["why"]) == ("returned", "unreadable", "看不清日期")
    assert "appeal" in returned["may"]
    assert (await wang.get("/summary"))["next"][0]["action"] in ("profile", "entries")
    appealed = await wang.post(f"/entries/{entry['id']}/appeal", {"words": "日期在右下角"})
    assert (appealed["state"], appealed["appealed"]) == ("claimed", True)
    assert (await zhao.get(f"/reviews/{entry['id']}"))["appeal"] == "日期在右下角"
    done = await zhao.post(f"/reviews/{entry['id']}/verification", {})
    assert done["state"] == "verified"
    verified = await wang.get(f"/entries/{entry['id']}")
    assert verified["state"] == "verified"
    whats = [one["what"] for one in verified["history"]]
    assert whats == ["claimed", "proof_attached", "returned", "appealed", "verified"]


async def test_reviewers_see_their_units_alone_and_not_themselves(
    here: World, wang: Phone, zhao: Phone, http: aiohttp.ClientSession
) -> None:
    await employed(here, wang, zhao)
    entry = await wang.post("/entries", ENTRY, 201)
    await here.service.store.grant(await person_of(here, wang), "二院", Role.REVIEWER)
    told = await wang.get("/reviews")
    assert (told["items"], told["total"]) == ([], 0)
    assert (await wang.get(f"/reviews/{entry['id']}", 404))["code"] == "not_waiting"
    await here.service.store.grant(await person_of(here, wang), UNIT, Role.REVIEWER)
    told = await wang.get("/reviews")
    assert (told["items"], told["own"]) == ([], 1), "one's own claims are for somebody else"
    assert (await wang.post(f"/reviews/{entry['id']}/verification", {}, 404))["code"] == "not_waiting"
    for day in (1, 2, 3):
        await wang.post("/entries", {**ENTRY, "start": f"2026-02-0{day}", "end": f"2026-02-0{day}"}, 201)
    first = await zhao.get("/reviews", limit=2)
    await zhao.post(f"/reviews/{first['items'][0]['id']}/verification", {})
    second = await zhao.get("/reviews", limit=2, cursor=first["next_cursor"])
    ids = [one["id"] for page in (first, second) for one in page["items"]]
    assert len(ids) == len(set(ids)) == 4


async def test_pictures_that_are_none_are_refused(wang: Phone) -> None:
    for content, status, code in (
        (b"", 422, "empty"),
        (b"MZ" + b"\0" * 100, 415, "wrong_type"),
    ):
        assert (await wang.upload("/photos", content, status))["code"] == code
    assert (await wang.get("/proofs"))["items"] == []
    half = await wang.upload("/photos", PICTURE[:2000])  # only reading finds out
    told = await read(wang, half["photo"])
    assert (told["state"], told["flaw"]) == ("flawed", "truncated")
    assert told["flaw_text"]


async def test_papers_are_fetched_with_the_token(wang: Phone, zhao: Phone) -> None:
    assert (await wang.post("/exports", {"kind": "form", "year": 2026}, 409))["code"] == "nothing_recorded"
    await wang.post("/entries", ENTRY, 201)
    for kind, begins in (("form", b"%PDF"), ("card", b"\x89PNG")):
        taken = await wang.post("/exports", {"kind": kind, "year": 2026}, 202, key=f"{kind}-key-1")
        assert await wang.post("/exports", {"kind": kind, "year": 2026}, 202, key=f"{kind}-key-1") == taken
        told = await done(wang, taken["path"], "making")
        assert (told["state"], told["kind"]) == ("ready", kind)
        assert (await wang.get(told["file"]))[: len(begins)] == begins
        await zhao.get(told["file"], 404)
    copy = await wang.post("/privacy/copy", {}, 202)
    told = await done(wang, copy["path"], "making")
    assert (await wang.get(told["file"]))[:2] == b"PK"


async def test_erasing_ends_everything_with_the_tokens(here: World, wang: Phone) -> None:
    entry = await wang.post("/entries", ENTRY, 201)
    before = (await wang.get("/me"))["id"]
    word = (await wang.get("/privacy"))["confirm"]
    assert (await wang.post("/privacy/erasure", {"confirm": "好"}, 422))["code"] == "not_confirmed"
    await wang.post("/privacy/erasure", {"confirm": word}, 202)

    async def gone() -> bool:
        async with wang.http.get(wang.base + "/me", headers={"Authorization": f"Bearer {wang.token}"}) as answer:
            return answer.status == 401

    await until(gone)
    told = await wang.login()
    assert told["person"]["id"] != before
    assert (await wang.get("/entries"))["items"] == []
    await wang.get(f"/entries/{entry['id']}", 404)
