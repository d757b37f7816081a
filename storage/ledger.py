"""Entries to rows and back: sealing what is personal, linking the chain, reading a person's years.

What is personal in an entry (title, organizer, attrs, note) stands sealed under the person's key in one column; the
chain covers the ciphertext, so it still verifies when the key has been destroyed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import bindparam, exists, insert, select, update

from domain.ledger import OF_THIS, Activity, Entry, EntryKind, NewEntry, chain_hash
from domain.vocabulary import Category, Mode, Unit
from storage import agendas
from storage.people import PERSON_OF_SENDER
from storage.sealing import Key, Vault
from storage.shaping import shaped
from storage.statements import Row, Statement, Step, Values
from storage.tables import HeadRow, LedgerRow, PersonKeyRow, columns, table

_TABLE = table(LedgerRow)
_HEADS = table(HeadRow)
_KEYS = table(PersonKeyRow)

COLUMNS = (
    *("person_id", "seq", "id", "kind", "year", "start_on", "end_on", "category", "mode", "quantity", "unit"),
    *("refers_to", "replaces", "personal", "recorded_at", "previous_hash", "hash"),
)
_SELECTED = [_TABLE.c[name] for name in COLUMNS]
_KINDS = {kind.value: kind for kind in EntryKind}
_CATEGORIES = {category.value: category for category in Category}
_MODES = {mode.value: mode for mode in Mode}
_UNITS = {unit.value: unit for unit in Unit}
_ACTIVITY_FIELDS = set(Activity.model_fields)
_ENTRY_FIELDS = set(Entry.model_fields)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a person's chain, and the person's sealed key as it was read with it (None: no key)."""

    seq: int
    hash: str
    wrapped_key: bytes | None = None


_APPEND = Statement(insert(_TABLE).values(columns(LedgerRow)))
_HEAD_STANDS = (
    update(_HEADS)
    .where(_HEADS.c.person_id == bindparam("of"), _HEADS.c.seq == bindparam("from_seq"))
    .where(_HEADS.c.hash == bindparam("from_hash"))
    .values(seq=bindparam("to_seq"), hash=bindparam("to_hash"))
)
_KEY_STANDS = exists().where(_KEYS.c.person_id == bindparam("of"), _KEYS.c.wrapped == bindparam("sealed"))
_MOVE_HEAD = Statement(_HEAD_STANDS)
_MOVE_HEAD_UNDER_KEY = Statement(_HEAD_STANDS.where(_KEY_STANDS))
_NEW_KEY = Statement(insert(_KEYS).values(columns(PersonKeyRow)))
READ_KEY = Statement(select(_KEYS.c.wrapped).where(_KEYS.c.person_id == bindparam("of")))
READ_ALL = Statement(select(*_SELECTED).where(_TABLE.c.person_id == bindparam("of")))

READ_ONE = Statement(select(*_SELECTED).where(_TABLE.c.id == bindparam("which"), _TABLE.c.person_id == bindparam("of")))


@lru_cache(32)
def read_years(count: int, *, by_sender: bool) -> Statement:
    """A person's entries of `count` years (parameters y0, y1, …), the person named by id or by who sent a message."""
    person = PERSON_OF_SENDER if by_sender else bindparam("of")
    years = [bindparam(f"y{place}", type_=_TABLE.c.year.type) for place in range(count)]
    return Statement(select(*_SELECTED).where(_TABLE.c.person_id == person, _TABLE.c.year.in_(years)))


def year_values(years: Sequence[int]) -> Values:
    return {f"y{place}": year for place, year in enumerate(years)}


def entries(rows: Sequence[Row], key: Key | None) -> list[Entry]:
    """The entries in order of `seq`. Without the key that sealed them, what is personal is empty."""
    return sorted((entry(row, key) for row in rows), key=_seq)


def _seq(entry: Entry) -> int:
    return entry.seq


def entry(row: Row, key: Key | None) -> Entry:
    """An entry from its row (COLUMNS). Its values were checked when it was written and are not checked again."""
    (person_id, seq, id_, kind, year, start, end, category, mode, quantity, unit) = row[:11]
    (refers_to, replaces, personal, recorded_at, previous_hash, hash_) = row[11:]
    words: dict[str, Any] = {}
    if personal is not None and key is not None and key.made(personal):
        words = from_json(key.open(personal, _place(id_)))
    activity = None
    if category is not None:
        activity = shaped(
            Activity,
            _ACTIVITY_FIELDS,
            {
                "start": start,
                "end": end,
                "category": _CATEGORIES[category],
                "mode": _MODES[mode],
                "quantity": quantity,
                "unit": _UNITS[unit],
                "title": words.get("title", ""),
                "organizer": words.get("organizer", ""),
                "attrs": words.get("attrs") or {},
            },
        )
    return shaped(
        Entry,
        _ENTRY_FIELDS,
        {
            "kind": _KINDS[kind],
            "year": year,
            "activity": activity,
            "refers_to": refers_to,
            "replaces": replaces,
            "note": words.get("note", ""),
            "id": id_,
            "person_id": person_id,
            "seq": seq,
            "recorded_at": recorded_at,
            "previous_hash": previous_hash,
            "hash": hash_,
        },
    )


