"""Reminders, deadlines of units, ways to reach a person, and the standings that pages and audiences read."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Nothing yet."""
