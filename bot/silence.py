"""Whether calls that were never answered were carried out: what the platform has counted against what we were told.

After a silence the platform's own count of the day (`openapi/quota/get`) is asked for. What it has counted beyond the
calls that were answered was carried out. With several senders, or over midnight, that cannot be told.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.channels.errors import ChannelError
from bot.vitals import Vitals

log = structlog.get_logger()

AGAIN = timedelta(minutes=10)  # without a silence the platform is asked so often

Ask = Callable[[str], Awaitable[tuple[int, int] | None]]  # calls a day allowed and made, by interface


@dataclass(frozen=True, slots=True)
class Sample:
    """The platform's count and ours at one moment."""

    used: int
    counted: int
    silent: int
    at: datetime


class Silence:
    """`ask` asks the platform, `learn` is told what it allows, `alone` whether no other process sends."""

    def __init__(
        self,
        vitals: Vitals,
        interfaces: Sequence[str],
        ask: Ask,
        learn: Callable[[str, int], None],
        alone: Callable[[], Awaitable[bool]],
        now: Callable[[], datetime],
    ) -> None:
        self._vitals = vitals
        self._interfaces = interfaces
        self._ask = ask
        self._learn = learn
        self._alone = alone
        self._now = now
        self._samples: dict[str, Sample] = {}

    async def look(self) -> None:
        """Asks for the interfaces that were silent since they were last asked for, and for all from time to time."""
        for interface in self._interfaces:
            before = self._samples.get(interface)
            quiet = before is not None and before.silent == self._vitals.silent[interface]
            if before is None or not quiet or not timedelta() <= self._now() - before.at < AGAIN:
                await self._sample(interface, before)

    async def _sample(self, interface: str, before: Sample | None) -> None:
        try:
            found = await self._ask(interface)
        except ChannelError as error:
            log.warning("quota_not_known", api=interface, error=error)
            return
        if found is None:
            return
        allowed, used = found
        self._learn(interface, allowed)
        self._vitals.count(f"quota.used.{interface}", 0, used)
        self._vitals.count(f"quota.allowed.{interface}", 0, allowed)
        vitals = self._vitals
        sample = Sample(used, vitals.counted[interface], vitals.silent[interface], self._now())
        self._samples[interface] = sample
        silent = sample.silent - (before.silent if before else 0)
        if silent:
            self._vitals.count(f"silence.{await self._told(before, sample, silent)}.{interface}", silent)

    async def _told(self, before: Sample | None, sample: Sample, silent: int) -> str:
        if before is None or sample.used < before.used or not await self._alone():
            return "unclear"
        beyond = (sample.used - before.used) - (sample.counted - before.counted)
        return "carried" if beyond >= silent else "dropped" if beyond <= 0 else "partly"
