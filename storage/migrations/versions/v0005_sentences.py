"""Sentences that were not understood, kept with consent."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nothing yet."""
