"""Signing in to the console, what admins looked at, and units within units (`storage.store.Store.console`).

A page costs one visit of one bundle: the sign-in by its digest, and the units that its person may see.
"""

import hashlib
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.access import IDLE_FOR, LINK_FOR, SIGNED_IN_FOR, Granted, SignIn
from domain.person import Role
from storage import console_units, people
from storage.console_units import Colleague
from storage.refusals import GuardFailed
from storage.sealing import Vault
from storage.statements import Bundle, Row, Statement, Step, Visit
from storage.tables import GrantRow, PersonRow, columns, table
from storage.tables_console import LinkRow, PostRow, SignInRow, UnitRow

SEEN_EVERY = timedelta(minutes=1)  # how exactly it is known when a browser was last there
POSTS_KEPT = timedelta(days=30)

_LINKS, _SIGN_INS, _UNITS = table(LinkRow), table(SignInRow), table(UnitRow)
_PEOPLE, _GRANTS, _POSTS = table(PersonRow), table(GrantRow), table(PostRow)

_FORGET_LINKS = Statement(
    delete(_LINKS).where((_LINKS.c.person_id == bindparam("of")) | (_LINKS.c.expires_at <= bindparam("now")))
)
_FORGET_SIGN_INS = Statement(delete(_SIGN_INS).where(_SIGN_INS.c.expires_at <= bindparam("now")))
_FORGET_POSTS = Statement(delete(_POSTS).where(_POSTS.c.at <= bindparam("before")))
_LINK = Statement(insert(_LINKS).values(columns(LinkRow)))
_LINKED = Statement(
    select(_LINKS.c.person_id, _PEOPLE.c.name)
    .select_from(_LINKS.join(_PEOPLE, _PEOPLE.c.id == _LINKS.c.person_id))
    .where(_LINKS.c.digest == bindparam("of"), _LINKS.c.expires_at > bindparam("now"))
)
_USE_LINK = Statement(delete(_LINKS).where(_LINKS.c.digest == bindparam("of"), _LINKS.c.expires_at > bindparam("now")))
_SIGN_IN = Statement(insert(_SIGN_INS).values(columns(SignInRow)))
_SELECTED = [_SIGN_INS.c[name] for name in SignInRow.model_fields]
_WITH_NAME = select(*_SELECTED, _PEOPLE.c.name).select_from(
    _SIGN_INS.join(_PEOPLE, _PEOPLE.c.id == _SIGN_INS.c.person_id)
)
_SIGNED = Statement(
    _WITH_NAME.where(
        _SIGN_INS.c.digest == bindparam("of"),
        _SIGN_INS.c.expires_at > bindparam("now"),
        _SIGN_INS.c.seen_at > bindparam("idle_since"),
    )
)
_OF_PERSON = Statement(
    _WITH_NAME.where(
        _SIGN_INS.c.person_id == bindparam("of"),
        _SIGN_INS.c.expires_at > bindparam("now"),
        _SIGN_INS.c.seen_at > bindparam("idle_since"),
    ).order_by(_SIGN_INS.c.created_at.desc())
)
_SEEN = Statement(update(_SIGN_INS).where(_SIGN_INS.c.digest == bindparam("of")).values(seen_at=bindparam("now")))
_CHOOSE = Statement(update(_SIGN_INS).where(_SIGN_INS.c.digest == bindparam("of")).values(unit=bindparam("chosen")))
_SIGN_OUT = Statement(
    delete(_SIGN_INS).where(_SIGN_INS.c.digest == bindparam("of"), _SIGN_INS.c.person_id == bindparam("who"))
)
_SIGN_OUT_ALL = Statement(delete(_SIGN_INS).where(_SIGN_INS.c.person_id == bindparam("of")))
_POST = Statement(insert(_POSTS).values(columns(PostRow)).on_conflict_do_nothing())


