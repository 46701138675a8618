"""The tables. An instance of a class is one row.

Every key starts with the tenant, so no row can point at another tenant's. Times are microseconds since 1970.
An item is stable; its predictions, corrections and embeddings are separate rows.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ID = String(36)
TENANT = String(64)
VERSION = String(200)
END_USER = String(128)


class Table(DeclarativeBase):
    """Base of all tables; constraints get predictable names, which migrations need."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class ProductRow(Table):
    """What is sold.

    `primary_item_id` names an item of one of its images, `person_primary_item_id` the one that a person has
    chosen. They are no foreign keys: items point at images, and images at products.
    """

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("tenant_id", "idempotency_key"),
        Index(None, "tenant_id", "external_id", unique=True),
    )

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(200))
    display_name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    brand: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    product_type: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    availability: Mapped[str] = mapped_column(String(16))
    attributes: Mapped[dict[str, str]] = mapped_column(JSON)
    price_currency: Mapped[str | None] = mapped_column(String(3))
    price_units: Mapped[int | None] = mapped_column(BigInteger)
    price_nanos: Mapped[int | None] = mapped_column(Integer)
    list_price_units: Mapped[int | None] = mapped_column(BigInteger)
    list_price_nanos: Mapped[int | None] = mapped_column(Integer)
    primary_item_id: Mapped[str | None] = mapped_column(ID)
    person_primary_item_id: Mapped[str | None] = mapped_column(ID)
    idempotency_key: Mapped[str | None] = mapped_column(String(128))
    fingerprint: Mapped[str] = mapped_column(String(64))
    etag: Mapped[str] = mapped_column(String(32))
    create_us: Mapped[int] = mapped_column(BigInteger)
    update_us: Mapped[int] = mapped_column(BigInteger)
    delete_us: Mapped[int | None] = mapped_column(BigInteger)


class ImageRow(Table):
    """A photo whose original lies in the blob store; width and height are of the upright picture.

    `warnings` and `rejected_crops` are of the last time it was indexed, `rejected_us` of when the pictures of
    those crops were stored; null where none are. `person_primary_item_id` names the item that a person has
    chosen to represent it.

    `pdq_quality` is null until the photo is hashed; `pdq` is null, too, where it has too little detail.
    `near_duplicate_id` names the most similar earlier photo within the distance of copies as it was found
    last, "" one that is removed since; null where there was none.
    """

    __tablename__ = "image"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "product_id"], ["product.tenant_id", "product.id"]),
        Index(None, "tenant_id", "product_id"),
        Index(None, "tenant_id", "near_duplicate_id"),
        Index(None, "rejected_us"),
        Index(None, "thumbnail_us"),
    )

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    product_id: Mapped[str | None] = mapped_column(ID)
    name: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(String(16))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    boxes: Mapped[list[Any]] = mapped_column(JSON)
    warnings: Mapped[list[str]] = mapped_column(JSON)
    rejected_crops: Mapped[list[Any]] = mapped_column(JSON)
    rejected_us: Mapped[int | None] = mapped_column(BigInteger)
    thumbnail_us: Mapped[int | None] = mapped_column(BigInteger)
    person_primary_item_id: Mapped[str | None] = mapped_column(ID)
    etag: Mapped[str] = mapped_column(String(32))
    create_us: Mapped[int] = mapped_column(BigInteger)
    update_us: Mapped[int] = mapped_column(BigInteger)
    delete_us: Mapped[int | None] = mapped_column(BigInteger)
    pdq: Mapped[bytes | None] = mapped_column(LargeBinary)
    pdq_quality: Mapped[int | None] = mapped_column(Integer)
    near_duplicate_id: Mapped[str | None] = mapped_column(ID)
    near_duplicate_distance: Mapped[int | None] = mapped_column(Integer)


class PhotoHashPartRow(Table):
    """One of the 16 parts of a photo's hash, by which photos with a similar hash are found.

    `part` is its place times 65,536 plus its 16 bits. The photo has no index, since its hash tells its parts.
    """

    __tablename__ = "photo_hash_part"
    __table_args__ = ({"sqlite_with_rowid": False},)

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    part: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    photo_id: Mapped[str] = mapped_column(ID, primary_key=True)


