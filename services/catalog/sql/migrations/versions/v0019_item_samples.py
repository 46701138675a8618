"""An index by which samples of items are drawn, in the order of the random end of their ids."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_prediction_sample",
        "prediction",
        ["tenant_id", "model_version", "preprocess_version", "category", sa.text("substr(item_id, 25)")],
    )


def downgrade() -> None:
    op.drop_index("ix_prediction_sample", "prediction")
