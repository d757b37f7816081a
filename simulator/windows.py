"""How many customer-service messages may be sent to whom, and until when (客服消息下发条数限制)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class Trigger(Enum):
    """What a person did that opens the window."""

    MESSAGE = "message"
    MENU = "menu"  # CLICK, scancode_push, scancode_waitmsg, and the tap on a msgmenu line
    FOLLOW = "follow"
    SCAN = "scan"
    ENTER = "enter"  # the talk of a mini program


_BRIEFLY = (3, timedelta(minutes=1))
ALLOWANCE = {
    Trigger.MESSAGE: (5, timedelta(hours=48)),
    Trigger.MENU: _BRIEFLY,
    Trigger.FOLLOW: _BRIEFLY,
    Trigger.SCAN: _BRIEFLY,
    Trigger.ENTER: (2, timedelta(minutes=1)),
}


@dataclass(frozen=True)
class Window:
    """What is left to send to one person. `until` is None while they never did anything."""

    left: int = 0
    until: datetime | None = None

    def opened(self, trigger: Trigger, now: datetime) -> "Window":
        """Allowances do not add up: count and deadline each become the larger of what is left and what this allows."""
        count, lasts = ALLOWANCE[trigger]
        if self.until is None or self.until <= now:
            return Window(count, now + lasts)
        return Window(max(self.left, count), max(self.until, now + lasts))

    def closed(self, now: datetime) -> bool:
        return self.until is None or self.until <= now

    def spent(self) -> "Window":
        """After one message; ValueError if none was left."""
        if self.left < 1:
            raise ValueError("nothing left to send")
        return Window(self.left - 1, self.until)
