"""Papers and privacy over HTTP: asked for in the chat, shown on the phone, fetched by link, verified by anybody."""

import asyncio
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from domain.message import Channel
from simulator.phones import Phone
from tests.service.world import ACCOUNT, World, world

RECORD = "11月3日参加《装配式建筑》培训班，专业课，6学时"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as there:
        yield there


async def heard(phone: Phone, words: str, kind: str = "text") -> str:
    """The latest bubble of the account that holds the words, once it has come."""
    for _ in range(200):
        for bubble in reversed(phone.chat.bubbles):
            if bubble.side == "account" and bubble.kind == kind and words in bubble.text:
                return bubble.text
        await asyncio.sleep(0.05)
    raise AssertionError(f"{words!r} never came: {[bubble.text for bubble in phone.chat.bubbles]}")


def link(text: str, begins: str) -> str:
    found = re.search(rf"https?://\S+{begins}\S+", text)
    assert found, text
    return found.group()


async def fetched(address: str) -> tuple[int, bytes]:
    async with aiohttp.ClientSession() as client, client.get(address) as response:
        return response.status, await response.read()


async def recorded(there: World) -> Phone:
    phone = there.platform.phone("p0")
    await phone.text("我在内蒙古")
    await phone.text("跳过")
    await phone.text(RECORD)
    await phone.text("对")
    return phone


async def test_the_form_is_sent_fetched_and_verified(running: World) -> None:
    phone = await recorded(running)
    await phone.text("导出我的登记表")
    told = await heard(phone, "核验码")
    await heard(phone, "", kind="image")
    status, body = await fetched(link(told, "/documents/"))
    assert (status, body[:5]) == (200, b"%PDF-")
    verify = link(told, "/verify/")
    status, page = await fetched(verify)
    shown = page.decode()
    assert status == 200
    assert "登记表属实" in shown
    assert "没有变动" in shown
    assert "装配式建筑" not in shown, "who verifies sees totals only"
    await phone.text("11月4日参加培训班，专业课，3学时")
    await phone.text("对")
    assert "有过变动" in (await fetched(verify))[1].decode()


async def test_bad_codes_and_links_are_clear_refusals(running: World) -> None:
    phone = await recorded(running)
    await phone.text("导出我的登记表")
    document = link(await heard(phone, "核验码"), "/documents/")
    base = document.partition("/documents/")[0]
    for path in ("/verify/AAAA-AAAA-AAAA", "/verify/%3Cscript%3E", "/verify/" + "A" * 500):
        status, page = await fetched(base + path)
        assert status == 404
        assert b"<script>" not in page
    until = re.search(r"until=(\d+)", document)
    assert until
    for changed in (
        document[:-1] + "x",
        document.replace(until[1], str(int(until[1]) + 1)),
        document.partition("?")[0],
    ):
        assert (await fetched(changed))[0] == 403
    running.platform.clock.advance(8 * 24 * 3600)
    assert (await fetched(document))[0] == 410


async def test_the_progress_card_follows_the_figures(running: World) -> None:
    phone = await recorded(running)
    await phone.text("我的进度")
    await heard(phone, "", kind="image")


async def test_a_copy_and_then_deletion(running: World) -> None:
    phone = await recorded(running)
    store = running.service.store
    before = await store.find_by_sender(Channel.OFFICIAL, ACCOUNT.appid, phone.person.openid)
    assert before is not None
    await phone.text("导出我的个人信息")
    copy = link(await heard(phone, "数据副本好了"), "/documents/mine/")
    status, packed = await fetched(copy)
    assert status == 200
    archive = zipfile.ZipFile(io.BytesIO(packed))
    known = json.loads(archive.read("data.json"))
    assert known["entries"][0]["activity"]["title"] == "装配式建筑"
    await phone.text("删除我的个人信息")
    await heard(phone, "不能恢复")
    await phone.text("确认删除")
    await heard(phone, "正在删除")
    for _ in range(200):
        after = await store.find_by_sender(Channel.OFFICIAL, ACCOUNT.appid, phone.person.openid)
        assert after is not None
        if after.id != before.id:
            break
        await asyncio.sleep(0.05)
    assert after.id != before.id
    assert after.region is None
    assert (await fetched(copy))[0] in (403, 404)
    await phone.text("我的记录")
    assert "还没有记录" in await heard(phone, "还没有记录")


async def test_a_second_thought_keeps_everything(running: World) -> None:
    phone = await recorded(running)
    await phone.text("删除我的个人信息")
    await phone.text("算了")
    await heard(phone, "没有删除")
    await phone.text("确认删除")
    await phone.text("我的记录")
    await heard(phone, "装配式建筑")