class ItemRow(Table):
    """A garment in a photo, with what people say of it, which is laid over each prediction.

    `corrected` says that people have changed it some time: indexing the photo again keeps it. `person_box`
    says that the box is a person's, `added` that no model has found it.
    """

    __tablename__ = "item"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "image_id"], ["image.tenant_id", "image.id"]),
        UniqueConstraint("tenant_id", "image_id", "ordinal"),
    )

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    image_id: Mapped[str] = mapped_column(ID)
    ordinal: Mapped[int] = mapped_column(Integer)
    x1: Mapped[float] = mapped_column(Float(53))
    y1: Mapped[float] = mapped_column(Float(53))
    x2: Mapped[float] = mapped_column(Float(53))
    y2: Mapped[float] = mapped_column(Float(53))
    whole_image: Mapped[bool] = mapped_column(Boolean)
    primary_in_image: Mapped[bool] = mapped_column(Boolean)
    etag: Mapped[str] = mapped_column(String(32))
    create_us: Mapped[int] = mapped_column(BigInteger)
    update_us: Mapped[int] = mapped_column(BigInteger)
    delete_us: Mapped[int | None] = mapped_column(BigInteger)
    corrected: Mapped[bool] = mapped_column(Boolean, server_default=false())
    corrected_label: Mapped[str | None] = mapped_column(Text)
    corrected_attributes: Mapped[dict[str, Any]] = mapped_column(JSON, server_default="{}")
    person_box: Mapped[bool] = mapped_column(Boolean, server_default=false())
    added: Mapped[bool] = mapped_column(Boolean, server_default=false())
    reject_reason: Mapped[str | None] = mapped_column(String(16))
    verify_us: Mapped[int | None] = mapped_column(BigInteger)


CORRECTED_COLUMNS = (
    *("corrected", "corrected_label", "corrected_attributes", "person_box"),
    *("added", "reject_reason", "verify_us"),
)
"""Of an item: what indexing leaves as it is."""


class PredictionRow(Table):
    """The prediction of one model version for an item; its key has the embedder's version.

    An empty `vocabulary_version` is of a release that did not keep it. `alternatives` has by attribute the
    most probable values with their scores, `category` the value of that attribute, and `uncertainty` tells
    how unsure the model is of it, 0 to 1.
    """

    __tablename__ = "prediction"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "item_id"], ["item.tenant_id", "item.id"]),
        Index(None, "tenant_id", "model_version", "uncertainty"),
        Index(
            "ix_prediction_sample",
            *("tenant_id", "model_version", "preprocess_version", "category"),
            text("substr(item_id, 25)"),
        ),
    )

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    item_id: Mapped[str] = mapped_column(ID, primary_key=True)
    model_version: Mapped[str] = mapped_column(VERSION, primary_key=True)
    preprocess_version: Mapped[str] = mapped_column(VERSION, primary_key=True)
    detector_version: Mapped[str] = mapped_column(VERSION)
    detector_preprocess_version: Mapped[str] = mapped_column(VERSION)
    score: Mapped[float] = mapped_column(Float(53))
    label: Mapped[str] = mapped_column(Text)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON)
    colors: Mapped[list[Any]] = mapped_column(JSON)
    warnings: Mapped[list[str]] = mapped_column(JSON)
    create_us: Mapped[int] = mapped_column(BigInteger)
    categories: Mapped[list[Any]] = mapped_column(JSON, server_default="[]")
    classifier_version: Mapped[str] = mapped_column(VERSION, server_default="")
    classifier_preprocess_version: Mapped[str] = mapped_column(VERSION, server_default="")
    vocabulary_version: Mapped[str] = mapped_column(VERSION, server_default="")
    garment_score: Mapped[float | None] = mapped_column(Float(53))
    alternatives: Mapped[dict[str, Any]] = mapped_column(JSON, server_default="{}")
    category: Mapped[str] = mapped_column(Text, server_default="")
    uncertainty: Mapped[float] = mapped_column(Float(53), server_default="1")


class CorrectionRow(Table):
    """A change that a person has made of an item; rows are only added, and an undo is one, too.

    `changes` has the fields with what was before and after; the versions are of the model that had described
    the item then. `undone_id` is the correction that is taken back, `review_reason` why its author had the
    item to review, and `batch_id` names the corrections that were made together; both may be empty.
    """

    __tablename__ = "correction"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "item_id"], ["item.tenant_id", "item.id"]),
        Index(None, "tenant_id", "item_id"),
    )

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    item_id: Mapped[str] = mapped_column(ID)
    kind: Mapped[str] = mapped_column(String(16))
    author: Mapped[str] = mapped_column(Text)
    end_user: Mapped[str] = mapped_column(Text)
    changes: Mapped[list[Any]] = mapped_column(JSON)
    model_version: Mapped[str] = mapped_column(VERSION)
    preprocess_version: Mapped[str] = mapped_column(VERSION)
    undone_id: Mapped[str | None] = mapped_column(ID)
    create_us: Mapped[int] = mapped_column(BigInteger)
    review_reason: Mapped[str] = mapped_column(String(16), server_default="")
    batch_id: Mapped[str] = mapped_column(ID, server_default="")


