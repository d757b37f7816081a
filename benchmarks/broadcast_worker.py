"""A worker in a process of its own, which `benchmarks.broadcasts` starts and kills: it sends as fast as it can.

Arguments: the settings as JSON, and how many notices it may send at once. The pace that spares the platform is taken
off, because what is measured is the service.
"""

import asyncio
import json
import signal
import sys
from collections import defaultdict
from datetime import datetime

from bot.app import Service
from bot.logs import set_up
from bot.paces import Pace
from bot.settings import Settings
from storage.sealing import Vault
from storage.store import Store

UNBOUND = 100_000.0  # a second


async def main(given: str, at_once: str) -> None:
    set_up()
    settings = Settings(**json.loads(given))

    def now() -> datetime:
        return datetime.now(settings.zone)

    store = await Store.open(settings.database_url, Vault(settings.sealing_keys))
    service = Service(settings, store, now, "worker")
    service.notices._paces = defaultdict(lambda: Pace(UNBOUND))
    service.sender._notice_room = int(at_once)
    service.sender._room = 4 * int(at_once)
    service.sender._slots = asyncio.Semaphore(2 * int(at_once))
    await service.start()
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await stopped.wait()
    await service.stop()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
