"""Brings a database to the current schema (`Store.open` refuses an older one).

The database is always the argument, an SQLAlchemy URL (`sqlite+aiosqlite:///path` or `postgresql+asyncpg://…`).
"""

import asyncio
import threading
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, create_engine, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.sqlite import FileLock, database_path

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Takes the steps that are missing, in one transaction; nothing when there are none. May be called from anywhere.

    DatabaseInUse when another process has the SQLite file.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        lock = FileLock(database_path(url))
        try:
            _migrate_sqlite(database_path(url))
        finally:
            lock.release()
    else:
        _in_thread(lambda: asyncio.run(_migrate_postgresql(parsed)))


def head() -> str:
    """The schema that this version's migrations lead to."""
    found = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    if found is None:
        raise RuntimeError("there are no migrations")
    return found


def _migrate_sqlite(path: Path) -> None:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("PRAGMA synchronous=FULL")
        connection.commit()
        # pysqlite opens a transaction at the first INSERT only: begun by hand, the tables come with it or not at all.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        _upgrade(connection)
        connection.commit()


async def _migrate_postgresql(url: URL) -> None:
    engine = create_async_engine(url.set(drivername="postgresql+asyncpg"), poolclass=NullPool)
    async with engine.begin() as connection:
        # Two processes that start together: the second waits, and finds nothing left to do.
        await connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('xueshi schema'))")
        await connection.run_sync(_upgrade)
    await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _in_thread(work: Any) -> None:
    """Runs it where no event loop is running, and raises what it raises."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, name="migrate")
    thread.start()
    thread.join()
    if raised:
        raise raised[0]
