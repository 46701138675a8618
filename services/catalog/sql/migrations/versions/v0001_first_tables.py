"""First tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_collection()
    _create_outbox()
    _create_product()
    _create_image()
    _create_item()
    _create_job()
    _create_correction()
    _create_embedding()
    _create_prediction()


def downgrade() -> None:
    for name in (
        "prediction",
        "embedding",
        "correction",
        "job",
        "item",
        "image",
        "product",
        "outbox",
        "collection",
    ):
        op.drop_table(name)


def _create_collection() -> None:
    op.create_table(
        "collection",
        sa.Column("tenant_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("model_version", sa.String(length=200), nullable=False),
        sa.Column("preprocess_version", sa.String(length=200), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(length=64), nullable=True),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "name", name=op.f("pk_collection")),
        sa.UniqueConstraint("tenant_id", "alias", name=op.f("uq_collection_tenant_id_alias")),
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column(
            "sequence",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("tenant_id", sa.String(length=64), nullable=False),
        sa.Column("collection", sa.String(length=255), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("op", sa.String(length=8), nullable=False),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outbox_tenant_id_item_id"), "outbox", ["tenant_id", "item_id"], unique=False)


def _create_product() -> None:
    op.create_table(
        "product",
        sa.Column("tenant_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("price_currency", sa.String(length=3), nullable=True),
        sa.Column("price_units", sa.BigInteger(), nullable=True),
        sa.Column("price_nanos", sa.Integer(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=128), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("etag", sa.String(length=32), nullable=False),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.Column("update_us", sa.BigInteger(), nullable=False),
        sa.Column("delete_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_product")),
        sa.UniqueConstraint(
            "tenant_id", "idempotency_key", name=op.f("uq_product_tenant_id_idempotency_key")
        ),
    )


def _create_image() -> None:
    op.create_table(
        "image",
        sa.Column("tenant_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("product_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=16), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("boxes", sa.JSON(), nullable=False),
        sa.Column("etag", sa.String(length=32), nullable=False),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.Column("update_us", sa.BigInteger(), nullable=False),
        sa.Column("delete_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "product_id"],
            ["product.tenant_id", "product.id"],
            name=op.f("fk_image_tenant_id_product_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_image")),
    )
    op.create_index(op.f("ix_image_tenant_id_product_id"), "image", ["tenant_id", "product_id"], unique=False)


def _create_item() -> None:
    op.create_table(
        "item",
        sa.Column("tenant_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("image_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("x1", sa.Float(precision=53), nullable=False),
        sa.Column("y1", sa.Float(precision=53), nullable=False),
        sa.Column("x2", sa.Float(precision=53), nullable=False),
        sa.Column("y2", sa.Float(precision=53), nullable=False),
        sa.Column("whole_image", sa.Boolean(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("etag", sa.String(length=32), nullable=False),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.Column("update_us", sa.BigInteger(), nullable=False),
        sa.Column("delete_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "image_id"],
            ["image.tenant_id", "image.id"],
            name=op.f("fk_item_tenant_id_image_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_item")),
        sa.UniqueConstraint(
            "tenant_id", "image_id", "ordinal", name=op.f("uq_item_tenant_id_image_id_ordinal")
        ),
    )


def _create_job() -> None:
    op.create_table(
        "job",
        sa.Column("tenant_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("image_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("interruptions", sa.Integer(), nullable=False),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("run_after_us", sa.BigInteger(), nullable=False),
        sa.Column("lease_token", sa.String(length=36), nullable=True),
        sa.Column("lease_expires_us", sa.BigInteger(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=128), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.Column("update_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "image_id"], ["image.tenant_id", "image.id"], name=op.f("fk_job_tenant_id_image_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_job")),
        sa.UniqueConstraint("tenant_id", "idempotency_key", name=op.f("uq_job_tenant_id_idempotency_key")),
    )
    op.create_index(op.f("ix_job_state_run_after_us"), "job", ["state", "run_after_us"], unique=False)
    op.create_index(op.f("ix_job_tenant_id_image_id"), "job", ["tenant_id", "image_id"], unique=False)


def _create_correction() -> None:
    op.create_table(
        "correction",
        sa.Column("tenant_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "item_id"],
            ["item.tenant_id", "item.id"],
            name=op.f("fk_correction_tenant_id_item_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_correction")),
    )
    op.create_index(
        op.f("ix_correction_tenant_id_item_id"), "correction", ["tenant_id", "item_id"], unique=False
    )


def _create_embedding() -> None:
    op.create_table(
        "embedding",
        sa.Column("tenant_id", sa.String(length=64), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("model_version", sa.String(length=200), nullable=False),
        sa.Column("preprocess_version", sa.String(length=200), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "item_id"],
            ["item.tenant_id", "item.id"],
            name=op.f("fk_embedding_tenant_id_item_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "item_id", "model_version", "preprocess_version", name=op.f("pk_embedding")
        ),
    )
    op.create_index(
        op.f("ix_embedding_model_version_preprocess_version"),
        "embedding",
        ["model_version", "preprocess_version"],
        unique=False,
    )


def _create_prediction() -> None:
    op.create_table(
        "prediction",
        sa.Column("tenant_id", sa.String(length=64), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("model_version", sa.String(length=200), nullable=False),
        sa.Column("preprocess_version", sa.String(length=200), nullable=False),
        sa.Column("detector_version", sa.String(length=200), nullable=False),
        sa.Column("detector_preprocess_version", sa.String(length=200), nullable=False),
        sa.Column("score", sa.Float(precision=53), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("colors", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("create_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "item_id"],
            ["item.tenant_id", "item.id"],
            name=op.f("fk_prediction_tenant_id_item_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "item_id", "model_version", "preprocess_version", name=op.f("pk_prediction")
        ),
    )
