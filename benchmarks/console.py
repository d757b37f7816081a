"""The console's pages over a large unit, on PostgreSQL: how long each takes, and against a page that shows nothing.

`python -m benchmarks.console` makes 100,000 people with 5 million entries in 20 units (`--people`, `--entries` for
less); every page is of somebody who administers them all.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from console.app import application
from console.office import Office
from console.signing import new_token
from domain.ledger import Activity, EntryKind, NewEntry
from domain.message import Channel, Message, MessageKind
from domain.person import Role
from domain.standing import MONTHS, Standing
from domain.vocabulary import Category, Mode, Unit
from rules.articles import Texts
from rules.book import load
from storage import members
from storage.members import Employee
from storage.postgresql import dsn
from storage.sealing import Vault
from storage.store import Change, Store

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
KEY = bytes(range(32))
UNITS = 20
DEPARTMENTS = 30  # of each unit
TOP = "集团"
BATCH = 20_000
AGENT = "benchmark"


def unit_of(number: int) -> str:
    return f"第{number % UNITS:02d}公司"


def department_of(number: int) -> str:
    return f"{number // UNITS % DEPARTMENTS:02d}科"


def person_of(number: int) -> str:
    return f"{number:032x}"


@dataclass
class Seeding:
    """Writes rows in bulk, as turns and looks would have left them."""

    connection: Any
    vault: Vault
    people: int
    entries: int

    async def run(self) -> None:
        claims = max(1, self.entries // self.people // 2)  # each claim with the entry that verified it
        await self._copy("people", self._people())
        await self._copy("members", self._members())
        await self._copy("standings", self._standings())
        await self.connection.execute(_HEADS)
        await self.connection.execute(_LEDGER, claims)
        await self.connection.execute(_REVIEWS)
        await self.connection.execute(_UNDER, TOP, [unit_of(number) for number in range(UNITS)])
        await self.connection.execute("VACUUM ANALYZE")

    async def _copy(self, table: str, rows: Iterator[dict[str, Any]]) -> None:
        while batch := list(islice(rows, BATCH)):
            names = list(batch[0])
            records = [tuple(row.values()) for row in batch]
            await self.connection.copy_records_to_table(table, records=records, columns=names)

    def _people(self) -> Iterator[dict[str, Any]]:
        for number in range(self.people):
            yield {
                "id": person_of(number),
                "region": ("jilin", "sichuan", "jiangxi")[number % 3],
                "profile": "{}",
                "roles": "",
                "following": True,
                "created_at": NOW,
            }

    def _members(self) -> Iterator[dict[str, Any]]:
        for number in range(self.people):
            one = Employee(f"员工{number}", f"138{number:08d}", "", department_of(number))
            key = members.identities(self.vault, unit_of(number), one)[0]
            yield {
                **members._values(self.vault, unit_of(number), one, key, NOW),
                "person_id": person_of(number) if number % 12 else None,
                "active": True,
            }

    def _standings(self) -> Iterator[dict[str, Any]]:
        for year in (NOW.year - 1, NOW.year):
            for number in range(self.people):
                if number % 12:
                    yield _standing(number, year).model_dump()


def _standing(number: int, year: int) -> Standing:
    missing = float(number * 7 % 90 // 10 * 10) if number % 3 else 0.0
    months: dict[str, Any] = dict.fromkeys(MONTHS, (90 - missing) / 12)
    return Standing(
        person_id=person_of(number),
        year=year,
        region="jilin",
        unit=unit_of(number),
        department=department_of(number),
        public_verified=float(30 - min(30, missing)),
        professional_verified=max(0.0, 60 - missing),
        have=90 - missing,
        required=90,
        missing=missing,
        public_missing=min(30.0, missing),
        professional_missing=max(0.0, missing - 30),
        complete=not missing,
        pending=number % 97 == 0,
        reviewing=number % 50 == 0,
        **months,
    )


_HEADS = """
    INSERT INTO dialogs (person_id, version) SELECT id, 0 FROM people ON CONFLICT DO NOTHING;
    INSERT INTO ledger_heads (person_id, seq, hash) SELECT id, 0, repeat('0', 64) FROM people ON CONFLICT DO NOTHING;
"""
_LEDGER = """
    INSERT INTO ledger (person_id, year, seq, id, kind, start_on, end_on, category, mode, quantity, unit, refers_to,
                        recorded_at, previous_hash, hash)
    SELECT p.id, 2022 + n % 5, n, left(md5(p.id || n), 32),
           CASE WHEN n % 2 = 1 THEN 'hours_claimed' ELSE 'hours_verified' END,
           CASE WHEN n % 2 = 1 THEN make_date(2022 + n % 5, 1 + n % 12, 5) END,
           CASE WHEN n % 2 = 1 THEN make_date(2022 + n % 5, 1 + n % 12, 5) END,
           CASE WHEN n % 2 = 1 THEN 'professional' END, CASE WHEN n % 2 = 1 THEN 'training_class' END,
           CASE WHEN n % 2 = 1 THEN 4 END, CASE WHEN n % 2 = 1 THEN 'class_hour' END,
           CASE WHEN n % 2 = 0 THEN left(md5(p.id || (n - 1)), 32) END, now(), repeat('0', 64), repeat('0', 64)
    FROM people p CROSS JOIN generate_series(1, 2 * $1::integer) n
"""
_REVIEWS = """
    INSERT INTO reviews (claim_id, person_id, year, state, since, event, appealed, unit, decided_at, took, code)
    SELECT id, person_id, year, CASE WHEN ('x' || right(id, 2))::bit(8)::int < 3 THEN 'waiting' ELSE 'verified' END,
           timestamptz '2026-11-20' - seq * interval '6 hours', '', false, '第00公司', now(), 3600, ''
    FROM ledger WHERE kind = 'hours_claimed'
