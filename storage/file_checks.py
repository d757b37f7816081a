"""Which picture a check of the platform is about, from the asking until the finding."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from storage.statements import Statement, Step, Visit
from storage.tables import columns, table
from storage.tables_checks import FileCheckRow

KEPT_FOR = timedelta(days=1)  # findings come within half an hour

_TABLE = table(FileCheckRow)
_ASK = Statement(insert(_TABLE).values(columns(FileCheckRow)).on_conflict_do_nothing())
_FOUND = Statement(
    delete(_TABLE).where(_TABLE.c.trace_id == bindparam("of")).returning(_TABLE.c.person_id, _TABLE.c.photo)
)
_OLD = Statement(delete(_TABLE).where(_TABLE.c.asked_at < bindparam("before")))


class FileCheckStore:
    """Reads and writes through `run`, a driver's way to run a visit."""

    def __init__(self, run: Any) -> None:
        self._run = run

    async def asked(self, trace_id: str, person_id: str, photo: str, now: datetime) -> None:
        """Keeps what a check is about, and drops what was never answered."""
        await self._run(_asked(trace_id, person_id, photo, now), durable=True)

    async def found(self, trace_id: str) -> tuple[str, str] | None:
        """Person and picture that a finding is about; None when it was told before, or names nothing of ours."""
        told: tuple[str, str] | None = await self._run(_told(trace_id), durable=True)
        return told


def _asked(trace_id: str, person_id: str, photo: str, now: datetime) -> Visit[None]:
    values = {"trace_id": trace_id, "person_id": person_id, "photo": photo, "asked_at": now}
    yield (Step(_OLD, {"before": now - KEPT_FOR}), Step(_ASK, values))


def _told(trace_id: str) -> Visit[tuple[str, str] | None]:
    (rows,) = yield (Step(_FOUND, {"of": trace_id}),)
    return (rows[0][0], rows[0][1]) if rows else None
