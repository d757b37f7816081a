"""Pictures of proofs, what was read in them, and who looked at them."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Nothing yet."""
