"""Second looks: a share of what a unit approves is shown to another reviewer, who agrees or objects.

Which claims these are follows from a keyed digest, so that no reviewer can tell beforehand and a turn that is run again
draws the same. An objection is an entry of its own in the chain; the first reviewer's stays.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, case, func, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.review import Waiting
from storage.members import opened
from storage.sealing import Vault
from storage.statements import Statement, Step, Visit
from storage.tables import columns, table
from storage.tables_marks import IS_UNSEEN, SecondLookRow, SecondShareRow
from storage.tables_proofs import MemberRow, ReviewRow

SHOWN = 200  # second looks that a desk is given, oldest first

_LOOKS, _SHARES = table(SecondLookRow), table(SecondShareRow)
_REVIEWS, _MEMBERS = table(ReviewRow), table(MemberRow)

_DRAWN = ("claim_id", "person_id", "unit", "first_by", "asked_at")
_WANTED: Any = (
    select(*(bindparam(name, type_=_LOOKS.c[name].type).label(name) for name in _DRAWN))
    .select_from(_SHARES)
    .where(_SHARES.c.unit == bindparam("unit", type_=_SHARES.c.unit.type), _SHARES.c.percent > bindparam("drawn"))
)
_DRAW = Statement(insert(_LOOKS).from_select(list(_DRAWN), _WANTED).on_conflict_do_nothing())
_NEW_SHARE = insert(_SHARES).values(columns(SecondShareRow))
_SET_SHARE = Statement(
    _NEW_SHARE.on_conflict_do_update(index_elements=["unit"], set_={"percent": _NEW_SHARE.excluded.percent})
)
_SHARE = Statement(select(_SHARES.c.percent).where(_SHARES.c.unit == bindparam("of")))
_END = Statement(
    update(_LOOKS)
    .where(_LOOKS.c.claim_id == bindparam("of"), text(IS_UNSEEN))
    .where(_LOOKS.c.first_by != bindparam("by"), _LOOKS.c.person_id != bindparam("by"))
    .values(decided_by=bindparam("by"), decided_at=bindparam("now"), agreed=bindparam("agrees"))
)
_RETURN = Statement(
    update(_REVIEWS)
    .where(_REVIEWS.c.claim_id == bindparam("of"), _REVIEWS.c.state == literal_column("'verified'"))
    .values(state="returned", code=bindparam("why"))
)
_UNSEEN = (
    select(
        *(_REVIEWS.c[name] for name in ("claim_id", "person_id")),
        *(_MEMBERS.c[name] for name in ("unit", "department", "identity", "name")),
        _REVIEWS.c.year,
        _LOOKS.c.asked_at,
        *(_REVIEWS.c[name] for name in ("event", "appealed")),
    )
    .select_from(
        _LOOKS.join(_REVIEWS, _REVIEWS.c.claim_id == _LOOKS.c.claim_id).join(
            _MEMBERS, (_MEMBERS.c.person_id == _LOOKS.c.person_id) & (_MEMBERS.c.unit == _LOOKS.c.unit)
        )
    )
    .where(_MEMBERS.c.active, text(IS_UNSEEN), _REVIEWS.c.state == literal_column("'verified'"))
    .where(_LOOKS.c.first_by != bindparam("viewer"), _LOOKS.c.person_id != bindparam("viewer"))
)
_TALLY: Any = select(
    func.count(),
    func.coalesce(
        func.sum(case((_LOOKS.c.agreed, literal_column("1")), else_=literal_column("0"))), literal_column("0")
    ),
).where(_LOOKS.c.decided_at.is_not(None))


def draw(vault: Vault, claim_id: str, person_id: str, unit: str, first_by: str, now: datetime) -> Step:
    """The step that draws an approved claim for a second look, or leaves it, by the unit's share."""
    drawn = int(vault.digest(claim_id, "second looks")[:8], 16) % 100
    values = {"claim_id": claim_id, "person_id": person_id, "unit": unit, "first_by": first_by, "asked_at": now}
    return Step(_DRAW, {**values, "drawn": drawn})


def end(claim_id: str, reviewer_id: str, *, agrees: bool, now: datetime) -> Step:
    """The step of a second verdict; refused for the first reviewer, for the person, and when it has been given."""
    return Step(_END, {"of": claim_id, "by": reviewer_id, "agrees": agrees, "now": now}, must=True)


def returned(claim_id: str, code: str) -> Step:
    """The step that takes an approved claim out of what is approved; refused when it is not approved any more."""
    return Step(_RETURN, {"of": claim_id, "why": code}, must=True)


def set_share(unit: str, percent: int) -> Visit[None]:
    """How many of a hundred approved claims of a unit are looked at once more."""
    yield (Step(_SET_SHARE, {"unit": unit, "percent": percent}),)


def share(unit: str) -> Visit[int]:
    (rows,) = yield (Step(_SHARE, {"of": unit}),)
    return int(rows[0][0]) if rows else 0


@lru_cache(64)
def _of_units(element: Any, units: int, most: int | None, one: bool = False) -> Statement:
    wanted = [bindparam(f"u{place}", type_=_LOOKS.c.unit.type) for place in range(units)]
    found = element.where(_LOOKS.c.unit.in_(wanted))
    if one:
        found = found.where(_LOOKS.c.claim_id == bindparam("of"))
    if most is not None:
        found = found.order_by(_LOOKS.c.asked_at, _LOOKS.c.claim_id).limit(literal_column(str(most)))
    return Statement(found)


def _units(units: Sequence[str]) -> dict[str, Any]:
    return {f"u{place}": unit for place, unit in enumerate(units)}


def unseen(vault: Vault, units: Sequence[str], viewer_id: str, claim_id: str = "") -> Visit[list[Waiting]]:
    """What waits for a second look by this reviewer, oldest first; `since` is when it was approved. One of it when
    `claim_id` names it.
    """
    if not units:
        return []
    values = {**_units(units), "viewer": viewer_id, **({"of": claim_id} if claim_id else {})}
    (rows,) = yield (Step(_of_units(_UNSEEN, len(units), SHOWN, bool(claim_id)), values),)
    return [
        Waiting(claim, person, unit, department, opened(vault, key, "name", name), year, at, event, bool(appealed))
        for claim, person, unit, department, key, name, year, at, event, appealed in rows
    ]


def tally(units: Sequence[str]) -> Visit[tuple[int, int]]:
    """How many second looks these units have had, and how many agreed with the first."""
    if not units:
        return 0, 0
    (rows,) = yield (Step(_of_units(_TALLY, len(units), None), _units(units)),)
    looked, agreed = rows[0]
    return int(looked), int(agreed)
