"""Takes what is due from the outbox and sends it: a person's deliveries in their order, several people at once.

A delivery is begun in the store right before the wire and finished right after. A send whose answer never came is
`unknown` and not repeated, because customer-service messages have no client id. Answers go before notices, which
`bot.notices` sends by whatever way is open. Leases run on the real time: a clock moved by hand takes nothing back.
"""

import asyncio
import contextlib
import random
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from bot.channels.errcodes import ErrorKind
from bot.channels.errors import ChannelError, ChannelRefused, PersonUnreachable
from bot.channels.text import as_text
from bot.channels.verdict import NO_MENUS, Circuit, Verdict, judge
from bot.logs import short
from bot.notices import Notices, NoticeSpeaker, Sent, interface
from bot.paces import Quotas
from domain.delivery import Choice, Delivery, DeliveryState, Purpose, Reply, ReplyKind
from domain.reach import Way
from storage import reach
from storage.refusals import NotTaken
from storage.statements import Step

log = structlog.get_logger()

Person = tuple[str, str]  # channel and recipient
_AGAIN_SECONDS = 60  # until a notice that could not even begin is tried again
_NOTICES = (Purpose.REMINDER, Purpose.BROADCAST)


class Outbox(Protocol):
    """What the sender asks of the store.

    It gives nothing of a person of whom something earlier waits; `attempts` of a taken delivery counts the tries begun
    before. NotTaken: the delivery is not this process's any more.
    """

    async def take_deliveries(
        self, now: datetime, limit: int, runner: str, leased_at: datetime | None, purposes: Sequence[Purpose]
    ) -> list[Delivery]: ...

    async def begin_delivery(self, delivery_id: int, leased_at: datetime) -> None: ...

    async def finish_delivery(
        self,
        delivery_id: int,
        state: DeliveryState,
        reason: str,
        now: datetime,
        retry_at: datetime | None,
        way: str,
        along: Sequence[Step],
    ) -> None: ...


class Speaker(NoticeSpeaker, Protocol):
    """A channel's client; its methods raise ChannelError."""

    async def send_text(self, recipient: str, text: str) -> None: ...

    async def send_image(self, recipient: str, media_id: str) -> None: ...

    async def send_menu(self, recipient: str, question: str, choices: Sequence[Choice]) -> None: ...


async def speak(speaker: Speaker, recipient: str, reply: Reply) -> None:
    """Sends one reply; a menu where menus are not allowed becomes text."""
    if reply.kind is ReplyKind.IMAGE:
        await speaker.send_image(recipient, reply.media_id)
        return
    if reply.kind is ReplyKind.MENU and reply.choices:
        try:
            await speaker.send_menu(recipient, reply.text, reply.choices)
        except ChannelRefused as refusal:
            if refusal.errcode != NO_MENUS:
                raise
        else:
            return
    text = as_text(reply)
    if not text.strip():
        raise ChannelRefused(44004, ErrorKind.BUG, "empty text")
    await speaker.send_text(recipient, text)


