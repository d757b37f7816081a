"""kill -9 under load: no accepted message is lost, none is done twice, and the ledger's chains are whole."""

import asyncio
import os
import random
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from domain.ledger import counted, fold
from domain.message import Channel
from simulator.phones import Phone
from simulator.push import Outcome, PushSettings
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Store
from tests.service.world import ACCOUNT, Process, environment, free_port, settings, standing_in

PHONES = 16
RECORDS = 6  # told by each
KILLS = 4


async def _tell(phone: Phone, acknowledged: list[tuple[str, int]]) -> None:
    """One person tells their records, each confirmed; what the bot said it kept is remembered."""
    today = phone._platform.clock.now().date()
    for number in range(RECORDS):
        day = today - timedelta(days=number + 1)
        told = await phone.text(f"{day.year}年{day.month}月{day.day}日参加培训班，专业课，{number + 2}学时")
        await asyncio.sleep(0.05)
        confirmed = await phone.text("对")
        heard = confirmed.reply.text if confirmed.reply else ""
        if kept := re.search("记下了.*?([0-9]+)学时", heard):  # what it says, for a told one may have been lost before
            acknowledged.append((phone.person.openid, int(kept[1])))
        if told.outcome is Outcome.UNREACHED:
            await asyncio.sleep(0.2)


async def _kill_now_and_then(process: Process, draw: random.Random) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(draw.uniform(0.4, 1.2))
        process.kill()
        process.start()
        await asyncio.to_thread(process.wait)


async def test_killed_under_load(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'crash.db'}"
    migrate(url)
    port = free_port()
    pushes = PushSettings(timeout=5.0, repeat_after=0.5, deliveries=3, mark_after=10**9)
    acknowledged: list[tuple[str, int]] = []
    async with standing_in(port, phones=PHONES, pushes=pushes) as (platform, api_port):
        process = Process(url, port, api_port, tmp_path / "service.log")
        process.start()
        try:
            await asyncio.to_thread(process.wait)
            killer = asyncio.create_task(_kill_now_and_then(process, random.Random(20261121)))
            await asyncio.gather(*(_tell(phone, acknowledged) for phone in platform.phones.values()))
            await killer
            late = [
                (phone.person.openid, bubble.text)
                for phone in platform.phones.values()
                for bubble in phone.chat.heard()
                if bubble.through == "customer" and "记下了" in bubble.text
            ]
            assert process.stop() == 0
        finally:
            process.kill()
    await _check(url, port, api_port, acknowledged, len(late))


async def _check(url: str, port: int, api_port: int, acknowledged: list[tuple[str, int]], late: int) -> None:
    store = await Store.open(url, Vault(settings(url, port, api_port).sealing_keys))
    kept: list[tuple[str, float]] = []
    try:
        for number in range(PHONES):
            openid = f"oService{number:020d}"
            person = await store.find_by_sender(Channel.OFFICIAL, ACCOUNT.appid, openid)
            if person is None:
                continue
            claims = counted(fold(await store.load_entries(person.id, None)))
            kept += [(openid, claim.activity.quantity) for claim in claims]
    finally:
        await store.close()
    assert len(kept) == len(set(kept)), "nothing is recorded twice"
    assert set(acknowledged) <= set(kept), "what the bot said it kept is there"
    assert len(acknowledged) > PHONES, "the load reached the service between the kills"
    verified = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot.commands", "verify-ledger"],
        env={**os.environ, **environment(url, port, api_port)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert verified.returncode == 0, verified.stderr
