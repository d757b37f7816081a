"""Where a person stands: their claims put before the rules."""

from collections.abc import Iterable
from datetime import date

from domain.ledger import Activity, Claim, counted
from handlers.show import region_of
from handlers.turn import Turn
from rules.annual_hours import decide
from rules.conversion import convert
from rules.plan import NoRuleInForceError
from rules.ruling import Case, Conversion, Ruling, Step, Subject


def subject(turn: Turn) -> Subject:
    profile = dict(turn.person.profile)
    if turn.person.work_field:
        profile.setdefault("work_field", str(turn.person.work_field))
    return Subject(region=region_of(turn), profile=profile)


def case(activity: Activity, name: str) -> Case:
    return Case(
        id=name,
        day=activity.end,
        category=activity.category,
        mode=activity.mode,
        quantity=activity.quantity,
        unit=activity.unit,
        attrs=activity.attrs,
    )


def claims_of(turn: Turn, year: int) -> list[Claim]:
    """The claims of one year, numbered from 1 in the order they were recorded."""
    claims = [claim for claim in turn.claims if claim.year == year]
    for number, claim in enumerate(claims, 1):
        claim.number = number
    return claims


def ruling(turn: Turn, year: int, claims: Iterable[Claim] | None = None) -> Ruling:
    """What the rules say of the year's standing claims, as of today."""
    standing = counted(claims_of(turn, year) if claims is None else claims)
    cases = [case(claim.activity, claim.id) for claim in standing]
    return decide(subject(turn), cases, year, turn.today, turn.book)


def conversion(turn: Turn, activity: Activity, on: date | None = None) -> Conversion:
    """How many 学时 one activity gives to this person; open where the book has no rule for its year."""
    try:
        return convert(case(activity, "asked"), subject(turn), on or turn.today, turn.book)
    except NoRuleInForceError as none:
        return Conversion(hours=None, steps=(Step(none.key, none.values),))
