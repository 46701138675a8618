"""What a classifier says of an item."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

VERSION = sa.String(length=200)


def upgrade() -> None:
    for column in (
        sa.Column("categories", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("classifier_version", VERSION, nullable=False, server_default=""),
        sa.Column("classifier_preprocess_version", VERSION, nullable=False, server_default=""),
    ):
        op.add_column("prediction", column)


def downgrade() -> None:
    for name in ("classifier_preprocess_version", "classifier_version", "categories"):
        op.execute(f"ALTER TABLE prediction DROP COLUMN {name}")
