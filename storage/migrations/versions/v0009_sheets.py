"""Attendance lists and official records that were handed in, row by row."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    pass
