"""What HR sees of a claim that waits, and what it decides."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.api.models.pieces import Asked, CodeLabel, CodeText, StepTold, Told
from bot.api.models.records import EntryTold
from domain.proof import Objection


class WaitingClaim(Told):
    id: str
    name: str
    department: str
    unit: str
    title: str
    start: date
    end: date
    year: int
    amount: str
    since: datetime
    waited_hours: float
    appealed: bool


class ReviewsTold(Told):
    """`own` counts the reviewer's own claims, which somebody else reviews."""

    items: list[WaitingClaim]
    next_cursor: str | None
    total: int
    own: int


class ReadLine(Told):
    text: str


class PictureShown(Told):
    photo: str
    path: str


class ReviewTold(WaitingClaim):
    entry: EntryTold
    organizer: str
    hours: float | None
    steps: list[StepTold]
    read: list[ReadLine]
    hints: list[CodeText]
    appeal: str | None
    pictures: list[PictureShown]
    codes: list[CodeLabel]


class ReturnAsked(Asked):
    code: Objection
    words: Annotated[str, StringConstraints(min_length=2, max_length=200, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class DecidedTold(Told):
    id: str
    state: str
    next: str | None = Field(description="the claim to look at next")
    left: int
