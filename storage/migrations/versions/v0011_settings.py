"""What a unit has set for itself: reasons to return a record in its own words, and how long proofs are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("unit_settings", sa.Column("reasons", sa.Text(), nullable=False, server_default=sa.text("'[]'")))
    op.add_column("unit_settings", sa.Column("keep_years", sa.Integer(), nullable=False, server_default=sa.text("5")))
