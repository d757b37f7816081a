"""What an overview shows, made of what was counted: sums, the order of departments, the plot of the hours."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate

from domain.census import AGES, Course, Figures, Queue

SHOWN = 20  # departments before 全部部门


def total(found: Iterable[Figures], unit: str = "", department: str = "") -> Figures:
    """Several departments as one."""
    listed = list(found)
    names = ("people", "bound", "silent", "done", "open", "public_behind", "professional_behind")
    counts = {name: sum(getattr(one, name) for one in listed) for name in names}
    by_gap = tuple(sum(column) for column in zip(*(one.by_gap for one in listed), strict=True))
    return Figures(
        unit,
        department,
        **counts,
        missing=sum(one.missing for one in listed),
        pending=sum(one.pending for one in listed),
        reviewing=sum(one.reviewing for one in listed),
        by_gap=by_gap,
    )


def by_unit(found: Sequence[Figures]) -> list[Figures]:
    """The departments of each unit as one, in the order of `found`."""
    units = dict.fromkeys(one.unit for one in found)
    return [total((one for one in found if one.unit == unit), unit) for unit in units]


def furthest_behind(found: Sequence[Figures]) -> list[Figures]:
    """Who has the largest share of people behind first; the larger department first where the shares are equal."""
    return sorted(found, key=lambda one: (-one.behind / one.people, -one.behind, one.unit, one.department))


def mean_gap(one: Figures) -> float | None:
    """学时 that who is behind lacks, on average of those who have recorded something."""
    counted = sum(one.by_gap)
    return round(one.missing / counted, 1) if counted else None


def running(course: Course, until: int = 12) -> list[float | None]:
    """The hours of the year up to the end of each month; None after month `until`."""
    sums = [round(hours, 1) for hours in accumulate(course.months)]
    return [hours if month <= until else None for month, hours in enumerate(sums, 1)]


@dataclass(frozen=True, slots=True)
class Plot:
    """The hours of a year beside those of the one before; `data` is what the script draws, `rows` what a table says."""

    this: Course
    last: Course
    until: int
    rows: tuple[tuple[int, float | None, float, float | None, float], ...]

    def data(self, labels: Sequence[str]) -> str:
        """As JSON: months, both running sums, and the labels of month, this year and last year."""
        shown = {
            "months": list(range(1, 13)),
            "this": running(self.this, self.until),
            "last": running(self.last),
            "labels": list(labels),
        }
        return json.dumps(shown, ensure_ascii=False)

    @property
    def so_far(self) -> float:
        return sum(self.this.months[: self.until])

    @property
    def so_far_last(self) -> float:
        """Last year's hours up to the same month."""
        return sum(self.last.months[: self.until])

    @property
    def empty(self) -> bool:
        return not any(self.this.months) and not any(self.last.months)


def plot(this: Course, last: Course, today: date) -> Plot:
    """Month by month: what was learned in it, and the sum up to its end, this year (until today) and last."""
    until = 12 if this.year < today.year else today.month
    sums, before = running(this, until), running(last)
    rows = tuple(
        (month + 1, this.months[month] if month < until else None, last.months[month], sums[month], before[month] or 0)
        for month in range(12)
    )
    return Plot(this, last, until, rows)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for review in all: how many, since when the oldest, how many longer than each of AGES."""

    waiting: int
    oldest: datetime | None
    older: tuple[int, ...]
    rows: tuple[Queue, ...]


def backlog(found: Sequence[Queue]) -> Backlog:
    """The whole, and its departments: who has waited longest first."""
    older = tuple(sum(one.older[place] for one in found) for place in range(len(AGES)))
    rows = sorted(found, key=lambda one: (one.oldest, one.unit, one.department))
    oldest = rows[0].oldest if rows else None
    return Backlog(sum(one.waiting for one in found), oldest, older, tuple(rows[:SHOWN]))