class ReviewLeaseRow(Table):
    """An item that a reviewer has until a moment; with an empty `reviewer` it rests, because it was skipped.

    It is no foreign key to items: a lease ends by itself.
    """

    __tablename__ = "review_lease"

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    item_id: Mapped[str] = mapped_column(ID, primary_key=True)
    reviewer: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(16))
    expire_us: Mapped[int] = mapped_column(BigInteger)
    create_us: Mapped[int] = mapped_column(BigInteger)


class EmbeddingRow(Table):
    """An item's vector of one model version: `width` little-endian float32, L2-normalised."""

    __tablename__ = "embedding"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "item_id"], ["item.tenant_id", "item.id"]),
        Index(None, "model_version", "preprocess_version"),
    )

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    item_id: Mapped[str] = mapped_column(ID, primary_key=True)
    model_version: Mapped[str] = mapped_column(VERSION, primary_key=True)
    preprocess_version: Mapped[str] = mapped_column(VERSION, primary_key=True)
    width: Mapped[int] = mapped_column(Integer)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    create_us: Mapped[int] = mapped_column(BigInteger)


class JobRow(Table):
    """The indexing of one photo, or where it names an item, of that item with a box that a person has drawn.

    `attempts` counts every try, `failures` those that ended in an error, `interruptions` those that a dead
    process left behind. A lease belongs to one try, known by its token. Jobs are taken in the order of
    `queue_us`, the moment of queueing and what the priority adds. `reason` is that of `error`.
    """

    __tablename__ = "job"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "image_id"], ["image.tenant_id", "image.id"]),
        UniqueConstraint("tenant_id", "idempotency_key"),
        Index(None, "tenant_id", "image_id"),
        Index(None, "tenant_id", "update_us"),
        Index(None, "state", "queue_us"),
    )

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    image_id: Mapped[str] = mapped_column(ID)
    item_id: Mapped[str | None] = mapped_column(ID)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(Integer)
    failures: Mapped[int] = mapped_column(Integer)
    interruptions: Mapped[int] = mapped_column(Integer)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    run_after_us: Mapped[int] = mapped_column(BigInteger)
    lease_token: Mapped[str | None] = mapped_column(String(36))
    lease_expires_us: Mapped[int | None] = mapped_column(BigInteger)
    idempotency_key: Mapped[str | None] = mapped_column(String(128))
    fingerprint: Mapped[str] = mapped_column(String(64))
    create_us: Mapped[int] = mapped_column(BigInteger)
    update_us: Mapped[int] = mapped_column(BigInteger)
    priority: Mapped[str] = mapped_column(String(16), server_default="interactive")
    queue_us: Mapped[int] = mapped_column(BigInteger, server_default="0")
    reason: Mapped[str | None] = mapped_column(String(64))


class OperationRow(Table):
    """Work that takes longer than a call.

    `request` is what was asked for and `checkpoint` where it goes on after an interruption, in the terms of
    its kind; `response` is what came of it. A lease belongs to one try, known by its token.
    """

    __tablename__ = "operation"
    __table_args__ = (
        UniqueConstraint("tenant_id", "idempotency_key"),
        Index(None, "state", "run_after_us"),
    )

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    checkpoint: Mapped[dict[str, Any]] = mapped_column(JSON)
    progress: Mapped[dict[str, Any]] = mapped_column(JSON)
    response: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    cancel_requested: Mapped[bool] = mapped_column(Boolean)
    failures: Mapped[int] = mapped_column(Integer)
    run_after_us: Mapped[int] = mapped_column(BigInteger)
    lease_token: Mapped[str | None] = mapped_column(String(36))
    lease_expires_us: Mapped[int | None] = mapped_column(BigInteger)
    idempotency_key: Mapped[str | None] = mapped_column(String(128))
    create_us: Mapped[int] = mapped_column(BigInteger)
    update_us: Mapped[int] = mapped_column(BigInteger)
    end_us: Mapped[int | None] = mapped_column(BigInteger)
    interruptions: Mapped[int] = mapped_column(Integer, server_default="0")


