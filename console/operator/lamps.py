"""What the figures mean: a lamp for each thing that can go wrong, with its colour and the numbers of its sentence.

Pure. Green is said too, so that the operator sees what is looked at. A lamp that says what happened goes out an hour
after it last did; one that says how things stand follows them. Sentences: `console.operator.lamp.<name>.<colour>`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from console.operator.figures import HOUR, Figures
from console.operator.times import late, quantile
from domain.delivery import Purpose
from storage.vitals import Process
from storage.vitals_queues import Queue

GIGABYTE = 10**9


class Colour(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Lamp:
    """`values` are what the sentence says; they hold nothing personal."""

    name: str
    colour: Colour
    values: dict[str, Any] = field(default_factory=dict)


Look = Callable[[Figures], Lamp]


def _lamp(name: str, /, *, red: bool = False, yellow: bool = False, **values: Any) -> Lamp:
    return Lamp(name, Colour.RED if red else Colour.YELLOW if yellow else Colour.GREEN, values)


# What the platform brings us


def answers(figures: Figures) -> Lamp:
    """How quickly pushes were answered; the platform cuts off at five seconds."""
    count, slow = figures.total("answers"), late(figures.hour)
    values = {"p95": quantile(figures.hour, 0.95), "slowest": figures.peak("answers")}
    many = slow >= 3 and slow * 100 > count
    return _lamp("answers", red=many, yellow=slow > 0, count=count, late=slow, **values)


def unheard(figures: Figures) -> Lamp:
    """Repeats of what had been answered: the answers do not reach the platform."""
    count, pushes = figures.total("repeats.unheard"), figures.total("pushes")
    return _lamp("unheard", red=count >= 3 and count * 20 > pushes, yellow=count > 0, count=count)


def twins(figures: Figures) -> Lamp:
    """Repeats at the same moment."""
    count = figures.total("repeats.twin")
    return _lamp("twins", yellow=count > 0, count=count)


def way(figures: Figures) -> Lamp:
    """How long pushes are on their way, by the platform's clock and ours."""
    slow, ahead, pushes = (figures.total(f"pushes{part}") for part in (".slow", ".ahead", ""))
    odd, longest = slow + ahead, figures.peak("pushes.slow", "pushes.ahead")
    return _lamp("way", red=odd >= 5 and odd * 2 > pushes, yellow=odd > 0, count=odd, longest=longest)


def refused(figures: Figures) -> Lamp:
    """Pushes that were not taken: not signed with our token, or not readable."""
    errors = figures.total("refused.500")
    count = figures.total("refused.") - errors
    return _lamp("refused", red=errors > 0, yellow=count > 0, count=count, errors=errors)


# What we ask of the platform


def token(figures: Figures) -> Lamp:
    """The access token: how long it still is valid, and whether the platform has turned it down."""
    turned_down = figures.total("faults.token.")
    ends = min(figures.queues.tokens.values(), default=None)
    seconds = (ends - figures.now).total_seconds() if ends is not None else 0.0
    calls = figures.total("calls.")
    values = {"minutes": max(0, round(seconds / 60)), "count": turned_down}
    return _lamp("token", red=calls > 0 and seconds <= 0, yellow=turned_down > 0, **values)


def busy(figures: Figures) -> Lamp:
    return _faulty(figures, "busy")


def gateway(figures: Figures) -> Lamp:
    """HTTP statuses that are none of the platform's answers."""
    return _faulty(figures, "http", "gateway")


def media(figures: Figures) -> Lamp:
    return _faulty(figures, "media")


def rejected(figures: Figures) -> Lamp:
    """Calls that are refused until somebody changes a setting, or our code."""
    count = figures.total("faults.config.", "faults.bug.")
    code = round(figures.peak("faults.config.", "faults.bug."))
    return _lamp("rejected", red=count > 0, count=count, code=code)


def carried(figures: Figures) -> Lamp:
    """Calls without an answer that were carried out, as the platform's own count shows."""
    count = figures.total("silence.carried.", "silence.partly.")
    return _lamp("carried", yellow=count > 0, count=count)


