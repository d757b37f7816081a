"""The migrations lead to the tables as declared, on both databases, and the ledger refuses to be changed."""

import sqlite3
from pathlib import Path

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

from storage.schema import head, migrate
from storage.sealing import Vault
from storage.sqlite import SqliteDriver
from storage.store import DatabaseInUse, SchemaOutdated, Store
from storage.tables import SCHEMA
from tests.databases import KINDS, empty_postgresql_url, sqlite_url, url_of
from tests.storage.said import KEY, claim, done, message, raw


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, SQLModel.metadata))


async def test_the_migrated_schema_is_the_declared_one(url: str) -> None:
    if url.startswith("sqlite"):
        engine = create_engine(f"sqlite:///{make_url(url).database}")
        with engine.connect() as connection:
            assert differences(connection) == []
        engine.dispose()
    else:
        asynchronous = create_async_engine(url)
        async with asynchronous.connect() as connection:
            assert await connection.run_sync(differences) == []
        await asynchronous.dispose()


def test_the_tables_name_the_last_migration() -> None:
    assert head() == SCHEMA


async def test_migrating_again_changes_nothing(url: str) -> None:
    store = await Store.open(url, Vault([KEY]))
    await done(store, message(1), claim())
    await store.close()
    migrate(url)
    assert await raw(url, "SELECT count(*) FROM ledger") == [(1,)]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_database_without_the_schema_is_refused_with_the_cure(kind: str, tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'new.db'}" if kind == "sqlite" else empty_postgresql_url()
    with pytest.raises(SchemaOutdated, match="xueshi migrate"):
        await Store.open(url, Vault([KEY]))
    migrate(url)
    store = await Store.open(url, Vault([KEY]))
    await store.ping()
    await store.close()


async def test_an_older_schema_is_refused(url: str) -> None:
    await raw(url, "UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(SchemaOutdated, match="0000"):
        await Store.open(url, Vault([KEY]))


CHANGES = [
    "UPDATE ledger SET quantity = 99",
    "UPDATE ledger SET hash = hash WHERE seq = 1",
    "DELETE FROM ledger",
    "DELETE FROM ledger WHERE seq = 1",
    "INSERT INTO ledger SELECT * FROM ledger WHERE true ON CONFLICT (id) DO UPDATE SET quantity = 99",
]
CHANGES_OF = {
    "sqlite": [
        *CHANGES,
        "INSERT OR REPLACE INTO ledger SELECT * FROM ledger",
        "REPLACE INTO ledger SELECT * FROM ledger WHERE seq = 1",
        "UPDATE OR REPLACE ledger SET seq = 1",
    ],
    "postgresql": [*CHANGES, "TRUNCATE ledger", "TRUNCATE people CASCADE"],
}


@pytest.mark.parametrize(("kind", "sql"), [(kind, sql) for kind in KINDS for sql in CHANGES_OF[kind]])
async def test_the_ledger_refuses_to_be_changed(kind: str, sql: str, tmp_path: Path) -> None:
    url = url_of(kind, tmp_path)
    store = await Store.open(url, Vault([KEY]))
    await done(store, message(1), claim("甲"), claim("乙"))
    before = await raw(url, "SELECT * FROM ledger ORDER BY seq")
    assert len(before) == 2
    with pytest.raises((sqlite3.Error, asyncpg.PostgresError), match="only ever added to"):
        await raw(url, sql)
    assert await raw(url, "SELECT * FROM ledger ORDER BY seq") == before
    await store.close()


async def test_a_second_process_on_the_same_file_is_told_so(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    store = await Store.open(url, Vault([KEY]))
    with pytest.raises(DatabaseInUse, match="in use by another process"):
        await Store.open(url, Vault([KEY]))
    with pytest.raises(DatabaseInUse):
        migrate(url)
    await store.close()
    again = await Store.open(url, Vault([KEY]))
    await again.close()


@pytest.mark.parametrize("url_without_file", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:"])
async def test_sqlite_needs_a_file(url_without_file: str) -> None:
    with pytest.raises(ValueError, match="must name a file"):
        await Store.open(url_without_file, Vault([KEY]))


async def test_a_file_that_is_no_database_is_refused_and_let_go(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(b"no database at all, but long enough to be read as one" * 20)
    for _ in range(2):
        with pytest.raises(sqlite3.DatabaseError):
            SqliteDriver(path)