def _reach() -> Any:
    """Units and roles: those granted, and the units below them, however deep; a circle of units ends."""
    who = select(_SIGN_INS.c.person_id).where(_SIGN_INS.c.digest == bindparam("of")).scalar_subquery()
    reach = select(_GRANTS.c.unit, _GRANTS.c.role).where(_GRANTS.c.person_id == who).cte("reach", recursive=True)
    below = select(_UNITS.c.name, reach.c.role).where(_UNITS.c.parent == reach.c.unit)
    reach = reach.union(below)
    return (
        select(reach.c.unit, reach.c.role, _UNITS.c.parent)
        .select_from(reach.outerjoin(_UNITS, _UNITS.c.name == reach.c.unit))
        .order_by(reach.c.unit, reach.c.role)
    )


_REACH = Statement(_reach())


def digest_of(token: str) -> str:
    """Under what a link or a sign-in is kept: a token is random and long, so that a plain hash hides it."""
    return hashlib.sha256(token.encode()).hexdigest()


def link(person_id: str, token: str, now: datetime) -> Bundle:
    """The steps that make a one-time link for `token`; links that the person had before end, old rows go."""
    return (
        Step(_FORGET_LINKS, {"of": person_id, "now": now}),
        Step(_FORGET_SIGN_INS, {"now": now}),
        Step(_FORGET_POSTS, {"before": now - POSTS_KEPT}),
        Step(_LINK, {"digest": digest_of(token), "person_id": person_id, "made_at": now, "expires_at": now + LINK_FOR}),
    )


def once(key: str, now: datetime) -> Step:
    """The step by which a form happens once: it fails (GuardFailed) when `key` has been posted before."""
    return Step(_POST, {"key": digest_of(key), "at": now}, must=True)


def _make_link(person_id: str, token: str, now: datetime) -> Visit[None]:
    yield link(person_id, token, now)


def _linked(vault: Vault, token: str, now: datetime) -> Visit[tuple[str, str] | None]:
    (rows,) = yield (Step(_LINKED, {"of": digest_of(token), "now": now}),)
    return (rows[0][0], people.opened_name(vault, *rows[0])) if rows else None


def _enter(token: str, link_token: str, browser: str, device: str, now: datetime) -> Visit[bool]:
    used = {"of": digest_of(link_token), "now": now}
    (rows,) = yield (Step(_LINKED, used),)
    if not rows:
        return False
    values = {
        "digest": digest_of(token),
        "person_id": rows[0][0],
        "created_at": now,
        "seen_at": now,
        "expires_at": now + SIGNED_IN_FOR,
        "browser": digest_of(browser),
        "device": device,
        "unit": "",
    }
    try:
        yield (Step(_USE_LINK, used, must=True), Step(_SIGN_IN, values))
    except GuardFailed:  # somebody has just used it
        return False
    return True


def _signed(vault: Vault, token: str, browser: str, now: datetime, *, stays: bool) -> Visit[SignIn | None]:
    digest = digest_of(token)
    wanted = {"of": digest, "now": now, "idle_since": now - IDLE_FOR}
    (rows, reach) = yield (Step(_SIGNED, wanted), Step(_REACH, {"of": digest}))
    if not rows:
        return None
    found = _sign_in(vault, rows[0], reach)
    if found.browser != digest_of(browser):
        return None
    if stays and now - found.seen_at >= SEEN_EVERY:
        yield (Step(_SEEN, {"of": digest, "now": now}),)
    return found


def _sign_in(vault: Vault, row: Row, reach: Sequence[Row] = ()) -> SignIn:
    *values, name = row
    known = dict(zip(SignInRow.model_fields, values, strict=True))
    granted = tuple(Granted(unit, Role(role), parent or "") for unit, role, parent in reach)
    return SignIn(**known, name=people.opened_name(vault, known["person_id"], name), granted=granted)


def _of_person(vault: Vault, person_id: str, now: datetime) -> Visit[list[SignIn]]:
    (rows,) = yield (Step(_OF_PERSON, {"of": person_id, "now": now, "idle_since": now - IDLE_FOR}),)
    return [_sign_in(vault, row) for row in rows]


