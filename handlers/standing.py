"""Where a person stands: their claims put before the rules."""

from collections.abc import Iterable

from domain.ledger import Activity, Claim
from handlers.turn import Turn
from outreach.rulings import case, pending, ruled, subject_of
from rules.conversion import convert
from rules.plan import NoRuleInForceError
from rules.ruling import Conversion, Ruling, Step, Subject

__all__ = ["case", "claims_of", "conversion", "pending", "ruling", "subject"]


def subject(turn: Turn) -> Subject:
    return subject_of(turn.person)


def claims_of(turn: Turn, year: int) -> list[Claim]:
    """The claims of one year, numbered from 1 in the order they were recorded."""
    claims = [claim for claim in turn.claims if claim.year == year]
    for number, claim in enumerate(claims, 1):
        claim.number = number
    return claims


def ruling(turn: Turn, year: int, claims: Iterable[Claim] | None = None) -> Ruling:
    """What the rules say of the year's standing claims, as of today."""
    asked = claims_of(turn, year) if claims is None else list(claims)
    return ruled(subject(turn), asked, year, turn.today, turn.book)


def conversion(turn: Turn, activity: Activity) -> Conversion:
    """How many 学时 one activity gives to this person; open where the book has no rule for its year."""
    try:
        return convert(case(activity, "asked"), subject(turn), turn.today, turn.book)
    except NoRuleInForceError as none:
        return Conversion(hours=None, steps=(Step(none.key, none.values),))
