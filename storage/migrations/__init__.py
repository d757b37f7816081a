"""The schema's history (Alembic). `storage.schema` runs it."""
