"""Images: the photos that items are found in."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from domain.clock import datetime_from_us
from domain.errors import Conflict, FailedPrecondition, NotFound
from domain.quota import TenantUse
from domain.types import Box, QualityIssue
from imaging.crop import box_pixels
from services.catalog.ids import new_etag
from services.catalog.records import outbox
from services.catalog.records.job_queue import end_open_jobs
from services.catalog.records.ordering import Fields, Order, page_of
from services.catalog.records.paging import Cursor
from services.catalog.records.photo_hashes import NearDuplicate, noted_duplicate
from services.catalog.records.product_drafts import ProductDraft, draft_fingerprint
from services.catalog.records.products import Product, lock_any_product
from services.catalog.records.tenant_use import add_use
from services.catalog.sql.tables import ImageRow, ItemRow, ProductRow, TenantUseRow
from services.catalog.sql.upsert import table_of

_CHUNK = 500
_IMAGE = table_of(ImageRow)
_INSERT = insert(_IMAGE)
_OF_ID = (_IMAGE.c.tenant_id == bindparam("of_tenant"), _IMAGE.c.id == bindparam("of_image"))
_PRODUCT_OF = select(_IMAGE.c.product_id).where(*_OF_ID)
_LOCK = select(_IMAGE.c.id).where(*_OF_ID).with_for_update()
_UPDATE = update(_IMAGE).where(*_OF_ID)

IMAGE_FIELDS: Fields = {
    "create_time": lambda _: ImageRow.id.expression,
    "update_time": lambda _: ImageRow.update_us.expression,
    "name": lambda _: func.lower(ImageRow.name),
    "size_bytes": lambda _: ImageRow.size_bytes.expression,
}
"""What images may be ordered by; ids are in the order in which they were made."""


@dataclass(frozen=True, slots=True)
class ImageFilter:
    """Which images a list has: those of a product, with `text` in their name; and in which order."""

    product_id: str = ""
    text: str = ""
    order: Order = Order()
    show_deleted: bool = False
    only_deleted: bool = False


@dataclass(frozen=True, slots=True)
class NewImage:
    """A photo to add; width and height are of the upright picture."""

    id: str
    product_id: str
    name: str
    format: str
    width: int
    height: int
    size_bytes: int
    sha256: str
    boxes: tuple[Box, ...] = ()

    @property
    def pixels(self) -> int:
        """Of the photo and its boxes."""
        return self.width * self.height + box_pixels(self.boxes, self.width, self.height)


@dataclass(frozen=True, slots=True)
class RejectedCrop:
    """A detection that became no item, and why; `crop` is a JPEG, where asked for."""

    box: Box
    score: float
    label: str
    reason: QualityIssue
    crop: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A photo that is kept; width and height are of the upright picture.

    `warnings` and `rejected_crops` are of the last time it was indexed. `photo_hash` has 32 bytes, or none
    where the photo has too little detail or is not hashed yet, when `hash_quality` is None. It is a copy of
    `near_duplicate_of`, the most similar earlier photo, as it was found last; that may be deleted since.
    """

    id: str
    product_id: str
    name: str
    format: str
    width: int
    height: int
    size_bytes: int
    sha256: str
    warnings: tuple[QualityIssue, ...]
    rejected_crops: tuple[RejectedCrop, ...]
    etag: str
    create_time: datetime
    update_time: datetime
    delete_time: datetime | None
    photo_hash: bytes = b""
    hash_quality: int | None = None
    near_duplicate_of: NearDuplicate | None = None


@dataclass(frozen=True, slots=True)
class DeletedImages:
    """Deleted images with their items, and the jobs that were open."""

    image_ids: tuple[str, ...]
    item_ids: tuple[str, ...]
    job_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _DeletedChunk:
    """Some of the images to delete, and what the tenant has kept of them."""

    deleted: DeletedImages
    use: TenantUse


