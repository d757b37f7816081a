"""Two gateways and a worker on one PostgreSQL: a message that reaches both gateways is done once."""

import asyncio
import itertools
from pathlib import Path

from domain.ledger import counted, fold
from domain.message import Channel
from simulator.faults import Armed, Fault
from simulator.phones import Phone
from simulator.push import PushSettings
from storage.sealing import Vault
from storage.store import Store
from tests.databases import postgresql_url
from tests.service.world import ACCOUNT, Process, free_port, settings, standing_in

PHONES = 6
RECORDS = 3


async def _tell(phone: Phone, ports: "itertools.cycle[int]") -> list[str]:
    heard = []
    for number in range(1, RECORDS + 1):
        for words in (f"11月{number}日参加培训班，专业课，{number}学时", "对"):
            phone._platform.pusher.callback_url = f"http://127.0.0.1:{next(ports)}/wechat/official"
            push = await phone.text(words)
            heard.append(push.reply.text if push.reply else "")
    return heard


async def test_two_gateways_and_a_worker(tmp_path: Path) -> None:
    url = postgresql_url()
    first, second, health = free_port(), free_port(), free_port()
    pushes = PushSettings(timeout=5.0, repeat_after=0.1, deliveries=3, mark_after=10**9)
    async with standing_in(first, phones=PHONES, pushes=pushes) as (platform, api_port):
        processes = [
            Process(url, first, api_port, tmp_path / "first.log", "gateway"),
            Process(url, second, api_port, tmp_path / "second.log", "gateway"),
            Process(url, health, api_port, tmp_path / "worker.log", "worker"),
        ]
        for process in processes:
            process.start()
        try:
            for process in processes:
                await asyncio.to_thread(process.wait)
            platform.faults.arm(Fault.DUPLICATE, Armed(rate=0.5))  # the pushes go to both in turn, some twice at once
            ports = itertools.cycle((first, second))
            heard = await asyncio.gather(*(_tell(phone, ports) for phone in platform.phones.values()))
            new = platform.phone("p0")
            await new.unfollow()
            await new.follow()
            assert (await new.chat.hears(2 * RECORDS + 2))[-1].kind == "menu", "the worker sends what a gateway put out"
        finally:
            for process in processes:
                process.kill()
    assert all("记下了" in words for talk in heard for words in talk[1::2])
    store = await Store.open(url, Vault(settings(url, first, api_port).sealing_keys))
    try:
        for number in range(PHONES):
            person = await store.find_by_sender(Channel.OFFICIAL, ACCOUNT.appid, f"oService{number:020d}")
            assert person is not None
            claims = counted(fold(await store.load_entries(person.id, None)))
            assert sorted(claim.activity.quantity for claim in claims) == list(range(1, RECORDS + 1))
    finally:
        await store.close()
