"""Reminders and grants, papers to take away, privacy."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bot.api.models.pieces import Asked, Day, Told, Year
from domain.reminder import ASKED_LIMIT, STAGE_LIMIT, Every

_Stage = Annotated[int, Field(ge=1, le=365)]
_About = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]


class DayAsked(Asked):
    on: Day
    about: _About = ""


class RemindersAsked(Asked):
    """All that is wanted of reminders: what is not named is not wanted (any more)."""

    stopped: bool = False
    only_stages: Annotated[list[_Stage], Field(max_length=STAGE_LIMIT)] | None = None
    more_stages: list[_Stage] = Field(default_factory=list, max_length=STAGE_LIMIT)
    every: Every | None = None
    on: Annotated[int, Field(ge=1, le=31)] | None = None
    asked: list[DayAsked] = Field(default_factory=list, max_length=ASKED_LIMIT)
    snoozed_until: Day | None = None

    @model_validator(mode="after")
    def _weekday(self) -> Self:
        if self.every is Every.WEEK and (self.on is None or self.on > 7):
            raise ValueError("a weekly reminder has a weekday from 1 to 7")
        return self


class DayTold(Told):
    on: date
    about: str


class Ahead(Told):
    day: date
    text: str


class RemindersTold(Told):
    stopped: bool
    only_stages: list[int] | None
    more_stages: list[int]
    every: Every | None
    on: int | None
    asked: list[DayTold]
    snoozed_until: date | None
    stages: list[int]
    ahead: list[Ahead]
    can_reach: bool
    grants_left: int
    templates: list[str]


class GrantAsked(Asked):
    template: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
    accepted: bool


class GrantTold(Told):
    template: str
    left: int


class GrantsTold(Told):
    templates: list[GrantTold]


class ExportAsked(Asked):
    kind: Literal["form", "card"]
    year: Year


class ExportTaken(Told):
    export: str
    state: str
    path: str


class ExportTold(Told):
    export: str
    kind: str
    state: str
    year: int | None
    code: str | None
    verify: str | None
    type: str
    file: str | None


class KeptTold(Told):
    what: str
    label: str
    count: int


class LookTold(Told):
    at: datetime
    who: str
    unit: str
    what: str


class PrivacyTold(Told):
    notice: str
    consented_at: datetime | None
    kept: list[KeptTold]
    looks: list[LookTold]
    confirm: str


class ErasureAsked(Asked):
    confirm: Annotated[str, StringConstraints(max_length=40)]


class ErasureTaken(Told):
    state: str