class Sender:
    """Sends through `speakers` (by channel). `now` is the service's clock, `runner` names this process in the store;
    `observe` is told of every delivery that ends, with its state. `notices` sends what answers no message; without it
    only answers leave. `quotas` counts the calls of answers. `real` is the time that leases run on.
    """

    def __init__(
        self,
        outbox: Outbox,
        speakers: Mapping[str, Speaker],
        now: Callable[[], datetime],
        *,
        runner: str,
        concurrency: int = 8,
        poll_seconds: float = 1.0,
        observe: Callable[[Delivery, DeliveryState], None] = lambda _delivery, _state: None,
        notices: Notices | None = None,
        quotas: Quotas | None = None,
        real: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._outbox = outbox
        self._speakers = speakers
        self._now = now
        self._runner = runner
        self._slots = asyncio.Semaphore(concurrency)
        self._room = concurrency * 4  # taken and not finished, at most
        self._notices = notices
        self._notice_room = max(1, concurrency // 2)  # of it for notices, so that answers always find a slot
        self._quotas = quotas
        self._real = real
        self._poll_seconds = poll_seconds
        self._observe = observe
        self._circuits: dict[str, Circuit] = defaultdict(Circuit, {channel: Circuit() for channel in speakers})
        self._lanes: dict[Person, deque[Delivery]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._taken = 0  # and not finished yet
        self._noticing = 0  # of these, notices
        self._woken = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Says that something has been put into the outbox: it leaves at once and not at the next look."""
        self._woken.set()

    async def run(self) -> None:
        """Works until `stop`; returns when every send begun has ended. Outlives failures of the store."""
        while not self._stopping:
            self._woken.clear()
            if not await self._take():
                await self._rest()
        if self._tasks:
            await asyncio.wait(set(self._tasks))

    def stop(self) -> None:
        """Lets `run` end: sends that have begun are finished, what was only taken goes back to wait."""
        self._stopping = True
        self._woken.set()

    async def _take(self) -> bool:
        """Takes what there is room for; True when there may be more."""
        now, room = self._now(), self._room - self._taken
        if room <= 0 or all(circuit.blocked(now) for circuit in self._circuits.values()):
            return False
        try:
            deliveries = await self._take_some(now, room, (Purpose.ANSWER,))
            free = min(room - len(deliveries), self._notice_room - self._noticing)
            more = await self._take_some(now, free, _NOTICES) if self._notices is not None and free > 0 else []
        except Exception as error:
            log.error("outbox_unreadable", error=error)
            return False
        for delivery in (*deliveries, *more):
            self._line_up(delivery)
        return len(deliveries) >= room

    async def _take_some(self, now: datetime, limit: int, purposes: Sequence[Purpose]) -> list[Delivery]:
        return await self._outbox.take_deliveries(now, limit, self._runner, self._real(), purposes)

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), self._poll_seconds)

    def _line_up(self, delivery: Delivery) -> None:
        self._taken += 1
        self._noticing += delivery.purpose is not Purpose.ANSWER
        person = (delivery.channel, delivery.recipient)
        lane = self._lanes.get(person)
        if lane is not None:
            lane.append(delivery)
            return
        self._lanes[person] = deque([delivery])
        task = asyncio.create_task(self._serve(person))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, person: Person) -> None:
        """Sends one person's deliveries one after the other, until none is left."""
        lane = self._lanes[person]
        held_until: datetime | None = None  # later ones wait for the one that is tried again
        while lane:
            delivery = lane.popleft()
            async with self._slots:
                try:
                    held_until = await self._settle(delivery, held_until)
                except NotTaken:  # it waited here longer than it was ours; the store has given it to somebody
                    log.info("delivery_taken_back", delivery=short(delivery.key))
                except Exception as error:  # the store: its lease decides what becomes of the row
                    log.error("delivery_not_settled", delivery=short(delivery.key), error=error)
            self._taken -= 1
            self._noticing -= delivery.purpose is not Purpose.ANSWER
        del self._lanes[person]
        if (
            self._taken <= self._room // 2 or self._noticing < self._notice_room
        ):  # there is room, and perhaps more for this person
            self._woken.set()

    async def _settle(self, delivery: Delivery, held_until: datetime | None) -> datetime | None:
        """Sends a delivery or gives it back; until when this person's later ones wait."""
        now = self._now()
        back_at = now if self._stopping else held_until or self._circuits[delivery.channel].blocked(now)
        if back_at is not None:
            await self._finish(delivery, Sent(Verdict(DeliveryState.WAITING, delivery.reason, back_at)))
            return back_at
        if delivery.purpose is not Purpose.ANSWER:
            return await self._settle_notice(delivery)
        verdict = await self._try(delivery)
        circuit = self._circuits[delivery.channel]
        if verdict.pause:
            verdict = replace(verdict, retry_at=circuit.pause(self._now(), verdict.retry_at))
        elif verdict.state is DeliveryState.SENT:
            circuit.succeed()
        self._tell(delivery, verdict)
        answered = (reach.answered(delivery.person_id, delivery.channel, delivery.recipient),)
        spent = answered if verdict.state is DeliveryState.SENT else ()
        await self._finish(delivery, Sent(verdict, Way.CUSTOMER.value, spent))
        return verdict.retry_at if verdict.state is DeliveryState.WAITING else None

    async def _settle_notice(self, delivery: Delivery) -> datetime | None:
        """Sends a notice by an open way; one that must wait holds nobody's answers up."""
        sent = await self._notify(delivery)
        self._tell(delivery, sent.verdict)
        await self._finish(delivery, sent)
        return None

    async def _notify(self, delivery: Delivery) -> Sent:
        speaker = self._speakers.get(delivery.channel)
        if speaker is None or self._notices is None:
            return Sent(Verdict(DeliveryState.REFUSED, "no client for this channel", alert=True))
        try:
            return await self._notices.send(delivery, self._speakers, self._speak)
        except NotTaken:
            raise
        except ChannelError as error:  # no token: the platform was not asked at all
            until = self._circuits[delivery.channel].pause(self._now())
            return Sent(Verdict(DeliveryState.WAITING, str(error)[:200], until, pause=True))
        except Exception as error:
            log.error("notice_not_begun", delivery=short(delivery.key), error=error)
            until = self._now() + timedelta(seconds=_AGAIN_SECONDS)
            return Sent(Verdict(DeliveryState.WAITING, type(error).__name__, until, alert=True))

    async def _speak(self, channel: str, recipient: str, reply: Reply) -> None:
        await speak(self._speakers[channel], recipient, reply)

    async def _try(self, delivery: Delivery) -> Verdict:
        speaker = self._speakers.get(delivery.channel)
        if speaker is None or delivery.id is None:
            return Verdict(DeliveryState.REFUSED, "no client for this channel", alert=True)
        begun = False
        try:
            await speaker.ready()
            if self._quotas is not None:
                await self._quotas.take(interface(delivery.channel, Way.CUSTOMER))
            await self._outbox.begin_delivery(delivery.id, self._real())
            begun = True
            await speak(speaker, delivery.recipient, delivery.reply)
        except NotTaken:
            raise
        except ChannelError as error:
            if isinstance(error, PersonUnreachable) and self._notices is not None:
                await self._notices.learn(delivery, error.reason)
            verdict = judge(error, delivery.attempts + 1, self._now(), random.random())  # noqa: S311 - spreads retries
            return verdict if begun else replace(verdict, state=DeliveryState.WAITING, pause=True)
        except Exception as error:
            log.error("delivery_failed", delivery=short(delivery.key), error=error)
            if begun:
                return Verdict(DeliveryState.UNKNOWN, type(error).__name__, alert=True)
            return Verdict(DeliveryState.WAITING, type(error).__name__, pause=True, alert=True)
        return Verdict(DeliveryState.SENT)

    async def _finish(self, delivery: Delivery, sent: Sent) -> None:
        if delivery.id is None:
            return
        now, verdict = self._now(), sent.verdict
        along = self._notices.along(delivery, verdict) if self._notices is not None else ()
        await self._outbox.finish_delivery(
            delivery.id, verdict.state, verdict.reason, now, verdict.retry_at, sent.way, (*along, *sent.spent)
        )

    def _tell(self, delivery: Delivery, verdict: Verdict) -> None:
        self._observe(delivery, verdict.state)
        if verdict.state in (DeliveryState.SENT, DeliveryState.SILENT):
            return
        write = log.error if verdict.alert else log.warning
        event = "channel_paused" if verdict.pause else "delivery_not_sent"
        write(
            event,
            channel=delivery.channel,
            delivery=short(delivery.key),
            state=verdict.state.value,
            reason=verdict.reason,
            until=verdict.retry_at.isoformat() if verdict.retry_at else None,
        )
