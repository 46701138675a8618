"""Imports: their sources and entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID, TENANT = sa.String(length=36), sa.String(length=64)


def upgrade() -> None:
    op.create_table(
        "import_source",
        sa.Column("tenant_id", TENANT, nullable=False),
        sa.Column("operation_id", ID, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("end_user", sa.Text(), nullable=False),
        sa.Column("entries_us", sa.BigInteger(), nullable=False),
        sa.Column("finish_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "operation_id", name="pk_import_source"),
        _of_operation("fk_import_source_tenant_id_operation_id"),
    )
    op.create_table(
        "import_entry",
        sa.Column("tenant_id", TENANT, nullable=False),
        sa.Column("operation_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("product", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("image_name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("image_id", ID, nullable=True),
        sa.Column("image", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("job_id", ID, nullable=True),
        sa.Column("product_change", sa.String(length=16), nullable=False),
        sa.Column("photo_known", sa.Boolean(), nullable=False),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "operation_id", "number", name="pk_import_entry"),
        _of_operation("fk_import_entry_tenant_id_operation_id"),
    )
    op.create_index(
        "ix_import_entry_tenant_id_operation_id_state",
        "import_entry",
        ["tenant_id", "operation_id", "state"],
    )
    op.create_index("ix_import_entry_tenant_id_image_id", "import_entry", ["tenant_id", "image_id"])


def downgrade() -> None:
    """Imports that are under way fail: what they have not indexed is lost."""
    op.drop_table("import_entry")
    op.drop_table("import_source")
    op.execute("DELETE FROM operation WHERE kind = 'import'")


def _of_operation(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "operation_id"], ["operation.tenant_id", "operation.id"], name=name
    )