"""
_UNDER = "INSERT INTO units (name, parent) SELECT unnest($2::varchar[]), $1 ON CONFLICT DO NOTHING"


async def signed_in(store: Store, person_id: str, client: TestClient[Any, Any]) -> None:
    """Somebody who administers all units, signed in with this client."""
    await store.grant(person_id, TOP, Role.HR_ADMIN)
    token = new_token()
    await store.console.make_link(person_id, token, NOW)
    opened = await (await client.get(f"/in/{token}", headers={"User-Agent": AGENT})).text()
    given = opened.partition('name="given" value="')[2].partition('"')[0]
    await client.post(f"/in/{token}", data={"given": given}, headers={"User-Agent": AGENT}, allow_redirects=False)


async def somebody(store: Store) -> str:
    """Who looks: with a record of their own, made by a turn, so that one person's page has real entries."""
    said = Message(
        key="official:wx1:oAdmin:1",
        channel=Channel.OFFICIAL,
        account="wx1",
        sender="oAdmin",
        kind=MessageKind.TEXT,
        sent_at=NOW.astimezone(UTC),
    )
    opened = await store.open_turn(said, NOW, (NOW.year,), "benchmark")
    activity = Activity(
        start=date(2026, 3, 1),
        end=date(2026, 3, 1),
        category=Category.PROFESSIONAL,
        mode=Mode.TRAINING_CLASS,
        quantity=4,
        unit=Unit.CLASS_HOUR,
        title="继续教育课程",
    )
    entries = tuple(NewEntry(kind=EntryKind.HOURS_CLAIMED, year=2026, activity=activity) for _ in range(25))
    change = Change(
        message=said,
        person_id=opened.person.id,
        dialog_version=0,
        dialog=None,
        head=opened.head,
        entries=entries,
        person={"region": "jilin"},
    )
    await store.settle(change, NOW, durable=True)
    return opened.person.id


async def measured(ask: Callable[[], Awaitable[int]], times: int) -> list[float]:
    """Seconds of each asking, after one that warms up."""
    found = []
    for _ in range(times + 1):
        started = time.perf_counter()
        size = await ask()
        found.append(time.perf_counter() - started)
        assert size > 0
    return found[1:]


def pages(middle: int) -> dict[str, str]:
    """The pages that are measured; `middle` is a roster row half-way through."""
    return {
        "a page that shows nothing": "/me",
        "overview": "/overview",
        "overview: hours of the year, deadlines": "/overview/course",
        "overview: what waits": "/overview/proofs",
        "overview of one unit": "/overview?unit=第03公司",
        "people": "/people",
        "people: half-way through": f"/people?after={middle}",
        "people: unfinished, most missing first": "/people?group=behind&order=missing",
        "people: the same, half-way through": f"/people?group=behind&order=missing&after={middle}",
        "people: title review this year": "/people?group=reviewing",
        "people: a department": "/people?unit=第03公司&department=07科",
        "people: not bound": "/people?group=unbound",
        "people: lacks public hours": "/people?lacks=public",
        "people: how many the filter shows": "/people/count?group=behind",
        "people: a whole name": "/people?q=员工4711",
        "one person": f"/people/{middle}",
        "invitations": "/people/invitations",
    }


async def visit(url: str, vault: Vault, people: int, times: int) -> None:
    store = await Store.open(url, vault)
    moment = NOW

    def now() -> datetime:
        """A minute passes with each look at the clock, so that no pace is exceeded."""
        nonlocal moment
        moment += timedelta(milliseconds=500)
        return moment

    book = load()
    app = application(Office(store=store, book=book, texts=Texts(book, published_at=""), now=now))
    outer = web.Application()
    outer.add_subapp("/console/", app)
    async with TestClient(TestServer(outer)) as plain:
        client = _Under(plain)
        await signed_in(store, await somebody(store), client)  # type: ignore[arg-type]
        empty = 0.0
        for name, path in pages(people // 2 + 1).items():

            async def ask(path: str = path) -> int:
                answer = await client.get(path, headers={"User-Agent": AGENT})
                assert answer.status == 200, (path, answer.status)
                return len(await answer.read())

            taken = sorted(await measured(ask, times))
            middle, late = median(taken), taken[max(0, int(len(taken) * 0.95) - 1)]
            empty = empty or middle
            taken_told = f"p50 {middle * 1e3:6.0f} ms   p95 {late * 1e3:6.0f} ms"
            sys.stdout.write(f"{name:42} {taken_told}   {middle / empty:5.1f} × an empty page\n")
            sys.stdout.flush()
    await store.close()


class _Under:
    """A client whose addresses stand below /console."""

    def __init__(self, client: TestClient[Any, Any]) -> None:
        self._client = client

    async def get(self, path: str, **asked: Any) -> Any:
        return await self._client.get(f"/console{path}", **asked)

    async def post(self, path: str, **asked: Any) -> Any:
        return await self._client.post(f"/console{path}", **asked)


async def seed(url: str, people: int, entries: int) -> None:
    connection = await asyncpg.connect(dsn(url), command_timeout=3600)
    started = time.perf_counter()
    await Seeding(connection, Vault([KEY]), people, entries).run()
    await connection.close()
    print(f"{people:,} people and {entries:,} entries made in {time.perf_counter() - started:.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--entries", type=int, default=5_000_000)
    parser.add_argument("--times", type=int, default=20)
    given, _ = parser.parse_known_args()
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    from tests.databases import postgresql_url  # noqa: PLC0415 - a server, only where it is measured

    url = postgresql_url()
    asyncio.run(seed(url, given.people, given.entries))
    asyncio.run(visit(url, Vault([KEY]), given.people, given.times))


if __name__ == "__main__":
    main()
