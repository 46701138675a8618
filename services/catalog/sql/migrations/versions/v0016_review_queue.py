"""The queue of reviewers: what models take for possible, how unsure they are, and who has which item."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_VALUE = {
    "sqlite": "COALESCE(json_extract(attributes, '$.category.values[0][0]'), "
    "json_extract(attributes, '$.category[0]'), '')",
    "postgresql": "COALESCE(attributes #>> '{category,values,0,0}', attributes #>> '{category,0}', '')",
}
_SCORE = {
    "sqlite": "COALESCE(json_extract(attributes, '$.category.values[0][1]'), "
    "json_extract(attributes, '$.category[1]'), 0.0)",
    "postgresql": "COALESCE((attributes #>> '{category,values,0,1}')::float8, "
    "(attributes #>> '{category,1}')::float8, 0.0)",
}
"""Of an attribute as it is stored, and as the pair [value, score] that older rows have."""


def upgrade() -> None:
    with op.batch_alter_table("prediction") as table:
        table.add_column(sa.Column("alternatives", sa.JSON(), server_default="{}", nullable=False))
        table.add_column(sa.Column("category", sa.Text(), server_default="", nullable=False))
        table.add_column(sa.Column("uncertainty", sa.Float(53), server_default="1", nullable=False))
    dialect = op.get_bind().dialect.name
    op.execute(f"UPDATE prediction SET category = {_VALUE[dialect]}, uncertainty = 1.0 - {_SCORE[dialect]}")
    op.create_index(
        "ix_prediction_tenant_id_model_version_uncertainty",
        "prediction",
        ["tenant_id", "model_version", "uncertainty"],
    )
    with op.batch_alter_table("correction") as table:
        table.add_column(sa.Column("review_reason", sa.String(16), server_default="", nullable=False))
        table.add_column(sa.Column("batch_id", sa.String(36), server_default="", nullable=False))
    op.create_table(
        "review_lease",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("item_id", sa.String(36), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("expire_us", sa.BigInteger(), nullable=False),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "item_id", name="pk_review_lease"),
    )


def downgrade() -> None:
    op.drop_table("review_lease")
    with op.batch_alter_table("correction") as table:
        table.drop_column("batch_id")
        table.drop_column("review_reason")
    op.drop_index("ix_prediction_tenant_id_model_version_uncertainty", "prediction")
    with op.batch_alter_table("prediction") as table:
        table.drop_column("uncertainty")
        table.drop_column("category")
        table.drop_column("alternatives")