class ImportSourceRow(Table):
    """For whom an operation imports; `entries_us` is when entries came last, `finish_us` when all had."""

    __tablename__ = "import_source"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "operation_id"], ["operation.tenant_id", "operation.id"]),
    )

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    operation_id: Mapped[str] = mapped_column(ID, primary_key=True)
    actor: Mapped[str] = mapped_column(Text)
    end_user: Mapped[str] = mapped_column(Text)
    entries_us: Mapped[int] = mapped_column(BigInteger)
    finish_us: Mapped[int | None] = mapped_column(BigInteger)


class ImportEntryRow(Table):
    """A product, a photo of it, or both, that an operation imports.

    `product` is what was sent, as JSON. `image` describes the photo whose bytes lie in the blob store under
    `image_id`; a photo at a `url` has none before it is fetched.
    """

    __tablename__ = "import_entry"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "operation_id"], ["operation.tenant_id", "operation.id"]),
        Index(None, "tenant_id", "operation_id", "state"),
        Index(None, "tenant_id", "image_id"),
    )

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    operation_id: Mapped[str] = mapped_column(ID, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    product: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    image_name: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    image_id: Mapped[str | None] = mapped_column(ID)
    image: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[str] = mapped_column(String(16))
    job_id: Mapped[str | None] = mapped_column(ID)
    product_change: Mapped[str] = mapped_column(String(16))
    photo_known: Mapped[bool] = mapped_column(Boolean)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class OutboxRow(Table):
    """An item whose vector row must be updated from SQL, whatever `op` is; `op` says why."""

    __tablename__ = "outbox"
    __table_args__ = (Index(None, "tenant_id", "item_id"), {"sqlite_autoincrement": True})

    sequence: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    tenant_id: Mapped[str] = mapped_column(TENANT)
    collection: Mapped[str] = mapped_column(String(255))
    item_id: Mapped[str] = mapped_column(ID)
    op: Mapped[str] = mapped_column(String(8))
    create_us: Mapped[int] = mapped_column(BigInteger)


class CollectionRow(Table):
    """The items of one model and preprocessing version in the vector store. Tenant "*": shared by all.

    One with `retire_us` is written no more since then; its row stays until the vector store has dropped it.
    """

    __tablename__ = "collection"
    __table_args__ = (UniqueConstraint("tenant_id", "alias"),)

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    model_version: Mapped[str] = mapped_column(VERSION)
    preprocess_version: Mapped[str] = mapped_column(VERSION)
    width: Mapped[int] = mapped_column(Integer)
    alias: Mapped[str | None] = mapped_column(String(64))
    create_us: Mapped[int] = mapped_column(BigInteger)
    retire_us: Mapped[int | None] = mapped_column(BigInteger)


class FacetValuesRow(Table):
    """The filterable values of a row that a Milvus server has, to be counted here; empty texts are left out.

    There is no foreign key, because the row goes when that of the server does.
    """

    __tablename__ = "facet_values"
    __table_args__ = (Index(None, "collection", "item_id"),)

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    collection: Mapped[str] = mapped_column(String(255), primary_key=True)
    item_id: Mapped[str] = mapped_column(ID, primary_key=True)
    revision: Mapped[str] = mapped_column(String(80))
    document: Mapped[dict[str, Any]] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))


class TenantUseRow(Table):
    """What a tenant keeps: its items, and the bytes of its originals, both without those that are deleted."""

    __tablename__ = "tenant_use"

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    item_count: Mapped[int] = mapped_column(BigInteger)
    photo_bytes: Mapped[int] = mapped_column(BigInteger)


class UploadRow(Table):
    """A photo that was announced; its bytes are in the blob store once they were sent.

    `sha256` is empty where the caller has not told it.
    """

    __tablename__ = "upload"
    __table_args__ = (Index(None, "expire_us"),)

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    media_type: Mapped[str] = mapped_column(String(32))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    create_us: Mapped[int] = mapped_column(BigInteger)
    expire_us: Mapped[int] = mapped_column(BigInteger)


class IdentityRow(Table):
    """The id of this database, which also marks its blob store."""

    __tablename__ = "identity"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(ID)
    create_us: Mapped[int] = mapped_column(BigInteger)


