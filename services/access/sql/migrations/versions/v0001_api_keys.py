"""API keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("scopes", sa.String(200), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.Column("expire_us", sa.BigInteger()),
        sa.Column("revoke_us", sa.BigInteger()),
        sa.Column("last_use_us", sa.BigInteger()),
        sa.Column("old_digest", sa.LargeBinary(), nullable=False),
        sa.Column("old_until_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
    )
    op.create_index(op.f("ix_api_key_tenant_id_create_us"), "api_key", ["tenant_id", "create_us"])


def downgrade() -> None:
    op.drop_index(op.f("ix_api_key_tenant_id_create_us"), "api_key")
    op.drop_table("api_key")
