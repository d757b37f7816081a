"""Who is signed in to the console, by which link, and what units stand above which."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    pass
