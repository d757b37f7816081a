"""Everybody with what rulings ask of them, one after another: for questions about all people at once.

Names, phones and ID numbers are not read. What is personal in an entry is opened under the person's key for its facts;
without the key an activity stands without them, as it does for the service.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from domain.ledger import Entry
from storage.ledger import COLUMNS, entries
from storage.sealing import Vault
from storage.snapshot import snapshot
from storage.statements import Row, Statement
from storage.tables import LedgerRow, PersonKeyRow, PersonRow, table

_PEOPLE, _KEYS, _LEDGER = table(PersonRow), table(PersonKeyRow), table(LedgerRow)
_PERSON = [_PEOPLE.c[name] for name in ("id", "region", "work_field", "profile")]
_ENTRY_AT = len(_PERSON) + 1  # after the key
_EVERYBODY = Statement(
    select(*_PERSON, _KEYS.c.wrapped, *[_LEDGER.c[name] for name in COLUMNS])
    .select_from(
        _PEOPLE.outerjoin(_KEYS, _KEYS.c.person_id == _PEOPLE.c.id).outerjoin(
            _LEDGER, _LEDGER.c.person_id == _PEOPLE.c.id
        )
    )
    .order_by(_PEOPLE.c.id, _LEDGER.c.year, _LEDGER.c.seq)
)


@dataclass(frozen=True, slots=True)
class Resident:
    """One person as far as rules ask, with all entries in order of `seq`."""

    id: str
    region: str | None
    work_field: str | None
    profile: dict[str, Any]
    entries: list[Entry] = field(default_factory=list)


async def everybody(url: str, vault: Vault | None) -> AsyncIterator[Resident]:
    """Every person of the database at `url`, by id, from one snapshot. Raises as `snapshot`."""
    rows: list[Row] = []
    async with snapshot(url) as stream:
        async for row, readable in stream(_EVERYBODY):
            if not readable:
                continue  # told by `xueshi verify-ledger`
            if rows and rows[0][0] != row[0]:
                yield _resident(rows, vault)
                rows = []
            rows.append(row)
    if rows:
        yield _resident(rows, vault)


def _resident(rows: list[Row], vault: Vault | None) -> Resident:
    id_, region, work_field, profile, wrapped = rows[0][:_ENTRY_AT]
    key = vault.person_key(id_, wrapped) if vault is not None and wrapped is not None else None
    own = [row[_ENTRY_AT:] for row in rows if row[_ENTRY_AT] is not None]
    return Resident(id_, region, work_field, json.loads(profile), entries(own, key))
