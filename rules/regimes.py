"""Two regimes at once (the city of the employer and its province): each is decided, the stricter is planned for.

The texts do not settle which of them prevails, except where one says so; nothing here chooses for them.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rules.advice import gaps
from rules.annual_hours import decide
from rules.book import Book
from rules.exact import exact
from rules.plan import NoRuleInForceError
from rules.ruling import TOTAL, Case, Ruling, Subject

ALSO = "also_bound_by"  # the fact of a profile: codes of further places whose rules bind the person
_REGIMES_LIMIT = 4


def regimes(subject: Subject) -> tuple[str, ...]:
    """The places whose rules bind the person, their own first. Raises ValueError when the fact is no list of codes."""
    also = subject.profile.get(ALSO, ())
    if not isinstance(also, list | tuple) or not all(isinstance(code, str) for code in also):
        raise ValueError(f"{ALSO} must be a list of place codes")
    return tuple(dict.fromkeys((subject.region, *also)))[:_REGIMES_LIMIT]


def decide_each(subject: Subject, cases: Sequence[Case], year: int, on: date, book: Book) -> tuple[Ruling, ...]:
    """The year by every regime that binds the person, the strictest first: that one is planned for.

    A further regime without a rule for the year is left out. Raises as `decide` for the person's own place.
    """
    own, *others = regimes(subject)
    found = [decide(replace(subject, region=own), cases, year, on, book)]
    for code in others:
        try:
            found.append(decide(replace(subject, region=code), cases, year, on, book))
        except NoRuleInForceError:
            continue
    return tuple(sorted(found, key=_strictness, reverse=True))


def _strictness(ruling: Ruling) -> tuple[float, float]:
    missing = sum((exact(hours) for hours in gaps(ruling).values()), 0)
    return float(missing), ruling.required[TOTAL].hours
