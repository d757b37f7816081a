"""Attendance lists and official records that were handed in, row by row; what a unit's pages count; who moved where."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0009"
down_revision = "0008"

_MOVING = sa.text("state IN ('rehearsing', 'running')")
_AWAITED = sa.text("claim_id IS NULL")
_OPEN = sa.text("state = 'open'")
_FIGURES = (
    *("complete", "missing", "public_missing", "professional_missing", "pending", "reviewing", "have", "returned"),
)


def upgrade() -> None:
    op.create_index("ix_members_name", "members", ["named"])
    _widen_standings()
    op.create_index("ix_members_places", "members", ["unit", "active", "department", "id", "person_id"])
    _create_moves()
    _create_posters()
    _batches()
    op.create_table(
        "attendances",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.String(length=24), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("claim_id", sa.String(length=40), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(
        "ix_attendances_awaited", "attendances", ["member_id"], sqlite_where=_AWAITED, postgresql_where=_AWAITED
    )
    op.create_index("ix_attendances_batch", "attendances", ["batch_id"])
    op.create_table(
        "differences",
        sa.Column("batch_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("claim_id", sa.String(length=40), nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("batch_id", "number"),
    )
    op.create_index(
        "ix_differences_open", "differences", ["batch_id", "cause"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("ix_differences_person", "differences", ["person_id"])
    op.create_table(
        "unit_figures",
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("set_by", sa.String(length=32), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "year"),
    )


def _widen_standings() -> None:
    op.add_column("standings", sa.Column("reviewing", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    for month in range(1, 13):
        name = f"month_{month:02d}"
        op.add_column("standings", sa.Column(name, sa.Float(), nullable=False, server_default=sa.text("0")))
    op.create_index("ix_standings_figures", "standings", ["year", "person_id", *_FIGURES])


def _create_moves() -> None:
    op.create_table(
        "moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("from_unit", sa.String(length=100), nullable=False),
        sa.Column("from_department", sa.String(length=100), nullable=False),
        sa.Column("to_unit", sa.String(length=100), nullable=False),
        sa.Column("to_department", sa.String(length=100), nullable=False),
        sa.Column("moved_by", sa.String(length=32), nullable=False),
        sa.Column("moved_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["moved_by"], ["people.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_moves_key", "moves", ["key"], unique=True)
    op.create_index("ix_moves_member", "moves", ["member_id", "id"])
    op.create_index("ix_moves_person", "moves", ["person_id", "id"])


def _create_posters() -> None:
    op.create_table(
        "posters",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_posters_unit", "posters", ["unit", "made_at"])


def _batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("tally", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("taker", sa.String(length=64), nullable=False),
        sa.Column("taken_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("due_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_batches_unit", "batches", ["unit", "made_at"])
    op.create_index("ix_batches_moving", "batches", ["taken_at"], sqlite_where=_MOVING, postgresql_where=_MOVING)
    op.create_index("ix_batches_due", "batches", ["due_at"])
    op.create_table(
        "batch_pages",
        sa.Column("batch_id", sa.String(length=24), nullable=False),
        sa.Column("leaf", sa.String(length=8), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "leaf", "page"),
    )
