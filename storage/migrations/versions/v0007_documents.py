"""Registration forms that were issued, by their check codes."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nothing yet."""
