"""What every value of the rule book is made of: a source, the days it holds, and conditions on facts."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rules.ruling import Citation

Share = Annotated[Fraction, Field(gt=0, lt=1)]


class Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Source(Written):
    """`document` is a key of the place's documents (or of the national ones), `article` in that document's notation."""

    document: str
    article: str

    @cached_property
    def citation(self) -> Citation:
        return Citation(self.document, self.article)


class Dated(Written):
    """What every value carries. `end` is the last day; without it the value holds until a later start."""

    start: date
    end: date | None = None
    review_by: date
    source: Source

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"end {self.end} is before start {self.start}")
        if self.review_by < self.start:
            raise ValueError(f"review_by {self.review_by} is before start {self.start}")
        return self


class Predicate(Written):
    """A condition on one fact of an activity (`attr`) or a person (`profile`).

    Exactly one test is given. A fact that nobody stated is neither true nor false: `absent` says how to take it.
    """

    attr: str = ""
    profile: str = ""
    is_: bool | None = Field(default=None, alias="is")
    any_of: tuple[str, ...] | None = None
    at_least: float | None = None
    at_most: float | None = None
    absent: Literal["open", "met", "unmet"] = "open"

    @model_validator(mode="after")
    def _one_fact_one_test(self) -> Self:
        if bool(self.attr) == bool(self.profile):
            raise ValueError("a condition names either attr or profile")
        tests = (self.is_, self.any_of, self.at_least, self.at_most)
        if sum(test is not None for test in tests) != 1:
            raise ValueError("a condition has exactly one of is, any_of, at_least, at_most")
        return self

    def holds(self, attrs: Mapping[str, Any], profile: Mapping[str, Any]) -> bool | None:
        """True or False; None when nobody stated the fact, or stated something that is no answer to this test."""
        fact = attrs.get(self.attr) if self.attr else profile.get(self.profile)
        if fact is True and self.is_:
            return True
        answer = None if fact is None else self._test(fact)
        if answer is None and self.absent != "open":
            return self.absent == "met"
        return answer

    def _test(self, fact: object) -> bool | None:
        if self.is_ is not None:
            return fact is self.is_ if isinstance(fact, bool) else None
        if self.any_of is not None:
            return fact in self.any_of if isinstance(fact, str) else None
        if isinstance(fact, bool) or not isinstance(fact, int | float):
            return None
        return fact >= self.at_least if self.at_least is not None else fact <= (self.at_most or 0)


class Amount(Written):
    """Hours outright, or a share of the year's required total."""

    hours: float | None = Field(default=None, gt=0)
    share: Share | None = None

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        if (self.hours is None) == (self.share is None):
            raise ValueError("give either hours or share")
        return self


class Keyed(Dated):
    """A rule with a name; later starts under the same name replace earlier ones."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