def request_fingerprint(
    sha256: str, boxes: Sequence[Box], name: str, product_id: str, draft: ProductDraft | None
) -> str:
    """A hash of a request to index a photo, to compare requests."""
    fields = (sha256, [astuple(box) for box in boxes], name, product_id, draft and draft_fingerprint(draft))
    return hashlib.sha256(repr(fields).encode()).hexdigest()


def insert_image(session: Session, tenant_id: str, image: NewImage, moment_us: int) -> None:
    """Add a photo."""
    values = {
        "tenant_id": tenant_id,
        "id": image.id,
        "product_id": image.product_id or None,
        "name": image.name,
        "format": image.format,
        "width": image.width,
        "height": image.height,
        "size_bytes": image.size_bytes,
        "sha256": image.sha256,
        "boxes": [list(astuple(box)) for box in image.boxes],
        "warnings": [],
        "rejected_crops": [],
        "etag": new_etag(),
        "create_us": moment_us,
        "update_us": moment_us,
    }
    session.execute(_INSERT, values)


def read_image(session: Session, tenant_id: str, image_id: str) -> Image:
    """One photo.

    Raises:
        NotFound: this tenant has none of that id.
    """
    return image_from_row(_live_row(session, tenant_id, image_id))


def read_images(session: Session, tenant_id: str, image_ids: Sequence[str]) -> dict[str, Image]:
    """Those of the photos that are there, by their ids."""
    query = select(ImageRow).where(
        ImageRow.tenant_id == tenant_id, ImageRow.id.in_(image_ids), ImageRow.delete_us.is_(None)
    )
    return {row.id: image_from_row(row) for row in session.scalars(query)}


def list_images(session: Session, tenant_id: str, cursor: Cursor, wanted: ImageFilter) -> list[Image]:
    """In the order asked for, one more than the page's size where there are more. Raises InvalidInput."""
    query = select(ImageRow).where(ImageRow.tenant_id == tenant_id)
    if wanted.only_deleted:
        query = query.where(ImageRow.delete_us.is_not(None))
    elif not wanted.show_deleted:
        query = query.where(ImageRow.delete_us.is_(None))
    if wanted.product_id:
        query = query.where(ImageRow.product_id == wanted.product_id)
    if wanted.text:
        query = query.where(ImageRow.name.icontains(wanted.text, autoescape=True))
    by = IMAGE_FIELDS[wanted.order.field](wanted.order.descending)
    rows = session.scalars(page_of(session, tenant_id, query, ImageRow, by, wanted.order, cursor))
    return [image_from_row(row) for row in rows]


def lock_image(session: Session, tenant_id: str, image_id: str) -> str:
    """Lock a photo's product and then the photo until the transaction ends; returns the product's id, or "".

    Call it before changing a photo with its jobs and items. Locks are taken in one order everywhere:
    product, image, job, items.
    """
    product = lock_image_of_product(session, tenant_id, image_id)
    return "" if product is None else product.id


def lock_image_of_product(session: Session, tenant_id: str, image_id: str) -> Product | None:
    """As `lock_image`; returns the product, which may be deleted."""
    session.flush()  # queries of tables do not see what the session has not written yet
    of_image = {"of_tenant": tenant_id, "of_image": image_id}
    product_id = session.scalar(_PRODUCT_OF, of_image)
    product = lock_any_product(session, tenant_id, product_id) if product_id else None
    session.execute(_LOCK, of_image).all()
    return product


def lock_images(session: Session, tenant_id: str, image_ids: Collection[str]) -> set[str]:
    """As `lock_image`, for many; returns those that are not deleted."""
    of_ids = (ImageRow.tenant_id == tenant_id, ImageRow.id.in_(image_ids))
    product_ids = select(ImageRow.product_id).where(*of_ids, ImageRow.product_id.is_not(None))
    of_products = (ProductRow.tenant_id == tenant_id, ProductRow.id.in_(product_ids))
    session.execute(select(ProductRow.id).where(*of_products).order_by(ProductRow.id).with_for_update()).all()
    locked = select(ImageRow.id, ImageRow.delete_us).where(*of_ids).order_by(ImageRow.id).with_for_update()
    return {id for id, delete_us in session.execute(locked) if delete_us is None}