class WebhookRow(Table):
    """A URL of a tenant to which events are sent; `failing_us` is when deliveries began to fail."""

    __tablename__ = "webhook"

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(String(64))
    disabled: Mapped[bool] = mapped_column(Boolean)
    failing_us: Mapped[int | None] = mapped_column(BigInteger)
    create_us: Mapped[int] = mapped_column(BigInteger)


class WebhookDeliveryRow(Table):
    """One event on its way to one webhook; `body` is what is sent. A lease belongs to one attempt."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "webhook_id"], ["webhook.tenant_id", "webhook.id"]),
        Index(None, "tenant_id", "webhook_id"),
        Index(None, "state", "run_after_us"),
    )

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ID)
    event: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(Integer)
    run_after_us: Mapped[int] = mapped_column(BigInteger)
    lease_token: Mapped[str | None] = mapped_column(String(36))
    status: Mapped[int] = mapped_column(Integer)
    error: Mapped[str] = mapped_column(Text)
    first_us: Mapped[int] = mapped_column(BigInteger)
    create_us: Mapped[int] = mapped_column(BigInteger)
    update_us: Mapped[int] = mapped_column(BigInteger)


class WardrobeEntryRow(Table):
    """An item that an end user owns, wishes for or has bought.

    `acquire_date` is such as "2026-11-30". What is worn is counted here, for feedback is not kept for ever.
    """

    __tablename__ = "wardrobe_entry"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "item_id"], ["item.tenant_id", "item.id"]),
        UniqueConstraint("tenant_id", "end_user", "item_id"),
        Index(None, "tenant_id", "item_id"),
    )

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    end_user: Mapped[str] = mapped_column(END_USER)
    item_id: Mapped[str] = mapped_column(ID)
    state: Mapped[str] = mapped_column(String(8))
    price_currency: Mapped[str | None] = mapped_column(String(3))
    price_units: Mapped[int | None] = mapped_column(BigInteger)
    price_nanos: Mapped[int | None] = mapped_column(Integer)
    acquire_date: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text)
    wear_count: Mapped[int] = mapped_column(Integer)
    wear_us: Mapped[int | None] = mapped_column(BigInteger)
    create_us: Mapped[int] = mapped_column(BigInteger)


class FeedbackRow(Table):
    """What an end user said or did to an item; the rows of one outfit have the same id."""

    __tablename__ = "feedback"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "item_id"], ["item.tenant_id", "item.id"]),
        Index(None, "tenant_id", "end_user", "id"),
        Index(None, "tenant_id", "item_id"),
        Index(None, "create_us"),
    )

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    item_id: Mapped[str] = mapped_column(ID, primary_key=True)
    end_user: Mapped[str] = mapped_column(END_USER)
    kind: Mapped[str] = mapped_column(String(8))
    weight: Mapped[float] = mapped_column(Float(53))
    idempotency_key: Mapped[str | None] = mapped_column(String(128))
    fingerprint: Mapped[str] = mapped_column(String(64))
    create_us: Mapped[int] = mapped_column(BigInteger)


class PreferenceRow(Table):
    """What feedback has come to for an end user, as of `update_us`.

    `tallies` has by facet and value the two sums of a tally; `liked` and `disliked` are little-endian float32
    of one model version, empty where there is no direction.
    """

    __tablename__ = "preference"

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    end_user: Mapped[str] = mapped_column(END_USER, primary_key=True)
    signals: Mapped[int] = mapped_column(Integer)
    tallies: Mapped[dict[str, Any]] = mapped_column(JSON)
    model_version: Mapped[str] = mapped_column(VERSION)
    preprocess_version: Mapped[str] = mapped_column(VERSION)
    liked: Mapped[bytes] = mapped_column(LargeBinary)
    disliked: Mapped[bytes] = mapped_column(LargeBinary)
    liked_weight: Mapped[float] = mapped_column(Float(53))
    disliked_weight: Mapped[float] = mapped_column(Float(53))
    update_us: Mapped[int] = mapped_column(BigInteger)


class SuggestedOutfitRow(Table):
    """An outfit that an end user was shown, as a hash of its items, which are not named."""

    __tablename__ = "suggested_outfit"
    __table_args__ = (Index(None, "suggest_us"),)

    tenant_id: Mapped[str] = mapped_column(TENANT, primary_key=True)
    end_user: Mapped[str] = mapped_column(END_USER, primary_key=True)
    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    suggest_us: Mapped[int] = mapped_column(BigInteger)
