"""Alembic's entry point: runs steps on the connection that `Migrations` hands over."""

from __future__ import annotations

from alembic import context

from services.audit.sql.audit_tables import VERSION_TABLE
from services.audit.sql.tables import AuditTable

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=AuditTable.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
