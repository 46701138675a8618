"""Items that indexing a photo again keeps, because people have changed them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.types import Box
from services.catalog.records.items import Item, read_items
from services.catalog.sql.tables import ItemRow


@dataclass(frozen=True, slots=True)
class KeptItem:
    """An item of a photo; the label and the score are those of its newest prediction.

    `own_box` says that the box is a person's, `primary` that it represents its photo, which `rejected` items
    do not. `etag` changes with every correction.
    """

    id: str
    ordinal: int
    box: Box
    whole_image: bool
    own_box: bool
    rejected: bool
    primary: bool
    label: str
    score: float
    etag: str


def read_kept(session: Session, tenant_id: str, image_id: str) -> tuple[KeptItem, ...]:
    """The kept items of a photo that are not deleted, by ordinal."""
    of_image = (ItemRow.tenant_id == tenant_id, ItemRow.image_id == image_id, ItemRow.delete_us.is_(None))
    rows = session.scalars(
        select(ItemRow).where(*of_image, ItemRow.corrected).order_by(ItemRow.ordinal)
    ).all()
    stored = read_items(session, tenant_id, [row.id for row in rows])
    return tuple([_kept(row, stored[row.id].item) for row in rows if row.id in stored])


def next_ordinal(session: Session, tenant_id: str, image_id: str) -> int:
    """A number that no item of the photo has, or had."""
    of_image = (ItemRow.tenant_id == tenant_id, ItemRow.image_id == image_id)
    last: int | None = session.scalar(select(func.max(ItemRow.ordinal)).where(*of_image))
    return 0 if last is None else last + 1


def _kept(row: ItemRow, item: Item) -> KeptItem:
    return KeptItem(
        id=row.id,
        ordinal=row.ordinal,
        box=item.box,
        whole_image=row.whole_image,
        own_box=row.person_box,
        rejected=row.reject_reason is not None,
        primary=row.primary_in_image,
        label=item.label,
        score=item.score,
        etag=row.etag,
    )
