"""Tokens of the mini program, and codes that bind it to somebody who chats."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    pass
