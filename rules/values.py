"""The shapes of the rule book's YAML: what a lawyer may write in `rules/parameters/<place>/`, and nothing else.

Every value says from when (and until when) it holds, by which day somebody must look at it again (`review_by`), and
which article of which document it stands in. Hours are 学时 unless a field says otherwise.
"""

from datetime import date
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from domain.vocabulary import Category, Mode, Unit
from rules.written import Amount, Dated, Keyed, Predicate, Source, Written

Grade = Literal["A", "B"]  # A: full text read; B: part of an official text. Grade C is never law, so never in the book
Scope = Literal["annual", "appointment"]


class DeadlineKind(StrEnum):
    """What ends on a day: learning, handing in, a platform's year, the time in which a review takes applications."""

    EARN_BY = "earn_by"
    SUBMIT_BY = "submit_by"
    PLATFORM_CLOSES = "platform_closes"
    REVIEW_WINDOW = "review_window"


class Alternative(Written):
    """Another way to reach the total, counted in its own unit: 12 days, 40 credits."""

    quantity: float = Field(gt=0)
    unit: Literal[Unit.DAY, Unit.CREDIT]
    modes: tuple[Mode, ...] = ()


class Threshold(Dated, Amount):
    """How many hours a year asks for. `disputed` is a lower local figure whose relation to this one is not settled.

    With `accumulates` a year may be short: the figure holds over the appointment period (聘期) together.
    """

    unit: Literal[Unit.CLASS_HOUR]
    strength: Literal["hard", "general"]
    alternatives: tuple[Alternative, ...] = ()
    disputed: float | None = Field(default=None, gt=0)
    disputed_source: Source | None = None
    accumulates: bool = False


class UpperBound(Dated, Amount):
    """一般不超过: hours above it are kept, and said."""

    unit: Literal[Unit.CLASS_HOUR]
    strength: Literal["general"]


class Waiver(Keyed):
    """Who need not meet a threshold, in the time the text names; `flag` is what the ruling is marked with.

    `label`, here and below, is the matter in the text's own words, for the sentence shown.
    """

    label: str
    category: Category
    when: tuple[Predicate, ...]
    flag: str


class IndustryTotal(Dated):
    """The text lets a higher total of the industry prevail; `fact` is where the person's profile keeps it."""

    fact: str


class ModeList(Dated):
    """Which ways of learning count in a year: mode → article, of this document or of the one named.

    Without `other` the list is closed. `yearly` is where hours are said to count for their year, when the list itself
    does not say so.
    """

    listed: dict[Mode, str | Source]
    yearly: Source | None = None
    other: str | None = None
    decided_by: str
    decided_in: Source

    def source_of(self, mode: Mode) -> Source:
        article = self.listed[mode]
        return article if isinstance(article, Source) else Source(document=self.source.document, article=article)


class Condition(Keyed):
    """What must be true for activities of these modes to count at all. `flag` marks the ruling with the activity."""

    label: str
    modes: tuple[Mode, ...] = ()
    categories: tuple[Category, ...] = ()
    requires: tuple[Predicate, ...]
    flag: str = ""
    unmet: Literal["not_counted", "open"] = "not_counted"


class ConversionRule(Keyed):
    """`hours` for each full `per` of the measure; `units` says how much of the measure one of a unit is.

    {minute: 1, clock_hour: 60} with per 45 is the 45-minute hour. `parts` tells what happens to the rest: kept,
    rounded down, or left open for others to decide. `less` are attributes taken off first, `amount` the attribute that
    replaces the quantity where `amount_when` is not met otherwise. `confirm` marks what the text gives at least, but
    does not name. `besides` is another article that it rests on, from the year of `besides_from`.
    """

    modes: tuple[Mode, ...] = ()
    units: dict[Unit, int]
    per: int = Field(ge=1)
    hours: float = Field(gt=0)
    parts: Literal["kept", "down", "open"]
    says: Literal["stated", "minutes", "half_days", "days", "chars", "credits", "meetings"]
    label: str = ""
    when: tuple[Predicate, ...] = ()
    less: tuple[str, ...] = ()
    amount: str = ""
    amount_when: Predicate | None = None
    cite_mode: bool = False
    confirm: bool = False
    besides: Source | None = None
    besides_from: date | None = None

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if self.less and self.says != "minutes":
            raise ValueError("only minutes can have something taken off")
        if self.parts == "kept" and self.per != 1:
            raise ValueError("parts are kept only where per is 1")
        return self


class OpenUnit(Keyed):
    """A measure that the text does not convert; `instead` says in Chinese who decides, or what must be known first.

    `estimate_per` minutes to the 学时 make a guess that is shown as one and counts for nothing.
    """

    modes: tuple[Mode, ...] = ()
    units: tuple[Unit, ...] = ()
    instead: str
    flag: str
    estimate_per: int | None = Field(default=None, ge=1)


class Cap(Keyed, Amount):
    """The most that activities of these modes can give in a year, together."""

    label: str
    modes: tuple[Mode, ...]


