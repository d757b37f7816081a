"""Second looks at what was approved, mass sends and their tags, and what was done with each notice."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0012"
down_revision = "0011"

_UNSEEN = sa.text("decided_at IS NULL")
_SEEN = sa.text("decided_at IS NOT NULL")


def upgrade() -> None:
    _second_looks()
    _mass_sends()
    op.create_table(
        "notice_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("broadcast_id", sa.String(length=16), nullable=False),
        sa.Column("actor_id", sa.String(length=32), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_notice_acts_of", "notice_acts", ["broadcast_id", "id"])


def _second_looks() -> None:
    op.create_table(
        "second_looks",
        sa.Column("claim_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("first_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("claim_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
    )
    op.create_index(
        "ix_second_looks_unseen", "second_looks", ["unit", "asked_at"], sqlite_where=_UNSEEN, postgresql_where=_UNSEEN
    )
    op.create_index(
        "ix_second_looks_unit", "second_looks", ["unit", "decided_at"], sqlite_where=_SEEN, postgresql_where=_SEEN
    )
    op.create_table(
        "second_shares",
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit"),
    )


def _mass_sends() -> None:
    op.create_table(
        "tags",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", "unit", "department"),
    )
    op.create_table(
        "mass_sends",
        sa.Column("broadcast_id", sa.String(length=16), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("message_id", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("retry_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("broadcast_id"),
    )
    op.create_index("ix_mass_sends_message", "mass_sends", ["account", "message_id"])
    op.create_table(
        "mass_results",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("filtered", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("told_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("account", "message_id"),
    )
