"""One person in the chat and in the mini program: by a code either way, by the union id, with records on both sides."""

import re
from pathlib import Path
from typing import Any

import aiohttp

from domain.ledger import fold
from domain.message import Channel
from domain.vocabulary import EntryState
from simulator.faults import Armed, Fault
from storage.verification import Finding, verify
from tests.api.phone import ENTRY, Phone, until
from tests.api.test_proofs import PICTURE, person_of, read
from tests.miniprogram.world import World
from tests.service.world import ACCOUNT


async def chatting(here: World, *words: str) -> None:
    """王 has said this in the chat."""
    for said in words:
        await here.platform.phone("wang").text(said)


RECORD = ("我在吉林", "跳过", "昨天参加《急救》培训班，专业课，8学时", "对")


async def chat_person(here: World) -> str:
    openid = here.platform.phone("wang").person.openid
    found = await here.service.store.find_by_sender(Channel.OFFICIAL, ACCOUNT.appid, openid)
    assert found is not None
    return found.id


async def bound(wang: Phone) -> None:
    async def look() -> Any:
        return (await wang.get("/me"))["bound_chat"]

    await until(look)


async def whole(folder: Path) -> None:
    found: list[Finding] = []
    await verify(f"sqlite+aiosqlite:///{folder / 'service.db'}", found.append)
    assert found == []


async def in_chat(here: World, pattern: str) -> re.Match[str]:
    """What the chat has said that looks like this, once it has."""

    async def look() -> re.Match[str] | None:
        said = "\n".join(bubble.text for bubble in here.platform.phone("wang").chat.heard())
        return re.search(pattern, said)

    found = await until(look)
    assert found is not None
    return found


async def test_a_code_from_the_mini_program_is_said_in_the_chat(here: World, wang: Phone, tmp_path: Path) -> None:
    await chatting(here, *RECORD)
    assert not (await wang.get("/me"))["bound_chat"]
    assert (await wang.get("/entries"))["items"] == []
    made = await wang.post("/binding", None, key="")
    assert made["say"] == f"绑定小程序 {made['code']}"
    await chatting(here, made["say"])
    await bound(wang)
    assert (await wang.get("/entries"))["items"][0]["title"] == "急救"
    assert (await wang.get("/me"))["region"] == "jilin"
    assert (await wang.get("/me"))["id"] == await chat_person(here)
    await in_chat(here, "绑定好了")
    entry = await wang.post("/entries", ENTRY, 201)
    await chatting(here, "我的记录")
    await in_chat(here, "护理安全")
    assert entry["number"] == 2
    await whole(tmp_path)


async def test_records_on_both_sides_come_together_once(here: World, wang: Phone, tmp_path: Path) -> None:
    await chatting(here, *RECORD)
    mine = await wang.post("/entries", ENTRY, 201)
    photo = (await wang.upload("/photos", PICTURE))["photo"]
    await read(wang, photo)
    await wang.post(f"/entries/{mine['id']}/proofs", {"photo": photo})
    alike = {"title": "急救", "start": "2026-11-20", "end": "2026-11-20", "quantity": 8, "unit": "class_hour"}
    await wang.post("/entries", {**ENTRY, **alike}, 201)
    here_before = (await wang.get("/me"))["id"]
    await chatting(here, "小程序绑定码")
    code = (await in_chat(here, r"绑定码：(\d{6})"))[1]
    told = await wang.post(f"/binding/{code}", None, key="")
    assert told["carried"] + told["alike"] >= 1
    assert told["verify_again"] == 0
    again = await wang.post(f"/binding/{code}", None, key="")
    assert (again["carried"], again["alike"]) == (0, 0)
    entries = (await wang.get("/entries"))["items"]
    standing = [one for one in entries if one["state"] == "claimed"]
    assert sorted(one["title"] for one in standing) == ["急救", "护理安全"]
    proved = next(one for one in standing if one["title"] == "护理安全")
    assert proved["proofs"] == 1
    assert (await wang.get(f"/photos/{photo}/picture"))[:3] == b"\xff\xd8\xff"
    one = await chat_person(here)
    assert one == await person_of(here, wang) == told["person"]["id"]
    assert one == here_before, "the richer side goes on"
    await whole(tmp_path)
    await chatting(here, "还差多少学时")
    await in_chat(here, "学时")


async def test_wrong_codes_are_counted_and_codes_run_out(here: World, wang: Phone, zhao: Phone) -> None:
    made = await wang.post("/binding", None, key="")
    here.platform.clock.advance(11 * 60)
    assert (await zhao.post(f"/binding/{made['code']}", None, 404, key=""))["code"] == "code_unknown"
    own = await wang.post("/binding", None, key="")
    assert (await wang.post(f"/binding/{own['code']}", None, 404, key=""))["code"] == "code_unknown"
    for _ in range(4):
        await zhao.post("/binding/000000", None, 404, key="")
    told = await zhao.post(f"/binding/{own['code']}", None, 429, key="")
    assert told["code"] == "too_many_tries"
    assert zhao.headers["Retry-After"] == "3600"


async def test_who_lost_to_another_code_is_another_person_no_longer(here: World, wang: Phone, zhao: Phone) -> None:
    entry = await wang.post("/entries", ENTRY, 201)
    made = await wang.post("/binding", None, key="")
    told = await zhao.post(f"/binding/{made['code']}", None, key="")
    assert told["person"]["id"] == (await wang.get("/me"))["id"] == (await zhao.get("/me"))["id"]
    assert (await zhao.get(f"/entries/{entry['id']}"))["state"] == "claimed"
    assert fold(await here.service.store.load_entries(told["person"]["id"], None))[0].state is EntryState.CLAIMED


async def test_the_union_id_joins_by_itself(here: World, http: aiohttp.ClientSession, tmp_path: Path) -> None:
    await chatting(here, *RECORD)
    wang = Phone(here, "wang", http)
    told = await wang.login()
    assert (told["person"]["bound_chat"], told["person"]["id"]) == (True, await chat_person(here))
    assert (await wang.get("/entries"))["items"][0]["title"] == "急救"
    again = await wang.login()
    assert again["person"] == told["person"]
    await whole(tmp_path)


async def test_who_comes_to_the_chat_later_is_met_by_the_clockwork(here: World, wang: Phone) -> None:
    await wang.post("/entries", ENTRY, 201)
    await chatting(here, *RECORD)
    assert not (await wang.get("/me"))["bound_chat"]
    here.platform.faults.arm(Fault.API_ERROR, Armed(times=9))
    await here.service.bindings.acquaint()
    assert not (await wang.get("/me"))["bound_chat"], "the platform was out of reach; nothing is taken for granted"
    here.platform.faults.clear()
    await here.service.bindings.acquaint()
    assert (await wang.get("/me"))["bound_chat"]
    titles = [one["title"] for one in (await wang.get("/entries"))["items"] if one["state"] == "claimed"]
    assert sorted(titles) == ["急救", "护理安全"]
