"""Photos whose items people have reviewed, a page at a time and the oldest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.catalog.records.images import Image, read_images
from services.catalog.records.items import Item, read_items
from services.catalog.sql.tables import ImageRow, ItemRow


@dataclass(frozen=True, slots=True)
class ReviewedFilter:
    """Which photos, and which of their items. Times are microseconds since 1970, None is any.

    Attributes:
        partly: photos some of whose items nobody has reviewed, too; those items are left out.
        rejected: rejected items, too.
    """

    partly: bool = False
    rejected: bool = False
    created_from_us: int | None = None
    created_before_us: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ReviewedPhoto:
    """A photo with its reviewed items; `fully` says that there are no others."""

    image: Image
    items: tuple[Item, ...]
    fully: bool


@dataclass(frozen=True, slots=True, eq=False)
class ReviewedPage:
    """Some photos, and the id behind which the next page begins; "" where there is none."""

    photos: tuple[ReviewedPhoto, ...]
    next_after: str


def reviewed_after(
    session: Session, tenant_id: str, after: str, wanted: ReviewedFilter, count: int
) -> ReviewedPage:
    """Look at the next `count` photos behind an id of which people have changed an item."""
    ids = _changed_after(session, tenant_id, after, wanted, count)
    images, items = read_images(session, tenant_id, ids), _items_of(session, tenant_id, ids)
    found = [_reviewed(images[id], items.get(id, ()), wanted) for id in ids if id in images]
    return ReviewedPage(
        tuple([photo for photo in found if photo is not None]), ids[-1] if len(ids) == count else ""
    )


def _changed_after(
    session: Session, tenant_id: str, after: str, wanted: ReviewedFilter, count: int
) -> Sequence[str]:
    changed = (
        select(ItemRow.id)
        .where(
            ItemRow.tenant_id == tenant_id,
            ItemRow.image_id == ImageRow.id,
            ItemRow.corrected,
            ItemRow.delete_us.is_(None),
        )
        .exists()
    )
    of_tenant = (ImageRow.tenant_id == tenant_id, ImageRow.delete_us.is_(None), ImageRow.id > after)
    query = select(ImageRow.id).where(*of_tenant, changed)
    if wanted.created_from_us is not None:
        query = query.where(ImageRow.create_us >= wanted.created_from_us)
    if wanted.created_before_us is not None:
        query = query.where(ImageRow.create_us < wanted.created_before_us)
    return session.scalars(query.order_by(ImageRow.id).limit(count)).all()


def _items_of(session: Session, tenant_id: str, image_ids: Sequence[str]) -> Mapping[str, list[Item]]:
    query = select(ItemRow.id).where(
        ItemRow.tenant_id == tenant_id, ItemRow.image_id.in_(image_ids), ItemRow.delete_us.is_(None)
    )
    ids = session.scalars(query.order_by(ItemRow.image_id, ItemRow.ordinal)).all()
    stored = read_items(session, tenant_id, ids)
    found: dict[str, list[Item]] = {}
    for id in ids:
        if id in stored:
            found.setdefault(stored[id].item.image_id, []).append(stored[id].item)
    return found


def _reviewed(image: Image, items: Sequence[Item], wanted: ReviewedFilter) -> ReviewedPhoto | None:
    """The photo with its reviewed items; None where it is not to be had.

    A rejection is a review, too: a photo all of whose items are rejected shows no garment.
    """
    kept = [item for item in items if item.reject_reason is None]
    reviewed = [item for item in kept if item.reviewed]
    fully = bool(items) and len(reviewed) == len(kept)
    if not fully and not (wanted.partly and reviewed):
        return None
    rejected = [item for item in items if item.reject_reason is not None] if wanted.rejected else []
    return ReviewedPhoto(image, (*reviewed, *rejected), fully)
