"""What the rules answer, and what they are asked. Every step carries its article.

Sentences are not made here: a step has a `key` of `wording/` and its values; whoever shows it renders it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from domain.vocabulary import Category, Mode, Unit

Strength = Literal["hard", "general", "waived"]
TOTAL = "total"  # the name of the figure over all categories


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a number comes from. `document` is a key of the place's sources, `article` in its own notation."""

    document: str
    article: str


class Case(NamedTuple):
    """One activity put before the rules; `day` decides the year (the last day of the activity)."""

    id: str
    day: date
    category: Category
    mode: Mode
    quantity: float
    unit: Unit
    attrs: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Subject:
    """The person as far as rules ask: a place code of the book, and facts named as `profile` in `xueshi decide`."""

    region: str
    profile: dict[str, Any] = field(default_factory=dict)


class Step(NamedTuple):
    """One step of the reasoning. `hours` is what the step gives or takes, in 学时, when it does."""

    key: str
    values: dict[str, Any]
    citation: Citation | None = None
    hours: float | None = None
    case: str | None = None  # the activity that it is about


@dataclass(frozen=True, slots=True)
class Requirement:
    hours: float
    strength: Strength
    citation: Citation


@dataclass(frozen=True, slots=True)
class CapResult:
    """A limit on a group of activities: `before` and `after` are the group's hours."""

    rule: str
    limit: float
    before: float
    after: float
    citation: Citation
    cases: tuple[str, ...] = ()  # the activities of the group


class Reasons(NamedTuple):
    """Why a ruling says what it says: what to watch, every article it rests on, step by step."""

    flags: tuple[str, ...]
    citations: tuple[Citation, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Ruling:
    """The answer for one person and year. `recognised` is per activity before caps; None = cannot be converted.

    `complete` is None where the text leaves it open (a 一般 threshold missed, an activity without a conversion).
    Most questions are about figures only, so the reasons are written by `why` when somebody first asks for them.
    """

    region: str
    year: int
    recognised: dict[str, float | None]
    caps: tuple[CapResult, ...]
    totals: dict[str, float]
    required: dict[str, Requirement]
    remaining: dict[str, float]
    complete: bool | None
    deemed_complete: dict[str, Any] | None
    why: Callable[[], Reasons] = field(repr=False, compare=False)

    @cached_property
    def reasons(self) -> Reasons:
        return self.why()

    @property
    def flags(self) -> tuple[str, ...]:
        return self.reasons.flags

    @property
    def citations(self) -> tuple[Citation, ...]:
        return self.reasons.citations

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.reasons.steps


@dataclass(frozen=True, slots=True)
class Conversion:
    """How many 学时 one activity gives, and why. `hours` None: the text does not say (the step says who does)."""

    hours: float | None
    steps: tuple[Step, ...]
    flags: tuple[str, ...] = ()
