"""Sends what answers no message: looks once more whether it is still needed, and goes the first way that is open.

What the platform says no with is a fact about the person: it is kept, and the next way is tried. A notice that no way
takes ends as refused, with the reason that the unit's list shows.
"""

import hashlib
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.channels.errors import ChannelError, PersonUnreachable
from bot.channels.verdict import Circuit, Verdict, judge
from bot.logs import short
from bot.paces import SHARE, Pace, Quotas
from domain.delivery import Delivery, DeliveryState, Purpose, Reply
from domain.message import Channel
from domain.reach import Reach, Way
from outreach.ways import Offers, Route, routes, why_unreachable
from storage.refusals import NotTaken
from storage.statements import Step
from storage.store import Store

log = structlog.get_logger()

INTERFACES = {
    Way.CUSTOMER: "message/custom/send",
    Way.SUBSCRIPTION: "message/subscribe/bizsend",
    Way.TEMPLATE: "message/template/send",
}
_OF_MINI = {Way.CUSTOMER: "mini:message/custom/send", Way.SUBSCRIPTION: "mini:message/subscribe/send"}
UNREACHABLE = "unreachable: "  # begins the reason of a notice that no way took
SPREAD_MINUTES = 30  # over which what a used-up day has put off is tried again

Refresh = Callable[[Delivery], Awaitable[Reply | None]]
Along = Callable[[Delivery, Verdict], Sequence[Step]]


def interface(channel: str, way: Way) -> str:
    """What is counted when something leaves through a channel by a way: each account has calls of its own."""
    return (_OF_MINI if channel == Channel.MINI else INTERFACES)[way]


class NoticeSpeaker(Protocol):
    """A channel's client, as far as notices go; its methods raise ChannelError."""

    async def ready(self) -> None: ...

    async def send_subscription(self, recipient: str, template_id: str, data: Mapping[str, str]) -> None: ...

    async def send_template(
        self, recipient: str, template_id: str, data: Mapping[str, str], client_id: str
    ) -> None: ...


