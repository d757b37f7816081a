"""What the processes write down about themselves, and the looks at the ledger."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "vitals",
        sa.Column("slot", Instant(), nullable=False),
        sa.Column("runner", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("total", sa.Float(), nullable=False),
        sa.Column("peak", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("slot", "runner", "name"),
    )
    op.create_table(
        "processes",
        sa.Column("runner", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("runner"),
    )
    op.create_table(
        "ledger_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=8), nullable=False),
        sa.Column("runner", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for name, table, column, condition, unique in (
        ("ix_ledger_checks_running", "ledger_checks", "state", "state = 'running'", True),
        ("ix_inbox_failed", "inbox", "received_at", "state = 'failed'", False),
        ("ix_tasks_failed", "tasks", "due_at", "state = 'failed'", False),
    ):
        where = sa.text(condition)
        op.create_index(name, table, [column], unique=unique, sqlite_where=where, postgresql_where=where)
