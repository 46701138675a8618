"""The catalogue's identity; keys of what was deleted are free again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_identity")),
    )
    op.execute("UPDATE product SET idempotency_key = NULL WHERE delete_us IS NOT NULL")
    op.execute(
        "UPDATE job SET idempotency_key = NULL WHERE EXISTS (SELECT 1 FROM image "
        "WHERE image.tenant_id = job.tenant_id AND image.id = job.image_id AND image.delete_us IS NOT NULL)"
    )


def downgrade() -> None:
    op.drop_table("identity")
