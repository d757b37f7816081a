"""Whether what somebody wrote or photographed may be shown to others: the platform's content checks behind one place.

A check that cannot be made (too busy, the day's calls used up, somebody who was not in the mini program lately) lets
the content pass: only the person's own HR ever sees it, and a record must not wait for a platform. `review` passes too,
because somebody of HR does look. What was refused is told to nobody but the one who wrote it.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import structlog

from bot.channels.errors import ChannelError
from bot.channels.mini_client import CHECK_LIMIT, MediaType, MiniClient, Scene, Suggestion

log = structlog.get_logger()

OVERLAP = 20  # characters that two pieces of a long text share, so that no word is cut out of both


class Heard(NamedTuple):
    """What the platform found of a file that it was asked to look at."""

    trace_id: str
    allowed: bool


class Checks:
    """Asks `client`; without one (no mini program is configured) everything passes."""

    def __init__(self, client: MiniClient | None) -> None:
        self._client = client

    async def text_allowed(self, openid: str, text: str, scene: Scene = Scene.COMMENT) -> bool:
        """Whether a text by somebody may stand. Blank text asks nobody."""
        if self._client is None or not text.strip():
            return True
        try:
            found = [await self._client.check_text(openid, piece, scene) for piece in pieces(text)]
        except ChannelError as error:
            log.warning("text_not_checked", error=type(error).__name__, errcode=error.errcode)
            return True
        return Suggestion.RISKY not in found

    async def look(self, openid: str, address: str, kind: MediaType = MediaType.PICTURE) -> str:
        """Has a file looked at that lies at `address`, reachable for the platform; its trace id, "" when nobody looks.

        The finding comes as an event, within half an hour.
        """
        if self._client is None:
            return ""
        try:
            return await self._client.check_media(openid, address, kind, Scene.COMMENT)
        except ChannelError as error:
            log.warning("file_not_checked", error=type(error).__name__, errcode=error.errcode)
            return ""


def pieces(text: str) -> list[str]:
    """A text in pieces that one check takes."""
    step = CHECK_LIMIT - OVERLAP
    return [text[start : start + CHECK_LIMIT] for start in range(0, max(1, len(text) - OVERLAP), step)]


def finding(details: Mapping[str, Any]) -> Heard | None:
    """What the event wxa_media_check says, in its version 2 or 1; None when it names nothing that was asked."""
    trace_id = details.get("trace_id")
    if not isinstance(trace_id, str) or not 0 < len(trace_id) <= 128:
        return None
    result = details.get("result")
    if isinstance(result, dict):
        return Heard(trace_id, result.get("suggest") != Suggestion.RISKY)
    return Heard(trace_id, details.get("isrisky") != "1")
