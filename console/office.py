"""What the console may use: given once by `bot/console.py`, the same for every visitor.

A room that needs something of the running service asks for it here, as a field with the type of what it calls.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from rules.articles import Texts
from rules.book import Book
from storage.store import Store


def _nobody() -> None:
    """Nobody waits for work where nobody does it (tests of a room alone)."""


@dataclass(frozen=True)
class Office:
    """`now` is aware and in the service's zone; `public_url` is where links begin, without a slash at the end.

    `wake` tells the service that there is something to send or to do.
    """

    store: Store
    book: Book
    texts: Texts
    now: Callable[[], datetime]
    public_url: str = ""
    wake: Callable[[], None] = _nobody

    @property
    def secure(self) -> bool:
        """Whether visitors come over https: cookies are then for https alone."""
        return self.public_url.startswith("https://")
