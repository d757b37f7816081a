"""What a unit has set for the reviews of its people's records."""

from dataclasses import dataclass, field

from domain.proof import USED_YEARS, Objection

KEEP_YEARS = (3, USED_YEARS, 10)  # how long a proof may be kept after the year that it proves
ORGANIZERS_MOST = 500


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that a unit offers for returning a record, in words of its own; without them in the usual ones."""

    code: Objection
    words: str = ""


@dataclass(frozen=True, slots=True)
class UnitSettings:
    """`organizers` are accepted without a hint (none: all); `reasons` are offered in this order (none: the usual ones).

    `keep_years`: a picture that proves a claim is removed so many years after the claim's.
    """

    organizers: frozenset[str] = field(default_factory=frozenset)
    reasons: tuple[Reason, ...] = ()
    keep_years: int = USED_YEARS
