"""When the erasure of a tenant began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("tenant", sa.Column("erase_us", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("tenant", "erase_us")
