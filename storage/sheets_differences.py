"""Differences between an official record and ours, to rows and back: each open until somebody has decided it, once."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, or_, select, text, update

from domain.batch import Cause, Difference, DifferenceState, Official
from domain.ledger import Activity
from storage.many import inserted, row_values
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Values, Visit
from storage.tables import table
from storage.tables_sheets import IS_OPEN, DifferenceRow

PAGE = 50

_DIFFERENCES = table(DifferenceRow)
_NAMES = ("batch_id", "number", "person_id", "cause", "state", "claim_id", "decided_at", "content")
_SELECTED = [_DIFFERENCES.c[name] for name in _NAMES]
_WRITTEN = ("batch_id", "number", "person_id", "cause", "state", "claim_id", "decided_by", "decided_at", "content")
AT_ONCE = 100  # in one statement
_OF_BATCH = _DIFFERENCES.c.batch_id == bindparam("of")
_TALLY: Any = (
    select(_DIFFERENCES.c.cause, _DIFFERENCES.c.state, func.count())
    .where(_OF_BATCH)
    .group_by(_DIFFERENCES.c.cause, _DIFFERENCES.c.state)
)
_READ_TALLY = Statement(_TALLY)
_CAUSE = bindparam("of_cause", type_=_DIFFERENCES.c.cause.type)
_STATE = bindparam("of_state", type_=_DIFFERENCES.c.state.type)
_NONE: Any = literal_column("''")
_LIST = Statement(
    select(*_SELECTED)
    .where(_OF_BATCH, _DIFFERENCES.c.number > bindparam("after"))
    .where(or_(_CAUSE == _NONE, _DIFFERENCES.c.cause == _CAUSE), or_(_STATE == _NONE, _DIFFERENCES.c.state == _STATE))
    .order_by(_DIFFERENCES.c.number)
    .limit(literal_column(str(PAGE + 1)))
)
_ONE = Statement(select(*_SELECTED).where(and_(_OF_BATCH, _DIFFERENCES.c.number == bindparam("at"))))
_DECIDE = Statement(
    update(_DIFFERENCES)
    .where(_OF_BATCH, _DIFFERENCES.c.number == bindparam("at"), text(IS_OPEN))
    .values(state=bindparam("new_state"), decided_by=bindparam("by"), decided_at=bindparam("now"))
)


@lru_cache(128)
def _put(count: int) -> Statement:
    return Statement(inserted(_DIFFERENCES, _WRITTEN, count))


def put(vault: Vault, several: Sequence[Difference]) -> list[Step]:
    """The steps that keep differences; one that is there refuses them."""
    steps = []
    for at in range(0, len(several), AT_ONCE):
        rows = [_values(vault, one) for one in several[at : at + AT_ONCE]]
        steps.append(Step(_put(len(rows)), row_values(rows)))
    return steps


def _values(vault: Vault, one: Difference) -> Values:
    content: dict[str, Any] = {"name": one.name, "department": one.department, "year": one.year}
    content["verified"] = one.verified
    if one.official is not None:
        content["official"] = _told(one.official)
    if one.ours is not None:
        content["ours"] = one.ours.model_dump(mode="json")
    sealed = vault.seal(json.dumps(content, ensure_ascii=False).encode(), _place(one.batch_id, one.number))
    values: Values = {"batch_id": one.batch_id, "number": one.number, "person_id": one.person_id}
    values |= {"cause": one.cause.value, "state": one.state.value, "claim_id": one.claim_id, "content": sealed}
    return {**values, "decided_by": None, "decided_at": None}


def _told(official: Official) -> dict[str, Any]:
    days = {name: day.isoformat() for name in ("start", "end") if (day := getattr(official, name)) is not None}
    words = {name: getattr(official, name) for name in ("title", "category", "organizer", "number")}
    return {**words, **days, "hours": official.hours, "year": official.year, "row": official.row}


def _difference(vault: Vault, row: Row) -> Difference:
    batch_id, number, person_id, cause, state, claim_id, decided_at, sealed = row
    content = json.loads(vault.open(sealed, _place(batch_id, number)))
    told, ours = content.get("official"), content.get("ours")
    if told is not None:
        told |= {name: date.fromisoformat(told[name]) for name in ("start", "end") if name in told}
    return Difference(
        batch_id=batch_id,
        number=number,
        cause=Cause(cause),
        state=DifferenceState(state),
        name=content["name"],
        department=content["department"],
        year=content["year"],
        official=None if told is None else Official(**told),
        ours=None if ours is None else Activity.model_validate(ours),
        claim_id=claim_id,
        person_id=person_id,
        verified=content["verified"],
        decided_at=decided_at,
    )


def _place(batch_id: str, number: int) -> str:
    return f"differences/{batch_id}/{number}"


def tally(batch_id: str) -> Visit[dict[tuple[Cause, DifferenceState], int]]:
    """How many differences there are of each cause and state."""
    (rows,) = yield (Step(_READ_TALLY, {"of": batch_id}),)
    return {(Cause(cause), DifferenceState(state)): int(count) for cause, state, count in rows}


def listed(
    vault: Vault, batch_id: str, cause: str = "", state: str = "", after: int = -1
) -> Visit[tuple[list[Difference], bool]]:
    """A page of differences behind `after`, of a cause and a state where these are told; and whether there are more."""
    values = {"of": batch_id, "of_cause": cause, "of_state": state, "after": after}
    (rows,) = yield (Step(_LIST, values),)
    return [_difference(vault, row) for row in rows[:PAGE]], len(rows) > PAGE


def find(vault: Vault, batch_id: str, numbers: Sequence[int]) -> Visit[list[Difference]]:
    """Some differences of a batch, those that there are."""
    found = []
    for number in numbers:
        (rows,) = yield (Step(_ONE, {"of": batch_id, "at": number}),)
        found += [_difference(vault, row) for row in rows]
    return found


def decide(one: Difference, state: DifferenceState, by: str, now: datetime) -> Step:
    """The step that decides an open difference; it fails when somebody has done so."""
    values: Values = {"of": one.batch_id, "at": one.number, "new_state": state.value, "by": by, "now": now}
    return Step(_DECIDE, values, must=True)
