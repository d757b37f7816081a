"""Tokens of the mini program, and the receipts of its forms (`storage.store.Store.mini`).

A token is random and long, so that a plain hash hides it. A refresh token is good once: one that is shown again was
stolen or is in a thief's hands, and ends everything that followed from its login (RFC 9700, 4.14.2).
"""

import hashlib
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.delivery import Reply
from domain.message import Channel, Message
from domain.person import Person
from domain.signing_in import Caller, Pair, TokenKind
from storage import inbox, people
from storage.refusals import GuardFailed
from storage.sealing import Vault
from storage.statements import Bundle, Statement, Step, Visit
from storage.tables import IdentityRow, PersonRow, columns, table
from storage.tables_mini import MiniTokenRow

_TOKENS, _IDENTITIES, _PEOPLE = table(MiniTokenRow), table(IdentityRow), table(PersonRow)

_PUT = Statement(insert(_TOKENS).values(columns(MiniTokenRow, used_at=None)))
_FORGET = Statement(delete(_TOKENS).where(_TOKENS.c.expires_at <= bindparam("now")))
_CALLER = Statement(
    select(_TOKENS.c.account, _TOKENS.c.sender, _TOKENS.c.family, *people.SELECTED)
    .select_from(
        _TOKENS.join(
            _IDENTITIES,
            (_IDENTITIES.c.account == _TOKENS.c.account) & (_IDENTITIES.c.sender == _TOKENS.c.sender),
        ).join(_PEOPLE, _PEOPLE.c.id == _IDENTITIES.c.person_id)
    )
    .where(_IDENTITIES.c.channel == Channel.MINI.value)
    .where(_TOKENS.c.digest == bindparam("of"), _TOKENS.c.kind == bindparam("of_kind"))
    .where(_TOKENS.c.expires_at > bindparam("now"))
)
_REFRESHING = Statement(
    select(_TOKENS.c.person_id, _TOKENS.c.account, _TOKENS.c.sender, _TOKENS.c.family, _TOKENS.c.used_at)
    .where(_TOKENS.c.digest == bindparam("of"), _TOKENS.c.kind == bindparam("of_kind"))
    .where(_TOKENS.c.expires_at > bindparam("now"))
)
_USE = Statement(
    update(_TOKENS)
    .where(_TOKENS.c.digest == bindparam("of"), _TOKENS.c.used_at.is_(None))
    .values(used_at=bindparam("now"))
)
_END_ACCESS = Statement(
    delete(_TOKENS).where(_TOKENS.c.family == bindparam("of"), _TOKENS.c.kind == bindparam("of_kind"))
)
_END = Statement(delete(_TOKENS).where(_TOKENS.c.family == bindparam("of")))
_CHANNELS = Statement(select(_IDENTITIES.c.channel).where(_IDENTITIES.c.person_id == bindparam("of")))


class MiniStore:
    """Made by the store; `run` is its driver's."""

    def __init__(self, run: Callable[..., Coroutine[Any, Any, Any]], vault: Vault) -> None:
        self._run = run
        self._vault = vault

    async def login(self, message: Message, family: str, pair: Pair, now: datetime) -> Person:
        """The person who sends `message` (made when they are new) is given a first pair of tokens."""
        found: Person = await self._run(_login(self._vault, message, family, pair, now), durable=True)
        return found

    async def caller(self, token: str, now: datetime) -> Caller | None:
        """Whom an access token stands for; None when it is none, over or ended."""
        found: Caller | None = await self._run(_caller(self._vault, token, TokenKind.ACCESS, now))
        return found

    async def refresh(self, token: str, pair: Pair, now: datetime) -> Caller | None:
        """Changes a refresh token for `pair`; None when it is none or over, and when it was used before: then all
        tokens of its login end."""
        found: Caller | None = await self._run(_refresh(self._vault, token, pair, now), durable=True)
        return found

    async def logout(self, family: str) -> None:
        """Ends all tokens of a login."""
        await self._run(_ended(family), durable=True)

    async def channels(self, person_id: str) -> set[str]:
        """Where a person is known."""
        found: set[str] = await self._run(_channels(person_id))
        return found

    async def receipt(self, key: str) -> tuple[str, Reply | None] | None:
        """How the message of `key` stands (`running` or `settled`) with its receipt; None when there is none."""
        found: tuple[str, Reply | None] | None = await self._run(inbox.receipt(self._vault, key))
        return found


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _given(person_id: str, account: str, sender: str, family: str, pair: Pair, now: datetime) -> Bundle:
    of = {"person_id": person_id, "account": account, "sender": sender, "family": family, "issued_at": now}
    access = {"digest": digest_of(pair.access), "kind": TokenKind.ACCESS.value, "expires_at": pair.expires_at}
    refresh = {
        "digest": digest_of(pair.refresh),
        "kind": TokenKind.REFRESH.value,
        "expires_at": pair.refresh_expires_at,
    }
    return (Step(_PUT, of | access), Step(_PUT, of | refresh))


def _login(vault: Vault, message: Message, family: str, pair: Pair, now: datetime) -> Visit[Person]:
    sender = people.sender_values(message)
    found = yield from people.find_by_sender(vault, sender)
    if found is None:
        yield people.create(message, now)
        found = yield from people.find_by_sender(vault, sender)
    if found is None:
        raise LookupError("the person has not been made")
    yield (Step(_FORGET, {"now": now}), *_given(found.id, message.account, message.sender, family, pair, now))
    return found


def _caller(vault: Vault, token: str, kind: TokenKind, now: datetime) -> Visit[Caller | None]:
    (rows,) = yield (Step(_CALLER, {"of": digest_of(token), "of_kind": kind.value, "now": now}),)
    if not rows:
        return None
    account, sender, family, *person = rows[0]
    return Caller(people.person(vault, person), account, sender, family)


def _refresh(vault: Vault, token: str, pair: Pair, now: datetime) -> Visit[Caller | None]:
    digest, kind = digest_of(token), TokenKind.REFRESH.value
    (rows,) = yield (Step(_REFRESHING, {"of": digest, "of_kind": kind, "now": now}),)
    if not rows:
        return None
    person_id, account, sender, family, used_at = rows[0]
    if used_at is None:
        try:
            yield (
                Step(_USE, {"of": digest, "now": now}, must=True),
                Step(_END_ACCESS, {"of": family, "of_kind": TokenKind.ACCESS.value}),
                *_given(person_id, account, sender, family, pair, now),
            )
            return (yield from _caller(vault, pair.access, TokenKind.ACCESS, now))
        except GuardFailed:  # shown twice at one moment
            pass
    yield from _ended(family)
    return None


def _ended(family: str) -> Visit[None]:
    yield (Step(_END, {"of": family}),)


def _channels(person_id: str) -> Visit[set[str]]:
    (rows,) = yield (Step(_CHANNELS, {"of": person_id}),)
    return {channel for (channel,) in rows}
