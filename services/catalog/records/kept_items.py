"""The items of a photo that is indexed again: those that people have changed are kept."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from domain.types import Box
from services.catalog.records.items import Item, read_items
from services.catalog.sql.tables import ItemRow
from services.catalog.sql.upsert import AnyRow, table_of

_ITEM = table_of(ItemRow)
_OF_IMAGE = (_ITEM.c.tenant_id == bindparam("tenant_id"), _ITEM.c.image_id == bindparam("image_id"))
_IS_KEPT = _ITEM.c.corrected & _ITEM.c.delete_us.is_(None)
_KEPT = (
    select(*(_ITEM.c.id, _ITEM.c.ordinal, _ITEM.c.person_box, _ITEM.c.reject_reason, _ITEM.c.etag))
    .where(*_OF_IMAGE, _IS_KEPT)
    .order_by(_ITEM.c.ordinal)
)
_FORMER = (
    select(
        *(_ITEM.c.id, _ITEM.c.ordinal, _ITEM.c.x1, _ITEM.c.y1, _ITEM.c.x2, _ITEM.c.y2),
        *(_ITEM.c.corrected, _ITEM.c.delete_us),
    )
    .where(*_OF_IMAGE, ~_IS_KEPT)
    .order_by(_ITEM.c.ordinal)
)


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
    rows = session.execute(_KEPT, {"tenant_id": tenant_id, "image_id": image_id}).all()
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
    return tuple(
        [
            FormerItem(
                row.id,
                row.ordinal,
                None if row.corrected else Box(row.x1, row.y1, row.x2, row.y2),
                row.delete_us is None,
            )
            for row in session.execute(_FORMER, {"tenant_id": tenant_id, "image_id": image_id})
        ]
    )


def next_ordinal(session: Session, tenant_id: str, image_id: str) -> int:
    """A number that no item of the photo has, or had."""
    of_image = (ItemRow.tenant_id == tenant_id, ItemRow.image_id == image_id)
    last: int | None = session.scalar(select(func.max(ItemRow.ordinal)).where(*of_image))
    return 0 if last is None else last + 1


def _kept(row: AnyRow, item: Item) -> KeptItem:
    return KeptItem(
        id=row.id,
        ordinal=row.ordinal,
        box=item.box,
        whole_image=item.whole_image,
        own_box=row.person_box,
        rejected=row.reject_reason is not None,
        primary=item.primary_in_image,
        label=item.label,
        score=item.score,
        etag=row.etag,
    )
