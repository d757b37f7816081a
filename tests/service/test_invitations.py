"""A printed invitation from end to end: its QR code made by the platform, scanned by a phone, the employee bound."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.console import office
from domain.census import Poster
from domain.message import Channel
from domain.review import scene_of
from simulator.faults import Armed, Fault
from storage.members import INVITED_FOR, Employee
from tests.service.world import ACCOUNT, World, world

UNIT, CODE = "江河设计院", "K7M2Q9XA"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as there:
        yield there


async def hung_up(there: World) -> str:
    """Puts an invitation on the wall; the ticket of its QR code."""
    store, now = there.service.store, there.service.now()
    await store.desk.import_roster(UNIT, [Employee("马超", phone="13800000000", department="测量队")], now)
    await there.platform.phone("p2").text("你好")
    openid = there.platform.phone("p2").person.openid
    admin = await store.find_by_sender(Channel.OFFICIAL, ACCOUNT.appid, openid)
    assert admin is not None
    address = await office(there.service, "").scene_address(scene_of(CODE), timedelta(days=90))
    poster = Poster("p1", UNIT, "测量队", CODE, address, now, now + INVITED_FOR)
    assert await store.placing.make_poster(poster, admin.id, now)
    (code,) = [one for one in there.platform.qrcodes._codes.values() if one.url == address]
    assert code.expires_at is not None, "the platform makes none for longer than 30 days"
    return str(code.ticket)


@pytest.mark.parametrize("follows", [True, False])
async def test_who_scans_says_their_name_and_belongs(running: World, follows: bool) -> None:
    ticket = await hung_up(running)
    phone = running.platform.phone("p0")
    if not follows:
        await phone.unfollow()
    await phone.scan(ticket)
    push = await phone.text("马超")
    assert push.reply is not None
    assert f"您已加入{UNIT}" in push.reply.text
    (row,) = await running.service.store.desk.roster(UNIT)
    assert row.person_id is not None


async def test_without_a_qr_code_the_code_is_enough(running: World) -> None:
    running.platform.faults.arm(Fault.API_BUSY, Armed(times=9))
    assert await office(running.service, "").scene_address(scene_of(CODE), INVITED_FOR) == ""
