"""A reviewer's decision and what follows from it are one commit: the person's standing, their queue, what they hear."""

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from domain.person import Role
from storage.members import Employee
from storage.sqlite import database_path
from tests.talk import ZONE, Talk, talking

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=ZONE)
UNIT = "演示单位"
STAFF = {"oTalk": ("王建国", "13900000001"), "oHr": ("赵主任", "13900000003")}


async def told(talk: Talk) -> None:
    """Somebody of the unit has told of a course; HR sits beside."""
    await talk.store.desk.import_roster(UNIT, [Employee(*one) for one in STAFF.values()], talk.now)
    for sender, (name, phone) in STAFF.items():
        talk.sender = sender
        await talk.say("我在内蒙古")
        await talk.say(f"绑定 {name} {phone}")
    await talk.store.grant(await talk.person_id(), UNIT, Role.HR_ADMIN)
    talk.sender = "oTalk"
    await talk.say("记录 2026年5月12日 参加桥梁检测培训班 专业课 8学时")
    await talk.say("对")


def standing(talk: Talk) -> tuple[float, float, int, int]:
    with sqlite3.connect(database_path(talk.url)) as database:
        found = database.execute(
            "SELECT professional_claimed, professional_verified, pending, returned FROM standings"
            " WHERE year = 2026 AND person_id IN (SELECT person_id FROM ledger)"
        ).fetchone()
    return tuple(found)


@pytest.mark.parametrize(
    ("said", "then"), [("通过", (0.0, 8.0, 0, 0)), ("退回 照片看不清", (0.0, 0.0, 0, 1))], ids=["approved", "returned"]
)
async def test_the_standing_moves_with_the_decision(said: str, then: tuple[float, ...], tmp_path: Path) -> None:
    async with talking(tmp_path, NOW) as talk:
        await told(talk)
        assert standing(talk) == (8.0, 0.0, 1, 0)
        talk.sender = "oHr"
        await talk.say("待审核")
        await talk.say(said)
        assert standing(talk) == then