def unreached(figures: Figures) -> Lamp:
    """Calls without an answer that were not carried out, or of which it is not known."""
    count = figures.total("faults.silent.") - figures.total("silence.carried.")
    return _lamp("unreached", red=count >= 10, yellow=count > 0, count=max(0, count))


def quota(figures: Figures) -> Lamp:
    """The interface of which most of the day's calls are used."""
    shares = [(used / allowed, name) for name, used, allowed in quotas(figures) if allowed]
    share, name = max(shares, default=(0.0, ""))
    refused_calls = figures.total("faults.quota.")
    values = {"share": round(share * 100), "api": name}
    return _lamp("quota", red=share >= 0.95 or refused_calls > 0, yellow=share >= 0.8, **values)


def quotas(figures: Figures) -> list[tuple[str, int, int]]:
    """Interface, calls made today and calls allowed: the platform's figures where it has told them, else ours."""
    told = {name: round(figure.peak) for name, figure in figures.named("quota.allowed.").items()}
    used = {name: round(figure.peak) for name, figure in figures.named("quota.used.").items()}
    own = figures.queues.usage
    names = sorted({*told, *own})
    return [
        (
            name,
            max(used.get(name, 0), own[name].used if name in own else 0),
            told.get(name, own[name].allowed if name in own else 0),
        )
        for name in names
    ]


def _faulty(figures: Figures, fault: str, name: str = "") -> Lamp:
    """Calls that met a fault, against all calls of the hour."""
    count, calls = figures.total(f"faults.{fault}."), figures.total("calls.")
    code = round(min((one.peak for one in figures.named(f"faults.{fault}.").values()), default=0))
    return _lamp(name or fault, red=count >= 10 and count * 4 > calls, yellow=count > 0, count=count, code=code)


# What waits and runs here


def inbox(figures: Figures) -> Lamp:
    """Messages that are accepted and not settled."""
    queue = figures.queues.inbox
    age = _age(queue, figures.now)
    return _lamp("inbox", red=age > 120, yellow=age > 30, count=queue.count, age=age)


def outbox(figures: Figures) -> Lamp:
    """Answers that wait to be sent; notices may wait for their hour."""
    queue = figures.queues.outbox.get(Purpose.ANSWER, Queue())
    age = _age(queue, figures.now)
    return _lamp("outbox", red=age > 600, yellow=age > 60, count=queue.count, age=age)


def notices(figures: Figures) -> Lamp:
    """Reminders and notices of units that are due and wait."""
    queues = [queue for purpose, queue in figures.queues.outbox.items() if purpose is not Purpose.ANSWER]
    age = max((_age(queue, figures.now) for queue in queues), default=0.0)
    return _lamp("notices", red=age > 86_400, yellow=age > 7200, count=sum(one.count for one in queues), age=age)


def sends(figures: Figures) -> Lamp:
    """Deliveries that nobody knows the end of, or that were given up."""
    doubtful, dropped = figures.total("deliveries.unknown."), figures.total("deliveries.given_up.")
    return _lamp("sends", yellow=doubtful + dropped > 0, unknown=doubtful, given_up=dropped)


def tasks(figures: Figures) -> Lamp:
    """Pictures to be read, papers to be drawn."""
    queues, failed = figures.queues.tasks, figures.queues.failed_tasks
    age = max((_age(queue, figures.now) for queue in queues.values()), default=0.0)
    count = sum(queue.count for queue in queues.values())
    return _lamp("tasks", red=age > 1800, yellow=age > 300 or failed > 0, count=count, age=age, failed=failed)


def failures(figures: Figures) -> Lamp:
    """Messages whose turn failed in the last day and that nobody has run again."""
    count = figures.queues.failed
    return _lamp("failures", red=count >= 10, yellow=count > 0, count=count)


def clock(figures: Figures) -> Lamp:
    """Minutes of the last hour that nobody kept, since the eldest of the processes that keep the clock has started."""
    keepers = [one for one in figures.alive if one.role != "gateway"]
    began = max(min((one.started_at for one in keepers), default=figures.now), figures.since)
    expected = _minutes(figures.now - began) - 1
    latest = figures.peak("sweeps")  # seconds since 1970; 0 when there was none
    since = min(_minutes(figures.now - began), round((figures.now.timestamp() - latest) / 60))
    missed = max(0, expected - figures.total("sweeps"))
    stopped = not keepers and bool(figures.processes)
    return _lamp("clock", red=since > 10 or stopped, yellow=missed > 2, missed=missed, since=max(0, since))


