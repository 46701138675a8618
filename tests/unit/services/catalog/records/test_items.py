from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy.orm import Session

from domain.types import DEFAULT_PRINCIPAL
from services.catalog.limits import CatalogLimits
from services.catalog.records import items
from services.catalog.records.images import delete_images
from services.catalog.records.jobs import read_job
from services.catalog.records.paging import cut_page, read_cursor
from services.sql.database import Database
from tests.unit.services.catalog.rows import add_items, add_job


async def test_a_page_does_not_end_early_where_an_item_is_deleted_meanwhile(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A photo of one item is deleted between the statement for the ids and that for the items."""

    def fill(session: Session) -> list[tuple[str, str]]:
        image_ids = [read_job(session, "t", add_job(session, 1)).image_id for _ in range(3)]
        return [(add_items(session, image_id, 1)[0], image_id) for image_id in image_ids]

    newest, second, _ = sorted(await database.write(fill), reverse=True)
    read_items, loop = items.read_items, asyncio.get_running_loop()

    def delete_first(*args: Any) -> dict[str, items.StoredItem]:
        deletion = database.write(lambda session: delete_images(session, "t", [newest[1]], 2))
        asyncio.run_coroutine_threadsafe(deletion, loop).result()
        return read_items(*args)

    monkeypatch.setattr(items, "read_items", delete_first)
    cursor = read_cursor(CatalogLimits(), DEFAULT_PRINCIPAL, "items", 2, "")
    found = await database.read(lambda session: items.list_items(session, "t", cursor, items.ItemFilter()))
    page = cut_page(cursor, found, lambda item: item.id)
    assert [item.id for item in page.entries] == [newest[0], second[0]]
    assert page.next_token
