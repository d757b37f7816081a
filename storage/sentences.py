"""Sentences that were not understood: kept in the commit of their turn, taken back, exported, and dropped in time.

The ids tell nothing about who spoke: they are digests under the service's key.
"""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.sentence import Sentence
from storage.sealing import Vault
from storage.snapshot import snapshot
from storage.statements import Statement, Step, Visit
from storage.tables import columns, table
from storage.tables_sentences import SentenceRow

KEPT_FOR = timedelta(days=180)
PURGED = 1000
_ID_LENGTH = 24

_TABLE = table(SentenceRow)
_PUT = Statement(insert(_TABLE).values(columns(SentenceRow)).on_conflict_do_nothing())
_FORGET = Statement(delete(_TABLE).where(_TABLE.c.person_id == bindparam("of")))
_OLD = select(_TABLE.c.id).where(_TABLE.c.said_at < bindparam("before")).limit(PURGED)
_PURGE = Statement(delete(_TABLE).where(_TABLE.c.id.in_(_OLD)))
_ALL = Statement(select(_TABLE.c.id, _TABLE.c.said_at, _TABLE.c.content).order_by(_TABLE.c.said_at, _TABLE.c.id))


@dataclass(frozen=True, slots=True)
class Kept:
    """A sentence as it is exported; `said_at` is aware."""

    id: str
    said_at: datetime
    sentence: Sentence


def put(vault: Vault, person_id: str, message_key: str, said: Sequence[Sentence], now: datetime) -> list[Step]:
    """The steps that keep what a message's turn did not understand."""
    return [_put(vault, person_id, f"{message_key}\n{place}", one, now) for place, one in enumerate(said)]


def _put(vault: Vault, person_id: str, key: str, said: Sentence, now: datetime) -> Step:
    id_ = vault.digest(key, "sentence")[:_ID_LENGTH]
    content = json.dumps({"text": said.text, "expecting": said.expecting}, ensure_ascii=False).encode()
    values = {"id": id_, "person_id": person_id, "said_at": now, "content": vault.seal(content, _place(id_))}
    return Step(_PUT, values)


def forget(person_id: str) -> Step:
    """The step that deletes a person's sentences."""
    return Step(_FORGET, {"of": person_id})


def purge(now: datetime) -> Visit[int]:
    """Deletes up to PURGED sentences older than KEPT_FOR; how many."""
    (rows,) = yield (Step(_PURGE, {"before": now - KEPT_FOR}),)
    return len(rows)


async def everything(url: str, vault: Vault, since: datetime | None = None) -> AsyncIterator[Kept]:
    """All sentences said at or after `since`, in order, from a snapshot beside a running service."""
    async with snapshot(url) as stream:
        async for (id_, said_at, content), _ in stream(_ALL):
            if since is None or said_at >= since:
                words = json.loads(vault.open(content, _place(id_)))
                yield Kept(id_, said_at, Sentence(words["text"], words["expecting"]))


def _place(id_: str) -> str:
    return f"sentences/{id_}"
