"""What has described an item, how much it is a garment, and pictures of rejected crops."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    vocabulary = sa.Column("vocabulary_version", sa.String(length=200), nullable=False, server_default="")
    op.add_column("prediction", vocabulary)
    op.add_column("prediction", sa.Column("garment_score", sa.Float(53), nullable=True))
    op.add_column("image", sa.Column("rejected_us", sa.BigInteger(), nullable=True))
    op.create_index("ix_image_rejected_us", "image", ["rejected_us"])


def downgrade() -> None:
    op.drop_index("ix_image_rejected_us", "image")
    op.execute("ALTER TABLE image DROP COLUMN rejected_us")
    for name in ("garment_score", "vocabulary_version"):
        op.execute(f"ALTER TABLE prediction DROP COLUMN {name}")
