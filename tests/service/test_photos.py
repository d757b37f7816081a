"""Many photos at once through the whole service, and kill -9 in the middle: all are kept, read and answered once."""

import asyncio
import random
import sqlite3
from pathlib import Path
from typing import Any

from bot.photos import Photos
from simulator.phones import Phone
from simulator.push import Push, PushSettings
from storage.schema import migrate
from storage.sealing import Vault
from storage.sqlite import database_path
from tests.service.world import Process, free_port, settings, standing_in, world
from tests.talk import photo

PHONES = 24
KILLS = 2
SECONDS = 90
READ = "没读出学时信息"  # what is said about a picture without any text
PATIENT = PushSettings(timeout=5.0, repeat_after=0.5, deliveries=3, mark_after=10**9)


def rows(url: str, sql: str) -> list[tuple[Any, ...]]:
    """What is in the service's database, read beside it."""
    connection = sqlite3.connect(f"{database_path(url).absolute().as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def count(url: str, sql: str) -> int:
    return int(rows(url, f"SELECT count(*) FROM {sql}")[0][0])


async def until(url: str, wanted: str) -> None:
    """Waits until nothing is found."""
    async with asyncio.timeout(SECONDS):
        while count(url, wanted):  # noqa: ASYNC110 - another process's table
            await asyncio.sleep(0.05)


def heard(phone: Phone, words: str) -> int:
    return sum(words in bubble.text for bubble in phone.chat.heard())


async def test_killed_while_it_reads_it_loses_nothing(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'photos.db'}"
    migrate(url)
    port, draw = free_port(), random.Random(20261121)
    async with standing_in(port, phones=PHONES, pushes=PATIENT) as (platform, api_port):
        process = Process(url, port, api_port, tmp_path / "service.log")
        process.start()
        try:
            await asyncio.to_thread(process.wait, SECONDS)
            phones = list(platform.phones.values())
            pushes: list[Push] = [phone.image(photo(phone.person.id)) for phone in phones]
            for push in pushes:
                await push
            assert all(push.reply is not None and "照片收到" in push.reply.text for push in pushes)
            for _ in range(KILLS):
                await asyncio.sleep(draw.uniform(0.1, 0.8))
                process.kill()
                process.start()
                await asyncio.to_thread(process.wait, SECONDS)
            await until(url, "tasks WHERE state IN ('waiting', 'taken')")
            await until(url, "inbox WHERE state = 'open'")
            await until(url, "deliveries WHERE state IN ('waiting', 'taken')")
            assert process.stop() == 0
        finally:
            process.kill()
        said = [heard(phone, READ) for phone in phones]
    assert count(url, "tasks WHERE state <> 'done'") == 0
    assert count(url, "photos") == count(url, "proofs") == PHONES
    in_doubt = count(url, "deliveries WHERE state = 'unknown'")  # sent when it was killed, or not: never sent twice
    assert max(said) == 1
    assert PHONES - in_doubt <= sum(said) <= PHONES
    await _all_are_there(url, port, api_port)


async def _all_are_there(url: str, port: int, api_port: int) -> None:
    given = settings(url, port, api_port)
    photos = Photos(given.photos_url, Vault(given.sealing_keys))
    kept = rows(url, "SELECT person_id, photo FROM photos")
    opened = {await photos.open(person_id, hash_) for person_id, hash_ in kept}
    assert opened == {photo(f"p{number}") for number in range(PHONES)}


async def test_a_picture_is_sealed_at_rest_and_what_is_shown_tells_nothing_of_the_camera(tmp_path: Path) -> None:
    async with world(tmp_path, phones=1) as running:
        (phone,) = running.platform.phones.values()
        await phone.image(photo("mine"))
        url = f"sqlite+aiosqlite:///{tmp_path / 'service.db'}"
        async with asyncio.timeout(SECONDS):
            while not heard(phone, READ):  # noqa: ASYNC110 - another side of a wire
                await asyncio.sleep(0.05)
        (file,) = (path for path in (tmp_path / "photos").rglob("*") if path.is_file())
        assert photo("mine")[:64] not in file.read_bytes()
        ((hash_,),) = rows(url, "SELECT photo FROM photos")
        assert file.name.startswith(hash_)
        assert rows(url, "SELECT count(*) FROM tasks WHERE content IS NOT NULL") == [(0,)]


async def test_media_that_is_gone_is_said_so(tmp_path: Path) -> None:
    async with world(tmp_path, phones=1) as running:
        (phone,) = running.platform.phones.values()
        running.service.chores.stop()  # as if the service had been away for longer than the platform keeps it
        await phone.image(photo("late"))
        running.platform.clock.advance(4 * 86400)
        await phone.text("在吗")
        running.service.chores._stopping = False
        working = asyncio.create_task(running.service.chores.run())
        async with asyncio.timeout(SECONDS):
            while not heard(phone, "已经取不到"):  # noqa: ASYNC110 - another side of a wire
                await asyncio.sleep(0.05)
        running.service.chores.stop()
        await working
