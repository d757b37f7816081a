"""The wire, decrypted: one row for each delivery of a push and for each call of the API."""

import time
from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from simulator.feed import Feed

_KEPT = 2000
_SHOWN = 16_000  # characters of a body; more serves nobody


@dataclass
class Row:
    """`at` is the platform's clock, `ms` real time.

    `verdict` is waiting, a push's outcome, or ok, refused and hung for the API.
    """

    id: int
    at: str
    phone: str
    way: str  # push or api
    name: str
    mode: str = ""
    attempt: int = 0
    attempts: int = 0
    ms: int | None = None
    status: int | None = None
    errcode: int | None = None
    verdict: str = "waiting"
    reason: str = ""
    sent: str = ""
    answered: str = ""
    msg_id: str = ""

    def shown(self) -> dict[str, Any]:
        return asdict(self)


class Wire:
    """The last 2000 rows; each change is published."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._rows: deque[Row] = deque(maxlen=_KEPT)
        self._begun: dict[int, float] = {}
        self._next = 1

    def begin(self, now: datetime, way: str, name: str, *, phone: str = "", sent: str = "", **more: Any) -> Row:
        row = Row(self._next, now.isoformat(timespec="milliseconds"), phone, way, name, sent=sent[:_SHOWN], **more)
        self._next += 1
        self._begun[row.id] = time.monotonic()
        self._rows.append(row)
        self._feed.publish("wire", row.shown())
        return row

    def finish(self, row: Row, verdict: str, *, answered: str = "", **more: Any) -> None:
        """Closes a row with its outcome and the time it took."""
        row.ms = round((time.monotonic() - self._begun.pop(row.id)) * 1000)
        row.verdict, row.answered = verdict, answered[:_SHOWN]
        for name, value in more.items():
            setattr(row, name, value)
        self._feed.publish("wire", row.shown())

    def amend(self, row: Row, verdict: str, reason: str) -> None:
        """Corrects a closed row: what was carried out, but never arrived."""
        row.verdict, row.reason = verdict, reason
        self._feed.publish("wire", row.shown())

    def rows(self, phone: str = "") -> list[Row]:
        return [row for row in self._rows if phone in ("", row.phone)]
