"""Walks: lines from a pool in any order. Whatever is said when, the talk keeps its promises.

Always an answer, never an apology; the ledger changes by what was confirmed and by nothing else; a bubble fits into a
message and is Chinese; every figure opens into its articles.
"""

import re
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from domain.delivery import TEXT_LIMIT
from domain.message import MessageKind
from handlers.fallback import sorry
from tests.talk import ZONE, Talk, shown, talking

LINES = [
    "上周三下午听了半天学术讲座，专业课",
    "昨天培训6学时",
    "上周一培训6学时，专业课；上周二听讲座4学时，公需课",
    "2025年12月5日培训8学时，专业课",
    "6月参加培训3天，专业课",
    "明天培训6学时专业课",
    "昨天培训10000学时",
    "昨天",
    "6学时",
    "公需",
    "专业课",
    "都是专业课",
    "培训班",
    "1",
    "2",
    "9",
    "对",
    "对",
    "对",
    "不对",
    "都不对",
    "算了",
    "上一步",
    "跳过",
    "不知道",
    "不是专业课，是公需课",
    "第2条改成4学时",
    "去掉第一条",
    "只要第二条",
    "把第二条删了",
    "撤回",
    "撤回第1条",
    "刚才那条改成4学时",
    "记错了，是上周四",
    "我还差多少学时",
    "为什么",
    "更多",
    "我的记录",
    "每年要多少学时",
    "我叫王建国",
    "我在四川",
    "我换到江西了",
    "我是护士",
    "我的资料",
    "同意",
    "不用",
    "可以",
    "别再收集我的话",
    "你好",
    "嘟噜嘟噜",
    "今天股票会涨吗",
    "🙏",
    "内蒙古",
]
SENT = [MessageKind.VIDEO, MessageKind.LOCATION, MessageKind.LINK, MessageKind.VOICE]
STEPS = 40
ALLOWED = re.compile(r"https?://\S+|BIM|AI|doi", re.I)


@pytest.mark.parametrize("seed", range(6))
async def test_walk(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    async with talking(tmp_path, datetime(2026, 11, 20, 9, 30, tzinfo=ZONE)) as talk:
        standing = 0
        for _ in range(STEPS):
            said, heard = await _step(talk, random)
            standing = await _check(talk, said, heard, standing)
        why = shown(await talk.say("为什么"))
        assert sorry() not in why


async def _step(talk: Talk, random: Random) -> tuple[str, str]:
    if random.random() < 0.07:
        kind = random.choice(SENT)
        replies = await talk.send(talk.message(kind, media_id="m"))
        return kind, _held(replies, kind)
    said = random.choice(LINES)
    return said, _held(await talk.say(said), said)


def _held(replies: list[object], said: str) -> str:
    heard = shown(replies)  # type: ignore[arg-type]
    assert heard.strip(), f"silence after {said}"
    assert sorry() not in heard, f"an apology after {said}"
    for reply in replies:
        assert len(reply.text.encode()) <= TEXT_LIMIT  # type: ignore[attr-defined]
    assert not re.search(r"[A-Za-z_]{3,}", ALLOWED.sub("", heard)), f"after {said}: {heard}"
    assert not re.search(r"[{}]", heard), f"after {said}: {heard}"
    return heard


async def _check(talk: Talk, said: str, heard: str, before: int) -> int:
    """The number of standing claims moves only where the answer says that it did."""
    after = await talk.standing()
    told = re.search(r"记下了(\d+)条", heard)
    if told:
        assert after == before + int(told[1]), heard
    elif "记下了：" in heard:
        assert after == before + 1, heard
    elif "撤回了：" in heard:
        assert after == before - 1, heard
    else:
        assert after == before, f"after {said}: {heard}"
    return after
