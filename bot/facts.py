"""Loads what a route asks for beyond the turn itself: one loader for each Fact, run together."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from handlers.facts import Fact, Facts
from handlers.turn import Turn
from storage.store import Store

Loader = Callable[[Store, Turn, datetime], Awaitable[Any]]

LOADERS: dict[Fact, Loader] = {}


async def load(store: Store, turn: Turn, needed: frozenset[Fact]) -> Facts:
    """The facts that are needed; the others keep their empty values."""
    wanted = sorted(needed)
    found = await asyncio.gather(*(LOADERS[fact](store, turn, turn.now) for fact in wanted))
    return Facts(**{fact.value: value for fact, value in zip(wanted, found, strict=True)})
