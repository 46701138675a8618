"""Corrections: what people say of items, and its history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from domain.calls import CURRENT_CALL
from domain.clock import now_us
from domain.errors import FailedPrecondition, InvalidInput
from domain.types import Box, Principal, ScoredValue, ValueSource
from services.audit.record import Change
from services.audit.trail import Changed
from services.catalog.ids import check_id
from services.catalog.limits import check_text, clipped_box
from services.catalog.parts import CatalogParts
from services.catalog.records.answers import Answer, check_answers
from services.catalog.records.attributes import attribute_to_json
from services.catalog.records.corrections import (
    Correction,
    CorrectionFilter,
    CorrectionKind,
    list_corrections,
    read_correction,
)
from services.catalog.records.images import lock_image, read_image
from services.catalog.records.item_changes import Corrected, Made, change_item, confirm_item
from services.catalog.records.item_state import (
    LockedItem,
    attribute_field,
    box_value,
    lock_item,
    read_field,
)
from services.catalog.records.items import Item, RejectReason, read_item
from services.catalog.records.new_items import check_new_box, insert_blank_item
from services.catalog.records.paging import Page, cut_page, read_cursor
from services.catalog.records.review_queue import ReviewReason, end_lease
from services.catalog.records.tenant_use import check_items
from services.catalog.sync.open_collections import OpenCollections

Changes: TypeAlias = Mapping[str, Any]
MAX_VERIFIED = 100
"""Items that one call verifies."""


class Corrections:
    """The calls that correct items, each within the caller's tenant.

    Each writes what it changes, the correction, the vector rows to update and the audit record in one
    transaction.
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

    async def correct(
        self,
        principal: Principal,
        item_id: str,
        *,
        label: str = "",
        attributes: Mapping[str, Answer] = {},
        box: Box | None = None,
        etag: str = "",
        verify: bool = False,
    ) -> Corrected:
        """Set the label, attributes and box of an item, as far as they are given, and verify the rest.

        Raises:
            InvalidInput, NotFound, or Conflict where the etag is stale.
            FailedPrecondition: a rejected item is to be verified.
        """
        if not label and not attributes and box is None and not verify:
            raise InvalidInput("label", "is empty, and so are attributes and box: one of them must be given")
        said = check_answers(label, attributes, self._taxonomy_of(principal.tenant_id))

        def changes(session: Session, locked: LockedItem) -> Changes:
            agreed = _verified(session, locked) if verify else {}
            drawn = {} if box is None else {"box": _drawn(box, locked)}
            return {**agreed, **said, **drawn}

        return await self._change(principal, CorrectionKind.CORRECT, item_id, etag, changes)

    async def add(
        self,
        principal: Principal,
        image_id: str,
        box: Box,
        *,
        label: str = "",
        attributes: Mapping[str, Answer] = {},
    ) -> Corrected:
        """Add an item to a photo.

        Raises:
            InvalidInput, NotFound, QuotaExceeded, or AlreadyExists where an item has this box.
        """
        wanted, tenant_id = check_id("image_id", image_id), principal.tenant_id
        said = check_answers(label, attributes, self._taxonomy_of(principal.tenant_id))
        version = (await self._collections.searched()).version
        made = self._made(principal, CorrectionKind.ADD)

        def add(session: Session) -> Changed[Corrected]:
            lock_image(session, tenant_id, wanted)
            image = read_image(session, tenant_id, wanted)
            inside = clipped_box("box", box, image.width, image.height)
            check_new_box(session, tenant_id, wanted, inside)
            id = insert_blank_item(session, tenant_id, wanted, version, made.moment_us)
            locked = lock_item(session, tenant_id, id, deleted=True)
            changes = said | {"box": box_value(inside, own=True), "deleted": False}
            return self._changed(session, locked, changes, made)

        return await self._write(principal, add)

    async def reject(
        self, principal: Principal, item_id: str, reason: RejectReason, etag: str = ""
    ) -> Corrected:
        """Take an item out of search and lists. Raises InvalidInput, NotFound, Conflict."""
        changes = {"reject_reason": reason.value}
        return await self._change(principal, CorrectionKind.REJECT, item_id, etag, lambda *_: changes)

    async def restore(self, principal: Principal, item_id: str, etag: str = "") -> Corrected:
        """Take a rejection back. Raises InvalidInput, NotFound, Conflict."""
        changes = {"reject_reason": None}
        return await self._change(principal, CorrectionKind.RESTORE, item_id, etag, lambda *_: changes)

    async def set_primary(
        self, principal: Principal, item_id: str, etag: str = "", *, of_product: bool
    ) -> Corrected:
        """Let an item represent its photo, or its product.

        Raises:
            InvalidInput, NotFound, Conflict, or FailedPrecondition where it is rejected or has no product.
        """

        def changes(_: Session, locked: LockedItem) -> Changes:
            _check_not_rejected(locked)
            if of_product and locked.product is None:
                raise FailedPrecondition(
                    "the photo of the item belongs to no product", reason="ITEM_WITHOUT_PRODUCT"
                )
            return {"primary_in_product" if of_product else "primary_in_image": locked.item.id}

        return await self._change(principal, CorrectionKind.SET_PRIMARY, item_id, etag, changes)

    async def verify(self, principal: Principal, item_id: str, etag: str = "") -> Corrected:
        """Make what is said of an item a person's.

        Raises:
            InvalidInput, NotFound, Conflict, or FailedPrecondition where it is rejected.
        """

        return await self._change(principal, CorrectionKind.VERIFY, item_id, etag, _verified)

    async def verify_all(self, principal: Principal, wanted: Sequence[tuple[str, str]]) -> list[Corrected]:
        """As `verify`, of several items by their ids and etags, all of them or none.

        Raises:
            InvalidInput, NotFound, Conflict, or FailedPrecondition where one is rejected.
        """
        if not 0 < len(wanted) <= MAX_VERIFIED:
            raise InvalidInput("items", f"must hold 1 to {MAX_VERIFIED}, got {len(wanted)}")
        checked = {check_id(f"items[{i}].item_id", id): etag for i, (id, etag) in enumerate(wanted)}
        if len(checked) < len(wanted):
            raise InvalidInput("items", "must not hold an item twice")
        batch_id = self._ids.next()
        made = {
            id: replace(self._made(principal, CorrectionKind.VERIFY), batch_id=batch_id) for id in checked
        }

        def verify(session: Session) -> tuple[list[Corrected], Sequence[Change]]:
            corrected: dict[str, Corrected] = {}
            changes = []
            for id in sorted(checked):  # always in this order, or two calls could wait for each other
                locked = lock_item(session, principal.tenant_id, id, checked[id])
                corrected[id], change = self._changed(session, locked, _verified(session, locked), made[id])
                changes += [] if change is None else [change]
            return [corrected[id] for id in checked], changes

        corrected = await self._trail.write_all(principal, verify)
        self._wake_drainer()
        return corrected

    async def undo(self, principal: Principal, correction_id: str) -> Corrected:
        """Bring back what was before a correction; an undo can be undone, too.

        Raises:
            InvalidInput, NotFound, or FailedPrecondition where a field has changed since.
        """
        wanted, tenant_id = check_id("correction_id", correction_id), principal.tenant_id
        made = replace(self._made(principal, CorrectionKind.UNDO), undone_id=wanted)

        def undo(session: Session) -> Changed[Corrected]:
            correction = read_correction(session, tenant_id, wanted)
            locked = lock_item(session, tenant_id, correction.item_id, deleted=True)
            _check_last(correction, locked)
            changes = {change.field: change.before for change in correction.changes}
            return self._changed(session, locked, changes, made)

        return await self._write(principal, undo)

    async def list(
        self,
        principal: Principal,
        page_size: int = 0,
        page_token: str = "",
        wanted: CorrectionFilter = CorrectionFilter(),
    ) -> Page[Correction]:
        """Newest first. Raises InvalidInput."""
        if wanted.item_id:
            wanted = replace(wanted, item_id=check_id("item_id", wanted.item_id))
        check_text("author", wanted.author, self._limits.max_name_chars)
        cursor = read_cursor(self._limits, principal, f"corrections {wanted.scope}", page_size, page_token)
        found = await self._database.read(
            lambda session: list_corrections(session, principal.tenant_id, cursor, wanted)
        )
        return cut_page(cursor, found, lambda correction: correction.id)

    async def _change(
        self,
        principal: Principal,
        kind: CorrectionKind,
        item_id: str,
        etag: str,
        changes: Callable[[Session, LockedItem], Changes],
    ) -> Corrected:
        wanted, made = check_id("item_id", item_id), self._made(principal, kind)

        def change(session: Session) -> Changed[Corrected]:
            locked = lock_item(session, principal.tenant_id, wanted, etag)
            return self._changed(session, locked, changes(session, locked), made)

        return await self._write(principal, change)

    def _changed(
        self, session: Session, locked: LockedItem, changes: Changes, made: Made
    ) -> Changed[Corrected]:
        taxonomy = self._taxonomy_of(locked.item.tenant_id)
        if _decides(changes):
            tenant_id, item_id = locked.item.tenant_id, locked.item.id
            reason = end_lease(session, tenant_id, item_id, made.author, made.moment_us)
            made = replace(made, review_reason=reason)
        corrected = change_item(session, locked, changes, made, taxonomy)
        if corrected.correction is None and made.review_reason == ReviewReason.DISAGREEMENT:
            corrected = confirm_item(session, locked, made)
        if corrected.use is not None and corrected.item is not None:
            check_items(locked.item.tenant_id, self._quota_of(locked.item.tenant_id), corrected.use)
        return corrected, _audited(corrected.correction)

    async def _write(self, principal: Principal, work: Callable[[Session], Changed[Corrected]]) -> Corrected:
        corrected = await self._trail.write(principal, work)
        if corrected.correction is not None:
            self._wake_drainer()
        if corrected.job_id:
            self._wake_workers()
        return corrected

    def _made(self, principal: Principal, kind: CorrectionKind) -> Made:
        end_user = CURRENT_CALL.get().end_user
        return Made(self._ids.next(), self._ids.next(), kind, principal.subject, end_user, now_us())


