"""Where a person stands: their claims put before the rules."""

from collections import OrderedDict
from collections.abc import Callable, Iterable

from domain.ledger import Activity, Claim, counted
from domain.person import Person
from handlers.show import NATIONAL
from handlers.turn import Turn
from rules.annual_hours import decide
from rules.conversion import convert
from rules.plan import NoRuleInForceError
from rules.ruling import Case, Conversion, Ruling, Step, Subject

PENDING = "new-"  # begins the ids of claims that are not in the ledger yet
RULINGS = 1000  # remembered, of about 10 kB each


def subject(turn: Turn) -> Subject:
    return subject_of(turn.person)


def subject_of(person: Person) -> Subject:
    """The person as far as rules ask; under the national baseline while no place is known."""
    profile = dict(person.profile)
    if person.work_field:
        profile.setdefault("work_field", str(person.work_field))
    return Subject(region=person.region or NATIONAL, profile=profile)


def case(activity: Activity, name: str) -> Case:
    quantity, unit = activity.quantity, activity.unit
    return Case(name, activity.end, activity.category, activity.mode, quantity, unit, activity.attrs)


def claims_of(turn: Turn, year: int) -> list[Claim]:
    """The claims of one year, numbered from 1 in the order they were recorded."""
    claims = [claim for claim in turn.claims if claim.year == year]
    for number, claim in enumerate(claims, 1):
        claim.number = number
    return claims


def ruling(turn: Turn, year: int, claims: Iterable[Claim] | None = None) -> Ruling:
    """What the rules say of the year's standing claims, as of today."""
    standing = counted(claims_of(turn, year) if claims is None else claims)
    ids = "\n".join([claim.id for claim in standing])
    if PENDING in ids:
        return _decided(turn, standing, year)
    asked = subject(turn)
    facts = (asked.region, repr(asked.profile), year, turn.today, id(turn.book), ids)
    return _REMEMBERED.get(facts, lambda: _decided(turn, standing, year))


def _decided(turn: Turn, standing: list[Claim], year: int) -> Ruling:
    cases = [case(claim.activity, claim.id) for claim in standing]
    return decide(subject(turn), cases, year, turn.today, turn.book)


class _Remembered:
    """The latest rulings. An entry of the ledger never changes, so the claims' ids stand for all that they state: the
    same ids, facts, year and day give the same ruling, and nothing has to be invalidated.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._rulings: OrderedDict[tuple[object, ...], Ruling] = OrderedDict()

    def get(self, key: tuple[object, ...], decided: Callable[[], Ruling]) -> Ruling:
        found = self._rulings.get(key)
        if found is None:
            found = self._rulings[key] = decided()
            if len(self._rulings) > self._limit:
                self._rulings.popitem(last=False)
        else:
            self._rulings.move_to_end(key)
        return found


_REMEMBERED = _Remembered(RULINGS)


def conversion(turn: Turn, activity: Activity) -> Conversion:
    """How many 学时 one activity gives to this person; open where the book has no rule for its year."""
    try:
        return convert(case(activity, "asked"), subject(turn), turn.today, turn.book)
    except NoRuleInForceError as none:
        return Conversion(hours=None, steps=(Step(none.key, none.values),))
