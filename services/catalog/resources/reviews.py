"""Reviews from another server: what people said there of the items of a photo, laid over its items here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from domain.calls import CURRENT_CALL
from domain.clock import now_us
from domain.errors import FailedPrecondition, InvalidInput
from domain.types import Box, ModelVersion, Principal
from services.audit.record import Change
from services.audit.trail import Changed
from services.catalog.ids import check_id
from services.catalog.limits import check_box, clipped_box
from services.catalog.parts import CatalogParts
from services.catalog.records.answers import check_review
from services.catalog.records.corrections import Correction, CorrectionKind
from services.catalog.records.images import Image, lock_image, read_image
from services.catalog.records.item_changes import Corrected, Made, change_item
from services.catalog.records.item_state import LockedItem, box_value, lock_item
from services.catalog.records.new_items import insert_blank_item
from services.catalog.records.review_matches import (
    KnownItem,
    ReviewedItem,
    known_items,
    match_reviewed,
    same_box,
)
from services.catalog.records.tenant_use import check_items
from services.catalog.sync.open_collections import OpenCollections

Changes: TypeAlias = Mapping[str, Any]
MAX_ITEMS = 1000
"""Items of one photo in a request."""


@dataclass(frozen=True, slots=True)
class ReviewImport:
    """What has changed; `unmatched` counts items that nothing here is like, and that were not added."""

    changed: int
    added: int
    unmatched: int
    job_ids: tuple[str, ...]


class Reviews:
    """The call that imports a review, within the caller's tenant; a photo is one transaction.

    What people said elsewhere wins over what they said here of the same field; other fields stay.
    """

    def __init__(self, parts: CatalogParts, collections: OpenCollections) -> None:
        self._database = parts.database
        self._trail = parts.trail
        self._ids = parts.ids
        self._taxonomy_of = parts.taxonomy_of
        self._limits = parts.limits
        self._collections = collections
        self._wake_drainer = parts.wake_drainer
        self._wake_workers = parts.wake_workers
        self._quota_of = parts.quota_of

    async def import_review(
        self, principal: Principal, image_id: str, items: Sequence[ReviewedItem]
    ) -> ReviewImport:
        """Lay what people said over the items of a photo.

        Raises:
            InvalidInput, NotFound, QuotaExceeded, or FailedPrecondition where the photo has no items yet.
        """
        wanted = check_id("image_id", image_id)
        if not 0 < len(items) <= MAX_ITEMS:
            raise InvalidInput("items", f"must hold 1 to {MAX_ITEMS} items, got {len(items)}")
        max_chars, taxonomy = self._limits.max_name_chars, self._taxonomy_of(principal.tenant_id)
        said = [
            (item, check_review(f"items[{index}]", item, taxonomy, max_chars))
            for index, item in enumerate(items)
        ]
        version = (await self._collections.searched()).version
        moment_us = now_us()

        def work(session: Session) -> Changed[ReviewImport]:
            return self._import(session, principal, wanted, said, version, moment_us)

        imported = await self._trail.write(principal, work)
        if imported.changed:
            self._wake_drainer()
        if imported.job_ids:
            self._wake_workers()
        return imported

    def _import(
        self,
        session: Session,
        principal: Principal,
        image_id: str,
        said: Sequence[tuple[ReviewedItem, Changes]],
        version: ModelVersion,
        moment_us: int,
    ) -> Changed[ReviewImport]:
        tenant_id = principal.tenant_id
        lock_image(session, tenant_id, image_id)
        items = _clipped([item for item, _ in said], read_image(session, tenant_id, image_id))
        pairs = match_reviewed(items, _known(session, tenant_id, image_id))
        made: list[Corrected] = []
        for index, item in enumerate(items):
            if index in pairs:
                locked = lock_item(session, tenant_id, pairs[index].id)
            elif item.can_be_added:
                id = insert_blank_item(session, tenant_id, image_id, version, moment_us)
                locked = lock_item(session, tenant_id, id, deleted=True)
            else:
                continue
            made.append(self._lay_over(session, principal, locked, item, said[index][1], moment_us))
        changed = [each for each in made if each.correction is not None]
        self._check_quota(tenant_id, changed)
        corrections = [each.correction for each in changed if each.correction is not None]
        added = sum(each.kind is CorrectionKind.ADD for each in corrections)
        jobs = tuple(each.job_id for each in changed if each.job_id)
        imported = ReviewImport(len(changed), added, len(items) - len(made), jobs)
        return imported, _change_of(image_id, corrections)

    def _lay_over(
        self,
        session: Session,
        principal: Principal,
        locked: LockedItem,
        item: ReviewedItem,
        said: Changes,
        moment_us: int,
    ) -> Corrected:
        is_new = locked.item.delete_us is not None
        changes = {**said, **_represented(item, locked)}
        if is_new:
            changes |= {"box": box_value(item.box, own=True), "deleted": False}
        elif item.box_said:
            changes |= {"box": _box_here(item, locked)}
        kind = CorrectionKind.ADD if is_new else _kind(changes)
        end_user = CURRENT_CALL.get().end_user
        made = Made(self._ids.next(), self._ids.next(), kind, principal.subject, end_user, moment_us)
        return change_item(session, locked, changes, made, self._taxonomy_of(principal.tenant_id))

    def _check_quota(self, tenant_id: str, changed: Sequence[Corrected]) -> None:
        uses = [each.use for each in changed if each.use is not None]
        if uses:
            check_items(tenant_id, self._quota_of(tenant_id), uses[-1])


def _known(session: Session, tenant_id: str, image_id: str) -> list[KnownItem]:
    """The items of the photo. Raises FailedPrecondition where it has none, because each gets one at least."""
    known = known_items(session, tenant_id, image_id)
    if not known:
        raise FailedPrecondition(
            f"image {image_id!r} has no items yet; wait for its job", reason="IMAGE_NOT_INDEXED"
        )
    return known


def _clipped(items: Sequence[ReviewedItem], image: Image) -> list[ReviewedItem]:
    """The items with the parts of their boxes that are in the picture. Raises InvalidInput."""
    clipped = []
    for index, item in enumerate(items):
        box = clipped_box(f"items[{index}].box", item.box, image.width, image.height)
        if item.detected_box is not None:
            check_box(f"items[{index}].detected_box", item.detected_box, image.width, image.height)
        clipped.append(replace(item, box=box))
    return clipped


def _represented(item: ReviewedItem, locked: LockedItem) -> dict[str, Any]:
    """The fields that make the item represent its photo and its product; a rejected one cannot."""
    if item.reject_reason is not None:
        return {}
    fields: dict[str, Any] = {}
    if item.primary_in_image:
        fields["primary_in_image"] = locked.item.id
    if item.primary_in_product and locked.product is not None:
        fields["primary_in_product"] = locked.item.id
    return fields


def _box_here(item: ReviewedItem, locked: LockedItem) -> list[Any]:
    """The person's box; where the item has it already, with the very numbers that it has."""
    row = locked.item
    here = Box(row.x1, row.y1, row.x2, row.y2)
    box = here if same_box(item.box, here) else item.box
    return box_value(box, own=True, whole_image=row.whole_image and item.whole_image)


def _kind(changes: Changes) -> CorrectionKind:
    """What the correction is called: the one thing that says most."""
    if "reject_reason" in changes:
        return CorrectionKind.REJECT
    if "verified" in changes:
        return CorrectionKind.VERIFY
    if changes and set(changes) <= {"primary_in_image", "primary_in_product"}:
        return CorrectionKind.SET_PRIMARY
    return CorrectionKind.CORRECT


def _change_of(image_id: str, corrections: Sequence[Correction]) -> Change | None:
    """The change as audit records tell it: the fields of each item before and after."""
    if not corrections:
        return None
    before = {
        each.item_id: {change.field: change.shown_before for change in each.changes} for each in corrections
    }
    after = {
        each.item_id: {change.field: change.shown_after for change in each.changes} for each in corrections
    }
    name = f"images/{image_id}"
    same = {"source": "model"}, {"source": "person"}
    return Change.between(name, before, after) or Change(name, *same)
