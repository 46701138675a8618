"""Wardrobes of end users, their feedback, what it has come to, and the outfits that they were shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _of_item(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_tenant_id_item_id"
    return sa.ForeignKeyConstraint(["tenant_id", "item_id"], ["item.tenant_id", "item.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "wardrobe_entry",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("end_user", sa.String(128), nullable=False),
        sa.Column("item_id", sa.String(36), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("price_currency", sa.String(3)),
        sa.Column("price_units", sa.BigInteger()),
        sa.Column("price_nanos", sa.Integer()),
        sa.Column("acquire_date", sa.String(10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("wear_count", sa.Integer(), nullable=False),
        sa.Column("wear_us", sa.BigInteger()),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_wardrobe_entry"),
        sa.UniqueConstraint(
            "tenant_id", "end_user", "item_id", name="uq_wardrobe_entry_tenant_id_end_user_item_id"
        ),
        _of_item("wardrobe_entry"),
    )
    op.create_index("ix_wardrobe_entry_tenant_id_item_id", "wardrobe_entry", ["tenant_id", "item_id"])
    op.create_table(
        "feedback",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("item_id", sa.String(36), nullable=False),
        sa.Column("end_user", sa.String(128), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("weight", sa.Float(53), nullable=False),
        sa.Column("idempotency_key", sa.String(128)),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", "item_id", name="pk_feedback"),
        _of_item("feedback"),
    )
    op.create_index("ix_feedback_tenant_id_end_user_id", "feedback", ["tenant_id", "end_user", "id"])
    op.create_index("ix_feedback_tenant_id_item_id", "feedback", ["tenant_id", "item_id"])
    op.create_index("ix_feedback_create_us", "feedback", ["create_us"])
    _create_preferences()


def _create_preferences() -> None:
    op.create_table(
        "preference",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("end_user", sa.String(128), nullable=False),
        sa.Column("signals", sa.Integer(), nullable=False),
        sa.Column("tallies", sa.JSON(), nullable=False),
        sa.Column("model_version", sa.String(200), nullable=False),
        sa.Column("preprocess_version", sa.String(200), nullable=False),
        sa.Column("liked", sa.LargeBinary(), nullable=False),
        sa.Column("disliked", sa.LargeBinary(), nullable=False),
        sa.Column("liked_weight", sa.Float(53), nullable=False),
        sa.Column("disliked_weight", sa.Float(53), nullable=False),
        sa.Column("update_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "end_user", name="pk_preference"),
    )
    op.create_table(
        "suggested_outfit",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("end_user", sa.String(128), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("suggest_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "end_user", "digest", name="pk_suggested_outfit"),
    )
    op.create_index("ix_suggested_outfit_suggest_us", "suggested_outfit", ["suggest_us"])


def downgrade() -> None:
    for table in ("suggested_outfit", "preference", "feedback", "wardrobe_entry"):
        op.drop_table(table)
