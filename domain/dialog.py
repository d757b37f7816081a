"""Where a talk stands."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel


class Dialog(SQLModel):
    """The open dialog of one person; `topic` is None when nothing is open.

    `version` is the number of the last committed change: a commit names the version it read and is refused when
    another one came first. `expecting` says how a short answer reads (the values of `xueshi parse`). `draft` holds
    what has been understood so far, `options` what a number answers. After `expires_at` the draft is said to have
    expired.
    """

    version: int = 0
    topic: str | None = Field(default=None, max_length=32)
    expecting: str | None = Field(default=None, max_length=16)
    draft: dict[str, Any] = Field(default_factory=dict)
    options: list[str] = Field(default_factory=list)
    expires_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.topic is not None
