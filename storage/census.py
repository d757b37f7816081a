"""A unit's people counted, out of rosters, standings and the queue: never out of the ledger."""

from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, select, text

from domain.census import AGES, GAPS, Course, Enrolled, Figures, Group, Listed, Queue, Wanted
from domain.standing import MONTHS
from domain.vocabulary import Category
from storage import rolls
from storage.rolls import (
    DONE,
    GROUPS,
    JOINED,
    LACKING,
    LACKS_HOURS,
    OPEN,
    SILENT,
    between,
    counting,
    in_units,
    of_units,
)
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Visit
from storage.tables import table
from storage.tables_proofs import IS_WAITING, MemberRow, ReviewRow
from storage.tables_reminders import StandingRow

_MEMBERS, _STANDINGS, _REVIEWS = table(MemberRow), table(StandingRow), table(ReviewRow)
_NO: Any = literal_column("0")


def _by_gap() -> list[Any]:
    bounds = (None, *GAPS), (*GAPS, None)
    return [counting(and_(LACKS_HOURS, between(low, high))) for low, high in zip(*bounds, strict=True)]


@lru_cache(64)
def _figures(count: int) -> Statement:
    place = (_MEMBERS.c.unit, _MEMBERS.c.department)
    counted: Any = select(
        *place,
        func.count(),
        func.count(_MEMBERS.c.person_id),
        counting(SILENT),
        counting(DONE),
        counting(OPEN),
        counting(LACKING[Category.PUBLIC]),
        counting(LACKING[Category.PROFESSIONAL]),
        func.coalesce(func.sum(case((LACKS_HOURS, _STANDINGS.c.missing))), _NO),
        func.coalesce(func.sum(_STANDINGS.c.pending), _NO),
        counting(GROUPS[Group.REVIEWING]),
        *_by_gap(),
    )
    return Statement(counted.select_from(JOINED).where(in_units(count)).group_by(*place).order_by(*place))


def figures(units: Sequence[str], year: int) -> Visit[list[Figures]]:
    """The departments of these units in a year, by unit and name."""
    if not units:
        return []
    (rows,) = yield (Step(_figures(len(units)), {**of_units(units), "of_year": year}),)
    return [_figure(row) for row in rows]


def _figure(row: Row) -> Figures:
    unit, department, *counts = row[:9]
    missing, pending, reviewing = row[9:12]
    people, bound, silent, done, left_open, public, professional = (int(count) for count in counts)
    by_gap = tuple(int(count) for count in row[12:])
    of_all = (people, bound, silent, done, left_open, public, professional)
    return Figures(unit, department, *of_all, float(missing), int(pending), int(reviewing), by_gap)


@lru_cache(64)
def _courses(count: int) -> Statement:
    wanted = [bindparam(f"u{place}", type_=_STANDINGS.c.unit.type) for place in range(count)]
    years: list[Any] = [bindparam(name, type_=_STANDINGS.c.year.type) for name in ("this_year", "last_year")]
    by = (_STANDINGS.c.year, _STANDINGS.c.region)
    summed: Any = select(*by, func.count(), *(func.sum(_STANDINGS.c[month]) for month in MONTHS))
    return Statement(summed.where(_STANDINGS.c.unit.in_(wanted), _STANDINGS.c.year.in_(years)).group_by(*by))


def courses(units: Sequence[str], year: int) -> Visit[tuple[Course, Course]]:
    """The hours of a year and of the one before, by month, of the people who stand in these units now."""
    rows: Sequence[Row] = ()
    if units:
        (rows,) = yield (Step(_courses(len(units)), {**of_units(units), "this_year": year, "last_year": year - 1}),)
    return _course(rows, year), _course(rows, year - 1)


def _course(rows: Sequence[Row], year: int) -> Course:
    own = [row for row in rows if row[0] == year]
    months = tuple(float(sum(row[3 + place] for row in own)) for place in range(len(MONTHS)))
    return Course(year, months, {row[1]: int(row[2]) for row in own if row[1]})


@lru_cache(64)
def _queues(count: int) -> Statement:
    place = (_MEMBERS.c.unit, _MEMBERS.c.department)
    older = [counting(_REVIEWS.c.since <= bindparam(f"before{days}", type_=_REVIEWS.c.since.type)) for days in AGES]
    waiting = text(IS_WAITING.replace("state", "reviews.state"))
    counted: Any = select(*place, func.count(), func.min(_REVIEWS.c.since), *older)
    joined = _MEMBERS.join(_REVIEWS, _REVIEWS.c.person_id == _MEMBERS.c.person_id)
    return Statement(counted.select_from(joined).where(in_units(count), waiting).group_by(*place).order_by(*place))


def queues(units: Sequence[str], now: datetime) -> Visit[list[Queue]]:
    """What waits for review in the departments of these units."""
    if not units:
        return []
    ages = {f"before{days}": now - timedelta(days=days) for days in AGES}
    (rows,) = yield (Step(_queues(len(units)), {**of_units(units), **ages}),)
    return [Queue(row[0], row[1], int(row[2]), row[3], tuple(int(count) for count in row[4:])) for row in rows]


class CensusStore:
    """Made by the store (`Store.census`); `run` is its driver's. Every answer is about `units` only."""

    def __init__(self, run: Callable[..., Coroutine[Any, Any, Any]], vault: Vault) -> None:
        self._run = run
        self._vault = vault

    async def figures(self, units: Sequence[str], year: int) -> list[Figures]:
        """The departments in a year, by unit and name."""
        made: list[Figures] = await self._run(figures(units, year))
        return made

    async def courses(self, units: Sequence[str], year: int) -> tuple[Course, Course]:
        """The hours of a year and of the one before, by month."""
        made: tuple[Course, Course] = await self._run(courses(units, year))
        return made

    async def queues(self, units: Sequence[str], now: datetime) -> list[Queue]:
        """What waits for review, by department."""
        made: list[Queue] = await self._run(queues(units, now))
        return made

    async def departments(self, units: Sequence[str]) -> list[tuple[str, str, int]]:
        """Unit, department and number of people."""
        made: list[tuple[str, str, int]] = await self._run(rolls.departments(units))
        return made

    async def listed(self, wanted: Wanted, after: int = 0, *, back: bool = False) -> tuple[list[Listed], bool]:
        """A page of people behind the roster row `after` (with `back`, before it), and whether there are more."""
        made: tuple[list[Listed], bool] = await self._run(rolls.listed(self._vault, wanted, after, back=back))
        return made

    async def total(self, wanted: Wanted) -> int:
        made: int = await self._run(rolls.total(wanted))
        return made

    async def found(self, units: Sequence[str], words: str, year: int) -> list[Listed]:
        """People by whole name or ID number; by a part of the name too where there are not many."""
        made: list[Listed] = await self._run(rolls.found(self._vault, units, words, year))
        return made

    async def enrolled(self, units: Sequence[str], member_id: int) -> Enrolled | None:
        made: Enrolled | None = await self._run(rolls.enrolled(self._vault, units, member_id))
        return made
