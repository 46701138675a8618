"""Audit records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit_record",
        sa.Column("time_us", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("end_user", sa.String(128), nullable=False),
        sa.Column("action", sa.String(100), nullable=False),
        sa.Column("resource", sa.String(300), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("time_us", "id", name=op.f("pk_audit_record")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_audit_record_tenant_id_time_us"), "audit_record", ["tenant_id", "time_us"])


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_record_tenant_id_time_us"), "audit_record")
    op.drop_table("audit_record")
