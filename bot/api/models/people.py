"""Logging in, binding, and what a person tells of themselves."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.api.models.pieces import Asked, Day, Place, Told, Year
from domain.vocabulary import WorkField

_CODE = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")]
_TOKEN = Annotated[str, StringConstraints(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]
_NAME = Annotated[str, StringConstraints(min_length=2, max_length=20, pattern=r"^[\u4e00-\u9fffA-Za-z· ]+$")]
_EMPLOYER = Annotated[str, StringConstraints(min_length=2, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]
Level = Literal["junior", "intermediate", "associate", "senior"]


class LoginAsked(Asked):
    code: _CODE


class RefreshAsked(Asked):
    refresh_token: _TOKEN


class PersonTold(Told):
    id: str
    name: str | None
    consented: bool
    roles: list[str]
    bound_chat: bool
    region: str | None
    work_field: str | None


class LoginTold(Told):
    token: str
    expires_at: datetime
    expires_in: int  # seconds: what a phone with another clock goes by
    refresh_token: str
    refresh_expires_at: datetime
    person: PersonTold


class BindingTold(Told):
    code: str
    say: str
    expires_at: datetime


class BoundTold(Told):
    """`carried` records came over, `alike` were there on both sides, `verify_again` of those carried were verified."""

    person: PersonTold
    carried: int
    alike: int
    verify_again: int


class ConsentAsked(Asked):
    accepted: Literal[True]


class MeAsked(Asked):
    """What is to change; null takes it away."""

    region: Place | None = None
    work_field: WorkField | None = None
    name: _NAME | None = None
    employer: _EMPLOYER | None = None
    level: Level | None = None
    target_level: Level | None = None
    review_year: Year | None = None
    appointment_start: Day | None = None


class MeTold(PersonTold):
    employer: str | None
    level: str | None
    target_level: str | None
    review_year: int | None
    appointment_start: date | None
    consented_at: datetime | None
    region_name: str
    units: list[str]
    phone: str | None
    notice: str = Field(description="the privacy notice")
