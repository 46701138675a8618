"""Near duplicates: photos that are copies of one another, whatever their size and compression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.errors import InvalidInput
from domain.types import Principal
from imaging.pdq import MAX_DISTANCE
from services.catalog.ids import check_id
from services.catalog.limits import CatalogLimits
from services.catalog.records.duplicate_groups import DuplicateGroup, GroupFilter, list_groups
from services.catalog.records.images import Image, read_image, read_images
from services.catalog.records.paging import Page, cut_page, read_cursor
from services.catalog.records.photo_hashes import NearDuplicate, near_photos
from services.sql.database import Database

GROUP_PHOTOS = 50
"""The most photos of a group that are told."""


@dataclass(frozen=True, slots=True)
class DuplicatePhoto:
    """A photo, and in how many of 256 bits its hash differs from that of the photo it is compared with."""

    image: Image
    distance: int


@dataclass(frozen=True, slots=True)
class FoundDuplicates:
    """Near duplicates of a photo, nearest first, and how many there are.

    `hashed` says whether the photo can be compared: it was hashed, and has enough detail.
    """

    photos: tuple[DuplicatePhoto, ...]
    total: int
    hashed: bool


@dataclass(frozen=True, slots=True)
class PhotoGroup:
    """Photos that are near duplicates, oldest first, with distances from the oldest; and their number."""

    photos: tuple[DuplicatePhoto, ...]
    total: int


class NearDuplicates:
    """The calls on near duplicates, each within the caller's tenant."""

    def __init__(self, database: Database, limits: CatalogLimits) -> None:
        self._database = database
        self._limits = limits

    async def find(
        self, principal: Principal, image_id: str, max_distance: int | None = None, page_size: int = 0
    ) -> FoundDuplicates:
        """The near duplicates of a photo, at most `page_size` of them. Raises InvalidInput, NotFound."""
        wanted, within = check_id("image_id", image_id), _checked_distance(max_distance)
        tenant_id, most = principal.tenant_id, read_cursor(self._limits, principal, "", page_size, "").size

        def find(session: Session) -> FoundDuplicates:
            bits = read_image(session, tenant_id, wanted).photo_hash
            if not bits:
                return FoundDuplicates((), 0, hashed=False)
            near = [
                each
                for each, photo in near_photos(session, tenant_id, bits, within)
                if photo.id != wanted and not photo.deleted
            ]
            return FoundDuplicates(_photos(session, tenant_id, near[:most]), len(near), hashed=True)

        return await self._database.read(find)

    async def list(
        self,
        principal: Principal,
        product_id: str = "",
        max_distance: int | None = None,
        page_size: int = 0,
        page_token: str = "",
    ) -> Page[PhotoGroup]:
        """Groups of near duplicates, those with a photo of a product where it is named.

        Raises:
            InvalidInput: a field is invalid, or the token is of another list.
        """
        product_id = check_id("product_id", product_id) if product_id else ""
        wanted = GroupFilter(product_id, _checked_distance(max_distance))
        cursor = read_cursor(self._limits, principal, f"near duplicates {wanted}", page_size, page_token)
        tenant_id = principal.tenant_id

        def read(session: Session) -> Page[PhotoGroup]:
            page = cut_page(cursor, list_groups(session, tenant_id, cursor, wanted), _place)
            return Page(tuple(_group(session, tenant_id, each) for each in page.entries), page.next_token)

        return await self._database.read(read)


def _checked_distance(max_distance: int | None) -> int:
    """Raises InvalidInput where it is out of range."""
    if max_distance is None:
        return MAX_DISTANCE
    if not 0 <= max_distance <= MAX_DISTANCE:
        raise InvalidInput("max_distance", f"must be 0 to {MAX_DISTANCE}, got {max_distance}")
    return max_distance


def _place(group: DuplicateGroup) -> str:
    return group.place


def _group(session: Session, tenant_id: str, group: DuplicateGroup) -> PhotoGroup:
    return PhotoGroup(_photos(session, tenant_id, group.photos[:GROUP_PHOTOS]), len(group.photos))


def _photos(session: Session, tenant_id: str, near: Sequence[NearDuplicate]) -> tuple[DuplicatePhoto, ...]:
    images = read_images(session, tenant_id, [each.image_id for each in near])
    return tuple(DuplicatePhoto(images[each.image_id], each.distance) for each in near)
