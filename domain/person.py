"""A person, and what they have told about themselves."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from domain.vocabulary import WorkField


class Role(StrEnum):
    """What somebody may do for a unit (用人单位)."""

    HR_ADMIN = "hr_admin"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    OPERATOR = "operator"


class Person(SQLModel):
    """A professional. Everything but `id` may be unknown: the bot is usable without registration.

    `region` is a rule book place code; `profile` holds further facts that rulings ask for (appointment period, …).
    `name`, `phone` and `id_number` are personal data, sealed at rest. `consented_at` is when the privacy notice was
    accepted.
    """

    id: str = Field(max_length=32)
    region: str | None = Field(default=None, max_length=32)
    work_field: WorkField | None = None
    name: str | None = None
    phone: str | None = None
    id_number: str | None = None
    profile: dict[str, Any] = Field(default_factory=dict)
    roles: list[Role] = Field(default_factory=list)
    following: bool = True
    consented_at: datetime | None = None
