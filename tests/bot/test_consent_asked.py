"""Where notices can be agreed to is said when it helps: a result is waited for, a notice received; not to who has."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.turns import Turns
from domain.message import MessageKind
from rules.articles import Texts
from tests.talk import ZONE, Talk, shown, talking

URL = "https://hr.example.org/agree"


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """A service that has a page on which people agree to notices."""
    async with talking(tmp_path, datetime(2026, 9, 1, 9, 30, tzinfo=ZONE)) as talk:
        texts = Texts(talk.book)
        talk.turns = Turns(talk.store, talk.book, texts, lambda: talk.now, "r", lambda: None, URL)
        for line in ("我在内蒙古", "跳过", "昨天参加培训班，专业课，24学时", "对"):
            await talk.say(line)
        yield talk


async def test_who_waits_for_a_review_is_asked(talk: Talk) -> None:
    assert URL in shown(await talk.say("审核了吗"))


async def test_who_has_received_a_notice_is_asked(talk: Talk) -> None:
    assert URL in shown(await talk.pick("read:0123456789abcdef", "收到"))


async def test_who_has_agreed_already_is_not_asked(talk: Talk) -> None:
    agreed = [{"template_id": "T" * 43, "consent": "accept"}]
    await talk.send(talk.message(MessageKind.EVENT, event="subscribe_msg_popup_event", details={"templates": agreed}))
    assert URL not in shown(await talk.say("审核了吗"))
    assert URL not in shown(await talk.pick("read:0123456789abcdef", "收到"))