def entry_id(message_key: str, place: int) -> str:
    """The id of the entry that stands at `place` in what a message brought: the same however often it is tried."""
    return hashlib.sha256(f"{message_key}\n{place}".encode()).hexdigest()[:40]


def append(
    vault: Vault, person_id: str, message_key: str, head: Head, new: Sequence[NewEntry], now: datetime
) -> tuple[list[Step], list[Entry]]:
    """The steps that add `new` after `head`, and the entries as they will stand.

    The steps fail when the chain has moved on, or when the key read with its head has been destroyed since. They touch
    the person's agenda, so no other touch goes beside them.
    """
    words = [_personal(entry) for entry in new]
    key, wrapped = _key(vault, person_id, head, needed=any(words))
    seq, previous = head.seq, head.hash
    steps, added = [], []
    for place, entry in enumerate(new):
        seq += 1
        id_ = entry_id(message_key, place)
        if entry.refers_to is not None and entry.refers_to.startswith(OF_THIS):
            entry = entry.model_copy(update={"refers_to": entry_id(message_key, int(entry.refers_to[1:]))})  # noqa: PLW2901
        sealed = key.seal(words[place], _place(id_)) if key and words[place] else None
        values = _linked(_values(entry, person_id, seq, id_, sealed, now), previous)
        previous = values["hash"]
        steps.append(Step(_APPEND, values))
        added.append(shaped(Entry, _ENTRY_FIELDS, {**entry.__dict__, **{name: values[name] for name in _ADDED}}))
    steps.append(agendas.touch(person_id, now))
    move = {"of": person_id, "from_seq": head.seq, "from_hash": head.hash, "to_seq": seq, "to_hash": previous}
    if wrapped is None:
        return [Step(_MOVE_HEAD, move, must=True), *steps], added
    if wrapped == head.wrapped_key:
        return [Step(_MOVE_HEAD_UNDER_KEY, {**move, "sealed": wrapped}, must=True), *steps], added
    new_key = Step(_NEW_KEY, {"person_id": person_id, "wrapped": wrapped})
    return [Step(_MOVE_HEAD, move, must=True), new_key, *steps], added


def unmoved(person_id: str, head: Head) -> Step:
    """The step that fails when the chain has moved on."""
    stays = {"from_seq": head.seq, "from_hash": head.hash, "to_seq": head.seq, "to_hash": head.hash}
    return Step(_MOVE_HEAD, {"of": person_id, **stays}, must=True)


_ADDED = ("id", "person_id", "seq", "recorded_at", "previous_hash", "hash")


def _key(vault: Vault, person_id: str, head: Head, *, needed: bool) -> tuple[Key | None, bytes | None]:
    """The person's key and how it is stored: the one read with the head, or a new one; none where none is needed."""
    if not needed:
        return None, None
    if head.wrapped_key is not None:
        return vault.person_key(person_id, head.wrapped_key), head.wrapped_key
    return vault.new_person_key(person_id)


def _personal(entry: NewEntry) -> bytes:
    """What is to be sealed, empty when there is nothing."""
    activity = entry.activity
    words: dict[str, Any] = {"note": entry.note}
    if activity is not None:
        words |= {"title": activity.title, "organizer": activity.organizer, "attrs": activity.attrs}
    said = {name: value for name, value in words.items() if value}
    return to_json(said) if said else b""


def _values(entry: NewEntry, person_id: str, seq: int, id_: str, sealed: bytes | None, now: datetime) -> Values:
    activity = entry.activity
    return {
        "person_id": person_id,
        "seq": seq,
        "id": id_,
        "kind": entry.kind.value,
        "year": entry.year,
        "start_on": activity and activity.start,
        "end_on": activity and activity.end,
        "category": activity and activity.category.value,
        "mode": activity and activity.mode.value,
        "quantity": activity and float(activity.quantity),
        "unit": activity and activity.unit.value,
        "refers_to": entry.refers_to,
        "replaces": entry.replaces,
        "personal": sealed,
        "recorded_at": now,
    }


def _linked(values: Values, previous: str) -> Values:
    return {**values, "previous_hash": previous, "hash": chain_hash(previous, values)}


def row_hash(row: Row) -> str:
    """The hash that a row (COLUMNS) must carry, made of its other columns."""
    values = dict(zip(COLUMNS, row, strict=True))
    del values["hash"]
    return chain_hash(values.pop("previous_hash"), values)


def _place(id_: str) -> str:
    return f"ledger/{id_}"
