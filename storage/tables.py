"""Every table, declared once. Lengths come from the domain; what is personal stands in sealed columns (see `sealing`).

Indices are partial where only a few rows are of interest (open messages, pending deliveries), so that no visit grows
with what has already been done. Their conditions are literal text: both databases match them word for word.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text, bindparam, text
from sqlmodel import Field, SQLModel

from domain.delivery import Delivery
from domain.dialog import Dialog
from domain.ledger import Entry
from domain.message import Message
from domain.person import Person
from storage.columns import Day, Instant, text_like

OPEN = "state = 'open'"
PENDING = "state IN ('waiting', 'taken')"
TROUBLED = "state IN ('refused', 'unknown', 'given_up')"
FAILED = "state = 'failed'"
WORDS_KEPT = "words_kept = 1"
NOTICES = "priority > 0"

SCHEMA = "0014"  # the migration that these tables need

_PERSON_ID = text_like(Person, "id")


def partial_index(name: str, *columns: str, where: str | None = None, unique: bool = False) -> Index:
    """An index on the rows for which `where` (literal SQL that both databases match word for word) holds, or on all."""
    condition = None if where is None else text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


class InboxRow(SQLModel, table=True):
    """One message. `state`: open, settled or failed. `late`: the answer leaves through the outbox.

    `runner` and `taken_at` are the lease of who works on it (empty: nobody); `attempts` counts the leases. `body` is
    the sealed message, `answer` the sealed passive reply, both blanked after a week (`words_kept` becomes 0).
    """

    __tablename__ = "inbox"
    __table_args__ = (
        partial_index("ix_inbox_open", "taken_at", where=OPEN),
        partial_index("ix_inbox_words", "received_at", where=WORDS_KEPT),
        partial_index("ix_inbox_failed", "received_at", where=FAILED),
    )

    key: str = Field(sa_column=Column(text_like(Message, "key"), primary_key=True))
    state: str = Field(sa_type=String(8))
    late: bool
    runner: str = Field(sa_type=String(64))
    taken_at: datetime = Field(sa_type=Instant)
    attempts: int
    received_at: datetime = Field(sa_type=Instant)
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str = Field(sa_type=String(200))
    words_kept: int
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    answer: bytes | None = Field(default=None, sa_type=LargeBinary)


class PersonRow(SQLModel, table=True):
    """A person. `name`, `phone` and `id_number` are sealed; `profile` is JSON; `roles` are separated by commas."""

    __tablename__ = "people"

    id: str = Field(sa_column=Column(_PERSON_ID, primary_key=True))
    region: str | None = Field(default=None, sa_type=text_like(Person, "region"))
    work_field: str | None = Field(default=None, sa_type=String(32))
    profile: str = Field(sa_type=Text)
    roles: str = Field(sa_type=String(100))
    following: bool
    consented_at: datetime | None = Field(default=None, sa_type=Instant)
    name: bytes | None = Field(default=None, sa_type=LargeBinary)
    phone: bytes | None = Field(default=None, sa_type=LargeBinary)
    id_number: bytes | None = Field(default=None, sa_type=LargeBinary)
    created_at: datetime = Field(sa_type=Instant)


class IdentityRow(SQLModel, table=True):
    """Who writes under a platform's id: one person may have several."""

    __tablename__ = "identities"
    __table_args__ = (partial_index("ix_identities_person", "person_id"),)

    channel: str = Field(sa_column=Column(String(16), primary_key=True))
    account: str = Field(sa_column=Column(text_like(Message, "account"), primary_key=True))
    sender: str = Field(sa_column=Column(text_like(Message, "sender"), primary_key=True))
    person_id: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")


class DialogRow(SQLModel, table=True):
    """Where the person's talk stands; `content` is the sealed JSON of draft and options (None: both empty)."""

    __tablename__ = "dialogs"

    person_id: str = Field(sa_type=_PERSON_ID, primary_key=True, foreign_key="people.id")
    version: int
    topic: str | None = Field(default=None, sa_type=text_like(Dialog, "topic"))
    expecting: str | None = Field(default=None, sa_type=text_like(Dialog, "expecting"))
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    content: bytes | None = Field(default=None, sa_type=LargeBinary)


