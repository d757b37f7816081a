"""The first tables, the triggers that keep the ledger as it is, and the function by which a guard refuses a bundle."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.columns import Day, Instant

revision = "0001"
down_revision = None

_REFUSED = "the ledger is only ever added to"

_SQLITE_TRIGGERS = (
    f"CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
    f"CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
    # REPLACE deletes without the delete trigger unless recursive_triggers is on, which another tool may not have done.
    "CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger"  # noqa: S608 - our own text
    " WHEN EXISTS (SELECT 1 FROM ledger WHERE person_id = NEW.person_id AND seq = NEW.seq)"
    " OR EXISTS (SELECT 1 FROM ledger WHERE id = NEW.id)"
    f" BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
)
_POSTGRESQL_TRIGGERS = (
    f"""
    CREATE FUNCTION xueshi_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'XS002'; END $$
    """,
    """
    CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION xueshi_ledger_refuse()
    """,
    # Raised inside the single statement that a bundle is (storage.statements.fold): all of it is undone.
    """
    CREATE FUNCTION xueshi_guard_failed(step integer) RETURNS bigint LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '%', step USING ERRCODE = 'XS001'; END $$
    """,
)


def upgrade() -> None:
    _create_inbox()
    _create_people()
    _create_dialogs()
    _create_ledger()
    _create_outbox()
    postgresql = op.get_bind().dialect.name == "postgresql"
    for trigger in _POSTGRESQL_TRIGGERS if postgresql else _SQLITE_TRIGGERS:
        op.execute(trigger)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("runner", sa.String(length=64), nullable=False),
        sa.Column("taken_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("words_kept", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_inbox_open", "inbox", ["taken_at"], **_where("state = 'open'"))
    op.create_index("ix_inbox_words", "inbox", ["received_at"], **_where("words_kept = 1"))


def _create_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("region", sa.String(length=32), nullable=True),
        sa.Column("work_field", sa.String(length=32), nullable=True),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("roles", sa.String(length=100), nullable=False),
        sa.Column("following", sa.Boolean(), nullable=False),
        sa.Column("consented_at", Instant(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "identities",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("channel", "account", "sender"),
    )
    op.create_index("ix_identities_person", "identities", ["person_id"])
    op.create_table(
        "grants",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("person_id", "unit", "role"),
    )


def _create_dialogs() -> None:
    op.create_table(
        "dialogs",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=True),
        sa.Column("expecting", sa.String(length=16), nullable=True),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )


def _create_ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("start_on", Day(), nullable=True),
        sa.Column("end_on", Day(), nullable=True),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("mode", sa.String(length=32), nullable=True),
        sa.Column("quantity", sa.Float(), nullable=True),
        sa.Column("unit", sa.String(length=32), nullable=True),
        sa.Column("refers_to", sa.String(length=40), nullable=True),
        sa.Column("replaces", sa.String(length=40), nullable=True),
        sa.Column("personal", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("person_id", "year", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ledger_id", "ledger", ["id"], unique=True)
    op.create_index("ix_ledger_seq", "ledger", ["person_id", "seq"], unique=True)
    op.create_table(
        "ledger_heads",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "person_keys",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )


def _create_outbox() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=340), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.String(length=128), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("retry_at", Instant(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("taker", sa.String(length=100), nullable=False),
        sa.Column("taken_at", Instant(), nullable=True),
        sa.Column("begun_at", Instant(), nullable=True),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("words_kept", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["due_at", "id"], **_where("state IN ('waiting', 'taken')"))
    op.create_index("ix_deliveries_key", "deliveries", ["key"], unique=True)
    op.create_index(
        "ix_deliveries_recipient",
        "deliveries",
        ["recipient", "due_at", "id"],
        **_where("state IN ('waiting', 'taken')"),
    )
    op.create_index(
        "ix_deliveries_troubled", "deliveries", ["state"], **_where("state IN ('refused', 'unknown', 'given_up')")
    )
    op.create_index("ix_deliveries_words", "deliveries", ["due_at"], **_where("words_kept = 1"))
    op.create_table(
        "tokens",
        sa.Column("appid", sa.String(length=64), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("refresher", sa.String(length=64), nullable=False),
        sa.Column("refreshing_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("appid"),
    )
