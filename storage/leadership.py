"""Which of several processes keeps the clock: the one whose connection holds an advisory lock of PostgreSQL.

The lock goes with the connection, so a process that dies or loses its database is followed by another within a minute.
On SQLite there is one process only, and it leads.
"""

import contextlib
from typing import Any

import asyncpg

from storage.postgresql import connect

_LOCK = "SELECT pg_try_advisory_lock(hashtext('xueshi clock'))"
_STILL_HELD = (
    "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
    " AND objid = (hashtext('xueshi clock')::bigint & 4294967295)::oid"
)


class Leadership:
    """`url` names the PostgreSQL database; None: nobody else can be there."""

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._connection: Any = None

    async def lead(self) -> bool:
        """Whether this process keeps the clock now; to be asked before every job."""
        if self._url is None:
            return True
        try:
            if self._connection is None or self._connection.is_closed():
                self._connection = await connect(self._url)
            elif await self._connection.fetchval(_STILL_HELD):
                return True
            return bool(await self._connection.fetchval(_LOCK))
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await self.resign()
            return False

    async def resign(self) -> None:
        """Lets another process lead."""
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed():
            with contextlib.suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await connection.close()
