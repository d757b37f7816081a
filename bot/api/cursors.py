"""Pages by key: a cursor names the last item that was shown, so that what is added meanwhile moves nothing."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.api.problems import Problem

T = TypeVar("T")


def page(
    items: Sequence[T], key: Callable[[T], str], cursor: str, limit: int, *, latest_first: bool
) -> tuple[list[T], str | None]:
    """The items after `cursor`, at most `limit`, and where the next page begins; `items` are in the order of `key`,
    falling with `latest_first`."""
    last = _read(cursor) if cursor else None
    rest = [one for one in items if last is None or (key(one) < last if latest_first else key(one) > last)]
    shown = rest[:limit]
    return shown, _written(key(shown[-1])) if len(rest) > limit else None


def _written(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _read(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise Problem(422, "bad_cursor") from None
