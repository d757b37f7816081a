"""Records of learning, sentences read as forms, pictures of proofs."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.api.models.pieces import (
    Asked,
    Attrs,
    CodeText,
    Day,
    Draft,
    Line,
    Page,
    Photo,
    Preview,
    Quantity,
    Told,
    Words,
    Year,
)
from domain.vocabulary import Category, EntryState, Mode, Unit


class EntryAsked(Asked):
    """An activity to be recorded. `anyway`: although the same is there already."""

    title: Line = ""
    organizer: Line = ""
    start: Day
    end: Day
    category: Category
    mode: Mode
    quantity: Quantity
    unit: Unit = Unit.CLASS_HOUR
    attrs: Attrs = Field(default_factory=dict)
    consent: bool = False
    anyway: bool = False


class CorrectionAsked(Asked):
    """What is to be different."""

    title: Line | None = None
    organizer: Line | None = None
    start: Day | None = None
    end: Day | None = None
    category: Category | None = None
    mode: Mode | None = None
    quantity: Quantity | None = None
    unit: Unit | None = None
    attrs: Attrs | None = None


class AppealAsked(Asked):
    words: Annotated[str, StringConstraints(min_length=2, max_length=300, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class ProofAsked(Asked):
    photo: Photo


class EntriesAsked(Page):
    year: Year | None = None
    state: EntryState | None = None


class EntryTold(Told):
    id: str
    number: int
    year: int
    state: EntryState
    state_label: str
    title: str
    organizer: str
    start: date
    end: date
    category: Category
    category_label: str
    mode: Mode
    mode_label: str
    quantity: float
    unit: Unit
    amount: str
    hours: float | None
    recorded_at: datetime
    proofs: int
    appealed: bool
    why: str | None


class EntriesTold(Told):
    items: list[EntryTold]
    next_cursor: str | None
    years: list[int]


class ReasonTold(Told):
    code: str
    label: str
    words: str


class WaitingTold(Told):
    since: datetime
    hours: float
    usual_hours: float | None
    text: str


class PictureTold(Told):
    photo: str
    path: str
    removed: bool


class Happened(Told):
    at: datetime
    what: str
    text: str


class EntryWhole(EntryTold):
    attrs: dict[str, Any]
    replaces: str | None
    replaced_by: str | None
    reason: ReasonTold | None
    waiting: WaitingTold | None
    pictures: list[PictureTold]
    history: list[Happened]
    may: list[str]


class ReadingAsked(Asked):
    text: Annotated[Words, StringConstraints(min_length=1)]


class DaysTold(Told):
    start: date
    end: date


class CandidatesTold(Told):
    said: str
    days: list[DaysTold]


class ReadingTold(Told):
    intent: str
    confidence: float
    slots: dict[str, Any]
    draft: Draft
    drafts: list[Draft]
    missing: list[str]
    unsure: list[str]
    candidates: list[CandidatesTold]
    objection: str | None
    preview: Preview | None


class PhotoTaken(Told):
    photo: str
    state: str
    path: str


class DraftRead(Told):
    draft: Draft
    missing: list[str]
    unsure: list[str]
    objections: list[CodeText]
    preview: Preview | None


class PhotoTold(Told):
    photo: str
    state: str
    kept_at: datetime
    flaw: str | None
    flaw_text: str | None
    entries: list[str]
    picture: str | None
    draft: Draft | None
    drafts: list[DraftRead]


class ProofTold(Told):
    photo: str
    state: str
    kept_at: datetime
    title: str | None
    entries: list[str]
    removed: bool
    path: str
    picture: str | None


class ProofsTold(Told):
    items: list[ProofTold]
    next_cursor: str | None


class Taken(BaseModel):
    """A file: the part `file` of a form."""

    model_config = ConfigDict(json_schema_extra={"properties": {"file": {"type": "string", "format": "binary"}}})
    file: bytes
