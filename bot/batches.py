"""What goes on with the console's batches in a process that works: every kind with its stages."""

from collections.abc import Callable
from datetime import datetime

from console.batches import Batches
from console.imports import stages as imports
from console.imports.recording import settle_arrived
from rules.book import Book
from storage.store import Store


def batches_of(store: Store, book: Book, now: Callable[[], datetime], real: Callable[[], datetime]) -> Batches:
    """`now` is the service's clock, `real` the one that leases run on."""

    async def arrived() -> None:
        await settle_arrived(store, book, now())

    return Batches(store, imports.stages(store, book, now), now, real, (arrived,))
