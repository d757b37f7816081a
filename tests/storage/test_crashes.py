"""Killed at any instant (kill -9, under load), the store has all that it said was committed, and nothing twice."""

import asyncio
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from domain.delivery import DeliveryState
from storage.sealing import Vault
from storage.store import Store
from storage.verification import verify
from tests.storage.said import KEY, NOW, change, claim, later, message, opened, raw
from tests.storage.writer import SENDERS

ROOT = Path(__file__).parents[2]
KILLS = 3


def write_until_killed(url: str, start: int, lines: int) -> list[int]:
    """The numbers that the writer reported before it was killed."""
    command = [sys.executable, "-m", "tests.storage.writer", url, str(start)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        reported = [writer.stdout.readline() for _ in range(lines)]
        writer.send_signal(signal.SIGKILL)
        reported += writer.stdout.readlines()
    assert writer.returncode == -signal.SIGKILL
    return [int(line) for line in reported if line.endswith(b"\n")]


async def left_alone(url: str) -> None:
    """Waits until PostgreSQL has ended the killed writer's connections: their last statement may still be running."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    while url.startswith("postgresql") and await raw(url, others) != [(0,)]:  # noqa: ASYNC110 - a server, not an event
        await asyncio.sleep(0.05)


async def test_all_that_was_committed_is_there_once(url: str) -> None:
    chance = random.Random(url.partition(":")[0])
    reported: list[int] = []
    for _ in range(KILLS):
        reported += write_until_killed(url, max(reported, default=0) + 100, chance.randrange(20, 300))
    await left_alone(url)
    assert len(reported) > KILLS * 20
    assert (await verify(url, print)).findings == 0

    store = await Store.open(url, Vault([KEY]))
    for number in reported:  # the platform repeats every one of them
        assert (await opened(store, message(number, f"o{number % SENDERS}"), later(1), "b")).status == "settled"
    resumed = 0
    while messages := await store.unfinished(later(60), 30):
        for said in messages:
            turn = await opened(store, said, later(60), "b")
            assert turn.status == "late"
            await store.settle(change(said, turn, claim("wieder")), later(60), durable=True)
            resumed += 1
    await store.close()

    accepted = await raw(url, "SELECT count(*), count(DISTINCT key) FROM inbox")
    settled = await raw(url, "SELECT count(*) FROM inbox WHERE state = 'settled'")
    entries = await raw(url, "SELECT count(*), count(DISTINCT id) FROM ledger")
    deliveries = await raw(url, "SELECT count(*), count(DISTINCT key) FROM deliveries")
    assert accepted == entries == deliveries == [(settled[0][0],) * 2]
    assert settled[0][0] >= len(reported) + resumed
    assert (await verify(url, print)).findings == 0


async def test_a_sender_killed_in_the_middle_leaves_doubt_only_where_it_had_begun(url: str) -> None:
    store = await Store.open(url, Vault([KEY]))
    said = message(1)
    await store.settle(change(said, await opened(store, said), replies=("-", "a", "b")), NOW, durable=True)
    await store.close()
    script = f"""
import asyncio, os, signal
from storage.sealing import Vault
from storage.store import Store
from tests.storage.said import KEY, later

async def main():
    store = await Store.open({url!r}, Vault([KEY]))
    first, second = await store.take_deliveries(later(1), 10, "s")
    await store.begin_delivery(first.id, later(1))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", script, cwd=ROOT)
    await killed.wait()
    assert killed.returncode == -signal.SIGKILL
    store = await Store.open(url, Vault([KEY]))
    left = await store.take_deliveries(later(100), 10, "s")
    assert [delivery.reply.text for delivery in left] == ["b"]
    assert await store.outbox_counts() == {DeliveryState.UNKNOWN: 1, DeliveryState.TAKEN: 1}
    await store.close()


@pytest.mark.parametrize("durable", [True, False])
async def test_a_closed_store_has_written_everything(url: str, durable: bool) -> None:
    store = await Store.open(url, Vault([KEY]))
    said = message(1)
    await store.settle(change(said, await opened(store, said)), NOW, durable=durable)
    await store.close()
    store = await Store.open(url, Vault([KEY]))
    assert (await opened(store, said)).status == "settled"
    await store.close()
