"""Alembic's entry point: runs steps on the connection that `upgrade` hands over."""

from __future__ import annotations

from alembic import context

from services.catalog.sql.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
