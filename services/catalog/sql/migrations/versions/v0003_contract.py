"""What the first release's contract keeps of products, images and items.

Columns are added and renamed in place: SQLite would have to copy a table to change its constraints, and other
tables point at these.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DEFAULT_CROP = "-grow0.1"
"""Until now a version did not say how far boxes grow before the cut: by 0.1, where no setting changed it."""

VERSIONED = ("embedding", "prediction", "collection")


def upgrade() -> None:
    _extend_product()
    for name in ("warnings", "rejected_crops"):
        op.add_column("image", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    op.execute("ALTER TABLE item RENAME COLUMN is_primary TO primary_in_image")
    _choose_primary_items()
    for table in VERSIONED:
        op.execute(f"UPDATE {table} SET preprocess_version = preprocess_version || '{DEFAULT_CROP}'")


def downgrade() -> None:
    for table in VERSIONED:
        op.execute(
            f"UPDATE {table} SET preprocess_version = replace(preprocess_version, '{DEFAULT_CROP}', '')"
        )
    op.execute("ALTER TABLE item RENAME COLUMN primary_in_image TO is_primary")
    for name in ("rejected_crops", "warnings"):
        op.execute(f"ALTER TABLE image DROP COLUMN {name}")
    op.drop_index("ix_product_tenant_id_external_id", "product")
    for name in ("primary_item_id", "list_price_nanos", "list_price_units", "attributes"):
        op.execute(f"ALTER TABLE product DROP COLUMN {name}")
    for name in ("availability", "url", "product_type", "external_id"):
        op.execute(f"ALTER TABLE product DROP COLUMN {name}")


def _extend_product() -> None:
    for column in (
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("product_type", sa.Text(), nullable=False, server_default=""),
        sa.Column("url", sa.Text(), nullable=False, server_default=""),
        sa.Column("availability", sa.String(length=16), nullable=False, server_default=""),
        sa.Column("attributes", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("list_price_units", sa.BigInteger(), nullable=True),
        sa.Column("list_price_nanos", sa.Integer(), nullable=True),
        sa.Column("primary_item_id", sa.String(length=36), nullable=True),
    ):
        op.add_column("product", column)
    op.create_index(
        op.f("ix_product_tenant_id_external_id"), "product", ["tenant_id", "external_id"], unique=True
    )


def _choose_primary_items() -> None:
    """The primary item of the oldest photo; the next change of a product or its photos weighs all of them."""
    op.execute(
        "UPDATE product SET primary_item_id = (SELECT item.id FROM item "
        "JOIN image ON image.tenant_id = item.tenant_id AND image.id = item.image_id "
        "WHERE image.tenant_id = product.tenant_id AND image.product_id = product.id "
        "AND item.primary_in_image AND item.delete_us IS NULL ORDER BY item.image_id LIMIT 1)"
    )
