"""What the clock's jobs have done, and how often the platform's interfaces were called on a day."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from storage.refusals import GuardFailed
from storage.statements import Statement, Step, Visit
from storage.tables import columns, table
from storage.tables_reminders import JobRow, UsageRow

_USAGES = table(UsageRow)
_JOBS = table(JobRow)

_MORE = insert(_USAGES).values(columns(UsageRow))
_RESERVE = Statement(
    _MORE.on_conflict_do_update(
        index_elements=["interface", "day"],
        set_={"used": _USAGES.c.used + _MORE.excluded.used, "allowed": _MORE.excluded.allowed},
        where=_USAGES.c.used == bindparam("seen"),
    )
)
_USED = Statement(
    select(_USAGES.c.used).where(_USAGES.c.interface == bindparam("of"), _USAGES.c.day == bindparam("of_day"))
)
_OF_DAY = Statement(select(_USAGES.c.interface, _USAGES.c.used).where(_USAGES.c.day == bindparam("of_day")))
_PROGRESS = Statement(select(_JOBS.c.day, _JOBS.c.place, _JOBS.c.done_at).where(_JOBS.c.name == bindparam("of")))
_NEW = insert(_JOBS).values(columns(JobRow))
_ADVANCE = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["name"],
        set_={name: _NEW.excluded[name] for name in ("day", "place", "done_at")},
    )
)


@dataclass(frozen=True, slots=True)
class Progress:
    """A job's latest run: the day it is about, the place it has reached (a key), and when it was done."""

    day: date
    place: str = ""
    done_at: datetime | None = None


def reserve(interface: str, day: date, count: int, allowed: int) -> Visit[int]:
    """Sets aside up to `count` calls while the day's use stays within `allowed`; how many were granted."""
    while True:
        (rows,) = yield (Step(_USED, {"of": interface, "of_day": day}),)
        seen = rows[0][0] if rows else 0
        granted = max(0, min(count, allowed - seen))
        if not granted:
            return 0
        values = {"interface": interface, "day": day, "used": granted, "allowed": allowed, "seen": seen}
        try:
            yield (Step(_RESERVE, values, must=True),)
        except GuardFailed:  # another process has just set some aside
            continue
        return granted


def usage(day: date) -> Visit[dict[str, int]]:
    """Calls set aside on a day, by interface."""
    (rows,) = yield (Step(_OF_DAY, {"of_day": day}),)
    return {str(interface): int(used) for interface, used in rows}


def progress(name: str) -> Visit[Progress | None]:
    """A job's latest run; None when it has never run."""
    (rows,) = yield (Step(_PROGRESS, {"of": name}),)
    return Progress(*rows[0]) if rows else None


def advance(name: str, reached: Progress) -> Visit[None]:
    """Keeps how far a job has come."""
    values = {"name": name, "day": reached.day, "place": reached.place, "done_at": reached.done_at}
    yield (Step(_ADVANCE, values),)
