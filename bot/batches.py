"""What goes on with the console's batches in a process that works: every kind with its stages."""

from collections.abc import Callable
from datetime import datetime

from console.batches import Batches, Stages
from console.exports.forms import Issue, Issuing
from console.exports.workbook import Gathering
from console.imports import stages as imports
from console.imports.recording import settle_arrived
from console.reconciliation.stages import Comparing
from domain.batch import BatchKind, BatchState
from rules.book import Book
from storage.store import Store


def batches_of(
    store: Store, book: Book, issue: Issue, now: Callable[[], datetime], real: Callable[[], datetime]
) -> Batches:
    """`issue` makes a registration form; `now` is the service's clock, `real` the one that leases run on."""

    async def arrived() -> None:
        await settle_arrived(store, book, now())

    stages: Stages = {
        **imports.stages(store, book, now),
        (BatchKind.OFFICIAL, BatchState.REHEARSING): Comparing(store, book, now),
        (BatchKind.WORKBOOK, BatchState.RUNNING): Gathering(store, book, now),
        (BatchKind.FORMS, BatchState.RUNNING): Issuing(store, issue),
    }
    return Batches(store, stages, now, real, (arrived,))
