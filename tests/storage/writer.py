"""A process to be killed: records without end, and says on stdout what it has been told is committed.

`python -m tests.storage.writer URL START` records messages START, START + 1, … of ten people, several at a time.
"""

import asyncio
import itertools
import os
import sys

from storage.sealing import Vault
from storage.store import Conflict, Store
from tests.storage.said import KEY, NOW, change, claim, message, opened

SENDERS = 10
AT_ONCE = 16


async def record(store: Store, number: int) -> None:
    said = message(number, f"o{number % SENDERS}")
    retake = False
    while True:
        turn = await opened(store, said, NOW, f"writer-{os.getpid()}", retake=retake)
        try:
            await store.settle(change(said, turn, claim(f"第{number}次"), replies=("a", "b")), NOW, durable=True)
        except Conflict:
            retake = True
        else:
            os.write(1, f"{number}\n".encode())  # at once, whatever happens next
            return


async def main(url: str, start: int) -> None:
    store = await Store.open(url, Vault([KEY]))
    numbers = itertools.count(start)

    async def work() -> None:
        while True:
            await record(store, next(numbers))

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
