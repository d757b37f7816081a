"""Sends mass messages (群发): the tag is brought in line with the roster, the whole tag gets it once.

Four a month reach each person, so HR has to choose it, and only for everybody of a unit or a department. The send
carries an id of its own: after a crash or a silence it is tried again, and the platform sends it once.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.channels.errcodes import ErrorKind
from bot.channels.errors import ChannelBusy, ChannelError, ChannelRefused, PersonUnreachable
from bot.logs import short
from bot.paces import SHARE, Quotas
from domain.broadcast import Broadcast, MassState
from storage.mass import MassJob
from storage.store import Store
from wording import say

log = structlog.get_logger()

INTERFACE = "message/mass/sendall"
AGAIN = timedelta(minutes=1)  # the platform's own pause for an id that is tried again
_NO_SUCH_TAG = 45159  # somebody has deleted it in the account's own pages
_NAME_LENGTH = 30  # characters of a tag's name


class MassSpeaker(Protocol):
    """A channel's client, as far as mass messages go; its methods raise ChannelError."""

    async def make_tag(self, name: str) -> int: ...

    async def tagged(self, tag_id: int) -> list[str]: ...

    async def tag(self, tag_id: int, openids: Sequence[str], *, off: bool = False) -> None: ...

    async def send_to_tag(self, tag_id: int, text: str, client_id: str) -> str: ...


class Massing:
    """`speaker` is the client of `account`; `now` is the service's clock. Several processes may run it."""

    def __init__(
        self, store: Store, speaker: MassSpeaker, account: str, quotas: Quotas, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._speaker = speaker
        self._account = account
        self._quotas = quotas
        self._now = now

    async def work(self) -> bool:
        """Does the next step of the mass message that is due longest; False when there is none."""
        job = await self._store.mass.next_job(self._now())
        if job is None or job.account != self._account:
            return False
        if job.state in (MassState.SENT, MassState.REFUSED):
            return await self._store.mass.count_page(job, self._now())
        try:
            await self._send(job)
        except ChannelBusy as busy:
            await self._store.mass.put_off(job, max(busy.retry_at or self._now(), self._now() + AGAIN))
        except ChannelRefused as refusal:
            await self._refused(job, refusal)
        except ChannelError as error:  # no answer: the id makes it safe to ask again
            log.warning("mass_unanswered", notice=short(job.broadcast_id), error=error)
            await self._store.mass.put_off(job, self._now() + AGAIN)
        return True

    async def _send(self, job: MassJob) -> None:
        found = await self._store.broadcasts.find((job.unit,), job.broadcast_id)
        if found is None:
            return
        tag_id = await self._tagged(job)
        if not await self._quotas.take(INTERFACE, SHARE):
            await self._store.mass.put_off(job, self._quotas.again_at())
        elif await self._store.mass.begin(job):
            message_id = await self._speaker.send_to_tag(tag_id, _said(found), client_id(job))
            await self._store.mass.end(job, MassState.SENT, message_id)

    async def _refused(self, job: MassJob, refusal: ChannelRefused) -> None:
        """What the operator can mend is tried again; what the platform will never take is written down as refused."""
        log.error("mass_refused", notice=short(job.broadcast_id), errcode=refusal.errcode, action=refusal.action)
        if refusal.kind in (ErrorKind.CONFIG, ErrorKind.TOKEN):
            await self._store.mass.put_off(job, self._now() + 10 * AGAIN)
        else:
            await self._store.mass.end(job, MassState.REFUSED, str(refusal))

    async def _tagged(self, job: MassJob) -> int:
        """The tag, with exactly those on it who are on the roster and follow the account."""
        known = await self._store.mass.tag(job)
        try:
            tag_id = known if known is not None else await self._made(job)
            there = dict.fromkeys(await self._speaker.tagged(tag_id))
        except ChannelRefused as refusal:
            if refusal.errcode != _NO_SUCH_TAG or known is None:
                raise
            tag_id, there = await self._made(job), {}
        wanted = dict.fromkeys(await self._store.mass.followers(job))
        await self._put(tag_id, [one for one in there if one not in wanted], off=True)
        await self._put(tag_id, [one for one in wanted if one not in there], off=False)
        return tag_id

    async def _made(self, job: MassJob) -> int:
        tag_id = await self._speaker.make_tag(tag_name(job))
        await self._store.mass.keep_tag(job, tag_id)
        return tag_id

    async def _put(self, tag_id: int, openids: list[str], *, off: bool) -> None:
        """Who cannot have the tag is left out: the calls are halved until it stands alone."""
        if not openids:
            return
        try:
            await self._speaker.tag(tag_id, openids, off=off)
        except PersonUnreachable:
            if len(openids) > 1:
                middle = len(openids) // 2
                await self._put(tag_id, openids[:middle], off=off)
                await self._put(tag_id, openids[middle:], off=off)


def client_id(job: MassJob) -> str:
    """What makes the send once (at most 64 bytes)."""
    return f"xueshi-{job.broadcast_id}"


def tag_name(job: MassJob) -> str:
    """A name that people recognise in the account's own pages, told apart by a digest of the whole."""
    mark = hashlib.sha256(f"{job.unit}\n{job.department}".encode()).hexdigest()[:6]
    return f"{(job.department or job.unit)[: _NAME_LENGTH - len(mark) - 1]}·{mark}"


def _said(found: Broadcast) -> str:
    """The notice as everybody reads it: a mass message is the same for all and has nothing to tap."""
    return say("notice.sent", unit=found.audience.unit, text=found.text)