def write_findings(
    session: Session,
    tenant_id: str,
    image_id: str,
    warnings: Sequence[QualityIssue],
    rejected: Sequence[RejectedCrop],
    moment_us: int,
    *,
    pictures: bool = False,
) -> None:
    """Store the quality filter's results for a photo and its crops; `pictures` says that those are stored.

    Pictures of the time before are still removed when they have been kept long enough.
    """
    values: dict[str, Any] = {"rejected_us": moment_us} if pictures else {}
    values |= {
        "warnings": [issue.value for issue in warnings],
        "rejected_crops": [
            [list(astuple(crop.box)), float(crop.score), crop.label, crop.reason.value] for crop in rejected
        ],
        "etag": new_etag(),
        "update_us": moment_us,
    }
    session.execute(_UPDATE, values | {"of_tenant": tenant_id, "of_image": image_id})


def expired_rejected(session: Session, before_us: int, most: int) -> list[tuple[str, str]]:
    """(tenant, id) of at most so many images whose rejected crops were stored before a time."""
    query = select(ImageRow.tenant_id, ImageRow.id).where(ImageRow.rejected_us < before_us)
    rows = session.execute(query.order_by(ImageRow.rejected_us).limit(most))
    return [(tenant_id, image_id) for tenant_id, image_id in rows]


def forget_rejected(session: Session, images: Sequence[tuple[str, str]], before_us: int) -> None:
    """Note that the pictures of rejected crops of these images are gone, unless newer ones were stored."""
    for tenant_id, image_id in images:
        of_image = (ImageRow.tenant_id == tenant_id, ImageRow.id == image_id)
        gone = update(ImageRow).where(*of_image, ImageRow.rejected_us < before_us)
        session.execute(gone.values(rejected_us=None))


def delete_image(
    session: Session, tenant_id: str, image_id: str, etag: str, moment_us: int
) -> tuple[DeletedImages, str]:
    """Mark an image deleted with its items and jobs; returns their ids, and its product's id or "".

    Raises:
        NotFound: no such image.
        Conflict: `etag` is set and no longer the image's.
    """
    product_id = lock_image(session, tenant_id, image_id)
    row = _live_row(session, tenant_id, image_id)
    if etag and etag != row.etag:
        raise Conflict("the image changed since you read it; read it again and retry")
    return delete_images(session, tenant_id, [image_id], moment_us), product_id


def delete_images(
    session: Session, tenant_id: str, image_ids: Sequence[str], moment_us: int
) -> DeletedImages:
    """Mark images deleted, take their items out of search and end their jobs, whose keys stay taken.

    The tenant has their room again. What is deleted together has the same moment.
    """
    parts = [
        _delete_chunk(session, tenant_id, image_ids[start : start + _CHUNK], moment_us)
        for start in range(0, len(image_ids), _CHUNK)
    ]
    use = TenantUse(-sum(part.use.items for part in parts), -sum(part.use.bytes for part in parts))
    if image_ids:
        add_use(session, tenant_id, use)
    return DeletedImages(
        tuple(image_ids),
        tuple(item_id for part in parts for item_id in part.deleted.item_ids),
        tuple(job_id for part in parts for job_id in part.deleted.job_ids),
    )


