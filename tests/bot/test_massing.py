"""A mass message to everybody of a unit: the tag follows the roster, it leaves once, its count is kept."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.massing import Massing, tag_name
from domain.broadcast import Audience, BroadcastState, MassState, NewBroadcast, Noticing, Verdict, Whom
from domain.message import Channel
from domain.person import Role
from simulator.faults import Armed, Fault
from storage.mass import MassJob
from storage.members import Employee
from tests.service.world import ACCOUNT, World, world

UNIT = "演示单位"


@dataclass
class Unit:
    """A unit of three who follow; `hr` writes its notices."""

    world: World
    massing: Massing
    hr: str = ""

    async def join(self, phone: str, name: str) -> None:
        self.world.platform.phone(phone).text(f"绑定 {name} {MOBILE[name]}")
        await self.world.platform.quiet()

    async def confirm(self, text: str = "周五盘点", number: int = 1, department: str = "") -> str:
        store, now = self.world.service.store, self.world.platform.clock.now()
        audience = Audience(UNIT, Whom.ALL, now.year, department)
        new = NewBroadcast(f"b{number}", audience, text, now, 3, approved=True, mass_account=ACCOUNT.appid)
        await store.broadcasts.act(self.hr, f"k{number}", Noticing(new=new), now)
        return new.id

    async def work(self) -> None:
        """Until nothing is due; what is put off waits."""
        while await self.massing.work():
            pass
        await self.world.platform.quiet()

    def heard(self, phone: str) -> list[str]:
        return [one.text for one in self.world.platform.phone(phone).chat.bubbles if one.through == "mass"]


MOBILE = {"王建国": "13900000001", "李娜": "13900000002", "赵主任": "13900000003"}


@pytest.fixture
async def unit(tmp_path: Path) -> AsyncIterator[Unit]:
    async with world(tmp_path) as here:
        here.service.broadcasting.stop()  # the test does its steps
        service = here.service
        await service.store.desk.import_roster(
            UNIT, [Employee(*one) for one in MOBILE.items()], here.platform.clock.now()
        )
        found = Unit(here, Massing(service.store, service.client, ACCOUNT.appid, service.quotas, service.now))
        for phone, name in zip(("p0", "p1", "p2"), MOBILE, strict=True):
            await found.join(phone, name)
        sender = here.platform.phone("p2").person.openid
        hr = await service.store.find_by_sender(Channel.OFFICIAL, ACCOUNT.appid, sender)
        assert hr is not None
        await service.store.grant(hr.id, UNIT, Role.HR_ADMIN)
        found.hr = hr.id
        yield found


async def test_everybody_of_the_roster_gets_it_once_and_the_count_is_kept(unit: Unit) -> None:
    broadcast_id = await unit.confirm()
    await unit.work()
    assert [unit.heard(phone) for phone in ("p0", "p1", "p2")] == [[f"【{UNIT}】周五盘点"]] * 3
    found = await unit.world.service.store.broadcasts.find((UNIT,), broadcast_id)
    assert found is not None
    assert (found.state, found.progress.massed, found.progress.unreached) == (BroadcastState.OUT, 3, 0)
    assert found.mass is not None
    assert (found.mass.state, found.mass.sent, found.mass.failed) == (MassState.SENT, 3, 0)


async def test_a_silence_is_asked_again_and_sent_once(unit: Unit) -> None:
    await unit.confirm()
    cut = Armed(times=1, seconds=0.01, path="message/mass/sendall")
    unit.world.platform.faults.arm(Fault.API_TIMEOUT, cut)
    await unit.work()
    unit.world.platform.clock.advance(61)
    await unit.work()
    assert [unit.heard(phone) for phone in ("p0", "p1", "p2")] == [[f"【{UNIT}】周五盘点"]] * 3
    found = await unit.world.service.store.broadcasts.find((UNIT,), "b1")
    assert found is not None
    assert found.mass is not None
    assert (found.state, found.mass.sent) == (BroadcastState.OUT, 3)


async def test_who_has_left_the_roster_or_the_account_is_not_written_to(unit: Unit) -> None:
    await unit.confirm()
    await unit.work()
    store = unit.world.service.store
    gone = next(one for one in await store.desk.roster(UNIT) if one.name == "王建国")
    await store.desk.leave(gone.id)
    unit.world.platform.phone("p1").unfollow()
    await unit.world.platform.quiet()
    await unit.confirm("第二次", number=2)
    await unit.work()
    assert [len(unit.heard(phone)) for phone in ("p0", "p1", "p2")] == [1, 1, 2]
    (missed,) = await store.broadcasts.unreached("b2")
    assert (missed.name, missed.reason) == ("李娜", "closed")


async def test_the_fifth_of_a_month_is_said_beforehand(unit: Unit) -> None:
    now = unit.world.platform.clock.now()
    audience = Audience(UNIT, Whom.ALL, now.year)
    for number in range(1, 5):
        await unit.confirm(f"第{number}次", number=number)
        await unit.work()
    forecast = await unit.world.service.store.broadcasts.forecast(audience, now)
    assert (forecast.people, forecast.by_mass) == (3, 0)
    later = await unit.world.service.store.broadcasts.forecast(audience, now + timedelta(days=32))
    assert later.by_mass == 3


async def test_what_is_stopped_before_it_leaves_does_not_leave(unit: Unit) -> None:
    broadcast_id = await unit.confirm()
    store, now = unit.world.service.store, unit.world.platform.clock.now()
    stop = Noticing(unit=UNIT, verdict=Verdict(broadcast_id, BroadcastState.STOPPED, (BroadcastState.DUE,)))
    await store.broadcasts.act(unit.hr, "stop", stop, now)
    await unit.work()
    assert unit.heard("p0") == []


async def test_what_the_platform_never_takes_reaches_nobody_and_says_so(unit: Unit) -> None:
    broadcast_id = await unit.confirm()
    store, now = unit.world.service.store, unit.world.platform.clock.now()
    job = await store.mass.next_job(now)
    assert job is not None
    await store.mass.end(job, MassState.REFUSED, "content refused (45028)")
    await unit.work()
    found = await store.broadcasts.find((UNIT,), broadcast_id)
    assert found is not None
    assert (found.state, found.progress.massed, found.progress.unreached) == (BroadcastState.OUT, 0, 3)
    assert {one.reason for one in await store.broadcasts.unreached(broadcast_id)} == {"mass_refused"}
    assert unit.heard("p0") == []


async def test_a_used_up_day_is_waited_for(unit: Unit) -> None:
    await unit.confirm()
    unit.world.platform.quotas.limit("/cgi-bin/message/mass/sendall", daily=0)
    await unit.work()
    unit.world.platform.quotas.limit("/cgi-bin/message/mass/sendall", daily=100)
    await unit.work()
    assert unit.heard("p0") == []
    unit.world.platform.clock.advance(24 * 3600)
    await unit.work()
    assert len(unit.heard("p0")) == 1


async def test_a_tag_deleted_by_hand_is_made_again(unit: Unit) -> None:
    await unit.confirm()
    store, now = unit.world.service.store, unit.world.platform.clock.now()
    job = await store.mass.next_job(now)
    assert job is not None
    await store.mass.keep_tag(job, 99_999)
    await unit.work()
    assert len(unit.heard("p0")) == 1


def test_a_tags_name_fits_and_is_the_units_own() -> None:
    job = MassJob("b1", "很长的单位名称" * 10, "", "wx", MassState.WAITING)
    names = {tag_name(job), tag_name(replace(job, unit=job.unit + "一")), tag_name(replace(job, department="内科"))}
    assert len(names) == 3
    assert all(len(name) <= 30 for name in names)
