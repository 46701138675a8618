"""Wardrobes of end users: filled, listed and emptied by callers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.end_users import check_end_user
from domain.errors import InvalidInput
from domain.types import Principal
from services.audit.record import Change
from services.audit.trail import Changed
from services.catalog.ids import check_id
from services.catalog.limits import check_text
from services.catalog.parts import CatalogParts
from services.catalog.records import wardrobe
from services.catalog.records.items import require_items
from services.catalog.records.money import check_price
from services.catalog.records.paging import Page, cut_page, read_cursor
from services.catalog.records.wardrobe import WardrobeDraft, WardrobeEntry, WardrobeFilter

MAX_AT_A_TIME = 100
MAX_NOTE_CHARS = 500
RESOURCE = "wardrobe"
"""The name under which audit records tell of it, beside the id of the end user."""


class Wardrobes:
    """The calls on wardrobes, each within the caller's tenant."""

    def __init__(self, parts: CatalogParts) -> None:
        self._database = parts.database
        self._trail = parts.trail
        self._ids = parts.ids
        self._limits = parts.limits

    async def add(
        self, principal: Principal, end_user: str, drafts: Sequence[WardrobeDraft]
    ) -> list[WardrobeEntry]:
        """Put items into a wardrobe, or change what is said of those that are in it.

        Raises:
            InvalidInput: naming the field and its limit.
            NotFound: an item is not there.
            FailedPrecondition: the wardrobe is full.
        """
        user, tenant_id, moment_us = check_end_user("end_user", end_user), principal.tenant_id, now_us()
        checked = _checked_drafts(drafts)

        def put(session: Session) -> Changed[list[WardrobeEntry]]:
            require_items(session, tenant_id, [draft.item_id for draft in checked])
            entries = wardrobe.put_entries(session, tenant_id, user, checked, self._ids, moment_us)
            return entries, Change(RESOURCE, {}, {"items": len(entries)}, end_user=user)

        try:
            return await self._trail.write(principal, put)
        except IntegrityError:  # an item was added, or is gone, since this transaction looked
            return await self._trail.write(principal, put)

    async def list(
        self,
        principal: Principal,
        end_user: str,
        wanted: WardrobeFilter = WardrobeFilter(),
        page_size: int = 0,
        page_token: str = "",
    ) -> Page[WardrobeEntry]:
        """Newest first. Raises InvalidInput."""
        user = check_end_user("end_user", end_user)
        scope = f"wardrobe {user} {wanted.scope}"
        cursor = read_cursor(self._limits, principal, scope, page_size, page_token)
        found = await self._database.read(
            lambda session: wardrobe.list_entries(session, principal.tenant_id, user, cursor, wanted)
        )
        return cut_page(cursor, found, lambda entry: entry.id)

    async def item_ids(self, principal: Principal, end_user: str) -> Sequence[str]:
        """What can be worn: the items that are owned or were bought. Raises InvalidInput."""
        user, wanted = check_end_user("end_user", end_user), WardrobeFilter(wardrobe.AT_HAND)
        entries = await self._database.read(
            lambda session: wardrobe.all_entries(session, principal.tenant_id, user, wanted)
        )
        return [entry.draft.item_id for entry in entries]

    async def remove(self, principal: Principal, end_user: str, item_ids: Sequence[str]) -> int:
        """Take items out of a wardrobe; returns how many were in it. Raises InvalidInput."""
        user, ids = check_end_user("end_user", end_user), check_item_ids("item_ids", item_ids, MAX_AT_A_TIME)

        def remove(session: Session) -> Changed[int]:
            removed = wardrobe.remove_entries(session, principal.tenant_id, user, ids)
            change = Change(RESOURCE, {"items": removed}, {}, end_user=user)
            return removed, change if removed else None

        return await self._trail.write(principal, remove)


def check_item_ids(field: str, item_ids: Sequence[str], most: int) -> list[str]:
    """1 to `most` ids, each once. Raises InvalidInput."""
    if not 0 < len(item_ids) <= most:
        raise InvalidInput(field, f"must hold 1 to {most} ids, got {len(item_ids)}")
    ids = [check_id(f"{field}[{index}]", item_id) for index, item_id in enumerate(item_ids)]
    for index, item_id in enumerate(ids):
        if item_id in ids[:index]:
            raise InvalidInput(f"{field}[{index}]", "must not be there a second time")
    return ids


def _checked_drafts(drafts: Sequence[WardrobeDraft]) -> list[WardrobeDraft]:
    if not 0 < len(drafts) <= MAX_AT_A_TIME:
        raise InvalidInput("items", f"must hold 1 to {MAX_AT_A_TIME} items, got {len(drafts)}")
    checked: dict[str, WardrobeDraft] = {}
    for index, draft in enumerate(drafts):
        path = f"items[{index}]"
        item_id = check_id(f"{path}.item_id", draft.item_id)
        if item_id in checked:
            raise InvalidInput(f"{path}.item_id", "must not be there a second time")
        if draft.price is not None:
            check_price(f"{path}.price", draft.price)
        note = check_text(f"{path}.note", draft.note, MAX_NOTE_CHARS, multiline=True)
        checked[item_id] = replace(draft, item_id=item_id, note=note)
    return list(checked.values())
