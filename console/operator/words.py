"""Lamps as sentences: numbers with the unit that people read at a glance."""

from datetime import datetime, tzinfo
from typing import Any

from console.operator.lamps import Lamp
from wording import say

_GIGABYTE = 10**9
_SPANS = ((86_400, "days"), (3600, "hours"), (60, "minutes"))
_SECONDS = {"age", "p95", "slowest", "longest"}


def span(seconds: float) -> str:
    """A length of time, with two figures at most."""
    for length, name in _SPANS:
        if seconds >= length * 1.5:
            return say(f"console.operator.span.{name}", value=round(seconds / length))
    return say("console.operator.span.seconds", value=f"{seconds:.2g}" if seconds < 10 else f"{seconds:.0f}")


def gigabytes(size: int | None) -> str:
    return "–" if size is None else say("console.operator.span.gigabytes", value=f"{size / _GIGABYTE:.3g}")


def sentence(lamp: Lamp, zone: tzinfo | None) -> str:
    """What a lamp says: what is the matter and what to do."""
    values = {name: _shown(name, value, zone) for name, value in lamp.values.items()}
    return say(f"console.operator.lamp.{lamp.name}.{lamp.colour.value}", **values)


def _shown(name: str, value: Any, zone: tzinfo | None) -> Any:
    if name in _SECONDS:
        return span(value)
    if name == "free":
        return gigabytes(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%m-%d %H:%M}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) and name != "code" else value
