"""The service in a process of its own under a clock that another process moves: what `winter` starts and kills.

Arguments: a file of two doubles (seconds that the clock is ahead; the same once a tick at that time has ended), and the
settings as JSON.
"""

import asyncio
import json
import mmap
import signal
import struct
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import Service, listen
from bot.logs import set_up
from bot.settings import Settings
from storage.sealing import Vault
from storage.store import Store

POLL_SECONDS = 0.005


class SharedClock:
    """The real time and how far it has been moved, shared through a file."""

    def __init__(self, file: Path) -> None:
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), 16)

    @property
    def ahead(self) -> float:
        return float(struct.unpack_from("d", self._shared, 0)[0])

    @ahead.setter
    def ahead(self, seconds: float) -> None:
        struct.pack_into("d", self._shared, 0, seconds)

    @property
    def ticked(self) -> float:
        """How far ahead the clock was when the last tick that has ended began."""
        return float(struct.unpack_from("d", self._shared, 8)[0])

    @ticked.setter
    def ticked(self, seconds: float) -> None:
        struct.pack_into("d", self._shared, 8, seconds)


async def main(file: str, given: str) -> None:
    set_up()
    settings = Settings(**json.loads(given))
    clock = SharedClock(Path(file))

    def now() -> datetime:
        return (datetime.now(UTC) + timedelta(seconds=clock.ahead)).astimezone(settings.zone)

    store = await Store.open(settings.database_url, Vault(settings.sealing_keys))
    service = Service(settings, store, now)
    await service.start()
    await service.learn_quotas()
    listening = await listen(service.web(), settings.host, settings.port)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    done = -1.0
    while not stopped.is_set():
        ahead = clock.ahead
        if ahead != done:
            await service.clockwork.tick()
            service.sender.wake()
            clock.ticked = done = ahead
        await asyncio.sleep(POLL_SECONDS)
    await listening.cleanup()
    await service.stop()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
