"""What the operator's room looks at, gathered in a few visits: figures of all processes, queues, checks, rules."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from rules.book import Book
from rules.check import Problem, overdue
from storage.store import Store
from storage.vitals import Figure, Process
from storage.vitals_ledger import LedgerCheck
from storage.vitals_queues import Queues

BEIJING = timezone(timedelta(hours=8))  # quotas start anew at 00:00 there
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALIVE = timedelta(minutes=3)  # without a word a process counts as gone
SOON = timedelta(days=30)  # before its review_by a value of the rule book is told of
SWEEPS = "sweeps"
_NONE = Figure()


@dataclass(frozen=True)
class Figures:
    """`hour` and `day` are sums of the last hour and day by name; `swept` the minutes of the last hour that the clock
    kept; `overdue` and `due` are values of the rule book past their review_by, and close to it.
    """

    now: datetime
    hour: dict[str, Figure] = field(default_factory=dict)
    day: dict[str, Figure] = field(default_factory=dict)
    swept: frozenset[datetime] = frozenset()
    processes: Sequence[Process] = ()
    queues: Queues = field(default_factory=Queues)
    checks: Sequence[LedgerCheck] = ()
    overdue: Sequence[Problem] = ()
    due: Sequence[Problem] = ()

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
    def alive(self) -> list[Process]:
        return [one for one in self.processes if one.ended_at is None and self.now - one.seen_at <= ALIVE]

    @property
    def silent(self) -> list[Process]:
        """Processes that were not stopped and say nothing any more."""
        return [one for one in self.processes if one.ended_at is None and self.now - one.seen_at > ALIVE]


async def gather(store: Store, book: Book, now: datetime) -> Figures:
    today = now.astimezone(BEIJING).date()
    swept = await store.vitals.series(SWEEPS, now - HOUR)
    return Figures(
        now,
        hour=await store.vitals.totals(now - HOUR),
        day=await store.vitals.totals(now - DAY),
        swept=frozenset(point.minute for point in swept),
        processes=await store.vitals.processes(now - DAY),
        queues=await store.queues.look(now, now - DAY, today),
        checks=await store.ledger_checks.latest(),
        overdue=overdue(book, today),
        due=due(book, today),
    )


def due(book: Book, today: date) -> list[Problem]:
    """Values of the rule book whose review_by is close, and not past."""
    past = {(one.file, one.key) for one in overdue(book, today)}
    return [one for one in overdue(book, today + SOON) if (one.file, one.key) not in past]
