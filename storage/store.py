"""The store: everything that the service keeps, on SQLite or PostgreSQL, behind one set of visits.

Times are arguments and aware. A visit with `durable` returns when it is on disk.
"""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from sqlalchemy import column, make_url, select
from sqlalchemy import table as named_table

from domain.delivery import Delivery, DeliveryState, Purpose
from domain.ledger import Entry
from domain.message import Channel, Message
from domain.person import Person, Role
from domain.task import Task, TaskKind
from storage import erasure, inbox, ledger, outbox, people, sentences, sheets, tasks, tokens, turns
from storage.accesses import AccessStore
from storage.binding import BindingStore
from storage.broadcasting import BroadcastStore, MassStore
from storage.census import CensusStore
from storage.console import ConsoleStore
from storage.desk import DeskStore
from storage.entering import EnteringStore
from storage.file_checks import FileCheckStore
from storage.inbox import Late
from storage.leadership import Leadership
from storage.ledger import Head
from storage.mini import MiniStore
from storage.outreach import OutreachStore
from storage.overview import OverviewStore
from storage.papers import PaperStore
from storage.placing import PlacingStore
from storage.postgresql import PostgresDriver
from storage.recent import Recent
from storage.refusals import Conflict, DatabaseInUse, NotTaken, SchemaOutdated, TableMissing, UnknownPerson
from storage.reviewing import ReviewingStore
from storage.sealing import Vault
from storage.settings import SettingsStore
from storage.sheets_store import SheetStore
from storage.sqlite import SqliteDriver, database_path
from storage.statements import Statement, Step, Visit
from storage.tables import SCHEMA
from storage.tasks import Ended
from storage.turns import Change, Opened, Settled
from storage.vitals import VitalStore
from storage.vitals_ledger import LedgerCheckStore
from storage.vitals_queues import QueueStore

__all__ = [
    "Change",
    "Conflict",
    "DatabaseInUse",
    "Ended",
    "Head",
    "Late",
    "NotTaken",
    "Opened",
    "SchemaOutdated",
    "Settled",
    "Store",
    "UnknownPerson",
]

T = TypeVar("T")

_PURGES = (
    (inbox.purge, inbox.PURGED),
    (outbox.purge, outbox.PURGED),
    (sentences.purge, sentences.PURGED),
    (sheets.purge, sheets.PURGED),
)
_VERSION = named_table("alembic_version", column("version_num"))
_SCHEMA = Statement(select(_VERSION.c.version_num))


class Driver(Protocol):
    """What runs visits on a database."""

    async def run(self, visit: Visit[T], *, durable: bool = False) -> T: ...

    async def close(self) -> None: ...


