"""What many answers are made of: values with their bounds, citations, steps, pages."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain.vocabulary import Category, Mode, Unit

PHOTO = r"^[0-9a-f]{64}$"
MOST_QUANTITY = 10_000_000

Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Words = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
Place = Annotated[str, StringConstraints(max_length=32, pattern=r"^[a-z_]+$")]
Photo = Annotated[str, StringConstraints(pattern=PHOTO)]
Quantity = Annotated[float, Field(gt=0, le=MOST_QUANTITY, allow_inf_nan=False)]
Year = Annotated[int, Field(ge=1990, le=2100)]
Day = Annotated[date, Field(ge=date(1980, 1, 1), le=date(2100, 12, 31))]
Fact = Annotated[str, StringConstraints(max_length=60)] | bool | Annotated[int, Field(ge=-(10**9), le=10**9)]
FactName = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_]+$")]
Attrs = Annotated[dict[FactName, Fact], Field(max_length=12)]


class Asked(BaseModel):
    """What a request carries: nothing that is not named is taken, nothing is guessed into another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Told(BaseModel):
    """What an answer carries."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Asked):
    """An empty object."""


class Page(BaseModel):
    """Where a list goes on."""

    model_config = ConfigDict(extra="forbid")
    cursor: Annotated[str, StringConstraints(max_length=200, pattern=r"^[A-Za-z0-9_-]*$")] = ""
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class OfYear(BaseModel):
    """The year asked about; this one if none is named."""

    model_config = ConfigDict(extra="forbid")
    year: Year | None = None


class Cited(Told):
    """Where something stands: `url` on the web, `path` in this API; both null where no text is held."""

    place: str
    document: str
    article: str
    title: str
    url: str | None
    path: str | None


class StepTold(Told):
    """One step of the reasoning; `hours` is what it gives or takes, `entry` the record that it is about."""

    text: str
    citation: Cited | None
    hours: float | None
    entry: str | None


class CodeText(Told):
    code: str
    text: str


class CodeLabel(Told):
    code: str
    label: str


class Required(Told):
    name: str
    label: str
    hours: float
    strength: str
    citation: Cited


class LastDay(Told):
    """The last day that is safe; `closes` is the deadline behind it."""

    day: date
    closes: date
    days_left: int
    provisional: bool
    basis: str
    text: str
    citation: Cited | None


class ActivityAsked(Asked):
    """Something learned, or to be learned, in its raw amount."""

    mode: Mode
    quantity: Quantity
    unit: Unit = Unit.CLASS_HOUR
    category: Category = Category.PROFESSIONAL
    attrs: Attrs = Field(default_factory=dict)


class Draft(Told):
    """What is known of an activity so far."""

    title: str | None = None
    organizer: str | None = None
    start: date | None = None
    end: date | None = None
    category: Category | None = None
    mode: Mode | None = None
    quantity: float | None = None
    unit: Unit | None = None
    attrs: dict[str, Any] = Field(default_factory=dict)


class Preview(Told):
    """What a whole draft would give; `similar` is a record that says the same."""

    hours: float | None
    steps: list[StepTold]
    similar: str | None


class Moment(Told):
    at: datetime


class Problem(Told):
    """RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: list["FieldProblem"] | None = None
    entry: str | None = None


class FieldProblem(Told):
    field: str
    text: str