def _choose(digest: str, unit: str) -> Visit[None]:
    yield (Step(_CHOOSE, {"of": digest, "chosen": unit}),)


def _sign_out(digest: str, person_id: str) -> Visit[bool]:
    (rows,) = yield (Step(_SIGN_OUT, {"of": digest, "who": person_id}),)
    return bool(rows)


def _sign_out_everywhere(person_id: str) -> Visit[None]:
    yield (Step(_SIGN_OUT_ALL, {"of": person_id}),)


class ConsoleStore:
    """Made by the store; `run` is its driver's. Tokens come in as they are and are kept as digests."""

    def __init__(self, run: Callable[..., Coroutine[Any, Any, Any]], vault: Vault) -> None:
        self._run = run
        self._vault = vault

    async def make_link(self, person_id: str, token: str, now: datetime) -> None:
        """A link that signs the person in once, for LINK_FOR; earlier ones end."""
        await self._run(_make_link(person_id, token, now), durable=True)

    async def linked(self, token: str, now: datetime) -> tuple[str, str] | None:
        """Whom an unused link would sign in, as (id, name); None for any other token. Uses nothing up."""
        found: tuple[str, str] | None = await self._run(_linked(self._vault, token, now))
        return found

    async def enter(self, token: str, link_token: str, browser: str, device: str, now: datetime) -> bool:
        """Uses a link up and signs this browser in under `token`. False: the link is used, over or none of ours."""
        entered: bool = await self._run(_enter(token, link_token, browser, device, now), durable=True)
        return entered

    async def signed(self, token: str, browser: str, now: datetime, *, stays: bool = True) -> SignIn | None:
        """Who is signed in under a token in this browser, with their roles; None when nobody (any more).

        Without `stays` it is not taken for a sign that somebody is there.
        """
        found: SignIn | None = await self._run(_signed(self._vault, token, browser, now, stays=stays))
        return found

    async def sign_ins(self, person_id: str, now: datetime) -> list[SignIn]:
        """Where a person is signed in, latest first."""
        found: list[SignIn] = await self._run(_of_person(self._vault, person_id, now))
        return found

    async def choose_unit(self, digest: str, unit: str) -> None:
        """The unit that the header of this sign-in shows."""
        await self._run(_choose(digest, unit))

    async def sign_out(self, digest: str, person_id: str) -> bool:
        """Ends one of a person's sign-ins; False when it is none of theirs."""
        ended: bool = await self._run(_sign_out(digest, person_id), durable=True)
        return ended

    async def sign_out_everywhere(self, person_id: str) -> None:
        await self._run(_sign_out_everywhere(person_id), durable=True)

    def form_token(self, digest: str) -> str:
        """What a form of this sign-in carries, so that no other site's form is taken for ours."""
        return self._vault.digest(digest, "console form")

    # Units and roles

    async def place_unit(self, name: str, parent: str) -> bool:
        """Puts a unit under another. False: that would make a circle."""
        placed: bool = await self._run(console_units.place(name, parent), durable=True)
        return placed

    async def remove_unit(self, name: str, parent: str) -> bool:
        """A unit no longer stands under another; what is kept of it stays. False: it did not."""
        removed: bool = await self._run(console_units.remove(name, parent), durable=True)
        return removed

    async def unit_is_known(self, name: str) -> bool:
        """Whether anybody has a role in a unit, or is on its roster."""
        known: bool = await self._run(console_units.is_known(name))
        return known

    async def colleagues(self, units: Sequence[str]) -> list[Colleague]:
        """Who has a role in one of the units."""
        found: list[Colleague] = await self._run(console_units.colleagues(self._vault, units))
        return found

    async def withdraw(self, person_id: str, unit: str, role: Role) -> bool:
        """Takes a role in a unit away; False when it was not there. Conflict: roles have just been changed."""
        gone: bool = await self._run(console_units.withdraw(self._vault, person_id, unit, role), durable=True)
        return gone
