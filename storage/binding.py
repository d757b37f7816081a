"""Binding codes, union ids, and two people becoming one (`storage.store.Store.binding`).

Merging is one bundle: codes, both chains, identities and everything that belongs to a person move together, or nothing
does. The chain that ends keeps its hashes; what it says has been claimed anew in the one that goes on.
"""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.binding import CODE_FOR, TRIES_WITHIN, Carried, Identity
from domain.ledger import Entry
from domain.person import Person
from domain.reminder import Wishes
from storage import agendas, erasure, ledger, people, reviews
from storage.ledger import Head
from storage.refusals import Conflict, GuardFailed
from storage.sealing import Vault
from storage.statements import Statement, Step, Visit
from storage.tables import (
    DeliveryRow,
    DialogRow,
    HeadRow,
    IdentityRow,
    PersonKeyRow,
    columns,
    table,
)
from storage.tables_mini import BindingCodeRow, BindingTryRow, MiniTokenRow, UnionRow
from storage.tables_papers import FormRow
from storage.tables_proofs import LookRow, MemberRow
from storage.tables_reminders import ReachRow
from storage.tables_tasks import TaskRow

_CODES, _TRIES, _UNIONS = table(BindingCodeRow), table(BindingTryRow), table(UnionRow)
_IDENTITIES, _HEADS, _KEYS = table(IdentityRow), table(HeadRow), table(PersonKeyRow)
_DIALOGS, _MEMBERS = table(DialogRow), table(MemberRow)
_CODE, _UNION = "binding code", "union id"

_OF: Any = bindparam("of")
_FORGET_CODES = Statement(delete(_CODES).where((_CODES.c.person_id == _OF) | (_CODES.c.expires_at <= bindparam("now"))))
_PUT_CODE = Statement(insert(_CODES).values(columns(BindingCodeRow, used_by="")))
_USE_CODE = Statement(
    update(_CODES)
    .where(_CODES.c.digest == bindparam("which"), _CODES.c.used_by.in_([bindparam("by_nobody"), bindparam("by")]))
    .values(used_by=bindparam("by"), person_id=bindparam("to"))
)
_FORGET_TRIES = Statement(delete(_TRIES).where(_TRIES.c.tried_at <= bindparam("before")))
_TRY = Statement(insert(_TRIES).values(columns(BindingTryRow)))
_COUNT_TRIES = Statement(select(func.count()).where(_TRIES.c.person_id == _OF, _TRIES.c.tried_at > bindparam("before")))
_CHAIN = Statement(
    select(_HEADS.c.seq, _HEADS.c.hash, _KEYS.c.wrapped)
    .select_from(_HEADS.outerjoin(_KEYS, _KEYS.c.person_id == _HEADS.c.person_id))
    .where(_HEADS.c.person_id == _OF)
)
_KNOW_UNION = insert(_UNIONS).values(columns(UnionRow))
_PUT_UNION = Statement(
    _KNOW_UNION.on_conflict_do_update(
        index_elements=["channel", "account", "sender"],
        set_={name: _KNOW_UNION.excluded[name] for name in ("person_id", "union", "asked_at")},
    )
)
_SAME_UNION = Statement(
    select(_IDENTITIES.c.person_id)
    .select_from(
        _UNIONS.join(
            _IDENTITIES,
            (_IDENTITIES.c.channel == _UNIONS.c.channel)
            & (_IDENTITIES.c.account == _UNIONS.c.account)
            & (_IDENTITIES.c.sender == _UNIONS.c.sender),
        )
    )
    .where(_UNIONS.c.union == bindparam("which"), _IDENTITIES.c.person_id != _OF)
    .distinct()
)
_UNASKED = Statement(
    select(_IDENTITIES.c.sender, _IDENTITIES.c.person_id)
    .select_from(
        _IDENTITIES.outerjoin(
            _UNIONS,
            (_IDENTITIES.c.channel == _UNIONS.c.channel)
            & (_IDENTITIES.c.account == _UNIONS.c.account)
            & (_IDENTITIES.c.sender == _UNIONS.c.sender),
        )
    )
    .where(_IDENTITIES.c.channel == bindparam("in_channel"), _IDENTITIES.c.account == bindparam("in_account"))
    .where(_UNIONS.c.sender.is_(None))
    .limit(bindparam("most", type_=_TRIES.c.id.type))
)
_CLOSE_DIALOG = Statement(
    update(_DIALOGS)
    .where(_DIALOGS.c.person_id == _OF)
    .values(version=_DIALOGS.c.version + 1, topic=None, expecting=None, expires_at=None, content=None)
)
_UNITS = select(_MEMBERS.c.unit).where(_MEMBERS.c.person_id == bindparam("to"))
_MOVE_MEMBERS = Statement(
    update(_MEMBERS)
    .where(_MEMBERS.c.person_id == _OF, _MEMBERS.c.unit.not_in(_UNITS))
    .values(person_id=bindparam("to"))
)
_DROP_MEMBERS = Statement(
    update(_MEMBERS)
    .where(_MEMBERS.c.person_id == _OF, _MEMBERS.c.unit.in_(_UNITS))
    .values(person_id=None, bound_at=None)
)


