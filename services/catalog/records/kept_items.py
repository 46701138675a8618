"""The items of a photo that is indexed again: those that people have changed are kept."""

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


@dataclass(frozen=True, slots=True)
class FormerItem:
    """An item that nobody has changed, of the photo as it was indexed before.

    `live` says that it was found the last time. `box` is None where a person has removed it, so that only its
    number is taken.
    """

    id: str
    ordinal: int
    box: Box | None
    live: bool


def read_former(session: Session, tenant_id: str, image_id: str) -> tuple[FormerItem, ...]:
    """The items of a photo that are not kept, by ordinal, those that are no longer found among them."""
    of_image = (ItemRow.tenant_id == tenant_id, ItemRow.image_id == image_id)
    kept = ItemRow.corrected & ItemRow.delete_us.is_(None)
    columns = (ItemRow.id, ItemRow.ordinal, ItemRow.x1, ItemRow.y1, ItemRow.x2, ItemRow.y2)
    query = select(*columns, ItemRow.corrected, ItemRow.delete_us).where(*of_image, ~kept)
    return tuple(
        [
            FormerItem(
                row.id,
                row.ordinal,
                None if row.corrected else Box(row.x1, row.y1, row.x2, row.y2),
                row.delete_us is None,
            )
            for row in session.execute(query.order_by(ItemRow.ordinal))
        ]
    )


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
