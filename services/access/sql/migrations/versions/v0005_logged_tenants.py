"""Whether tenants are in the prediction log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("tenant", sa.Column("log_predictions", sa.Boolean()))


def downgrade() -> None:
    op.drop_column("tenant", "log_predictions")