def _moving(each: Table) -> Statement:
    return Statement(update(each).where(each.c.person_id == _OF).values(person_id=bindparam("to")))


_MOVED = [
    _moving(table(row))
    for row in (IdentityRow, MiniTokenRow, UnionRow, ReachRow, FormRow, LookRow, TaskRow, DeliveryRow)
]


@dataclass(frozen=True, slots=True)
class Chain:
    """A person with the end of their chain and everything in it."""

    person: Person
    head: Head
    entries: list[Entry]


class BindingStore:
    """Made by the store; `run` is its driver's."""

    def __init__(self, run: Callable[..., Coroutine[Any, Any, Any]], vault: Vault) -> None:
        self._run = run
        self._vault = vault

    async def put_code(self, code: str, maker: Identity, person_id: str, now: datetime) -> bool:
        """Keeps a code of `maker`, whose earlier ones end; False when somebody else has this one just now."""
        found: bool = await self._run(_put_code(self._vault, code, maker, person_id, now), durable=True)
        return found

    async def find_code(self, code: str, by: Identity, now: datetime) -> Identity | None:
        """Who made a code that is still good and that nobody but `by` has used."""
        found: Identity | None = await self._run(_find_code(self._vault, code, by, now))
        return found

    async def tries(self, person_id: str, now: datetime) -> int:
        """How many wrong codes a person has said lately."""
        found: int = await self._run(_tries(person_id, now))
        return found

    async def tried(self, person_id: str, now: datetime) -> None:
        """A wrong code was said."""
        await self._run(_tried(person_id, now), durable=True)

    async def chain(self, person_id: str) -> Chain | None:
        found: Chain | None = await self._run(_chain(self._vault, person_id))
        return found

    async def merge(
        self,
        stays: Chain,
        goes: Chain,
        carried: Carried,
        facts: Mapping[str, Any],
        key: str,
        now: datetime,
        code: tuple[str, Identity] | None = None,
    ) -> None:
        """`goes` becomes `stays`, all or nothing; `key` makes its entries once. Conflict: a chain has moved on."""
        await self._run(_merge(self._vault, stays, goes, carried, facts, key, now, code), durable=True)

    async def use_code(self, code: str, by: Identity, person_id: str) -> None:
        """A code is used up by somebody who already is the same person as its maker."""
        await self._run(_use(self._vault, code, by, person_id), durable=True)

    async def wish(self, person_id: str, wishes: Wishes, now: datetime) -> None:
        """What somebody wishes of reminders, from now on."""
        await self._run(_wished(self._vault, person_id, wishes, now), durable=True)

    async def clear(self, person_id: str) -> None:
        """What is left of one who was merged into another, but for the bare chain, is deleted."""
        await self._run(erasure.cleared(person_id), durable=True)

    async def know_union(self, identity: Identity, person_id: str, union: str, now: datetime) -> str | None:
        """Keeps whose union id it is ("": the platform named none); another person who has the same one."""
        found: str | None = await self._run(_know_union(self._vault, identity, person_id, union, now), durable=True)
        return found

    async def unasked(self, channel: str, account: str, limit: int) -> list[tuple[str, str]]:
        """People of an account whose union id nobody has asked for, as (sender, person)."""
        found: list[tuple[str, str]] = await self._run(_unasked(channel, account, limit))
        return found


def _by(vault: Vault, who: Identity) -> str:
    return vault.digest(f"{who.channel}\n{who.account}\n{who.sender}", _CODE)


def _put_code(vault: Vault, code: str, maker: Identity, person_id: str, now: datetime) -> Visit[bool]:
    yield (Step(_FORGET_CODES, {"of": person_id, "now": now}),)
    values = {
        "digest": vault.digest(code, _CODE),
        "person_id": person_id,
        "channel": maker.channel,
        "account": maker.account,
        "sender": maker.sender,
        "made_at": now,
        "expires_at": now + CODE_FOR,
    }
    try:
        yield (Step(_PUT_CODE, values),)
    except GuardFailed:
        return False
    return True