def _minutes(time: timedelta) -> int:
    return max(0, int(time / timedelta(minutes=1)))


def processes(figures: Figures) -> Lamp:
    """Processes that died: not stopped, and silent."""
    gone = figures.silent
    missing = [one for one in gone if not _followed(one, figures.alive)]
    recent = [one for one in gone if figures.now - one.seen_at <= HOUR]
    told = missing or recent
    values = {"alive": len(figures.alive), "gone": len(told), "name": told[0].runner if told else ""}
    return _lamp("processes", red=bool(missing), yellow=bool(recent) or not figures.alive, **values)


def _followed(gone: Process, alive: Sequence[Process]) -> bool:
    """Whether another process of its role has started since."""
    return any(one.role == gone.role and one.started_at >= gone.seen_at - timedelta(minutes=2) for one in alive)


def versions(figures: Figures) -> Lamp:
    """Whether all processes run the same product and decide by the same book."""
    kinds = {(one.details.get("app"), one.details.get("book"), one.details.get("schema")) for one in figures.alive}
    return _lamp("versions", yellow=len(kinds) > 1, count=len(kinds))


def pictures(figures: Figures) -> Lamp:
    """The store of the proofs' pictures."""
    states = [one.details.get("photos") or {} for one in figures.alive]
    broken = [str(state["error"]) for state in states if "error" in state]
    frees = [state["free"] for state in states if state.get("free") is not None]
    free = min(frees, default=None)
    low = free is not None and free < 5 * GIGABYTE
    full = free is not None and free < GIGABYTE
    return _lamp("pictures", red=bool(broken) or full, yellow=low, free=free, error=(broken or [""])[0])


def reader(figures: Figures) -> Lamp:
    """The processes that read pictures."""
    deaths = sum(int(one.details.get("worker_deaths") or 0) for one in figures.alive)
    workers = [worker for one in figures.alive for worker in one.details.get("workers") or ()]
    largest = max((int(worker.get("megabytes") or 0) for worker in workers), default=0)
    return _lamp("reader", red=deaths >= 10, yellow=deaths > 0, count=len(workers), deaths=deaths, megabytes=largest)


# What the law asks


def ledger(figures: Figures) -> Lamp:
    """The latest look at every chain of entries."""
    ended = [check for check in figures.checks if check.state != "running"]
    running = [check for check in figures.checks if check.state == "running"]
    latest = ended[0] if ended else None
    old = latest is None or figures.now - latest.seen_at > timedelta(hours=36)
    values = {
        "findings": latest.findings if latest else 0,
        "entries": latest.entries if latest else 0,
        "at": latest.seen_at if latest else None,
        "running": bool(running),
    }
    broken = latest is not None and latest.state == "broken"
    unfinished = latest is not None and latest.state in ("failed", "lost")
    return _lamp("ledger", red=broken, yellow=unfinished or (old and not running), **values)


def rules(figures: Figures) -> Lamp:
    """Values of the rule book that somebody was to look at by now, or soon."""
    values = {"overdue": len(figures.overdue), "due": len(figures.due)}
    return _lamp("rules", red=bool(figures.overdue), yellow=bool(figures.due), **values)


GROUPS: tuple[tuple[str, tuple[Look, ...]], ...] = (
    ("incoming", (answers, unheard, twins, way, refused)),
    ("outgoing", (token, quota, busy, gateway, unreached, carried, media, rejected)),
    ("queues", (inbox, outbox, notices, sends, tasks, failures)),
    ("machine", (clock, processes, versions, reader, pictures)),
    ("record", (ledger, rules)),
)


def lamps(figures: Figures) -> list[tuple[str, list[Lamp]]]:
    """All lamps, by group, in the order in which they hang."""
    return [(group, [look(figures) for look in looks]) for group, looks in GROUPS]


def _age(queue: Queue, now: datetime) -> float:
    """Seconds that the eldest has waited; 0 when a clock was moved back."""
    return max(0.0, (now - queue.since).total_seconds()) if queue.since is not None else 0.0
