"""Reminders, deadlines of units, ways to reach a person, and the standings that pages and audiences read."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.columns import Day, Instant

revision = "0004"
down_revision = "0003"

_PENDING = sa.text("state IN ('waiting', 'taken')")


def upgrade() -> None:
    _create_standings()
    _create_agendas()
    _create_settings()
    _create_reach()
    _create_clockwork()
    _order_deliveries()


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _person() -> sa.Column[str]:
    return sa.Column("person_id", sa.String(length=32), nullable=False)


def _create_standings() -> None:
    hours = [f"{category}_{state}" for category in _CATEGORIES for state in ("claimed", "verified")]
    op.create_table(
        "standings",
        _person(),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.Column("series", sa.String(length=40), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in hours),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("have", "required", "missing")),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("public_missing", "professional_missing")),
        sa.Column("complete", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("person_id", "year"),
    )
    op.create_index("ix_standings_unit", "standings", ["unit", "year", "department"])
    op.create_index("ix_standings_region", "standings", ["region", "year"])


_CATEGORIES = ("public", "professional", "elective")


def _create_agendas() -> None:
    op.create_table(
        "agendas",
        _person(),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wishes", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_index("ix_agendas_due", "agendas", ["due_at"], **_where("due_at IS NOT NULL"))
    op.create_table(
        "reminders",
        _person(),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("fate", sa.String(length=16), nullable=False),
        sa.Column("closes", Day(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("person_id", "year", "kind", "stage"),
    )
    op.create_index("ix_reminders_unreachable", "reminders", ["at"], **_where("fate = 'unreachable'"))


def _create_settings() -> None:
    op.create_table(
        "deadlines",
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("opens", Day(), nullable=True),
        sa.Column("closes", Day(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "year", "series", "kind", "category"),
    )
    op.create_table(
        "courtesies",
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit"),
    )


def _identity() -> list[sa.Column[Any]]:
    return [
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
    ]


def _create_reach() -> None:
    op.create_table(
        "reach",
        *_identity(),
        _person(),
        sa.Column("contact", sa.String(length=16), nullable=False),
        sa.Column("contact_at", Instant(), nullable=True),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("until", Instant(), nullable=True),
        sa.Column("closed", sa.String(length=32), nullable=False),
        sa.Column("massed_month", sa.String(length=7), nullable=False),
        sa.Column("massed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("channel", "account", "sender"),
    )
    op.create_index("ix_reach_person", "reach", ["person_id"])
    op.create_table(
        "consents",
        *_identity(),
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", "sender", "template_id"),
    )


def _create_clockwork() -> None:
    op.create_table(
        "usages",
        sa.Column("interface", sa.String(length=64), nullable=False),
        sa.Column("day", Day(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("interface", "day"),
    )
    op.create_table(
        "jobs",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("day", Day(), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )


def _order_deliveries() -> None:
    """Answers before reminders before broadcasts."""
    op.add_column("deliveries", sa.Column("priority", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("deliveries", sa.Column("way", sa.String(length=16), nullable=False, server_default=sa.text("''")))
    op.drop_index("ix_deliveries_due", "deliveries")
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["priority", "due_at", "id"],
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    )
    op.create_index("ix_deliveries_notices", "deliveries", ["person_id", "due_at"], **_where("priority > 0"))
