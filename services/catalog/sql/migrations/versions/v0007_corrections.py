"""Corrections of items, and jobs of single items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID, TENANT, VERSION = sa.String(length=36), sa.String(length=64), sa.String(length=200)


def upgrade() -> None:
    for column in (
        sa.Column("corrected", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("corrected_label", sa.Text(), nullable=True),
        sa.Column("corrected_attributes", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("person_box", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("added", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("reject_reason", sa.String(length=16), nullable=True),
        sa.Column("verify_us", sa.BigInteger(), nullable=True),
    ):
        op.add_column("item", column)
    op.add_column("image", sa.Column("person_primary_item_id", ID, nullable=True))
    op.add_column("product", sa.Column("person_primary_item_id", ID, nullable=True))
    op.add_column("job", sa.Column("item_id", ID, nullable=True))
    op.drop_table("correction")  # nothing has written to it
    _create_table(
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("end_user", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("model_version", VERSION, nullable=False),
        sa.Column("preprocess_version", VERSION, nullable=False),
        sa.Column("undone_id", ID, nullable=True),
    )


def downgrade() -> None:
    """Items that people added go with their jobs; what they rejected is found again."""
    op.drop_table("correction")
    _create_table(
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=False),
    )
    op.execute("DELETE FROM job WHERE item_id IS NOT NULL")
    op.execute("ALTER TABLE job DROP COLUMN item_id")
    for table in ("product", "image"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN person_primary_item_id")
    for name in ("verify_us", "reject_reason", "added", "person_box"):
        op.execute(f"ALTER TABLE item DROP COLUMN {name}")
    for name in ("corrected_attributes", "corrected_label", "corrected"):
        op.execute(f"ALTER TABLE item DROP COLUMN {name}")


def _create_table(*columns: sa.Column[object]) -> None:
    op.create_table(
        "correction",
        sa.Column("tenant_id", TENANT, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        *columns,
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_correction"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "item_id"], ["item.tenant_id", "item.id"], name="fk_correction_tenant_id_item_id"
        ),
    )
    op.create_index("ix_correction_tenant_id_item_id", "correction", ["tenant_id", "item_id"])
