"""What tenants keep, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from sqlalchemy.orm import Session

from domain.errors import QuotaExceeded
from domain.quota import NO_QUOTA, Quota, TenantUse
from services.catalog.records.found_items import write_items
from services.catalog.records.images import delete_image, delete_images
from services.catalog.records.jobs import read_job
from services.catalog.records.tenant_use import add_use, check_bytes, check_items, read_use, read_uses
from services.sql.database import Database
from tests.unit.services.catalog.rows import VERSIONS, add_items, add_job, found

WRITERS, MOST = 24, 10


def found_more(image_id: str, count: int, session: Session) -> int:
    return write_items(session, "t", image_id, found(image_id, count), VERSIONS, 1)


async def test_use_is_added_up_by_tenant(database: Database) -> None:
    for tenant, use in (("a", TenantUse(1, 10)), ("b", TenantUse(7, 70)), ("a", TenantUse(2, -3))):
        await database.write(lambda session, tenant=tenant, use=use: add_use(session, tenant, use))  # type: ignore[misc]
    assert await database.read(lambda session: read_use(session, "a")) == TenantUse(3, 7)
    assert await database.read(lambda session: read_use(session, "none")) == TenantUse()
    uses = await database.read(read_uses)
    assert list(uses.items()) == [("b", TenantUse(7, 70)), ("a", TenantUse(3, 7))]


async def test_writers_at_the_same_time_do_not_exceed_a_quota(database: Database) -> None:
    def add(session: Session) -> None:
        check_items("t", Quota(max_items=MOST), add_use(session, "t", TenantUse(items=1)))

    outcomes = await asyncio.gather(*(database.write(add) for _ in range(WRITERS)), return_exceptions=True)
    refused = [outcome for outcome in outcomes if outcome is not None]
    assert len(refused) == WRITERS - MOST
    assert all(isinstance(outcome, QuotaExceeded) for outcome in refused)
    assert await database.read(lambda session: read_use(session, "t")) == TenantUse(items=MOST)


async def test_a_deleted_photo_gives_its_room_back_once(database: Database) -> None:
    def fill(session: Session) -> list[str]:
        image_ids = [read_job(session, "t", add_job(session, 1)).image_id for _ in range(3)]
        for image_id in image_ids:  # each of 99 bytes
            add_items(session, image_id, 2)
        add_items(session, image_ids[0], 1)  # indexed again, with an item less
        add_use(session, "t", TenantUse(5, 297))
        return image_ids

    image_ids = await database.write(fill)
    await database.write(lambda session: delete_image(session, "t", image_ids[0], "", 2))
    assert await database.read(lambda session: read_use(session, "t")) == TenantUse(4, 198)
    await database.write(lambda session: delete_images(session, "t", image_ids, 3))
    assert await database.read(lambda session: read_use(session, "t")) == TenantUse()


async def test_items_that_are_written_again_are_counted_once(database: Database) -> None:
    image_id = await database.write(lambda session: read_job(session, "t", add_job(session, 1)).image_id)
    more = [await database.write(partial(found_more, image_id, count)) for count in (3, 3, 1, 2, 0)]
    assert more == [3, 0, -2, 1, -2]


def test_a_quota_of_none_is_never_exceeded() -> None:
    check_bytes("t", NO_QUOTA, TenantUse(10**12, 10**18))
    check_items("t", NO_QUOTA, TenantUse(10**12, 10**18))


def test_the_error_tells_the_limit_and_whose_it_is() -> None:
    with pytest.raises(
        QuotaExceeded, match="may keep 5 bytes of photos; with this it would keep 6"
    ) as caught:
        check_bytes("t", Quota(max_bytes=5), TenantUse(0, 6))
    assert (caught.value.subject, caught.value.reason) == ("tenants/t", "QUOTA_EXCEEDED")
    assert caught.value.metadata == {"tenant": "t", "quota": "max_bytes"}
