"""Pictures of proofs, what was read in them, who looked at them, rosters, and what waits for review."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0003"
down_revision = "0002"

_HASH, _PERSON, _UNIT, _CLAIM = sa.String(64), sa.String(32), sa.String(100), sa.String(40)


def upgrade() -> None:
    _create_pictures()
    _create_looks()
    _create_reviews()
    _create_members()
    _create_settings()
    op.execute(_REVIEWS_OF_THE_PAST)


def _person(name: str = "person_id", *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, _PERSON, sa.ForeignKey("people.id"), nullable=nullable)


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _create_pictures() -> None:
    op.create_table(
        "photos",
        _person(),
        sa.Column("photo", _HASH, nullable=False),
        sa.Column("content_type", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kept_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", "photo"),
    )
    _partial("ix_photos_due", "photos", ["due_at"], "removed_at IS NULL")
    op.create_table(
        "proofs",
        _person(),
        sa.Column("photo", _HASH, nullable=False),
        sa.Column("read_at", Instant(), nullable=False),
        sa.Column("flaw", sa.String(20), nullable=False),
        sa.Column("reading", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", "photo"),
    )
    op.create_table(
        "marks",
        sa.Column("digest", _HASH, nullable=False),
        _person(),
        sa.Column("photo", _HASH, nullable=False),
        sa.Column("mark", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("digest", "person_id", "photo"),
    )
    op.create_index("ix_marks_photo", "marks", ["person_id", "photo"])


def _create_looks() -> None:
    op.create_table(
        "looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(340), nullable=False),
        _person(),
        sa.Column("photo", _HASH, nullable=False),
        _person("viewer_id"),
        sa.Column("unit", _UNIT, nullable=False),
        sa.Column("looked_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_looks_key", "looks", ["key"], unique=True)
    op.create_index("ix_looks_person", "looks", ["person_id", "id"])


def _create_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("claim_id", _CLAIM, nullable=False),
        _person(),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("event", _HASH, nullable=False),
        sa.Column("appealed", sa.Boolean(), nullable=False),
        sa.Column("unit", _UNIT, nullable=False),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_by", _PERSON, nullable=True),
        sa.Column("took", sa.Float(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("claim_id"),
    )
    _partial("ix_reviews_waiting", "reviews", ["person_id", "since"], "state = 'waiting'")
    _partial("ix_reviews_decided", "reviews", ["unit", "decided_at"], "decided_at IS NOT NULL")


def _create_members() -> None:
    op.create_table(
        "members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit", _UNIT, nullable=False),
        sa.Column("department", _UNIT, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("identity", _HASH, nullable=False),
        sa.Column("who", _HASH, nullable=False),
        sa.Column("named", _HASH, nullable=False),
        _person(nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("imported_at", Instant(), nullable=False),
        sa.Column("bound_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_members_identity", "members", ["identity"], unique=True)
    op.create_index("ix_members_unit", "members", ["unit", "active"])
    op.create_index("ix_members_person", "members", ["person_id", "active"])
    op.create_index("ix_members_who", "members", ["who"])
    op.create_index("ix_members_named", "members", ["unit", "named"])
    op.create_table(
        "invitations",
        sa.Column("digest", _HASH, nullable=False),
        sa.Column("unit", _UNIT, nullable=False),
        sa.Column("department", _UNIT, nullable=False),
        _person("made_by"),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )


def _create_settings() -> None:
    op.create_table(
        "unit_settings",
        sa.Column("unit", _UNIT, nullable=False),
        sa.Column("organizers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit"),
    )


_REVIEWS_OF_THE_PAST = """
INSERT INTO reviews (claim_id, person_id, year, state, since, event, appealed, unit, took, code)
SELECT claim.id, claim.person_id, claim.year, COALESCE((
  SELECT CASE later.kind
    WHEN 'hours_withdrawn' THEN 'withdrawn' WHEN 'hours_verified' THEN 'verified' ELSE 'returned' END
  FROM ledger AS later
  WHERE later.person_id = claim.person_id AND later.year = claim.year AND later.refers_to = claim.id
    AND later.kind IN ('hours_withdrawn', 'hours_verified', 'hours_returned')
  ORDER BY later.seq DESC LIMIT 1), 'waiting'), claim.recorded_at, '', false, '', 0, ''
FROM ledger AS claim WHERE claim.kind = 'hours_claimed'
"""