class Store:
    """Open it with `Store.open`, use it from the event loop that opened it, and close it."""

    def __init__(self, driver: Driver, vault: Vault) -> None:
        self._driver = driver
        self._vault = vault
        self._recent = Recent()
        self.outreach = OutreachStore(driver.run, vault)
        self.desk = DeskStore(driver.run, vault)
        self.reviewing = ReviewingStore(driver.run, vault)
        self.papers = PaperStore(driver.run, vault)
        self.file_checks = FileCheckStore(driver.run)
        self.mini = MiniStore(driver.run, vault)
        self.binding = BindingStore(driver.run, vault)
        self.broadcasts = BroadcastStore(driver.run, vault)
        self.mass = MassStore(driver.run, vault)
        self.overview = OverviewStore(driver.run, vault)
        self.census = CensusStore(driver.run, vault)
        self.entering = EnteringStore(driver.run, vault)
        self.placing = PlacingStore(driver.run, vault)
        self.console = ConsoleStore(driver.run, vault)
        self.accesses = AccessStore(driver.run, vault)
        self.settings = SettingsStore(driver.run)
        self.vitals = VitalStore(driver.run)
        self.queues = QueueStore(driver.run, vault)
        self.ledger_checks = LedgerCheckStore(driver.run)
        self.leadership = Leadership(None)
        self._instance = os.urandom(6).hex()  # tells this store's leases from those of one that died under its name
        self.sheets = SheetStore(driver.run, vault, self._instance)

    @classmethod
    async def open(cls, url: str, vault: Vault) -> "Store":
        """The store of an SQLAlchemy URL. SchemaOutdated, or DatabaseInUse for a SQLite file that another has open."""
        alone = make_url(url).get_backend_name() == "sqlite"
        driver: Driver = SqliteDriver(database_path(url)) if alone else PostgresDriver(url)
        store = cls(driver, vault)
        store.leadership = Leadership(None if alone else url)
        try:
            await store.ping()
            if alone:
                await driver.run(_recover(), durable=True)
        except BaseException:
            await driver.close()
            raise
        return store

    async def close(self) -> None:
        await self.leadership.resign()
        await self._driver.close()

    async def ping(self) -> None:
        """Raises when the database does not answer, or is not at this version's schema (SchemaOutdated)."""
        try:
            found = await self._driver.run(_schema())
        except TableMissing:
            found = None
        if found != SCHEMA:
            raise SchemaOutdated(f"the database is at schema {found or 'none'}, not {SCHEMA}: run `xueshi migrate`")

    # A turn

    async def open_turn(
        self, message: Message, now: datetime, years: Sequence[int], runner: str, *, retake: bool = False
    ) -> Opened:
        """Accepts the message, or sees it again, and reads what a turn may know; `years` are those of the entries.

        `retake` takes an open message again from this same runner, after a Conflict.
        """
        return await self._driver.run(
            turns.open_turn(self._vault, self._recent, message, now, years, runner, retake=retake)
        )

    async def settle(self, change: Change, now: datetime, *, durable: bool) -> Settled:
        """Commits a turn, all or nothing. Conflict: the message was settled, or the dialog or the chain moved on."""
        return await self._driver.run(turns.settle(self._vault, self._recent, change, now), durable=durable)

    async def fail(self, change: Change, reason: str, now: datetime) -> Settled:
        """Commits a turn that went wrong; the message counts as failed, for `reason` (nothing personal)."""
        return await self._driver.run(
            turns.settle(self._vault, self._recent, change, now, failed=reason or "failed"), durable=True
        )

    async def mark_late(self, message: Message, now: datetime) -> Late:
        """The platform has been told `success` or is about to be: the answer leaves through the outbox."""
        return await self._driver.run(inbox.mark_late(self._vault, message, now), durable=True)

    async def unfinished(self, now: datetime, lease_seconds: float) -> list[Message]:
        """Messages accepted and not settled, whose runner has been silent so long; to be run again, now late."""
        lease = timedelta(seconds=lease_seconds)
        return await self._driver.run(inbox.unfinished(self._vault, now, lease), durable=True)

    # The ledger

    async def load_entries(self, person_id: str, years: Sequence[int] | None) -> list[Entry]:
        """A person's entries in order, of some years or (None) all."""
        return await self._driver.run(_entries(self._vault, person_id, years))

    async def erase(self, person_id: str, now: datetime) -> None:
        """Deletes what is known of a person; the bare chain of their entries stays, unreadable."""
        await self._driver.run(erasure.erase(person_id, now), durable=True)

    # People

    async def find_person(self, person_id: str) -> Person | None:
        return await self._driver.run(people.find(self._vault, person_id))

    async def find_by_sender(self, channel: Channel, account: str, sender: str) -> Person | None:
        values = {"channel": channel.value, "account": account, "sender": sender}
        return await self._driver.run(people.find_by_sender(self._vault, values))

    async def grant(self, person_id: str, unit: str, role: Role) -> None:
        """Gives a person a role in a unit. UnknownPerson when there is none."""
        await self._driver.run(people.grant(self._vault, person_id, unit, role), durable=True)

    # The outbox

    async def take_deliveries(
        self,
        now: datetime,
        limit: int,
        runner: str,
        leased_at: datetime | None = None,
        purposes: Sequence[Purpose] = tuple(Purpose),
    ) -> list[Delivery]:
        """Deliveries that are due: answers, then reminders, then broadcasts, oldest first and in each person's order.

        They are taken for 60 s of the real time `leased_at`, so that a clock moved by hand takes nothing back.
        """
        visit = outbox.take(self._vault, now, limit, self._taker, leased_at or now, purposes)
        return await self._driver.run(visit)

    async def begin_delivery(self, delivery_id: int, leased_at: datetime) -> None:
        """To be called right before the wire. NotTaken: it has been taken back and must not be sent."""
        await self._driver.run(outbox.begin(delivery_id, leased_at, self._taker), durable=True)

    async def finish_delivery(
        self,
        delivery_id: int,
        state: DeliveryState | str,
        reason: str,
        now: datetime,
        retry_at: datetime | None = None,
        way: str = "",
        along: Sequence[Step] = (),
    ) -> None:
        """What became of a taken delivery; `waiting` with `retry_at` puts it off. NotTaken as above."""
        visit = outbox.finish(delivery_id, DeliveryState(state), reason, now, retry_at, self._taker, way, along)
        await self._driver.run(visit, durable=True)

    async def outbox_age(self, now: datetime) -> float:
        """Seconds since the oldest waiting delivery became due; 0 when none is."""
        return await self._driver.run(outbox.age(now))

    async def outbox_counts(self) -> dict[DeliveryState, int]:
        """How many deliveries are in each state but `sent`."""
        return await self._driver.run(outbox.counts())

    # Tasks

    async def take_tasks(self, now: datetime, kind: TaskKind, limit: int) -> list[Task]:
        """Tasks of a kind that are due, oldest first; taken for 120 s."""
        return await self._driver.run(tasks.take(self._vault, now, kind, limit, self._taker))

    async def end_task(self, task: Task, ended: Ended) -> None:
        """What became of an attempt. NotTaken: another worker has taken the task over."""
        await self._driver.run(tasks.end(task, ended, self._taker), durable=True)

    async def waiting_tasks(self) -> dict[TaskKind, int]:
        """How many tasks of each kind are not done yet."""
        return await self._driver.run(tasks.waiting())

    # The platform's token

    async def token(self, appid: str) -> tuple[str, datetime] | None:
        """The token and when it expires."""
        return await self._driver.run(tokens.read(self._vault, appid))

    async def lease_token_refresh(self, appid: str, runner: str, now: datetime, seconds: float) -> bool:
        """Whether this runner is the one to fetch the next token, for so many seconds."""
        return await self._driver.run(tokens.lease(appid, runner, now, seconds))

    async def save_token(self, appid: str, token: str, expires_at: datetime) -> None:
        """Keeps a token fetched under a lease, and ends the lease."""
        await self._driver.run(tokens.save(self._vault, appid, token, expires_at))

    async def purge(self, now: datetime) -> int:
        """Blanks what was said a week ago and settled; keys stay, so a repeat is still known. Drops sentences kept for
        learning half a year ago. How many rows."""
        blanked = 0
        for purge, most in _PURGES:
            while True:
                count = await self._driver.run(purge(now))
                blanked += count
                if count < most:
                    break
        return blanked

    @property
    def _taker(self) -> str:
        return self._instance


def _schema() -> Visit[str | None]:
    (rows,) = yield (Step(_SCHEMA, {}),)
    return rows[0][0] if rows else None


def _recover() -> Visit[None]:
    """Whoever held a lease on a database with one process is gone."""
    yield (Step(inbox.RELEASE_ALL, {}), Step(tasks.RELEASE_ALL, {}), Step(sheets.RELEASE_ALL, {}), *outbox.recover())


def _entries(vault: Vault, person_id: str, years: Sequence[int] | None) -> Visit[list[Entry]]:
    if years is not None and not years:
        return []
    if years is None:
        statement, values = ledger.READ_ALL, {"of": person_id}
    else:
        statement = ledger.read_years(len(years), by_sender=False)
        values = {"of": person_id, **ledger.year_values(years)}
    (wrapped,) = yield (Step(ledger.READ_KEY, {"of": person_id}),)
    (rows,) = yield (Step(statement, values),)
    key = vault.person_key(person_id, wrapped[0][0]) if wrapped else None
    return ledger.entries(rows, key)