class LedgerRow(SQLModel, table=True):
    """An entry; never changed (triggers refuse it). `personal` is sealed under the person's key, or None when empty.

    Stored by person and year (SQLite: WITHOUT ROWID), so a person's year lies together however large the ledger.
    """

    __tablename__ = "ledger"
    __table_args__ = (
        partial_index("ix_ledger_seq", "person_id", "seq", unique=True),
        partial_index("ix_ledger_id", "id", unique=True),
        {"sqlite_with_rowid": False},
    )

    person_id: str = Field(sa_type=_PERSON_ID, primary_key=True, foreign_key="people.id")
    year: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    id: str = Field(sa_type=text_like(Entry, "id"))
    kind: str = Field(sa_type=String(32))
    start: date | None = Field(default=None, sa_column=Column("start_on", Day))
    end: date | None = Field(default=None, sa_column=Column("end_on", Day))
    category: str | None = Field(default=None, sa_type=String(32))
    mode: str | None = Field(default=None, sa_type=String(32))
    quantity: float | None = None
    unit: str | None = Field(default=None, sa_type=String(32))
    refers_to: str | None = Field(default=None, sa_type=text_like(Entry, "id"))
    replaces: str | None = Field(default=None, sa_type=text_like(Entry, "id"))
    personal: bytes | None = Field(default=None, sa_type=LargeBinary)
    recorded_at: datetime = Field(sa_type=Instant)
    previous_hash: str = Field(sa_type=text_like(Entry, "previous_hash"))
    hash: str = Field(sa_type=text_like(Entry, "hash"))


class HeadRow(SQLModel, table=True):
    """The last entry of each person's chain (seq 0 and the genesis hash before the first)."""

    __tablename__ = "ledger_heads"

    person_id: str = Field(sa_type=_PERSON_ID, primary_key=True, foreign_key="people.id")
    seq: int
    hash: str = Field(sa_type=text_like(Entry, "hash"))


class PersonKeyRow(SQLModel, table=True):
    """The key that seals what is personal in a person's entries, sealed by the vault. No row: no key (any more)."""

    __tablename__ = "person_keys"

    person_id: str = Field(sa_type=_PERSON_ID, primary_key=True, foreign_key="people.id")
    wrapped: bytes = Field(sa_type=LargeBinary)


class GrantRow(SQLModel, table=True):
    """What somebody may do for a unit; `people.roles` repeats the roles for the turn."""

    __tablename__ = "grants"

    person_id: str = Field(sa_type=_PERSON_ID, primary_key=True, foreign_key="people.id")
    unit: str = Field(sa_column=Column(String(100), primary_key=True))
    role: str = Field(sa_column=Column(String(16), primary_key=True))


class DeliveryRow(SQLModel, table=True):
    """A reply on its way. `content` is the sealed reply; `retry_at` holds it back; `taker`, `taken_at` are the lease;
    `begun_at` says that the send may have reached the platform. `priority` is a Purpose; `way` is how it left.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        partial_index("ix_deliveries_key", "key", unique=True),
        partial_index("ix_deliveries_due", "priority", "due_at", "id", where=PENDING),
        partial_index("ix_deliveries_recipient", "recipient", "due_at", "id", where=PENDING),
        partial_index("ix_deliveries_troubled", "state", where=TROUBLED),
        partial_index("ix_deliveries_words", "due_at", where=WORDS_KEPT),
        partial_index("ix_deliveries_notices", "person_id", "due_at", where=NOTICES),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_type=text_like(Delivery, "key"))
    person_id: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    channel: str = Field(sa_type=text_like(Delivery, "channel"))
    recipient: str = Field(sa_type=text_like(Delivery, "recipient"))
    due_at: datetime = Field(sa_type=Instant)
    retry_at: datetime | None = Field(default=None, sa_type=Instant)
    state: str = Field(sa_type=String(8))
    attempts: int
    reason: str = Field(sa_type=text_like(Delivery, "reason"))
    taker: str = Field(sa_type=String(100))
    taken_at: datetime | None = Field(default=None, sa_type=Instant)
    begun_at: datetime | None = Field(default=None, sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    words_kept: int
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    priority: int = Field(sa_column=Column(Integer, nullable=False, server_default=text("0")))
    way: str = Field(sa_column=Column(String(16), nullable=False, server_default=text("''")))


class TokenRow(SQLModel, table=True):
    """The platform's access token of an account, sealed, and who fetches the next one until when."""

    __tablename__ = "tokens"

    appid: str = Field(sa_column=Column(text_like(Message, "account"), primary_key=True))
    token: bytes | None = Field(default=None, sa_type=LargeBinary)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    refresher: str = Field(sa_type=String(64))
    refreshing_until: datetime | None = Field(default=None, sa_type=Instant)


def table(row: type[SQLModel]) -> Table:
    """The Core table of a class above."""
    found: Table = row.__table__  # type: ignore[attr-defined]
    return found


def columns(row: type[SQLModel], **fixed: Any) -> dict[str, Any]:
    """The values of an INSERT: `fixed` ones, and a parameter of its own name for every other column but a serial id."""
    names = [column.name for column in table(row).c if column is not table(row).autoincrement_column]
    return {name: fixed[name] if name in fixed else bindparam(name) for name in names}