class DeemedRule(Keyed):
    """视为完成: what stands for a year's (or an appointment's) hours. `at_least` counts matching items of one year.

    With `unsettled` the text does not say: never deemed, but asked about. With `differ_in` the items must not all be
    alike in that attribute.
    """

    label: str
    scope: Scope
    mode: Mode
    when: tuple[Predicate, ...] = ()
    at_least: float = Field(default=1, gt=0)
    unsettled: bool = False
    differ_in: str = ""


class Elsewhere(Keyed):
    """Hours earned in these places are recognised for people who moved here."""

    label: str
    places: tuple[str, ...]
    unless: Predicate | None = None


class Note(Keyed):
    """Something a person should know besides: said when all that is given here holds.

    `when` asks facts of the person, `modes` whether an activity of one of them was learned this year, `below` whether
    `category` has fewer hours than that. `target` are hours of the category to aim for, where the text sets none.
    """

    label: str
    flag: str
    when: tuple[Predicate, ...] = ()
    modes: tuple[Mode, ...] = ()
    category: Category | None = None
    below: float | None = Field(default=None, gt=0)
    target: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _category_with_below(self) -> Self:
        if (self.category is None) != (self.below is None):
            raise ValueError("category and below go together")
        return self


class SameWork(Keyed):
    """One work counts once, whatever it was put in as: by the first of `modes`. `attr` names the work."""

    label: str
    attr: str
    modes: tuple[Mode, ...] = Field(min_length=2)


class DeadlineRule(Written):
    """A day that a notice sets for one learning year. `closes` is the last day, `at` its hour where one is given.

    `makes_up` are earlier years that may still be made up until then. It holds for whom `when` holds, and for one
    category only where that is named. A notice speaks of its year: nothing is carried to the next.
    """

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
    label: str
    kind: DeadlineKind
    year: int = Field(ge=1990, le=2100)
    opens: date | None = None
    closes: date
    at: str = Field(default="", pattern=r"^(\d\d:\d\d)?$")
    category: Category | None = None
    when: tuple[Predicate, ...] = ()
    makes_up: tuple[int, ...] = ()
    source: Source

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens is not None and self.closes < self.opens:
            raise ValueError(f"closes {self.closes} is before opens {self.opens}")
        return self


class PeriodCheck(Keyed):
    """What is looked at over a whole appointment period (聘期) besides, or instead of, its single years."""

    label: str
    what: Literal["average", "public_certificate"]


class Document(Written):
    """A source. `in_force` is its first day, `text` the file under `rules/texts/`; a `summary` is in our own words.

    `prefix` stands before the articles of a document when a place has several. In a file that holds more than one
    document, `begins` are the first words of this one and `until` the first words after it.
    """

    key: str
    title: str
    number: str = ""
    issuer: str
    grade: Grade
    in_force: date
    text: str = ""
    summary: bool = False
    prefix: str = ""
    begins: str = ""
    until: str = ""


KEYED = (  # the sections of a place whose values have a name
    *("conditions", "conversions", "open_units", "caps", "deemed", "waivers", "elsewhere", "notes"),
    *("same_work", "period_checks"),
)


class AnnualHours(Written):
    total: tuple[Threshold, ...] = Field(min_length=1)
    public: tuple[Threshold, ...] = ()
    professional: tuple[Threshold, ...] = ()
    elective: tuple[Threshold, ...] = ()
    public_at_most: tuple[UpperBound, ...] = ()
    industry_total: tuple[IndustryTotal, ...] = ()

    def thresholds(self) -> dict[str, tuple[Threshold, ...]]:
        """By name, the total first."""
        return {name: getattr(self, name) for name in ("total", *Category)}


class Place(Written):
    """One folder of the book. `names` are how people and papers write the place, `within` the places in it; `unknown`
    is what we could not find."""

    code: str = Field(pattern=r"^[a-z]+$", max_length=32)
    name: str
    names: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    categories: tuple[Category, ...]
    documents: tuple[Document, ...] = Field(min_length=1)
    annual_hours: AnnualHours
    modes: tuple[ModeList, ...] = Field(min_length=1)
    conditions: tuple[Condition, ...] = ()
    conversions: tuple[ConversionRule, ...] = ()
    open_units: tuple[OpenUnit, ...] = ()
    caps: tuple[Cap, ...] = ()
    deemed: tuple[DeemedRule, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    notes: tuple[Note, ...] = ()
    same_work: tuple[SameWork, ...] = ()
    deadlines: tuple[DeadlineRule, ...] = ()
    period_checks: tuple[PeriodCheck, ...] = ()

    def dated(self) -> list[tuple[str, Dated]]:
        """Every dated value with the path of its key, in the order of the file."""
        found: list[tuple[str, Dated]] = [
            (f"annual_hours.{name}", value)
            for name, values in self.annual_hours.thresholds().items()
            for value in values
        ]
        found += [("annual_hours.public_at_most", value) for value in self.annual_hours.public_at_most]
        found += [("annual_hours.industry_total", value) for value in self.annual_hours.industry_total]
        found += [("modes", value) for value in self.modes]
        for section in KEYED:
            found += [(f"{section}.{value.key}", value) for value in getattr(self, section)]
        return found
