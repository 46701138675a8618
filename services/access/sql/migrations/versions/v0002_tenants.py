"""What tenants may use."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "tenant",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("requests_per_minute", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
    )


def downgrade() -> None:
    op.drop_table("tenant")
