"""SQLite's driver: one commit for many visits, failures that stay alone, a failed commit told to all who wait."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import bindparam, delete, insert, select

from storage.refusals import GuardFailed
from storage.sqlite import SqliteDriver, database_path
from storage.statements import Statement, Step, Visit
from storage.tables import TokenRow, columns, table
from tests.databases import sqlite_url

TOKENS = table(TokenRow)
ADD = Statement(insert(TOKENS).values(columns(TokenRow, token=None, expires_at=None, refreshing_until=None)))
DROP = Statement(delete(TOKENS).where(TOKENS.c.appid == bindparam("of")))
ALL = Statement(select(TOKENS.c.appid).order_by(TOKENS.c.appid))


def add(*names: str) -> Visit[int]:
    (*rows,) = yield tuple(Step(ADD, {"appid": name, "refresher": ""}) for name in names)
    return len(rows)


def drop_or(name: str, instead: str) -> Visit[str]:
    """Adds `name` and removes a row that must be there; when it is not, adds `instead`."""
    try:
        yield (Step(ADD, {"appid": name, "refresher": ""}), Step(DROP, {"of": "nobody"}, must=True))
    except GuardFailed as failed:
        yield from add(f"{instead}{failed.step}")
    return instead


def broken() -> Visit[None]:
    yield (Step(ADD, {"appid": "half", "refresher": ""}), Step(ADD, {"appid": "other", "refresher": None}))


def names() -> Visit[list[str]]:
    (rows,) = yield (Step(ALL, {}),)
    return [row[0] for row in rows]


@pytest.fixture
async def driver(tmp_path: Path) -> AsyncIterator[SqliteDriver]:
    opened = SqliteDriver(database_path(sqlite_url(tmp_path)))
    yield opened
    await opened.close()


def committed(path: Path) -> list[str]:
    """What another process sees."""
    connection = sqlite3.connect(path)
    try:
        return [row[0] for row in connection.execute("SELECT appid FROM tokens ORDER BY appid")]
    finally:
        connection.close()


async def test_many_visits_go_under_few_commits(driver: SqliteDriver) -> None:
    commits: list[str] = []
    driver._connection.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    await asyncio.gather(*(driver.run(add(f"t{number}"), durable=True) for number in range(300)))
    assert len(await driver.run(names())) == 300
    assert 1 <= len(commits) <= 4


async def test_what_lasts_is_committed_when_it_returns(driver: SqliteDriver, tmp_path: Path) -> None:
    await driver.run(add("a"), durable=True)
    assert committed(tmp_path / "xueshi.db") == ["a"]


async def test_what_need_not_last_is_committed_soon_after(driver: SqliteDriver, tmp_path: Path) -> None:
    await driver.run(add("a"))
    assert committed(tmp_path / "xueshi.db") == []
    async with asyncio.timeout(5):
        while not committed(tmp_path / "xueshi.db"):  # noqa: ASYNC110 - what another process sees has no event
            await asyncio.sleep(0.01)


async def test_a_failing_visit_fails_alone(driver: SqliteDriver, tmp_path: Path) -> None:
    visits = [add("a"), broken(), add("b"), add("a"), drop_or("x", "y"), add("c", "a"), add("d", "e")]
    results = await asyncio.gather(*(driver.run(visit, durable=True) for visit in visits), return_exceptions=True)
    assert [result if not isinstance(result, Exception) else type(result) for result in results] == [
        *(1, sqlite3.IntegrityError, 1, GuardFailed, "y", GuardFailed, 2)
    ]
    assert committed(tmp_path / "xueshi.db") == ["a", "b", "d", "e", "y1"]


async def test_a_failed_commit_is_told_to_all_who_wait_and_leaves_nothing(driver: SqliteDriver, tmp_path: Path) -> None:
    await driver.run(add("before"), durable=True)
    # SQLite checks a deferred foreign key at COMMIT: the honest way to make one fail.
    driver._begin()
    driver._connection.execute("PRAGMA defer_foreign_keys=ON")
    driver._connection.execute("INSERT INTO person_keys VALUES ('nobody', x'00')")
    waiting = [driver.run(add(name), durable=True) for name in ("a", "b")]
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results] == [sqlite3.IntegrityError] * 2
    assert committed(tmp_path / "xueshi.db") == ["before"]
    await driver.run(add("after"), durable=True)
    assert committed(tmp_path / "xueshi.db") == ["after", "before"]


async def test_a_full_disk_is_told_and_survived(driver: SqliteDriver, tmp_path: Path) -> None:
    await driver.run(add("before"), durable=True)
    pages = driver._connection.execute("PRAGMA page_count").fetchone()[0]
    driver._connection.execute(f"PRAGMA max_page_count={pages}")
    results = await asyncio.gather(
        *(driver.run(add("x" * 60 + str(number)), durable=True) for number in range(400)), return_exceptions=True
    )
    full = [result for result in results if isinstance(result, sqlite3.OperationalError)]
    assert full
    assert "full" in str(full[0])
    kept = sum(not isinstance(result, Exception) for result in results)
    assert len(committed(tmp_path / "xueshi.db")) == kept + 1
    driver._connection.execute(f"PRAGMA max_page_count={pages + 100}")
    await driver.run(add("after"), durable=True)
    assert "after" in committed(tmp_path / "xueshi.db")


async def test_a_cancelled_wait_does_not_undo_what_was_done(driver: SqliteDriver) -> None:
    task = asyncio.create_task(driver.run(add("a"), durable=True))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await driver.run(names()) == ["a"]


async def test_a_closed_driver_has_finished_all_and_takes_no_more(tmp_path: Path) -> None:
    driver = SqliteDriver(database_path(sqlite_url(tmp_path)))
    tasks = [asyncio.create_task(driver.run(add(f"t{number}"), durable=number % 2 == 0)) for number in range(200)]
    await asyncio.sleep(0)
    await driver.close()
    await driver.close()
    assert len(committed(tmp_path / "xueshi.db")) == 200
    assert all(result == 1 for result in await asyncio.gather(*tasks))
    with pytest.raises(RuntimeError, match="closed"):
        await driver.run(names())


async def test_the_connection_is_as_durable_as_it_can_be(driver: SqliteDriver) -> None:
    for pragma, value in {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}.items():
        assert driver._connection.execute(f"PRAGMA {pragma}").fetchone() == (value,)
