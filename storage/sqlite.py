"""Visits on SQLite: one connection, statements at once, commits together.

A visit's statements take microseconds and run where they are asked for, on the event loop; only COMMIT waits for the
disk, in a thread of its own. All visits since the last commit go under the next one (group commit), and those that must
last are resolved when it is on disk. While a commit runs the connection is busy: visits queue and run after it.
"""

import asyncio
import contextlib
import fcntl
import os
import sqlite3
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import make_url

from storage.refusals import DatabaseInUse, GuardFailed, TableMissing
from storage.statements import Bundle, Row, Rows, Step, Visit

T = TypeVar("T")
Waiting = tuple[asyncio.Future[Any], Any]
Queued = tuple[Visit[Any], bool, asyncio.Future[Any]]

IDLE_COMMIT_SECONDS = 0.02  # how long visits that need not last may stay uncommitted
SLICE = 128  # queued visits run before the loop turns to other work

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # so that REPLACE fires the ledger's delete trigger
    "busy_timeout=5000",
    "cache_size=-32768",  # KiB
    "mmap_size=134217728",  # bytes: so much of the file is read in place instead of copied
)
# A unique key is taken; for the ledger its trigger says so first (see the first migration).
_UNIQUE = (
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    sqlite3.SQLITE_CONSTRAINT_TRIGGER,
)


def database_path(url: str) -> Path:
    """The file that a `sqlite…:///path` URL names. ValueError when it names none."""
    database = make_url(url).database
    if not database or database == ":memory:":
        raise ValueError("the SQLite URL must name a file: sqlite+aiosqlite:///var/xueshi.db")
    return Path(database)


class FileLock:
    """The right to write a SQLite file, held beside it. DatabaseInUse when another process has it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path.with_name(path.name + ".lock"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise DatabaseInUse(
                f"{path.name} is in use by another process: stop that one first, or use PostgreSQL for several"
            ) from None

    def release(self) -> None:
        os.close(self._file)


def connect(path: Path) -> sqlite3.Connection:
    """A connection for reading and writing, as durable as SQLite can be."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


class SqliteDriver:
    """Runs visits. Use it from one event loop; `close` commits what is left."""

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(path)
        try:
            self._connection = connect(path)
        except BaseException:
            self._lock.release()
            raise
        self._committer = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._loop = asyncio.get_running_loop()
        self._in_batch = False
        self._committing = False
        self._due = False  # a commit is scheduled for the end of this turn of the loop
        self._lasting: list[Waiting] = []  # done, to be resolved by the next commit
        self._queue: deque[Queued] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    async def run(self, visit: Visit[T], *, durable: bool = False) -> T:
        """The visit's result; with `durable`, when it is on disk. What the visit raises is raised here."""
        if self._closed:
            raise RuntimeError("the store is closed")
        if self._committing or self._queue:
            future = self._loop.create_future()
            self._queue.append((visit, durable, future))
            return await future  # type: ignore[no-any-return]
        result = self._execute(visit)
        if not durable:
            return result
        return await self._until_committed(result)

    async def close(self) -> None:
        """Finishes what is queued, commits and lets go of the file."""
        if self._closed:
            return
        while self._queue or self._committing or self._in_batch:
            await self._until_committed(None)
        self._closed = True
        self._committer.shutdown()
        self._connection.close()
        self._lock.release()

    def _until_committed(self, result: T) -> "asyncio.Future[T]":
        future: asyncio.Future[T] = self._loop.create_future()
        self._lasting.append((future, result))
        self._commit_soon()
        return future

    def _execute(self, visit: Visit[T]) -> T:
        """Runs a visit's bundles. A guard that fails is thrown into it, and it may go on another way."""
        self._begin()
        try:
            bundle = next(visit)
            while True:
                try:
                    rows = self._bundle(bundle)
                except GuardFailed as failed:
                    bundle = visit.throw(failed)
                else:
                    bundle = visit.send(rows)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        except sqlite3.Error as error:
            self._batch_lost(error)
            raise

    def _begin(self) -> None:
        if not self._in_batch:
            self._connection.execute("BEGIN IMMEDIATE")
            self._in_batch = True
            self._timer = self._loop.call_later(IDLE_COMMIT_SECONDS, self._commit)

    def _bundle(self, bundle: Bundle) -> list[Rows]:
        if sum(step.statement.writes for step in bundle) < 2:  # a single write is all or nothing by itself
            return self._steps(bundle)
        execute = self._connection.execute
        execute("SAVEPOINT bundle")
        try:
            rows = self._steps(bundle)
        except BaseException:
            if self._connection.in_transaction:
                execute("ROLLBACK TO bundle")
                execute("RELEASE bundle")
            raise
        execute("RELEASE bundle")
        return rows

    def _steps(self, bundle: Bundle) -> list[Rows]:
        results = []
        for place, step in enumerate(bundle):
            rows = self._step(step)
            if step.must and not rows:
                raise GuardFailed(place)
            results.append(rows)
        return results

    def _step(self, step: Step) -> Rows:
        compiled = step.statement.sqlite
        try:
            cursor = self._connection.execute(compiled.sql, compiled.arguments(step.values))
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode in _UNIQUE:
                raise GuardFailed from None
            raise
        except sqlite3.OperationalError as error:
            if str(error).startswith("no such table"):
                raise TableMissing from None
            raise
        if step.statement.counted:
            return [_CHANGED] * cursor.rowcount
        rows: Rows = cursor.fetchall()
        return [compiled.decoded(row) for row in rows] if compiled.decoders else rows

    def _commit_soon(self) -> None:
        if not self._due and not self._committing:
            self._due = True
            self._loop.call_soon(self._commit)

    def _commit(self) -> None:
        self._due = False
        if self._committing:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._lasting = self._lasting, []
        if not self._in_batch:
            _resolve(waiting)
            return
        self._committing = True
        self._committer.submit(self._commit_on_disk, waiting)

    def _commit_on_disk(self, waiting: list[Waiting]) -> None:
        error: BaseException | None = None
        try:
            self._connection.execute("COMMIT")
        except BaseException as raised:  # a full disk, say: whoever waits is told
            error = raised
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
        self._loop.call_soon_threadsafe(self._committed, waiting, error)

    def _committed(self, waiting: list[Waiting], error: BaseException | None) -> None:
        self._committing = self._in_batch = False
        _resolve(waiting) if error is None else _refuse(waiting, error)
        self._drain()

    def _drain(self) -> None:
        for _ in range(SLICE):
            if self._committing or not self._queue:
                break
            visit, durable, future = self._queue.popleft()
            if future.cancelled():
                continue
            self._settle(visit, durable, future)
        else:
            self._loop.call_soon(self._drain)
        if self._lasting:
            self._commit_soon()

    def _settle(self, visit: Visit[Any], durable: bool, future: asyncio.Future[Any]) -> None:
        try:
            result = self._execute(visit)
        except Exception as error:
            future.set_exception(error)
        else:
            if durable:
                self._lasting.append((future, result))
            else:
                future.set_result(result)

    def _batch_lost(self, error: sqlite3.Error) -> None:
        """Some errors (a full disk, out of memory) roll the whole batch back: those who wait for it must know."""
        if self._in_batch and not self._connection.in_transaction:
            self._in_batch = False
            lost, self._lasting = self._lasting, []
            _refuse(lost, error)


_CHANGED: Row = (1,)


def _resolve(waiting: list[Waiting]) -> None:
    for future, result in waiting:
        if not future.done():
            future.set_result(result)


def _refuse(waiting: list[Waiting], error: BaseException) -> None:
    for future, _ in waiting:
        if not future.done():
            future.set_exception(error)
