"""What goes wrong on purpose: armed a number of times, or at a rate drawn from the seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Kinds of fault. On pushes: the first three; on the API: the others."""

    ANSWER_LOST = "answer_lost"  # the service answered, the platform never saw it, and repeats
    SLOW = "slow"  # the network takes `seconds`, half on the way there, half on the way back
    DUPLICATE = "duplicate"  # two deliveries of one message at the same moment
    API_BUSY = "api_busy"  # errcode -1
    TOKEN_KILLED = "token_killed"  # noqa: S105  every token dies: 40001
    API_TIMEOUT = "api_timeout"  # the call is carried out, the answer never comes
    API_UNREACHED = "api_unreached"  # the call is not carried out, the answer never comes
    API_ERROR = "api_error"  # HTTP 502
    MEDIA_EXPIRED = "media_expired"  # 40007 on download


@dataclass
class Armed:
    """`times` deliveries or calls are hit surely, the others with probability `rate`.

    `seconds` is how long `slow` takes and how long a timeout hangs. `phone` or `path` (a
    prefix after /cgi-bin/) narrows it.
    """

    times: int = 0
    rate: float = 0.0
    seconds: float = 3.0
    phone: str = ""
    path: str = ""

    def fits(self, phone: str, path: str) -> bool:
        return self.phone in ("", phone) and path.startswith(self.path)


class Faults:
    """The faults armed now."""

    def __init__(self, draw: random.Random, changed: Callable[[], None] = lambda: None) -> None:
        self._draw, self._changed = draw, changed
        self.armed: dict[Fault, Armed] = {}

    def arm(self, fault: Fault, armed: Armed) -> None:
        """Arms a fault anew. ValueError for values out of range."""
        if armed.times < 0 or not 0 <= armed.rate <= 1 or not 0 <= armed.seconds <= 120:
            raise ValueError("times >= 0, rate within 0 and 1, seconds within 0 and 120")
        self.armed[fault] = armed
        self._changed()

    def clear(self) -> None:
        self.armed.clear()
        self._changed()

    def state(self) -> dict[str, object]:
        return {"armed": {fault: vars(armed) for fault, armed in self.armed.items()}}

    def strikes(self, fault: Fault, *, phone: str = "", path: str = "") -> Armed | None:
        """Whether this fault hits now; one of its times is used up."""
        armed = self.armed.get(fault)
        if armed is None or not armed.fits(phone, path):
            return None
        if armed.times > 0:
            armed.times -= 1
            if armed.times == 0 and armed.rate == 0:
                del self.armed[fault]
            self._changed()
            return armed
        return armed if self._draw.random() < armed.rate else None