Speak = Callable[[str, str, Reply], Awaitable[None]]  # channel, recipient, what


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a try, the way it went, and the steps that count what it has used up.

    Only what was surely sent is counted: after a doubtful send the platform says by itself when nothing is left.
    """

    verdict: Verdict
    way: str = ""
    spent: tuple[Step, ...] = ()


class Notices:
    """`refresh` gives, by purpose, what is to be said now (None: nothing any more); `along` the steps that are written
    with its end. `now` is the service's clock, `real` the one that leases run on.
    """

    def __init__(
        self,
        store: Store,
        offers: Offers,
        quotas: Quotas,
        now: Callable[[], datetime],
        real: Callable[[], datetime],
        *,
        refresh: Mapping[Purpose, Refresh] | None = None,
        along: Mapping[Purpose, Along] | None = None,
        pace: Callable[[], Pace] = Pace,
    ) -> None:
        self._store = store
        self._offers = offers
        self._quotas = quotas
        self._now = now
        self._real = real
        self._refresh = dict(refresh or {})
        self._along = dict(along or {})
        self._paces: defaultdict[str, Pace] = defaultdict(pace)
        self._circuits: defaultdict[tuple[str, Way], Circuit] = defaultdict(Circuit)

    def along(self, delivery: Delivery, verdict: Verdict) -> Sequence[Step]:
        """What is written with the end of a delivery."""
        written = self._along.get(delivery.purpose)
        return written(delivery, verdict) if written is not None else ()

    async def send(self, delivery: Delivery, speakers: Mapping[str, NoticeSpeaker], speak: Speak) -> Sent:
        """Sends a notice that is taken, to the identity that it is for or to another one of the same person.

        `speakers` are the clients by channel, `speak` says it as a customer-service message. NotTaken as the store's.
        """
        reply = delivery.reply
        if delivery.purpose in self._refresh:
            fresh = await self._refresh[delivery.purpose](delivery)
            if fresh is None:
                return Sent(Verdict(DeliveryState.SILENT, "no longer needed"))
            reply = fresh
        attempt = _Attempt(delivery, reply, speakers, speak)
        try:
            return await self._by_any_way(attempt)
        except (NotTaken, ChannelError):
            raise
        except Exception as error:
            if not attempt.begun:
                raise
            log.error("notice_failed", delivery=short(delivery.key), error=error)
            return Sent(Verdict(DeliveryState.UNKNOWN, type(error).__name__, alert=True))

    async def learn(self, delivery: Delivery, reason: str) -> None:
        """Keeps what the refusal of an answer has taught about the way to the person."""
        reach = await self._reach(delivery)
        if reach is not None:
            await self._store.outreach.learn(reach, delivery.person_id, reason, "")

    async def _by_any_way(self, attempt: "_Attempt") -> Sent:
        delivery, now = attempt.delivery, self._now()
        put_off: list[datetime] = []
        for reach in await self._reaches(delivery):
            if reach.channel not in attempt.speakers:
                continue
            for route in routes(reach, self._offers, attempt.reply.fields, delivery.purpose, now):
                later = await self._put_off(reach, route, now)
                if later is not None:
                    put_off.append(later)
                    continue
                await self._begin(attempt, reach, route)
                sent = await self._by(attempt, reach, route)
                if sent is not None:
                    return sent
        if put_off:
            return Sent(Verdict(DeliveryState.WAITING, "put off", min(put_off)))
        return Sent(Verdict(DeliveryState.REFUSED, UNREACHABLE + why_unreachable(await self._reach(delivery), now)))

    async def _put_off(self, reach: Reach, route: Route, now: datetime) -> datetime | None:
        """Until when an open way may not be used, because it is troubled or the day's calls are used up."""
        blocked = self._circuits[reach.channel, route.way].blocked(now)
        if blocked is None and not await self._quotas.take(interface(reach.channel, route.way), SHARE):
            blocked = self._quotas.again_at() + timedelta(minutes=random.random() * SPREAD_MINUTES)  # noqa: S311
        return blocked

    async def _reaches(self, delivery: Delivery) -> list[Reach]:
        """The ways to the person: first the identity that the delivery is for."""
        found = await self._store.outreach.ways(delivery.person_id, self._now())
        return sorted(found, key=lambda one: not _is_own(one, delivery))

    async def _reach(self, delivery: Delivery) -> Reach | None:
        found = await self._reaches(delivery)
        return found[0] if found and _is_own(found[0], delivery) else None

    async def _begin(self, attempt: "_Attempt", reach: Reach, route: Route) -> None:
        """Waits for its turn on the interface and says, once, that the send begins."""
        await attempt.speakers[reach.channel].ready()
        await self._paces[interface(reach.channel, route.way)].wait()
        delivery_id = attempt.delivery.id
        if delivery_id is None:
            raise NotTaken("a delivery without an id")
        if not attempt.begun:
            await self._store.begin_delivery(delivery_id, self._real())
            attempt.begun = True

    async def _by(self, attempt: "_Attempt", reach: Reach, route: Route) -> Sent | None:
        """Sends by one way; None when it turns out not to be open, and the next one is to be tried."""
        delivery, circuit = attempt.delivery, self._circuits[reach.channel, route.way]
        try:
            await attempt.by(reach, route)
        except PersonUnreachable as refusal:
            log.info("way_closed", delivery=short(delivery.key), way=route.way.value, reason=refusal.reason)
            await self._store.outreach.learn(reach, delivery.person_id, refusal.reason, route.template_id)
            return None
        except ChannelError as error:
            verdict = judge(error, delivery.attempts + 1, self._now(), random.random())  # noqa: S311 - spreads retries
            if verdict.pause:
                verdict = replace(verdict, retry_at=circuit.pause(self._now(), verdict.retry_at))
            return Sent(verdict, route.way.value)
        circuit.succeed()
        spent = (
            () if route.way is Way.TEMPLATE else (self._store.outreach.spent(reach, route.template_id, self._now()),)
        )
        return Sent(Verdict(DeliveryState.SENT), route.way.value, spent)


@dataclass(slots=True)
class _Attempt:
    """One try of one notice."""

    delivery: Delivery
    reply: Reply
    speakers: Mapping[str, NoticeSpeaker]
    speak: Speak
    begun: bool = False

    async def by(self, reach: Reach, route: Route) -> None:
        speaker, recipient = self.speakers[reach.channel], reach.recipient
        if route.way is Way.CUSTOMER:
            await self.speak(reach.channel, recipient, self.reply)
        elif route.way is Way.SUBSCRIPTION:
            await speaker.send_subscription(recipient, route.template_id, route.data)
        else:
            client_id = hashlib.sha256(self.delivery.key.encode()).hexdigest()
            await speaker.send_template(recipient, route.template_id, route.data, client_id)


def _is_own(reach: Reach, delivery: Delivery) -> bool:
    """Whether a delivery is for this identity of its person."""
    return (reach.channel, reach.recipient) == (delivery.channel, delivery.recipient)