def _delete_chunk(
    session: Session, tenant_id: str, image_ids: Sequence[str], moment_us: int
) -> _DeletedChunk:
    gone = {"delete_us": moment_us, "update_us": moment_us}
    of_ids = (ImageRow.tenant_id == tenant_id, ImageRow.id.in_(image_ids), ImageRow.delete_us.is_(None))
    sizes = session.scalars(update(ImageRow).where(*of_ids).values(gone).returning(ImageRow.size_bytes)).all()
    # Jobs before items: a try that is about to add items has added them by then, or never will.
    error = FailedPrecondition("the photo was deleted before it was indexed", reason="IMAGE_DELETED")
    job_ids = end_open_jobs(session, tenant_id, image_ids, error, moment_us)
    of_images = (ItemRow.tenant_id == tenant_id, ItemRow.image_id.in_(image_ids))
    item_ids = session.scalars(select(ItemRow.id).where(*of_images)).all()
    live = update(ItemRow).where(*of_images, ItemRow.delete_us.is_(None)).values(gone).returning(ItemRow.id)
    use = TenantUse(len(session.scalars(live).all()), sum(sizes))
    outbox.enqueue(session, tenant_id, item_ids, "delete", moment_us)
    return _DeletedChunk(DeletedImages(tuple(image_ids), tuple(item_ids), tuple(job_ids)), use)


def has_images(session: Session) -> bool:
    """Whether any tenant has a photo that is not deleted."""
    return session.scalar(select(ImageRow.id).where(ImageRow.delete_us.is_(None)).limit(1)) is not None


def newest_images(session: Session, count: int) -> list[tuple[str, str]]:
    """(tenant, id) of the newest images of all tenants that are not deleted."""
    query = select(ImageRow.tenant_id, ImageRow.id).where(ImageRow.delete_us.is_(None))
    rows = session.execute(query.order_by(ImageRow.id.desc()).limit(count))
    return [(tenant_id, image_id) for tenant_id, image_id in rows]


def newest_items(session: Session, count: int) -> list[tuple[str, str]]:
    """(tenant, id) of the newest items of all tenants that are not deleted."""
    query = select(ItemRow.tenant_id, ItemRow.id).where(ItemRow.delete_us.is_(None))
    rows = session.execute(query.order_by(ItemRow.id.desc()).limit(count))
    return [(tenant_id, item_id) for tenant_id, item_id in rows]


def known_tenants(session: Session) -> set[str]:
    """The tenants that have, or had, a photo in this database."""
    of_images = session.scalars(select(ImageRow.tenant_id).distinct())
    return {*of_images, *session.scalars(select(TenantUseRow.tenant_id))}


def kept_images(session: Session, tenant_id: str, image_ids: Collection[str]) -> set[str]:
    """The ids among these of images that have a row, deleted or not: their blobs are needed."""
    query = select(ImageRow.id).where(ImageRow.tenant_id == tenant_id, ImageRow.id.in_(image_ids))
    return set(session.scalars(query))


def kept_items(session: Session, tenant_id: str, item_ids: Collection[str]) -> set[str]:
    """The ids among these of items that have a row, deleted or not: their blobs are needed."""
    query = select(ItemRow.id).where(ItemRow.tenant_id == tenant_id, ItemRow.id.in_(item_ids))
    return set(session.scalars(query))


def _live_row(session: Session, tenant_id: str, image_id: str) -> ImageRow:
    row = session.get(ImageRow, (tenant_id, image_id))
    if row is None or row.delete_us is not None:
        raise NotFound("image", image_id)
    return row


def image_from_row(row: ImageRow) -> Image:
    return Image(
        id=row.id,
        product_id=row.product_id or "",
        name=row.name,
        format=row.format,
        width=row.width,
        height=row.height,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        warnings=tuple(QualityIssue(name) for name in row.warnings),
        rejected_crops=tuple(map(_rejected_crop, row.rejected_crops)),
        etag=row.etag,
        create_time=datetime_from_us(row.create_us),
        update_time=datetime_from_us(row.update_us),
        delete_time=None if row.delete_us is None else datetime_from_us(row.delete_us),
        photo_hash=row.pdq or b"",
        hash_quality=row.pdq_quality,
        near_duplicate_of=noted_duplicate(row.near_duplicate_id, row.near_duplicate_distance),
    )


def _rejected_crop(stored: Sequence[Any]) -> RejectedCrop:
    sides, score, label, reason = stored
    return RejectedCrop(Box(*sides), score, label, QualityIssue(reason))
