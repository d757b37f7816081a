"""What the page hears live: one publisher, any number of listeners."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

_WAITING = 2000


@dataclass(frozen=True)
class News:
    """One server-sent event: `name` says what changed, `data` is JSON."""

    name: str
    data: dict[str, Any]


class Feed:
    """A listener that does not read for long is dropped: it cannot fill the memory, and its page asks anew."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[News | None]] = set()

    def publish(self, name: str, data: dict[str, Any]) -> None:
        for queue in list(self._listeners):
            try:
                queue.put_nowait(News(name, data))
            except asyncio.QueueFull:
                self._drop(queue)

    async def listen(self) -> AsyncGenerator[News, None]:
        """News from now on, until the feed closes."""
        queue: asyncio.Queue[News | None] = asyncio.Queue(_WAITING)
        self._listeners.add(queue)
        try:
            while (news := await queue.get()) is not None:
                yield news
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        """Ends every listener once it has read what waits for it."""
        for queue in list(self._listeners):
            self._listeners.discard(queue)
            try:
                queue.put_nowait(None)
            except asyncio.QueueFull:
                self._drop(queue)

    def _drop(self, queue: asyncio.Queue[News | None]) -> None:
        self._listeners.discard(queue)
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)
