"""When the thumbnails of photos were made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("image", sa.Column("thumbnail_us", sa.BigInteger(), nullable=True))
    op.create_index("ix_image_thumbnail_us", "image", ["thumbnail_us"])


def downgrade() -> None:
    op.drop_index("ix_image_thumbnail_us", "image")
    op.execute("ALTER TABLE image DROP COLUMN thumbnail_us")
