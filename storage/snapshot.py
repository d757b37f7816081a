"""A read-only snapshot of the whole database, beside a running service: rows are streamed, so memory stays small."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from typing import Any

from sqlalchemy import column, make_url, select
from sqlalchemy import table as named_table

from storage import postgresql
from storage.refusals import SchemaOutdated
from storage.sqlite import database_path
from storage.statements import Row, Statement
from storage.tables import SCHEMA

_BATCH = 500  # rows fetched at once
_VERSION = Statement(select(named_table("alembic_version", column("version_num")).c.version_num))

Stream = Callable[[Statement], AsyncIterator[tuple[Row, bool]]]  # with each row: could its values be read?


def snapshot(url: str) -> AbstractAsyncContextManager[Stream]:
    """What stands in the database at this moment, whatever is written meanwhile, for statements without parameters.

    SchemaOutdated, or FileNotFoundError, when there is no database of this version there.
    """
    return _sqlite(url) if make_url(url).get_backend_name() == "sqlite" else _postgresql(url)


@asynccontextmanager
async def _sqlite(url: str) -> AsyncIterator[Stream]:
    path = database_path(url)
    if not path.exists():
        raise FileNotFoundError(f"there is no database {path.name}: run `xueshi migrate` first")
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)

    async def rows(statement: Statement) -> AsyncIterator[tuple[Row, bool]]:
        compiled = statement.sqlite
        for raw in connection.execute(compiled.sql):
            try:
                row = compiled.decoded(raw)
            except (TypeError, ValueError, OverflowError):
                yield raw, False
            else:
                yield row, True

    with closing(connection):
        try:
            connection.execute("BEGIN")
            found = connection.execute(_VERSION.sqlite.sql).fetchall()
        except sqlite3.DatabaseError:
            found = []
        _require_schema(found)
        yield rows


@asynccontextmanager
async def _postgresql(url: str) -> AsyncIterator[Stream]:
    connection = await postgresql.connect(url)

    async def rows(statement: Statement) -> AsyncIterator[tuple[Row, bool]]:
        async for row in connection.cursor(statement.postgresql.sql, prefetch=_BATCH):
            yield row, True

    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            there = await connection.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL")
            _require_schema(await connection.fetch(_VERSION.postgresql.sql) if there else [])
            yield rows
    finally:
        await connection.close()


def _require_schema(found: list[Any]) -> None:
    if [row[0] for row in found] != [SCHEMA]:
        raise SchemaOutdated(f"the database is not at schema {SCHEMA}: run `xueshi migrate`")
