"""A year: its figures with reasons, its rulings, and what would help."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from bot.api.models.people import Level
from bot.api.models.pieces import (
    ActivityAsked,
    Asked,
    Attrs,
    Cited,
    CodeText,
    LastDay,
    Place,
    Quantity,
    Required,
    StepTold,
    Told,
)
from domain.vocabulary import Category, Mode, Unit


class Figure(Told):
    """One category, or the total. `required` null: nothing is asked of it."""

    name: str
    label: str
    have: float
    verified: float
    pending: float
    required: float | None
    remaining: float
    strength: str | None
    citation: Cited | None


class Next(Told):
    text: str
    citation: Cited | None
    action: str


class SummaryTold(Told):
    year: int
    region: str
    region_name: str
    region_known: bool
    complete: bool | None
    title: str
    totals: dict[str, float]
    missing: float
    categories: list[Figure]
    total: Figure
    last_safe_day: LastDay | None
    next: list[Next]
    deemed: str | None
    entries: int
    uncounted: int
    flags: list[CodeText]
    notes: list[str]


class CapTold(Told):
    text: str
    limit: float
    before: float
    after: float
    citation: Cited


class Quote(Told):
    citation: Cited
    text: str
    summary: bool


class RulingTold(Told):
    """Of one record, `hours` is what it gives and `counts` what caps leave of it; of a year both are its total."""

    year: int
    region: str
    region_name: str
    entry: str | None
    title: str
    hours: float | None
    counts: float
    complete: bool | None
    totals: dict[str, float]
    required: list[Required]
    remaining: dict[str, float]
    steps: list[StepTold]
    caps: list[CapTold]
    flags: list[CodeText]
    quotes: list[Quote]


class ConversionAsked(Asked):
    mode: Mode
    quantity: Quantity
    unit: Unit
    category: Category = Category.PROFESSIONAL
    place: Place | None = None
    attrs: Attrs = Field(default_factory=dict)


class ThereTold(Told):
    place: str
    place_name: str
    hours: float | None
    citation: Cited | None


class ConversionTold(Told):
    place: str
    place_name: str
    hours: float | None
    title: str
    steps: list[StepTold]
    decided_by: str
    everywhere: list[ThereTold]


class WhatIfAsked(Asked):
    activities: list[ActivityAsked] = Field(min_length=1, max_length=5)


class GiftTold(Told):
    hours: float | None
    counts: float
    cap: Cited | None
    steps: list[StepTold]


class WhatIfTold(Told):
    year: int
    enough: bool | None
    text: str
    gains: dict[str, float]
    left: dict[str, float]
    gifts: list[GiftTold]


class OfferTold(Told):
    category: str
    category_label: str
    mode: Mode
    label: str
    quantity: float
    unit: Unit
    amount: str
    hours: float
    times: int | None
    room: float | None
    asks: list[str]
    citation: Cited


class PlanTold(Told):
    year: int
    missing: dict[str, float]
    missing_total: float
    last_safe_day: LastDay | None
    offers: list[OfferTold]
    shortcuts: list[StepTold]
    notes: list[str]


class OfLevel(BaseModel):
    model_config = ConfigDict(extra="forbid")
    level: Level | None = None


class ReviewYear(Told):
    year: int
    required: float
    recognised: float
    missing: float
    gaps: dict[str, float]
    complete: bool | None
    deemed: str | None
    certificate: bool | None
    fixable_until: date | None
    text: str
    citation: Cited | None


class AverageTold(Told):
    hours: float
    required: float
    met: bool
    citation: Cited


class ReadinessTold(Told):
    level: str | None
    level_label: str | None
    assumed: bool
    ready: bool | None
    text: str
    years: list[ReviewYear]
    average: AverageTold | None
    steps: list[StepTold]
    asks: list[str]


class DeadlineTold(Told):
    kind: str
    text: str
    opens: date | None
    closes: date
    at: str
    safe_day: date
    provisional: bool
    basis: str
    applies: bool | None
    days_left: int
    passed: bool
    citation: Cited | None


class DeadlinesTold(Told):
    year: int
    items: list[DeadlineTold]
    precedents: list[DeadlineTold]
    notes: list[str]
