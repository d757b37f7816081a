"""What the operator's room looks at, gathered in a few visits: figures of all processes, queues, checks, rules."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from domain.vitals import slot_of
from rules.book import Book
from storage.store import Store
from storage.vitals import Figure, Process
from storage.vitals_ledger import LedgerCheck
from storage.vitals_queues import Queues

BEIJING = timezone(timedelta(hours=8))  # quotas start anew at 00:00 there
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALIVE = timedelta(minutes=3)  # without a word a process counts as gone
SOON = timedelta(days=30)  # before its review_by a value of the rule book is told of
_NONE = Figure()


@dataclass(frozen=True)
class Figures:
    """`hour` and `day` are sums of the last hour and day by name, the hour since `since`; `overdue` and `due` are
    values of the rule book past their review_by, and close to it.
    """

    now: datetime
    hour: dict[str, Figure] = field(default_factory=dict)
    day: dict[str, Figure] = field(default_factory=dict)
    processes: Sequence[Process] = ()
    queues: Queues = field(default_factory=Queues)
    checks: Sequence[LedgerCheck] = ()
    overdue: Sequence["Review"] = ()
    due: Sequence["Review"] = ()

    def total(self, *names: str) -> int:
        """The sum of figures of the last hour; a name that ends with a dot stands for all that begin so."""
        return sum(round(figure.total) for figure in self._named(names))

    def peak(self, *names: str) -> float:
        """The largest single value of the last hour among these."""
        return max((figure.peak for figure in self._named(names)), default=0.0)

    def named(self, prefix: str) -> dict[str, Figure]:
        """The figures of the last hour whose names begin so, by what follows."""
        return {name[len(prefix) :]: figure for name, figure in self.hour.items() if name.startswith(prefix)}

    def _named(self, names: Sequence[str]) -> list[Figure]:
        found: list[Figure] = []
        for name in names:
            if name.endswith("."):
                found += self.named(name).values()
            else:
                found.append(self.hour.get(name, _NONE))
        return found

    @property
    def since(self) -> datetime:
        return slot_of(self.now - HOUR)

    @property
    def alive(self) -> list[Process]:
        return [one for one in self.processes if one.ended_at is None and self.now - one.seen_at <= ALIVE]

    @property
    def silent(self) -> list[Process]:
        """Processes that were not stopped and say nothing any more."""
        return [one for one in self.processes if one.ended_at is None and self.now - one.seen_at > ALIVE]


async def gather(store: Store, book: Book, now: datetime) -> Figures:
    today = now.astimezone(BEIJING).date()
    reviews = to_review(book, today + SOON)
    return Figures(
        now,
        hour=await store.vitals.totals(slot_of(now - HOUR)),
        day=await store.vitals.totals(slot_of(now - DAY)),
        processes=await store.vitals.processes(now - DAY),
        queues=await store.queues.look(now, now - DAY, today),
        checks=[check.standing(now) for check in await store.ledger_checks.latest()],
        overdue=[one for one in reviews if one.by < today],
        due=[one for one in reviews if one.by >= today],
    )


@dataclass(frozen=True, slots=True, order=True)
class Review:
    """A value of the rule book, and the day by which somebody is to read its source again."""

    by: date
    place: str
    file: str
    key: str


def to_review(book: Book, before: date) -> list[Review]:
    """The values in force that are to be reviewed before a day, the earliest first."""
    found = []
    for place in book.places.values():
        dated = list(place.dated())
        for key, value in dated:
            replaced = any(name == key and other.start > value.start for name, other in dated)
            if value.end is None and value.review_by < before and not replaced:
                file = book.files.get((place.code, key.split(".")[0]))
                found.append(Review(value.review_by, place.name, f"{place.code}/{file.name if file else ''}", key))
    return sorted(found)
