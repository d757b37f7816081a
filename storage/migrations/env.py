"""Run by Alembic: the connection is the caller's (`storage.schema`), in whose transaction every step is taken."""

from alembic import context
from sqlmodel import SQLModel

import storage.every_table  # noqa: F401 - declares the tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
