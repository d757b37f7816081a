"""What the console may use: given once by `bot/console.py`, the same for every visitor.

A room that needs something of the running service asks for it here, as a field with the type of what it calls.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from rules.articles import Texts
from rules.book import Book
from storage.store import Store


def _nobody() -> None:
    """Nobody waits for work where nobody does it (tests of a room alone)."""


async def _no_picture(_person_id: str, _photo: str) -> bytes | None:
    """No pictures are kept where nobody sends any."""
    return None


async def _no_scene(_scene: str, _lives: timedelta) -> str:
    """Without an account there is no QR code of one."""
    return ""


class Operating(Protocol):
    """What the operator's room may do with the running service."""

    async def look_now(self) -> None:
        """Writes down at once what this process has counted."""

    async def replay(self, key: str) -> str:
        """Runs a failed message once more; how it then stands: settled, failed, open or gone."""

    async def check_ledger(self) -> bool:
        """Begins a look at the whole ledger; False when one is running."""


class _Unattended:
    """No service runs (tests of a room alone)."""

    async def look_now(self) -> None:
        return

    async def replay(self, key: str) -> str:
        return "gone"

    async def check_ledger(self) -> bool:
        return False


@dataclass(frozen=True)
class Office:
    """`now` is aware and in the service's zone; `public_url` is where links begin, without a slash at the end.

    `wake` tells the service that there is something to send or to do. `open_picture` gives somebody's picture (by
    person and hash) as a JPEG, the right way up, None when it has gone. `mass_account` sends mass messages, empty:
    nobody does.
    """

    store: Store
    book: Book
    texts: Texts
    now: Callable[[], datetime]
    public_url: str = ""
    wake: Callable[[], None] = _nobody
    operations: Operating = field(default_factory=_Unattended)
    open_picture: Callable[[str, str], Awaitable[bytes | None]] = _no_picture
    mass_account: str = ""
    scene_address: Callable[[str, timedelta], Awaitable[str]] = _no_scene

    @property
    def secure(self) -> bool:
        """Whether visitors come over https: cookies are then for https alone."""
        return self.public_url.startswith("https://")
