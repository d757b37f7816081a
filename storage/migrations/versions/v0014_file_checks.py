"""Files that the platform was asked to look at, until it has told what it found."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "file_checks",
        sa.Column("trace_id", sa.String(length=128), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("photo", sa.String(length=64), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("trace_id"),
    )
    op.create_index("ix_file_checks_person", "file_checks", ["person_id"])
    op.create_index("ix_file_checks_asked", "file_checks", ["asked_at"])
