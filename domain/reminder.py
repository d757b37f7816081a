"""Reminders: what a person wants of them, what a unit has set, and the record of each one that came due.

A reminder is once for ever by (person, kind, year, stage). Nothing else about it is kept: when the next one is due
follows from the deadlines, the wishes and the ledger.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Self

from pydantic import model_validator
from sqlmodel import Field, SQLModel

STAGES = (90, 60, 30, 14, 7, 3, 1)  # days before the last safe day
ASKED_LIMIT = 20  # days that somebody may ask to be reminded on
STAGE_LIMIT = 12


class ReminderKind(StrEnum):
    YEAR_END = "year_end"
    PUBLIC_END = "public_end"  # a day of its own for 公需
    PROFESSIONAL_END = "professional_end"  # a day of its own for 专业
    TITLE_REVIEW = "title_review"
    REGULAR = "regular"  # every Friday, as the person asked
    ASKED = "asked"  # on a day, as the person asked


class Fate(StrEnum):
    """What became of a reminder when it was due."""

    PUT = "put"  # into the outbox; what became of it there stands with the delivery of its key
    SILENT = "silent"  # the gap had closed
    DROPPED = "dropped"  # too late, or overtaken by a later stage
    UNREACHABLE = "unreachable"  # no way to the person was open


class Every(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Occasion(NamedTuple):
    """Which reminder: `stage` is days before the last safe day, or the ISO day for those that a person asked for."""

    kind: ReminderKind
    year: int
    stage: str


class Asked(SQLModel):
    """A day somebody wants to be reminded on, and of what, in their own words."""

    on: date
    about: str = Field(default="", max_length=60)


class Wishes(SQLModel):
    """What a person has asked of reminders; None leaves it to the unit. Sealed at rest.

    `on` is the weekday (1–7) of a weekly reminder, or the day of a monthly one. `snoozed_until`: nothing before that
    day. `only_stages` replaces the unit's stages, `more_stages` adds to them.
    """

    stopped: bool = False
    only_stages: tuple[int, ...] | None = None
    more_stages: tuple[int, ...] = ()
    every: Every | None = None
    on: int | None = Field(default=None, ge=1, le=31)
    asked: list[Asked] = Field(default_factory=list)
    snoozed_until: date | None = None


class Courtesy(SQLModel):
    """How a unit lets its people be spoken to. Hours are of the day: nothing is sent from `quiet_from` to
    `quiet_until`. `weekly_cap` counts everything that was not asked for; the last days before a deadline are exempt.

    `verification_days` are the working days that the unit's own verification takes, as measured. A notice to more than
    `approved_above` people needs a second person.
    """

    stages: tuple[int, ...] = STAGES
    review_stages: tuple[int, ...] = STAGES
    quiet_from: int = Field(default=21, ge=0, le=24)
    quiet_until: int = Field(default=8, ge=0, le=23)
    weekly_cap: int = Field(default=3, ge=1, le=50)
    verification_days: int = Field(default=0, ge=0, le=60)
    approved_above: int = Field(default=50, ge=1, le=1_000_000)

    @model_validator(mode="after")
    def _stages_in_order(self) -> Self:
        for stages in (self.stages, self.review_stages):
            if len(stages) > STAGE_LIMIT or any(not 0 <= stage <= 365 for stage in stages):
                raise ValueError(f"at most {STAGE_LIMIT} stages of 0 to 365 days")
        return self


class DeadlineSetting(SQLModel):
    """A day that a unit has set for a learning year and a title series ("" for all), and where that stands (`source`).

    `kind` is one of the rule book's: earn_by, submit_by, platform_closes, review_window. `category` "" is all hours.
    """

    unit: str = Field(max_length=100)
    year: int = Field(ge=1990, le=2100)
    series: str = Field(default="", max_length=40)
    kind: str = Field(max_length=20)
    category: str = Field(default="", max_length=20)
    opens: date | None = None
    closes: date
    label: str = Field(default="", max_length=100)
    source: str = Field(default="", max_length=200)


class Reminded(SQLModel):
    """One reminder that came due: kept for ever, so that none is repeated."""

    person_id: str = Field(max_length=32)
    kind: ReminderKind
    year: int
    stage: str = Field(max_length=10)
    fate: Fate
    closes: date | None = None  # the last safe day that it spoke of
    at: datetime
    reason: str = Field(default="", max_length=60)

    @property
    def occasion(self) -> Occasion:
        return Occasion(self.kind, self.year, self.stage)


def occasion_of(key: str) -> Occasion | None:
    """The occasion of a delivery's key; None when it says something else."""
    word, _, rest = key.partition(":")
    parts = rest.split(":")
    if word != "reminder" or len(parts) != 4 or parts[1] not in set(ReminderKind) or not parts[2].isdecimal():
        return None
    return Occasion(ReminderKind(parts[1]), int(parts[2]), parts[3])


def delivery_key(person_id: str, occasion: Occasion) -> str:
    """The key of the delivery that says a reminder."""
    return f"reminder:{person_id}:{occasion.kind}:{occasion.year}:{occasion.stage}"
