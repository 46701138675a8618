"""How many pixels tenants may send, and what they may keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for column in (
        sa.Column("megapixels_per_minute", sa.Integer()),
        sa.Column("max_items", sa.BigInteger()),
        sa.Column("max_bytes", sa.BigInteger()),
    ):
        op.add_column("tenant", column)


def downgrade() -> None:
    for name in ("max_bytes", "max_items", "megapixels_per_minute"):
        op.drop_column("tenant", name)
