"""Hashes of how photos look, by which copies of a photo are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_COLUMNS = ("pdq", "pdq_quality", "near_duplicate_id", "near_duplicate_distance")


def upgrade() -> None:
    op.add_column("image", sa.Column("pdq", sa.LargeBinary(), nullable=True))
    op.add_column("image", sa.Column("pdq_quality", sa.Integer(), nullable=True))
    op.add_column("image", sa.Column("near_duplicate_id", sa.String(36), nullable=True))
    op.add_column("image", sa.Column("near_duplicate_distance", sa.Integer(), nullable=True))
    op.create_index("ix_image_tenant_id_near_duplicate_id", "image", ["tenant_id", "near_duplicate_id"])
    op.create_table(
        "photo_hash_part",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("photo_id", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "part", "photo_id", name="pk_photo_hash_part"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("photo_hash_part")
    op.drop_index("ix_image_tenant_id_near_duplicate_id", "image")
    for column in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE image DROP COLUMN {column}")
