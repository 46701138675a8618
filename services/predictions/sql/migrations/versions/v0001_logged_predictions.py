"""The prediction log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

VERSIONS = ("detector", "embedder", "classifier")


def upgrade() -> None:
    versions = [f"{model}{part}_version" for model in VERSIONS for part in ("", "_preprocess")]
    op.create_table(
        "logged_prediction",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(64), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        *(sa.Column(name, sa.String(200), nullable=False) for name in versions),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("has_picture", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("embedding_width", sa.Integer(), nullable=False),
        sa.Column("embeddings", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_logged_prediction")),
    )
    op.create_index(op.f("ix_logged_prediction_create_us"), "logged_prediction", ["create_us"])


def downgrade() -> None:
    op.drop_index(op.f("ix_logged_prediction_create_us"), "logged_prediction")
    op.drop_table("logged_prediction")
