"""Makes one person of two: by a code said in the chat or in the mini program, or by the platform's union id."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog

from bot.channels.client import Client
from bot.channels.errors import ChannelError
from bot.chores import Worker
from bot.photos import PhotoGone, Photos
from domain.binding import (
    CODE_DIGITS,
    CODE_FOR,
    TRIES,
    BindingRefused,
    Bound,
    Carried,
    Code,
    Identity,
    carried,
    filled,
    weight,
)
from domain.ledger import fold
from domain.message import Channel
from domain.task import Task, TaskKind
from handlers.precheck import marks
from nlp.proofs.proof import proof_of
from storage.binding import Chain
from storage.refusals import Conflict
from storage.store import Store

log = structlog.get_logger()

CONFLICTS = 5  # tries before the two are left as they are
ACQUAINTED = 50  # people asked about at once
CODES = 5  # tries to find a code that nobody has


class Bindings:
    """`now` is the service's clock; `chat` knows the union ids of the chat's people, None where nobody needs them."""

    def __init__(self, store: Store, photos: Photos, now: Callable[[], datetime], chat: Client | None = None) -> None:
        self._chat = chat
        self._store = store
        self._photos = photos
        self._now = now

    def workers(self) -> dict[TaskKind, Worker]:
        return {TaskKind.MAKE_CODE: self._make_for_chat, TaskKind.BIND: self._bind_in_chat}

    async def make(self, maker: Identity, person_id: str) -> Code:
        """A code that `maker` says on the other side; their earlier ones end."""
        for _ in range(CODES):
            now = self._now()
            code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
            if await self._store.binding.put_code(code, maker, person_id, now):
                return Code(code, now + CODE_FOR)
        raise BindingRefused("busy")

    async def use(self, code: str, by: Identity) -> Bound:
        """`by` says a code: the two become one person. Said again by the same one, it changes nothing.

        BindingRefused: no such code, too many tries, or both may act for units.
        """
        now = self._now()
        own = await self._person(by)
        if await self._store.binding.tries(own, now) >= TRIES:
            raise BindingRefused("too_many_tries")
        maker = await self._store.binding.find_code(code, by, now)
        if maker is None or maker == by:
            await self._store.binding.tried(own, now)
            raise BindingRefused("code_unknown")
        other = await self._person(maker)
        if other == own:
            await self._store.binding.use_code(code, by, own)
            return Bound(own)
        return await self._merged(other, own, (code, by))

    async def meet(self, identity: Identity, union: str) -> None:
        """Keeps the union id of somebody, and makes one person of all who have it."""
        person_id = await self._person(identity)
        other = await self._store.binding.know_union(identity, person_id, union, self._now())
        if other is None:
            return
        try:
            await self._merged(other, person_id, None)
        except BindingRefused as refused:
            log.warning("union_not_joined", reason=refused.reason)

    async def acquaint(self, limit: int = ACQUAINTED) -> None:
        """Asks the chat's platform for the union ids of people whose union id nobody has asked for."""
        if self._chat is None:
            return
        account = self._chat.appid
        unasked = await self._store.binding.unasked(Channel.OFFICIAL.value, account, limit)
        try:
            unions = await asyncio.gather(*(self._chat.union_of(sender) for sender, _ in unasked))
        except ChannelError as error:
            log.warning("unions_not_asked", error=type(error).__name__, errcode=error.errcode)
            return
        for (sender, _), union in zip(unasked, unions, strict=True):
            await self.meet(Identity(Channel.OFFICIAL.value, account, sender), union)

    async def _person(self, who: Identity) -> str:
        found = await self._store.find_by_sender(Channel(who.channel), who.account, who.sender)
        if found is None:
            raise BindingRefused("code_unknown")
        return found.id

    async def _merged(self, one: str, other: str, code: tuple[str, Identity] | None) -> Bound:
        key = f"merge:{one}:{other}"
        for _ in range(CONFLICTS):
            chains = [await self._store.binding.chain(each) for each in (one, other)]
            first, second = chains
            if first is None or second is None:
                break
            try:
                return await self._joined(first, second, key, code)
            except Conflict:
                log.info("binding_conflict")
        raise BindingRefused("busy")

    async def _joined(self, one: Chain, other: Chain, key: str, code: tuple[str, Identity] | None) -> Bound:
        if one.person.roles and other.person.roles:
            raise BindingRefused("both_manage")
        goes, stays = sorted((one, other), key=_weight)
        carrying = carried(fold(goes.entries), fold(stays.entries))
        await self._copy_pictures(goes.person.id, stays.person.id)
        await self._store.binding.merge(
            stays, goes, carrying, filled(stays.person, goes.person), key, self._now(), code
        )
        await self._leave(goes.person.id, stays.person.id)
        log.info("people_bound", carried=carrying.count, alike=carrying.alike)
        return _bound(stays.person.id, carrying)

    async def _copy_pictures(self, of: str, to: str) -> None:
        """A picture is sealed for its person: it is sealed anew before its row says so."""
        store, now = self._store.desk, self._now()
        for one in await store.photos_of(of):
            if one.removed:
                continue
            try:
                picture = await self._photos.open(of, one.photo)
            except PhotoGone:
                continue
            await self._photos.keep(to, picture)
            await store.keep_photo(to, one.photo, one.content_type, one.size, now)
            if one.reading is not None or one.flaw:
                found = marks(proof_of(one.reading), one.photo) if one.reading is not None else ()
                await store.save_reading(to, one.photo, one.reading, one.flaw, found, now)

    async def _leave(self, gone: str, stays: str) -> None:
        """What the two had stands with the one who stays; of the other nothing is left but the bare chain."""
        wishes = (await self._store.outreach.agenda(gone)).wishes
        own = await self._store.outreach.agenda(stays)
        if wishes.asked and not own.wishes.asked:
            kept = own.wishes.model_copy(update={"asked": wishes.asked})
            await self._store.binding.wish(stays, kept, self._now())
        for one in await self._store.desk.photos_of(gone):
            await self._photos.delete(gone, one.photo)
        await self._store.binding.clear(gone)

    async def _make_for_chat(self, task: Task) -> dict[str, Any]:
        made = await self.make(_identity(task), task.person_id)
        return {"code": made.code}

    async def _bind_in_chat(self, task: Task) -> dict[str, Any]:
        try:
            bound = await self.use(str(task.content["code"]), _identity(task))
        except BindingRefused as refused:
            return {"refused": refused.reason}
        return {"carried": bound.carried, "alike": bound.alike, "verify_again": bound.verify_again}


def _identity(task: Task) -> Identity:
    return Identity(task.channel.value, task.account, task.sender)


def _weight(chain: Chain) -> tuple[bool, int, int, bool, str]:
    return (*weight(chain.person, fold(chain.entries)), chain.person.id)


def _bound(person_id: str, carrying: Carried) -> Bound:
    return Bound(person_id, carrying.count, carrying.alike, carrying.verify_again)
