"""Alembic's entry point: runs steps on the connection that `Migrations` hands over."""

from __future__ import annotations

from alembic import context

from services.predictions.sql.prediction_database import VERSION_TABLE
from services.predictions.sql.tables import PredictionTable

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=PredictionTable.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