def _drawn(box: Box, locked: LockedItem) -> list[Any]:
    """The field of a box that a person has drawn. Raises InvalidInput."""
    return box_value(clipped_box("box", box, locked.image.width, locked.image.height), own=True)


def _decides(changes: Changes) -> bool:
    """Whether they say what an item is, or that it is none."""
    said = changes.get("label"), changes.get("reject_reason")
    return bool(changes.get("verified")) or any(value is not None for value in said)


def _verified(session: Session, locked: LockedItem) -> dict[str, Any]:
    """The fields that make what is said of an item a person's.

    Raises:
        FailedPrecondition: it is rejected.
    """
    _check_not_rejected(locked)
    return _agreed(read_item(session, locked.item.tenant_id, locked.item.id), locked)


def _agreed(item: Item, locked: LockedItem) -> dict[str, Any]:
    """The fields that make what is said of an item a person's; its colours are measured, and stay so."""
    x1, y1, x2, y2, _, whole_image = read_field(locked, "box")
    changes: dict[str, Any] = {"verified": True, "box": [x1, y1, x2, y2, True, whole_image]}
    if item.label:
        changes["label"] = item.label
    for name, answer in item.attributes.items():
        if name != "color" and answer.source is not ValueSource.PERSON:
            values = tuple([ScoredValue(entry.value, 1.0) for entry in answer.values])
            said = replace(answer, values=values, source=ValueSource.PERSON)
            changes[attribute_field(name)] = attribute_to_json(said)
    return changes


def _check_not_rejected(locked: LockedItem) -> None:
    if locked.item.reject_reason is not None:
        raise FailedPrecondition("the item is rejected; restore it first", reason="ITEM_REJECTED")


def _check_last(correction: Correction, locked: LockedItem) -> None:
    """Raises FailedPrecondition where a field of the correction has changed since."""
    later = [
        change.field for change in correction.changes if read_field(locked, change.field) != change.after
    ]
    if later:
        raise FailedPrecondition(
            f"{', '.join(later)} changed since this correction; undo the later ones first",
            reason="CORRECTION_SUPERSEDED",
        )


def _audited(correction: Correction | None) -> Change | None:
    """The change as audit records tell it; who says a value counts even if the value is the same."""
    if correction is None:
        return None
    name = f"items/{correction.item_id}"
    before = {change.field: change.shown_before for change in correction.changes}
    after = {change.field: change.shown_after for change in correction.changes}
    same = {"source": "model"}, {"source": "person"}
    return Change.between(name, before, after) or Change(name, *same)
