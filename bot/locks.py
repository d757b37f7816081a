"""One turn at a time for each person, in this process; among processes the dialog's version decides."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Locks:
    """A lock per key, kept only while somebody holds or waits for it. Waiters go in order of arrival."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def hold(self, key: str) -> AsyncIterator[None]:
        lock, users = self._waiting.get(key) or (asyncio.Lock(), 0)
        self._waiting[key] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._waiting[key]
            if users == 1:
                del self._waiting[key]
            else:
                self._waiting[key] = (lock, users - 1)
