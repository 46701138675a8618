"""What each tenant keeps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tenant_use",
        sa.Column("tenant_id", sa.String(length=64), nullable=False),
        sa.Column("item_count", sa.BigInteger(), nullable=False),
        sa.Column("photo_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_tenant_use")),
    )
    op.execute(
        "INSERT INTO tenant_use (tenant_id, item_count, photo_bytes) "
        "SELECT image.tenant_id, "
        "(SELECT count(*) FROM item WHERE item.tenant_id = image.tenant_id AND item.delete_us IS NULL), "
        "sum(CASE WHEN image.delete_us IS NULL THEN image.size_bytes ELSE 0 END) "
        "FROM image GROUP BY image.tenant_id"
    )


def downgrade() -> None:
    op.drop_table("tenant_use")
