"""People, their identities and roles, to rows and back. Name, phone and ID number stand sealed by the vault."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.ledger import GENESIS
from domain.message import Message
from domain.person import Person, Role
from domain.vocabulary import WorkField
from storage.refusals import Conflict, GuardFailed, UnknownPerson
from storage.sealing import Vault
from storage.shaping import shaped
from storage.statements import Bundle, Row, Statement, Step, Values, Visit
from storage.tables import DialogRow, GrantRow, HeadRow, IdentityRow, PersonRow, columns, table

_PEOPLE = table(PersonRow)
_IDENTITIES = table(IdentityRow)

SEALED = ("name", "phone", "id_number")
SELECTED = [
    _PEOPLE.c[name] for name in ("id", "region", "work_field", "profile", "roles", "following", "consented_at", *SEALED)
]

_FIELDS = set(Person.model_fields)

OF_SENDER = (
    _IDENTITIES.c.channel == bindparam("channel"),
    _IDENTITIES.c.account == bindparam("account"),
    _IDENTITIES.c.sender == bindparam("sender"),
)
PERSON_OF_SENDER = select(_IDENTITIES.c.person_id).where(*OF_SENDER).scalar_subquery()

_FIND = Statement(select(*SELECTED).where(_PEOPLE.c.id == bindparam("of")))
_FIND_BY_SENDER = Statement(select(*SELECTED).where(_PEOPLE.c.id == PERSON_OF_SENDER))
_CREATE = [
    Statement(insert(_PEOPLE).values(columns(PersonRow, **dict.fromkeys(SEALED))).on_conflict_do_nothing()),
    Statement(insert(table(DialogRow)).values(columns(DialogRow)).on_conflict_do_nothing()),
    Statement(insert(table(HeadRow)).values(columns(HeadRow)).on_conflict_do_nothing()),
]
_IDENTIFY = Statement(insert(_IDENTITIES).values(columns(IdentityRow)).on_conflict_do_nothing())
_GRANT = Statement(insert(table(GrantRow)).values(columns(GrantRow)).on_conflict_do_nothing())
_SET_ROLES = Statement(
    update(_PEOPLE)
    .where(_PEOPLE.c.id == bindparam("of"), _PEOPLE.c.roles == bindparam("old"))
    .values(roles=bindparam("new"))
)


def sender_values(message: Message) -> Values:
    return {"channel": message.channel.value, "account": message.account, "sender": message.sender}


def person_id_of(message: Message) -> str:
    """The id that a new person gets: it follows from who they are, so that two processes make the same person."""
    who = f"{message.channel.value}\n{message.account}\n{message.sender}"
    return hashlib.sha256(who.encode()).hexdigest()[:32]


def create(message: Message, now: datetime) -> Bundle:
    """Makes the person who sent `message`, with an empty dialog and chain; changes nothing when they are there."""
    id_ = person_id_of(message)
    return (*created(id_, now), Step(_IDENTIFY, {**sender_values(message), "person_id": id_}))


def created(id_: str, now: datetime) -> Bundle:
    """Makes a person of whom nothing is known, with an empty dialog and chain, unless they are there."""
    person = {"id": id_, "region": None, "work_field": None, "profile": "{}", "roles": "", "following": True}
    dialog = {"person_id": id_, "version": 0, "topic": None, "expecting": None, "expires_at": None, "content": None}
    values: tuple[Values, ...] = (
        {**person, "consented_at": None, "created_at": now},
        dialog,
        {"person_id": id_, "seq": 0, "hash": GENESIS},
    )
    return tuple(Step(statement, part) for statement, part in zip(_CREATE, values, strict=True))


def person(vault: Vault, row: Row) -> Person:
    """A person from their row (SELECTED)."""
    id_, region, work_field, profile, roles, following, consented_at, *sealed = row
    name, phone, id_number = (
        value if value is None else vault.open(value, _place(id_, field)).decode()
        for field, value in zip(SEALED, sealed, strict=True)
    )
    values = {
        "id": id_,
        "region": region,
        "work_field": None if work_field is None else WorkField(work_field),
        "name": name,
        "phone": phone,
        "id_number": id_number,
        "profile": {} if profile == "{}" else json.loads(profile),
        "roles": [Role(role) for role in roles.split(",")] if roles else [],
        "following": bool(following),
        "consented_at": consented_at,
    }
    return shaped(Person, _FIELDS, values)


def opened_name(vault: Vault, id_: str, sealed: bytes | None) -> str:
    """A person's name from its column; empty when they have not told it."""
    return "" if sealed is None else vault.open(sealed, _place(id_, "name")).decode()


def change(vault: Vault, id_: str, fields: Mapping[str, Any]) -> Step:
    """The step that sets `fields` of a person. ValueError: not a field that a turn may change, or a bad value."""
    names = tuple(sorted(fields))
    if not set(names) <= _CHANGEABLE:
        raise ValueError("a turn may not change " + ", ".join(sorted(set(names) - _CHANGEABLE)))
    checked = Person.model_validate({"id": id_, **fields})
    stored = {f"new_{name}": _stored(vault, id_, name, getattr(checked, name)) for name in names}
    return Step(_change(names), {"of": id_, **stored}, must=True)


_CHANGEABLE = frozenset({"region", "work_field", "profile", "following", "consented_at", *SEALED})


@lru_cache(256)
def _change(names: tuple[str, ...]) -> Statement:
    values = {name: bindparam(f"new_{name}", type_=_PEOPLE.c[name].type) for name in names}
    return Statement(update(_PEOPLE).where(_PEOPLE.c.id == bindparam("of")).values(values))


def _stored(vault: Vault, id_: str, name: str, value: Any) -> Any:
    if name in SEALED:
        return None if value is None else vault.seal(value.encode(), _place(id_, name))
    if name == "profile":
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value.value if isinstance(value, WorkField) else value


def _place(id_: str, name: str) -> str:
    return f"people/{id_}/{name}"


def find(vault: Vault, id_: str) -> Visit[Person | None]:
    (rows,) = yield (Step(_FIND, {"of": id_}),)
    return person(vault, rows[0]) if rows else None


def find_by_sender(vault: Vault, values: Values) -> Visit[Person | None]:
    (rows,) = yield (Step(_FIND_BY_SENDER, values),)
    return person(vault, rows[0]) if rows else None


def grant(vault: Vault, id_: str, unit: str, role: Role) -> Visit[None]:
    """Gives a person a role in a unit. UnknownPerson; Conflict when another grant came between."""
    found = yield from find(vault, id_)
    if found is None:
        raise UnknownPerson("there is no person with this id")
    old = ",".join(found.roles)
    new = ",".join(sorted({*found.roles, role}))
    values = {"person_id": id_, "unit": unit, "role": role.value}
    try:
        yield (Step(_GRANT, values), Step(_SET_ROLES, {"of": id_, "old": old, "new": new}, must=True))
    except GuardFailed:
        raise Conflict("the person's roles have just been changed: try again") from None
