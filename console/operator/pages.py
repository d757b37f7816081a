"""The pages of the operator's room: how the service fares, what has failed and may be run again, what is to be done.

Nothing here is about a person: a failed message is named by the digest that the log names it by; its words stay sealed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from console.operator import plots
from console.operator.figures import ALIVE, DAY, Figures, gather
from console.operator.lamps import Colour, Lamp, lamps, quotas
from console.operator.times import buckets, late, quantile
from console.operator.words import gigabytes, sentence, span
from console.visitor import Visitor
from domain.delivery import Purpose
from storage.vitals_queues import FailedTurn, Queue
from wording import knows, say

HOME = "/console/operator"
DIGEST = 10  # characters of a message's digest, as logs name it


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue as the page shows it."""

    name: str
    count: int
    age: str


@dataclass(frozen=True, slots=True)
class Bucket:
    """Some of the answers: `bound` in seconds, empty for the last."""

    bound: str
    count: int
    late: bool


async def overview(visitor: Visitor) -> web.StreamResponse:
    """All lamps, the distribution of answer times, the queues and the day's calls."""
    figures = await _figures(visitor)
    hanging = lamps(figures)
    zone = visitor.now.tzinfo
    lit = sorted((lamp for _, members in hanging for lamp in members if lamp.colour is not Colour.GREEN), key=_urgency)
    groups = [("lit", lit)]
    groups += [(group, [lamp for lamp in members if lamp.colour is Colour.GREEN]) for group, members in hanging]
    told = [
        (group, [(lamp.name, lamp.colour.value, sentence(lamp, zone)) for lamp in members])
        for group, members in groups
        if members
    ]
    colours = [lamp.colour for _, members in hanging for lamp in members]
    return visitor.page(
        "operator/overview.html",
        tab="overview",
        at=max((one.seen_at for one in figures.processes), default=None),
        groups=told,
        yellow=colours.count(Colour.YELLOW),
        red=colours.count(Colour.RED),
        times=_times(figures),
        waiting=_waiting(figures),
        quotas=quotas(figures),
    )


def _urgency(lamp: Lamp) -> bool:
    """What is red stands first."""
    return lamp.colour is not Colour.RED


async def lines(visitor: Visitor) -> web.StreamResponse:
    """The plots' points."""
    return web.json_response(await plots.lines(visitor.office.store, visitor.now))


async def refresh(visitor: Visitor) -> web.StreamResponse:
    """This process writes down at once what it knows; the others do each minute."""
    await visitor.office.operations.look_now()
    return visitor.say_and_go("console.operator.refreshed", HOME)


async def turns(visitor: Visitor) -> web.StreamResponse:
    """The messages that failed."""
    failed = [(_digest(one), one) for one in await visitor.office.store.queues.failed()]
    return visitor.page("operator/turns.html", tab="turns", failed=failed)


async def replay(visitor: Visitor) -> web.StreamResponse:
    """Runs a failed message once more."""
    wanted = visitor.form.said("number")
    failed = await visitor.office.store.queues.failed()
    key = next((one.key for one in failed if _digest(one) == wanted), None)
    stands = await visitor.office.operations.replay(key) if key is not None else "gone"
    told = {"settled": "settled", "failed": "failed", "open": "running"}.get(stands, "missing")
    return visitor.say_and_go(f"console.operator.turns.{told}", f"{HOME}/turns")


async def ledger(visitor: Visitor) -> web.StreamResponse:
    """The looks at the ledger."""
    return visitor.page("operator/ledger.html", tab="ledger", **await _checks(visitor))


async def progress(visitor: Visitor) -> web.StreamResponse:
    """Only the list, for the page to fetch anew while a look is running."""
    return visitor.page("operator/ledger.html", tab="ledger", block="checks", **await _checks(visitor))


async def check(visitor: Visitor) -> web.StreamResponse:
    """Begins a look at the whole ledger."""
    began = await visitor.office.operations.check_ledger()
    told = "console.operator.ledger.began" if began else "console.operator.ledger.running_already"
    return visitor.say_and_go(told, f"{HOME}/ledger")


async def rules(visitor: Visitor) -> web.StreamResponse:
    """Values of the rule book past their review, or close to it."""
    figures = await _figures(visitor)
    lists = (("overdue", "bad", figures.overdue), ("due", "warn", figures.due))
    return visitor.page("operator/rules.html", tab="rules", lists=lists)


async def machines(visitor: Visitor) -> web.StreamResponse:
    """The processes and what they run."""
    found = await visitor.office.store.vitals.processes(visitor.now - DAY)
    alive = [one for one in found if one.ended_at is None and visitor.now - one.seen_at <= ALIVE]
    shown = [(one, _state(one in alive, one.ended_at is not None, one.leads)) for one in reversed(found)]
    details = (alive or found)[-1].details if found else {}
    return visitor.page("operator/machines.html", tab="machines", shown=shown, details=details, gigabytes=gigabytes)


async def _figures(visitor: Visitor) -> Figures:
    return await gather(visitor.office.store, visitor.office.book, visitor.now)


async def _checks(visitor: Visitor) -> dict[str, Any]:
    checks = [check.standing(visitor.now) for check in await visitor.office.store.ledger_checks.latest()]
    running = next((one for one in checks if one.state == "running"), None)
    broken = next((one for one in checks if one.state != "running"), None)
    return {
        "checks": [(one, span((one.seen_at - one.started_at).total_seconds())) for one in checks],
        "running": running,
        "broken": broken if broken is not None and broken.state == "broken" else None,
    }


def _times(figures: Figures) -> dict[str, Any]:
    day = figures.day
    count = sum(number for _, _, number in buckets(day))
    repeats = sum(round(figure.total) for name, figure in day.items() if name.startswith("repeats."))
    found = buckets(day)
    bars = [
        Bucket(f"{high:g}" if place + 1 < len(found) else "", number, low >= 4.5)
        for place, (low, high, number) in enumerate(found)
    ]
    return {
        "count": count,
        "half": span(quantile(day, 0.5)),
        "most": span(quantile(day, 0.95)),
        "late": say("console.operator.times.share", count=late(day), share=f"{late(day) * 100 / max(count, 1):.2g}"),
        "repeats": repeats,
        "bars": bars,
        "largest": max((bar.count for bar in bars), default=0),
    }


def _waiting(figures: Figures) -> Sequence[Waiting]:
    """Every queue in which something waits."""
    queues: list[tuple[str, Queue]] = [("console.operator.queue.inbox", figures.queues.inbox)]
    queues += [
        (f"console.operator.queue.{purpose.name.lower()}", figures.queues.outbox.get(purpose, Queue()))
        for purpose in Purpose
    ]
    found = [(say(key), queue) for key, queue in queues]
    for kind, queue in sorted(figures.queues.tasks.items()):
        key = f"console.operator.queue.{kind}"
        found.append((say(key) if knows(key) else say("console.operator.queue.other", kind=kind), queue))
    return [
        Waiting(name, queue.count, span(max(0.0, (figures.now - queue.since).total_seconds())))
        for name, queue in found
        if queue.count and queue.since is not None
    ]


def _digest(failed: FailedTurn) -> str:
    return hashlib.sha256(failed.key.encode()).hexdigest()[:DIGEST]


def _state(alive: bool, ended: bool, leads: bool) -> tuple[str, str]:
    """The badge of a process: its colour and its word."""
    if ended:
        return "plain", "ended"
    return ("good", "leads" if leads else "alive") if alive else ("bad", "gone")
