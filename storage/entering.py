"""A person's whole record for the console, and what HR enters into it: in one commit with all that follows from it."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from domain.census import Record
from domain.delivery import Purpose, Reply
from domain.ledger import NewEntry
from domain.review import Chain
from domain.standing import Standing
from storage import console, ledger, outbox, people, reviews, standings
from storage.ledger import Head
from storage.refusals import Conflict, GuardFailed
from storage.sealing import Vault
from storage.statements import Statement, Step, Visit
from storage.tables import DialogRow, HeadRow, PersonKeyRow, PersonRow, table

_PEOPLE, _DIALOGS = table(PersonRow), table(DialogRow)
_HEADS, _KEYS = table(HeadRow), table(PersonKeyRow)
_WHO = Statement(
    select(*people.SELECTED, _DIALOGS.c.version, _HEADS.c.seq, _HEADS.c.hash, _KEYS.c.wrapped)
    .select_from(
        _PEOPLE.join(_DIALOGS, _DIALOGS.c.person_id == _PEOPLE.c.id)
        .join(_HEADS, _HEADS.c.person_id == _PEOPLE.c.id)
        .outerjoin(_KEYS, _KEYS.c.person_id == _PEOPLE.c.id)
    )
    .where(_PEOPLE.c.id == bindparam("of"))
)
_PERSON_END = len(people.SELECTED)


@dataclass(frozen=True, slots=True)
class Entering:
    """What is entered for somebody whose record was read as `record`; `told` is said to them, once.

    `standings` are the years as they then stand.
    """

    record: Record
    entries: tuple[NewEntry, ...]
    standings: tuple[Standing, ...] = ()
    told: str = ""


def record(vault: Vault, person_id: str, years: Sequence[int] | None) -> Visit[Record | None]:
    """A person with their entries of some years or (None) all; None: there is no such person."""
    (rows,) = yield (Step(_WHO, {"of": person_id}),)
    if not rows:
        return None
    version, seq, hash_, wrapped = rows[0][_PERSON_END:]
    found: Sequence[Any] = ()
    if years is None:
        (found,) = yield (Step(ledger.READ_ALL, {"of": person_id}),)
    elif years:
        values = {"of": person_id, **ledger.year_values(years)}
        (found,) = yield (Step(ledger.read_years(len(years), by_sender=False), values),)
    key = None if wrapped is None else vault.person_key(person_id, wrapped)
    return Record(
        person=people.person(vault, rows[0][:_PERSON_END]),
        entries=[entry for entry in ledger.entries(found, key) if entry.seq <= seq],
        chain=Chain(seq, hash_, wrapped),
        version=version,
        address=(yield from reviews.address(person_id)),
    )


def enter(vault: Vault, key: str, what: Entering, now: datetime) -> Visit[bool]:
    """Adds entries for somebody else, all or nothing. False: `key` was entered before. Conflict: the chain moved on."""
    read, person = what.record, what.record.person
    head = Head(read.chain.seq, read.chain.hash, read.chain.wrapped_key)
    steps, added = ledger.append(vault, person.id, f"console:{key}", head, what.entries, now)
    follow = [
        *reviews.follow(vault, person.id, added, now),
        *(standings.put(one, placed=False) for one in what.standings),
    ]
    where = read.address
    if where is not None and what.told:
        reply = Reply(text=what.told)
        follow.append(
            outbox.notice(vault, f"entered:{key}", person.id, where.channel, where.sender, reply, Purpose.ANSWER, now)
        )
    try:
        yield (console.once(key, now), *steps, *follow)
    except GuardFailed as refused:
        if refused.step == 0:
            return False
        raise Conflict("the person's record has moved on") from None
    return True


class EnteringStore:
    """Made by the store (`Store.entering`); `run` is its driver's."""

    def __init__(self, run: Callable[..., Coroutine[Any, Any, Any]], vault: Vault) -> None:
        self._run = run
        self._vault = vault

    async def record(self, person_id: str, years: Sequence[int] | None = None) -> Record | None:
        """A person with their entries of some years or (None) all."""
        found: Record | None = await self._run(record(self._vault, person_id, years))
        return found

    async def enter(self, key: str, what: Entering, now: datetime) -> bool:
        """Enters for somebody else, once by `key`: False when it was entered before. Conflict: the chain moved on."""
        entered: bool = await self._run(enter(self._vault, key, what, now), durable=True)
        return entered
