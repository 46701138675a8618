"""Alembic's entry point: runs steps on the connection that `Migrations` hands over."""

from __future__ import annotations

from alembic import context

from services.access.sql.access_database import VERSION_TABLE
from services.access.sql.tables import AccessTable

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=AccessTable.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
