"""Second looks at what was decided, and tags of mass sends."""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    pass