def _find_code(vault: Vault, code: str, by: Identity, now: datetime) -> Visit[Identity | None]:
    for digest in vault.digests(code, _CODE):
        (rows,) = yield (Step(_FIND_CODE, {"of": digest, "now": now}),)
        for channel, account, sender, used_by in rows:
            if used_by in ("", _by(vault, by)):
                return Identity(channel, account, sender)
    return None


_FIND_CODE = Statement(
    select(*(_CODES.c[name] for name in ("channel", "account", "sender", "used_by"))).where(
        _CODES.c.digest == _OF, _CODES.c.expires_at > bindparam("now")
    )
)


def _tries(person_id: str, now: datetime) -> Visit[int]:
    (rows,) = yield (Step(_COUNT_TRIES, {"of": person_id, "before": now - TRIES_WITHIN}),)
    return int(rows[0][0])


def _tried(person_id: str, now: datetime) -> Visit[None]:
    yield (
        Step(_FORGET_TRIES, {"before": now - TRIES_WITHIN}),
        Step(_TRY, {"person_id": person_id, "tried_at": now}),
    )


def _chain(vault: Vault, person_id: str) -> Visit[Chain | None]:
    found = yield from people.find(vault, person_id)
    (heads,) = yield (Step(_CHAIN, {"of": person_id}),)
    if found is None or not heads:
        return None
    head = Head(*heads[0])
    (rows,) = yield (Step(ledger.READ_ALL, {"of": person_id}),)
    key = vault.person_key(person_id, head.wrapped_key) if head.wrapped_key is not None else None
    return Chain(found, head, [entry for entry in ledger.entries(rows, key) if entry.seq <= head.seq])


def _merge(
    vault: Vault,
    stays: Chain,
    goes: Chain,
    carried: Carried,
    facts: Mapping[str, Any],
    key: str,
    now: datetime,
    code: tuple[str, Identity] | None,
) -> Visit[None]:
    to, of = stays.person.id, goes.person.id
    steps = [_used(vault, *code, to)] if code is not None else []
    for chain, entries, part in ((stays, carried.added, "stays"), (goes, carried.ended, "goes")):
        if entries:
            more, added = ledger.append(vault, chain.person.id, f"{key}:{part}", chain.head, entries, now)
            steps += [*more, *reviews.follow(vault, chain.person.id, added, now)]
        else:
            steps.append(ledger.unmoved(chain.person.id, chain.head))
    if facts:
        steps.append(people.change(vault, to, facts))
    pair = {"of": of, "to": to}
    steps += [Step(_CLOSE_DIALOG, {"of": of}), Step(_CLOSE_DIALOG, {"of": to})]
    steps += [Step(each, pair) for each in (*_MOVED, _MOVE_MEMBERS, _DROP_MEMBERS)]
    try:
        yield tuple(steps)
    except GuardFailed:
        raise Conflict("one of the two has just done something else") from None


def _used(vault: Vault, code: str, by: Identity, person_id: str) -> Step:
    values = {"to": person_id, "which": vault.digest(code, _CODE), "by": _by(vault, by), "by_nobody": ""}
    return Step(_USE_CODE, values, must=True)


def _use(vault: Vault, code: str, by: Identity, person_id: str) -> Visit[None]:
    try:
        yield (_used(vault, code, by, person_id),)
    except GuardFailed:
        return


def _wished(vault: Vault, person_id: str, wishes: Wishes, now: datetime) -> Visit[None]:
    yield (agendas.wish(vault, person_id, wishes, now),)


def _know_union(vault: Vault, who: Identity, person_id: str, union: str, now: datetime) -> Visit[str | None]:
    digest = vault.digest(union, _UNION) if union else ""
    values = {"channel": who.channel, "account": who.account, "sender": who.sender, "person_id": person_id}
    yield (Step(_PUT_UNION, {**values, "union": digest, "asked_at": now}),)
    if not union:
        return None
    (rows,) = yield (Step(_SAME_UNION, {"which": digest, "of": person_id}),)
    return rows[0][0] if rows else None


def _unasked(channel: str, account: str, limit: int) -> Visit[list[tuple[str, str]]]:
    (rows,) = yield (Step(_UNASKED, {"in_channel": channel, "in_account": account, "most": limit}),)
    return [(sender, person_id) for sender, person_id in rows]
