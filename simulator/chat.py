"""What stands on a phone's screen: bubbles in order."""

import asyncio
from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from simulator.feed import Feed

_KEPT = 500


class Side(StrEnum):
    PERSON = "person"  # right, green
    ACCOUNT = "account"  # left, white
    SYSTEM = "system"  # grey, in the middle


@dataclass(frozen=True)
class Bubble:
    """`kind` is text, image, voice, location, link, news, menu, card or system; `more` holds what only that kind has.

    `through` tells how the account's bubble came: reply, customer, template, subscribe or mass.
    """

    id: int
    side: Side
    kind: str
    text: str
    at: datetime
    through: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    def shown(self, phone: str) -> dict[str, Any]:
        return asdict(self) | {"phone": phone, "at": self.at.isoformat(timespec="seconds")}


class Chat:
    """The talk of one person with an account; the last 500 bubbles. `news` is what the feed calls a new one."""

    def __init__(self, phone: str, feed: Feed, news: str = "bubble") -> None:
        self.phone = phone
        self._news = news
        self.bubbles: deque[Bubble] = deque(maxlen=_KEPT)
        self._feed = feed
        self._next = 1
        self._grown = asyncio.Event()

    def add(self, side: Side, kind: str, text: str, at: datetime, *, through: str = "", **more: Any) -> Bubble:
        bubble = Bubble(self._next, side, kind, text, at, through, more)
        self._next += 1
        self.bubbles.append(bubble)
        self._grown.set()
        self._feed.publish(self._news, bubble.shown(self.phone))
        return bubble

    def hear(self, kind: str, text: str, at: datetime, **more: Any) -> Bubble:
        """Something that the account said as a customer-service message."""
        return self.add(Side.ACCOUNT, kind, text, at, through="customer", **more)

    def find(self, bubble_id: int) -> Bubble | None:
        return next((bubble for bubble in self.bubbles if bubble.id == bubble_id), None)

    def heard(self) -> list[Bubble]:
        """What the account said, oldest first."""
        return [bubble for bubble in self.bubbles if bubble.side is Side.ACCOUNT]

    async def hears(self, count: int, within: float = 5.0) -> list[Bubble]:
        """Waits until the account has said `count` things in all; TimeoutError after `within` real seconds."""
        async with asyncio.timeout(within):
            while len(self.heard()) < count:
                self._grown.clear()
                await self._grown.wait()
        return self.heard()
