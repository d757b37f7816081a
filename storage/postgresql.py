"""Visits on PostgreSQL: each bundle is one statement, prepared once per connection, on a small pool of our own.

No transaction is opened: a single statement is one by itself, at READ COMMITTED, and its guards raise inside it. The
pools do without the reset query between uses, because nothing is ever left behind on a connection.

A visit that need not last runs on a connection with `synchronous_commit` off. It is seen by all at once, and on disk at
the latest with the next lasting commit of anybody (the log is written in order): the same promise as on SQLite.
"""

import asyncio
from collections import deque
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import make_url

from storage.refusals import DatabaseRefused, GuardFailed, TableMissing
from storage.statements import Bundle, Rows, Visit, fold

T = TypeVar("T")

LASTING = 12  # connections whose commits wait for the disk: many wait together
PASSING = 4  # connections whose commits do not
COMMAND_SECONDS = 30
GUARD_STATE = "XS001"  # what xueshi_guard_failed raises; its message is the step
_NO_TABLE = "42P01"
_OVERTAKEN = frozenset({"23505", "40001", "40P01"})  # unique key taken, serialization failure, deadlock


def dsn(url: str) -> str:
    """asyncpg's form of an SQLAlchemy URL."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


async def connect(url: str, *, lasting: bool = True) -> Any:
    return await asyncpg.connect(
        dsn(url),
        command_timeout=COMMAND_SECONDS,
        statement_cache_size=512,
        max_cached_statement_lifetime=0,
        server_settings={
            "application_name": "xueshi",
            "jit": "off",
            "synchronous_commit": "on" if lasting else "off",
            "TimeZone": "UTC",
        },
    )


class PostgresDriver:
    """Runs visits. With `durable`, what a visit did is on disk when it returns."""

    def __init__(self, url: str) -> None:
        self._lasting = Pool(url, LASTING, lasting=True)
        self._passing = Pool(url, PASSING, lasting=False)

    async def run(self, visit: Visit[T], *, durable: bool = False) -> T:
        """The visit's result. Raises what the visit raises, or DatabaseRefused."""
        pool = self._lasting if durable else self._passing
        connection = await pool.take()
        try:
            bundle = next(visit)
            while True:
                try:
                    rows = await _bundle(connection, bundle)
                except GuardFailed as failed:
                    bundle = visit.throw(failed)
                else:
                    bundle = visit.send(rows)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        except (asyncio.CancelledError, TimeoutError, OSError):
            connection.terminate()  # a statement may still be running there
            raise
        finally:
            pool.give(connection)

    async def close(self) -> None:
        """Ends the connections that are free; one in use ends when it is given back."""
        await self._lasting.close()
        await self._passing.close()


class Pool:
    """Up to `most` connections, opened as they are needed, taken by one visit at a time."""

    def __init__(self, url: str, most: int, *, lasting: bool) -> None:
        self._url = url
        self._most = most
        self._lasting = lasting
        self._idle: list[Any] = []
        self._open = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._closed = False

    async def close(self) -> None:
        self._closed = True
        while self._idle:
            await self._idle.pop().close()

    async def take(self) -> Any:
        while True:
            if self._closed:
                raise RuntimeError("the store is closed")
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
                self._open -= 1
            if self._open < self._most:
                return await self._connect()
            await self._turn()

    def give(self, connection: Any) -> None:
        if self._closed:
            connection.terminate()
        if connection.is_closed():
            self._open -= 1
        else:
            self._idle.append(connection)
        self._wake()

    async def _connect(self) -> Any:
        self._open += 1
        try:
            return await connect(self._url, lasting=self._lasting)
        except BaseException:
            self._open -= 1
            self._wake()
            raise

    async def _turn(self) -> None:
        """Waits until a connection is given back."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self._wake()  # the turn was ours and goes to the next
            raise

    def _wake(self) -> None:
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(None)
                return


async def _bundle(connection: Any, bundle: Bundle) -> list[Rows]:
    try:
        return await (_alone(connection, bundle) if len(bundle) == 1 else _together(connection, bundle))
    except asyncpg.PostgresError as error:
        raise _translated(error) from None
    except asyncpg.DataError as error:
        raise DatabaseRefused(f"PostgreSQL cannot take a value ({type(error).__name__})") from None


async def _alone(connection: Any, bundle: Bundle) -> list[Rows]:
    (step,) = bundle
    compiled = step.statement.postgresql
    rows = await connection.fetch(compiled.sql, *compiled.arguments(step.values))
    if step.must and not rows:
        raise GuardFailed(0)
    return [rows]


async def _together(connection: Any, bundle: Bundle) -> list[Rows]:
    folded = fold(tuple((step.statement, step.must) for step in bundle))
    arguments: list[Any] = []
    for step in bundle:
        arguments += step.statement.postgresql.arguments(step.values)
    return folded.split(await connection.fetch(folded.sql, *arguments))


def _translated(error: Any) -> Exception:
    if error.sqlstate == GUARD_STATE:
        return GuardFailed(int(error.message))
    if error.sqlstate in _OVERTAKEN:
        return GuardFailed()
    if error.sqlstate == _NO_TABLE:
        return TableMissing()
    return DatabaseRefused(f"PostgreSQL refused a statement: {error.sqlstate} ({type(error).__name__})")
