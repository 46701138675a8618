"""Retired collections: those that are written no more, until the vector store has dropped them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("collection") as table:
        table.add_column(sa.Column("retire_us", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM collection WHERE retire_us IS NOT NULL")
    with op.batch_alter_table("collection") as table:
        table.drop_column("retire_us")
