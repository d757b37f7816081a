"""Rosters in bulk: who of a list is on a unit's roster already, and what of a list is new there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import bindparam, func, literal_column, select, union_all

from storage import agendas
from storage.many import inserted, key_values, row_values, size
from storage.members import Employee, normal, opened
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Values, Visit
from storage.tables import table
from storage.tables_proofs import MemberRow

SEEN_AT_ONCE = 2000  # rows of a roster

_MEMBERS = table(MemberRow)
_NAMES = ("id", "department", "identity", "name", "phone", "id_number", "who", "named", "person_id", "active")
_SELECTED = [_MEMBERS.c[name] for name in _NAMES]
_WRITTEN = (
    *("unit", "department", "identity", "name", "phone", "id_number", "who", "named"),
    *("person_id", "active", "imported_at", "bound_at"),
)
_CHANGED = ("department", "name", "phone", "id_number", "who", "named", "active", "imported_at")
_KEYS = ("identity", "who", "named")
_BEFORE = Statement(
    select(_MEMBERS.c.id, _MEMBERS.c.identity, _MEMBERS.c.who)
    .where(_MEMBERS.c.unit == bindparam("of"), _MEMBERS.c.active, _MEMBERS.c.id > bindparam("after"))
    .order_by(_MEMBERS.c.id)
    .limit(literal_column(str(SEEN_AT_ONCE)))
)
_DEPARTMENTS = Statement(
    select(_MEMBERS.c.department, func.count())
    .where(_MEMBERS.c.unit == bindparam("of"), _MEMBERS.c.active)
    .group_by(_MEMBERS.c.department)
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the roster as it stands, opened."""

    id: int
    identity: str
    department: str
    name: str
    phone: str
    id_number: str
    person_id: str | None
    active: bool

    @property
    def employee(self) -> Employee:
        return Employee(self.name, self.phone, self.id_number, self.department)


def identity_words(unit: str, one: Employee) -> str:
    """What tells an employee apart: the ID number, else name and phone."""
    return f"{unit}\n{normal(one.id_number) or f'{normal(one.name)}{chr(10)}{normal(one.phone)}'}"


def _who_words(one: Employee) -> str:
    return f"{normal(one.name)}\n{normal(one.phone)}"


@lru_cache(64)
def _found_by(column: str, count: int) -> Statement:
    """One search for each key, together: a list of keys in one condition is planned by how large the table was when it
    was first asked, and then reads all of the unit's people for every page of a first import. For the same reason the
    unit is no column there that an index could be chosen by."""
    unit = func.coalesce(_MEMBERS.c.unit, literal_column("''"))
    searches = [
        select(*_SELECTED).where(
            unit == bindparam("in_unit"),
            _MEMBERS.c[column] == bindparam(f"k{place}", type_=_MEMBERS.c[column].type),
        )
        for place in range(count)
    ]
    return Statement(union_all(*searches))


def search(vault: Vault, unit: str, employees: Sequence[Employee]) -> Visit[list[list[Listed]]]:
    """For each employee the rows of the unit's roster that may be theirs: by ID number, by name and phone, by name; the
    surest first. Who has left comes last."""
    asked = [_keys(vault, unit, one) for one in employees]
    found: dict[str, dict[str, list[Listed]]] = {}
    for column in _KEYS:
        keys = list(dict.fromkeys(digest for one in asked for digest in one.get(column, ())))
        found[column] = {}
        if not keys:
            continue
        count = size(len(keys))
        (rows,) = yield (Step(_found_by(column, count), {"in_unit": unit, **key_values(keys, count, "k")}),)
        for row in rows:
            found[column].setdefault(row[_NAMES.index(column)], []).append(_listed(vault, row))
    return [_candidates(one, found) for one in asked]


def _keys(vault: Vault, unit: str, one: Employee) -> dict[str, tuple[str, ...]]:
    """The digests by which an employee may be found."""
    words = {"named": normal(one.name)}
    if one.phone:
        words |= {"who": _who_words(one)}
    if one.phone or one.id_number:
        words |= {"identity": identity_words(unit, one)}
    return {column: vault.digests(said, "members") for column, said in words.items()}


def _candidates(asked: dict[str, tuple[str, ...]], found: dict[str, dict[str, list[Listed]]]) -> list[Listed]:
    listed: dict[int, Listed] = {}
    for column in _KEYS:
        for digest in asked.get(column, ()):
            for row in found[column].get(digest, ()):
                listed.setdefault(row.id, row)
    return sorted(listed.values(), key=lambda row: not row.active)


def _listed(vault: Vault, row: Row) -> Listed:
    id_, department, key, name, phone, id_number, _, _, person_id, active = row
    return Listed(
        id=id_,
        identity=key,
        department=department,
        name=opened(vault, key, "name", name),
        phone="" if phone is None else opened(vault, key, "phone", phone),
        id_number="" if id_number is None else opened(vault, key, "id_number", id_number),
        person_id=person_id,
        active=bool(active),
    )


@dataclass(frozen=True, slots=True)
class Placing:
    """An employee as the list has them; `there` is their row of the roster, None for somebody new."""

    employee: Employee
    there: Listed | None = None


@lru_cache(64)
def _put(count: int) -> Statement:
    adding = inserted(_MEMBERS, _WRITTEN, count)
    return Statement(
        adding.on_conflict_do_update(
            index_elements=["identity"], set_={name: adding.excluded[name] for name in _CHANGED}
        )
    )


def put(vault: Vault, unit: str, placings: Sequence[Placing], now: datetime) -> list[Step]:
    """The steps that write employees; who is bound stays bound, and is looked at again."""
    rows: dict[str, Values] = {}
    for one in placings:
        key = one.there.identity if one.there else vault.digest(identity_words(unit, one.employee), "members")
        rows[key] = _values(vault, unit, one.employee, key, now)
    steps = [Step(_put(len(rows)), row_values(list(rows.values())))] if rows else []
    bound = {one.there.person_id for one in placings if one.there and one.there.person_id}
    return [*steps, *(agendas.touch(person_id, now) for person_id in sorted(bound))]


def _values(vault: Vault, unit: str, one: Employee, key: str, now: datetime) -> Values:
    def sealed(words: str, field: str) -> bytes | None:
        return vault.seal(words.encode(), f"members/{key}/{field}") if words else None

    return {
        "unit": unit,
        "department": one.department,
        "identity": key,
        "name": sealed(one.name, "name"),
        "phone": sealed(one.phone, "phone"),
        "id_number": sealed(one.id_number, "id_number"),
        "who": vault.digest(_who_words(one), "members"),
        "named": vault.digest(normal(one.name), "members"),
        "person_id": None,
        "active": True,
        "imported_at": now,
        "bound_at": None,
    }


def absent(vault: Vault, unit: str, employees: Iterable[Employee]) -> Visit[int]:
    """How many of the roster a whole list does not name."""
    named: set[str] = set()
    for one in employees:
        for words in (identity_words(unit, one), _who_words(one)):
            named.update(vault.digests(words, "members"))
    after = missing = 0
    while True:
        (rows,) = yield (Step(_BEFORE, {"of": unit, "after": after}),)
        missing += sum(identity not in named and who not in named for _, identity, who in rows)
        if len(rows) < SEEN_AT_ONCE:
            return missing
        after = rows[-1][0]


def departments(unit: str) -> Visit[dict[str, int]]:
    """The departments of a unit with how many people each has."""
    (rows,) = yield (Step(_DEPARTMENTS, {"of": unit}),)
    return {department: int(count) for department, count in rows if department}
