"""The command `export-sentences`: what was not understood, ready to be labelled (docs/understanding.md)."""

import json
import sys
from datetime import date, datetime, time
from typing import Any

from bot.settings import Settings
from storage.sealing import Vault
from storage.sentences import everything


async def export(settings: Settings, since: date | None) -> None:
    """One JSON line for each kept sentence, oldest first: intent null and slots empty, for a person to fill in."""
    first = None if since is None else datetime.combine(since, time(), settings.zone)
    async for kept in everything(settings.database_url, Vault(settings.sealing_keys), first):
        line: dict[str, Any] = {
            "id": kept.id,
            "text": kept.sentence.text,
            "now": kept.said_at.astimezone(settings.zone).isoformat(timespec="seconds"),
            "expecting": kept.sentence.expecting,
            "intent": None,
            "slots": {},
        }
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()
