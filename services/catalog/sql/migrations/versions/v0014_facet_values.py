"""Facet values: the filterable values of the rows of a Milvus server."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "facet_values",
        sa.Column("tenant_id", sa.String(length=64), nullable=False),
        sa.Column("collection", sa.String(length=255), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.String(length=80), nullable=False),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "collection", "item_id", name="pk_facet_values"),
    )
    op.create_index("ix_facet_values_collection_item_id", "facet_values", ["collection", "item_id"])


def downgrade() -> None:
    op.drop_table("facet_values")
