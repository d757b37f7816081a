"""What the processes know of themselves, as all of them together: figures by ten minutes, and signs of life.

A figure is added up over processes and slots of ten minutes; nothing here is about a person. Old slots are removed.
"""

import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, func, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from storage.statements import Row, Statement, Step, Visit
from storage.tables import columns, table
from storage.tables_vitals import FIGURE, RUNNER, ProcessRow, VitalRow

_VITALS, _PROCESSES = table(VitalRow), table(ProcessRow)

_NEW = insert(_VITALS).values(columns(VitalRow))
_LARGER: Any = case((_VITALS.c.peak > _NEW.excluded.peak, _VITALS.c.peak), else_=_NEW.excluded.peak)
_ADD = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["slot", "runner", "name"],
        set_={"total": _VITALS.c.total + _NEW.excluded.total, "peak": _LARGER},
    )
)
_SUMS: Any = (func.sum(_VITALS.c.total), func.max(_VITALS.c.peak))
_SINCE = _VITALS.c.slot >= bindparam("since", type_=_VITALS.c.slot.type)
_TOTALS = Statement(select(_VITALS.c.name, *_SUMS).where(_SINCE).group_by(_VITALS.c.name))
_PREFIX = bindparam("prefix", type_=_VITALS.c.name.type)
_SERIES = Statement(
    select(_VITALS.c.slot, _VITALS.c.name, *_SUMS)
    .where(_SINCE, _VITALS.c.name >= _PREFIX, _VITALS.c.name < bindparam("beyond", type_=_VITALS.c.name.type))
    .group_by(_VITALS.c.slot, _VITALS.c.name)
    .order_by(_VITALS.c.slot)
)
_PURGE = Statement(delete(_VITALS).where(_VITALS.c.slot < bindparam("before")))

_BORN = insert(_PROCESSES).values(columns(ProcessRow))
_BEAT = Statement(
    _BORN.on_conflict_do_update(
        index_elements=["runner"],
        set_={name: _BORN.excluded[name] for name in ("role", "started_at", "seen_at", "ended_at", "leads", "details")},
    )
)
_PROCESS: Any = [_PROCESSES.c[name] for name in ("runner", "role", "started_at", "seen_at", "ended_at", "leads")]
_ALL = Statement(
    select(*_PROCESS, _PROCESSES.c.details)
    .where(_PROCESSES.c.seen_at >= bindparam("since", type_=_PROCESSES.c.seen_at.type))
    .order_by(_PROCESSES.c.started_at, _PROCESSES.c.runner)
)
_FORGET = Statement(delete(_PROCESSES).where(_PROCESSES.c.seen_at < bindparam("before")))


@dataclass(frozen=True, slots=True)
class Figure:
    """`total` is a sum over processes and slots, `peak` the largest single value that went into it."""

    total: float = 0.0
    peak: float = 0.0


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of all processes in one slot."""

    slot: datetime
    name: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Process:
    """A process of the service. `details` is what it says of itself, as JSON allows."""

    runner: str
    role: str
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
    leads: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


def add(slot: datetime, runner: str, figures: Mapping[str, Figure]) -> Visit[None]:
    """Adds figures to a slot, one by one: they are independent of each other."""
    for name, figure in figures.items():
        values = {"slot": slot, "runner": runner[:RUNNER], "name": name[:FIGURE]}
        yield (Step(_ADD, {**values, "total": figure.total, "peak": figure.peak}),)


def totals(since: datetime) -> Visit[dict[str, Figure]]:
    """Every figure's sum over all processes from a slot on."""
    (rows,) = yield (Step(_TOTALS, {"since": since}),)
    return {name: Figure(float(total), float(peak)) for name, total, peak in rows}


def series(prefix: str, since: datetime) -> Visit[list[Point]]:
    """The figures whose names begin so, slot by slot."""
    beyond = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    (rows,) = yield (Step(_SERIES, {"since": since, "prefix": prefix, "beyond": beyond}),)
    return [Point(slot, name, Figure(float(total), float(peak))) for slot, name, total, peak in rows]


def beat(process: Process) -> Visit[None]:
    """Keeps a process's sign of life."""
    values = {
        "runner": process.runner[:RUNNER],
        "role": process.role,
        "started_at": process.started_at,
        "seen_at": process.seen_at,
        "ended_at": process.ended_at,
        "leads": process.leads,
        "details": json.dumps(dict(process.details), ensure_ascii=False),
    }
    yield (Step(_BEAT, values),)


def processes(since: datetime) -> Visit[list[Process]]:
    """The processes that have been alive since then, in the order in which they started."""
    (rows,) = yield (Step(_ALL, {"since": since}),)
    return [_process(row) for row in rows]


def _process(row: Row) -> Process:
    runner, role, started_at, seen_at, ended_at, leads, details = row
    return Process(runner, role, started_at, seen_at, ended_at, leads, json.loads(details))


def purge(before: datetime) -> Visit[None]:
    """Removes slots before then, and processes that have not been seen since."""
    yield (Step(_PURGE, {"before": before}),)
    yield (Step(_FORGET, {"before": before}),)


class VitalStore:
    """Made by the store (`Store.vitals`); `run` is its driver's."""

    def __init__(self, run: Callable[..., Coroutine[Any, Any, Any]]) -> None:
        self._run = run

    async def add(self, slot: datetime, runner: str, figures: Mapping[str, Figure]) -> None:
        await self._run(add(slot, runner, figures))

    async def totals(self, since: datetime) -> dict[str, Figure]:
        found: dict[str, Figure] = await self._run(totals(since))
        return found

    async def series(self, prefix: str, since: datetime) -> Sequence[Point]:
        found: list[Point] = await self._run(series(prefix, since))
        return found

    async def beat(self, process: Process) -> None:
        await self._run(beat(process))

    async def processes(self, since: datetime) -> Sequence[Process]:
        found: list[Process] = await self._run(processes(since))
        return found

    async def purge(self, before: datetime) -> None:
        await self._run(purge(before))
