"""Users, their sessions, and the tokens with which they get passwords."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "user_account",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("email_key", sa.String(800), nullable=False),
        sa.Column("display_name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("disable_us", sa.BigInteger()),
        sa.Column("last_sign_in_us", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
    )
    op.create_index(op.f("ix_user_account_email_key"), "user_account", ["email_key"], unique=True)
    op.create_index(op.f("ix_user_account_tenant_id_create_us"), "user_account", ["tenant_id", "create_us"])
    op.create_table(
        "user_session",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.String(16), nullable=False),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.Column("last_use_us", sa.BigInteger(), nullable=False),
        sa.Column("expire_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_user_session")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id")),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"])
    op.create_index(op.f("ix_user_session_expire_us"), "user_session", ["expire_us"])
    op.create_table(
        "user_token",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.String(16), nullable=False),
        sa.Column("purpose", sa.String(10), nullable=False),
        sa.Column("expire_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_user_token")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_token_user_id")),
    )
    op.create_index(op.f("ix_user_token_user_id"), "user_token", ["user_id"])


def downgrade() -> None:
    op.drop_table("user_token")
    op.drop_table("user_session")
    op.drop_table("user_account")
