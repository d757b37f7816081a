"""Standings, rebuilt and compared; the look, the night and the unit's measured time, over the real store and rules."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.deadlines import import_deadlines, read_deadlines
from bot.outreach import Outreach
from bot.sheets import SheetRefused
from domain.delivery import Purpose
from domain.ledger import fold
from domain.reminder import Courtesy, Fate
from outreach.standings import stand
from outreach.ways import Offers
from storage.sealing import Vault
from storage.store import Store
from tests.bot.test_roster import sheet
from tests.databases import sqlite_url
from tests.service.world import settings
from tests.talk import ZONE, Talk, shown, talking

UNIT = "第一医院"


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path, datetime(2026, 9, 1, 9, 30, tzinfo=ZONE)) as talk:
        yield talk


def outreach(talk: Talk) -> Outreach:
    return Outreach(talk.store, talk.book, Offers(), lambda: talk.now, lambda: None)


async def told(talk: Talk) -> str:
    return shown(await talk.sent())


async def test_a_standing_is_what_the_entries_give(talk: Talk) -> None:
    """After every kind of turn the row is the one that a rebuild from the ledger gives."""
    for line in (
        "我在内蒙古",
        "跳过",
        "昨天参加培训班，专业课，24学时",
        "对",
        "今天网络课程，公需课，10学时",
        "对",
        "撤回第1条",
        "对",
    ):
        await talk.say(line)
        person_id = await talk.person_id()
        kept = await talk.store.outreach.standings(person_id)
        person = await talk.store.find_person(person_id)
        assert person is not None
        claims = fold(await talk.store.load_entries(person_id, None))
        rebuilt = stand(person, claims, 2026, talk.now.date(), talk.book)
        assert kept == [rebuilt], line
    (last,) = await talk.store.outreach.standings(person_id)
    assert (last.public_claimed, last.professional_claimed, last.missing, last.pending) == (10, 0, 80, 1)


async def test_a_stage_is_said_on_its_day_and_only_while_it_is_needed(talk: Talk) -> None:
    await talk.say("我在内蒙古")
    await talk.say("跳过")
    await outreach(talk).sweep()
    talk.now = datetime(2026, 12, 1, 8, 0, tzinfo=ZONE)
    await outreach(talk).sweep()
    assert "2026年还差" in await told(talk), "what was missed since is said once: the latest stage"
    talk.now = talk.now.replace(hour=12)
    await outreach(talk).sweep()
    heard = await told(talk)
    assert "距12月31日（周四）还有30天" in heard
    assert "公需30学时，专业60学时" in heard
    assert "第十二条" in heard
    talk.now += timedelta(minutes=1)
    await outreach(talk).sweep()
    assert await told(talk) == "", "once for ever"


async def test_a_gap_that_closes_before_the_send_stays_silent(talk: Talk) -> None:
    for line in ("我在内蒙古", "跳过"):
        await talk.say(line)
    await outreach(talk).sweep()
    talk.now = datetime(2026, 12, 1, 12, tzinfo=ZONE)
    await outreach(talk).sweep()
    (delivery,) = await talk.store.take_deliveries(talk.now, 5, "s", None, (Purpose.REMINDER,))
    assert await outreach(talk).refresh(delivery) is not None
    for line in ("昨天参加培训班，专业课，60学时", "对", "昨天参加培训班，公需课，30学时", "对"):
        await talk.say(line)
    assert await outreach(talk).refresh(delivery) is None


async def test_who_has_left_is_listed(talk: Talk) -> None:
    await talk.say("我在内蒙古")
    await talk.say("跳过")
    await outreach(talk).sweep()
    await talk.send(talk.message(talk.said[0].kind.EVENT, event="unsubscribe"))
    talk.now = datetime(2026, 12, 1, 12, tzinfo=ZONE)
    await outreach(talk).sweep()
    assert await told(talk) == ""
    listed = await talk.store.outreach.unreached(talk.now - timedelta(days=1))
    assert [(one.stage, one.fate, one.reason) for one in listed] == [("30", Fate.UNREACHABLE, "not_following")]


async def test_the_night_plans_who_is_new_and_leaves_the_others(talk: Talk) -> None:
    await talk.say("我在内蒙古")
    await talk.say("跳过")
    person_id = await talk.person_id()
    talk.now = talk.now.replace(hour=12)
    assert await outreach(talk).night()
    assert not await outreach(talk).night(), "once a day"
    await outreach(talk).sweep()
    planned = (await talk.store.outreach.agenda(person_id)).due_at
    talk.now += timedelta(days=1)
    assert await outreach(talk).night()
    assert (await talk.store.outreach.agenda(person_id)).due_at == planned


async def test_a_day_that_the_unit_sets_moves_the_stages(tmp_path: Path) -> None:
    file = sheet(
        tmp_path / "days.xlsx",
        ["本院2026年安排"],
        ["年度", "事项", "截止日期", "职称系列", "科目", "依据"],
        [2026, "平台关闭", "2026年12月10日", "", "", "院人〔2026〕3号"],
        [2027, "评审", "2027-03-31", "卫生", "", ""],
    )
    url = sqlite_url(tmp_path)
    given = settings(url, 1, 2)
    now = datetime(2026, 9, 1, tzinfo=ZONE)
    assert await import_deadlines(given, file, UNIT, now, dry_run=True)
    store = await Store.open(url, Vault(given.sealing_keys))
    assert await store.outreach.deadlines_of(UNIT) == []
    await store.close()
    assert await import_deadlines(given, file, UNIT, now, dry_run=False)
    assert await import_deadlines(given, file, UNIT, now, dry_run=False), "again changes nothing"
    store = await Store.open(url, Vault(given.sealing_keys))
    found = [
        (one.year, one.kind, one.closes.isoformat(), one.series) for one in await store.outreach.deadlines_of(UNIT)
    ]
    await store.close()
    assert found == [(2026, "platform_closes", "2026-12-10", ""), (2027, "review_window", "2027-03-31", "卫生")]


@pytest.mark.parametrize(
    ("row", "cure"),
    [
        (["不知道", "学完", "2026-12-10"], "年度: write a year"),
        ([2026, "毕业", "2026-12-10"], "事项: write one of 学完"),
        ([2026, "学完", "12月"], "截止日期: write a day"),
        ([2026, "学完", "2026-02-30"], "截止日期: write a day"),
        ([2026, "学完", ""], "截止日期: it is missing"),
        ([2026, "学完", "2036-12-10"], "years away"),
        (["=cmd()", "=1+1", "=HYPERLINK(1)"], "年度"),
    ],
)
def test_a_wrong_row_is_named_with_its_cure(tmp_path: Path, row: list[object], cure: str) -> None:
    found = read_deadlines(sheet(tmp_path / "days.xlsx", ["年度", "事项", "截止日期"], row), UNIT)
    assert found.settings == []
    ((number, wrong),) = found.problems
    assert number == 2
    assert cure in wrong


def test_what_is_no_sheet_of_days_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SheetRefused, match="no file"):
        read_deadlines(tmp_path / "none.xlsx", UNIT)
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(SheetRefused, match="cannot be read"):
        read_deadlines(tmp_path / "bad.xlsx", UNIT)
    with pytest.raises(SheetRefused, match="no heading"):
        read_deadlines(sheet(tmp_path / "names.xlsx", ["姓名"], ["张三"]), UNIT)


async def test_two_sweeps_at_once_say_it_once(talk: Talk) -> None:
    await talk.say("我在内蒙古")
    await talk.say("跳过")
    await outreach(talk).sweep()
    talk.now = datetime(2026, 12, 1, 12, tzinfo=ZONE)
    await asyncio.gather(*(outreach(talk).sweep() for _ in range(4)))
    assert (await told(talk)).count("还有30天") == 1


async def test_quiet_hours_hold(talk: Talk) -> None:
    await talk.say("我在内蒙古")
    await talk.say("跳过")
    await outreach(talk).sweep()
    talk.now = datetime(2026, 12, 1, 23, tzinfo=ZONE)
    await outreach(talk).sweep()
    assert await told(talk) == ""
    talk.now += timedelta(hours=10)
    await outreach(talk).sweep()
    assert "还有29天" in await told(talk)
    assert Courtesy().quiet_until <= talk.now.hour
