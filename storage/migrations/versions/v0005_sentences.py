"""Sentences that were not understood, kept with consent."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "sentences",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("said_at", Instant(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sentences_person", "sentences", ["person_id"])
    op.create_index("ix_sentences_said", "sentences", ["said_at"])
