"""Records are written with their changes, found again, and removed when they are old."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from domain.calls import CURRENT_CALL, Call
from domain.types import Principal
from services.audit import trail as trail_module
from services.audit.audit_filter import AuditFilter
from services.audit.options import AuditOptions
from services.audit.record import Change
from services.audit.trail import AuditTrail, Changed
from services.catalog.sql.tables import OutboxRow
from services.sql.database import Database
from tests.unit.services.access.conftest import Clock
from tests.unit.services.audit.conftest import DAY_US

SHOP = Principal("shop", "key:1")
ALL = AuditFilter()


def change(session: Session, number: int) -> Changed[int]:
    """Adds a row."""
    row = {"tenant_id": "t", "collection": "c", "item_id": str(number), "op": "upsert", "create_us": 1}
    session.execute(insert(OutboxRow).values(row))
    return number, Change(f"items/{number}", {}, {"number": number})


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(OutboxRow)) or 0


async def test_a_record_tells_who_what_and_when(trail: AuditTrail, clock: Clock) -> None:
    token = CURRENT_CALL.set(Call("r-1", method="CreateItem", end_user="shopper 1"))
    assert await trail.write(SHOP, lambda session: change(session, 1)) == 1
    CURRENT_CALL.reset(token)
    (record,) = await trail.list(ALL, 10)
    assert (record.time_us, record.tenant_id, record.actor) == (clock.us, "shop", "key:1")
    assert (record.action, record.resource, record.end_user) == ("CreateItem", "items/1", "shopper 1")
    assert (record.before, record.after, record.request_id) == ({}, {"number": 1}, "r-1")


async def test_what_the_server_does_by_itself_has_no_action(trail: AuditTrail) -> None:
    await trail.note(Principal("default", "server"), Change("keys/1", tenant_id="shop"))
    (record,) = await trail.list(ALL, 10)
    assert (record.tenant_id, record.actor, record.action, record.request_id) == ("shop", "server", "", "")


async def test_changes_of_one_commit_each_have_their_record(trail: AuditTrail, database: Database) -> None:
    def fail(session: Session) -> Changed[int]:
        change(session, 100)
        raise ZeroDivisionError

    works = [lambda session, number=number: change(session, number) for number in range(20)]
    results = await asyncio.gather(
        *(trail.write(SHOP, work) for work in (*works[:10], fail, *works[10:])), return_exceptions=True
    )
    assert [type(result) for result in results].count(ZeroDivisionError) == 1
    found = {record.resource for record in await trail.list(ALL, 100)}
    assert found == {f"items/{number}" for number in range(20)}
    assert await database.read(count) == 20


async def test_a_line_is_logged_once_the_change_is_durable(
    trail: AuditTrail, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(session: Session) -> Changed[None]:
        raise ZeroDivisionError

    with caplog.at_level(logging.INFO, "armoire.audit"):
        with pytest.raises(ZeroDivisionError):
            await trail.write(SHOP, fail)
        await trail.write(SHOP, lambda _: (None, None))
        assert caplog.messages == []
        await trail.write(SHOP, lambda session: change(session, 1))
    (line,) = map(json.loads, caplog.messages)
    (record,) = await trail.list(ALL, 10)
    assert line == record.as_json()


async def test_nothing_is_logged_unless_wanted(trail: AuditTrail, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "armoire.audit")
    await trail.write(SHOP, lambda session: change(session, 1))
    assert caplog.messages == []


async def test_records_are_filtered_and_paged(trail: AuditTrail, clock: Clock) -> None:
    for moment_us, tenant, actor, method, resource in (
        (1, "shop", "key:1", "CreateProduct", "products/1"),
        (2, "shop", "key:2", "DeleteProduct", "products/1"),
        (3, "other", "key:3", "CreateProduct", "products/2"),
        (4, "shop", "token:anna", "DeleteImage", "images/1"),
        (5, "shop", "key:1", "CreateProduct", "Products/%"),
    ):
        clock.us = moment_us
        token = CURRENT_CALL.set(Call("r", method=method))
        await trail.note(Principal(tenant, actor), Change(resource))
        CURRENT_CALL.reset(token)

    async def times(wanted: AuditFilter, size: int = 10, before: tuple[int, str] | None = None) -> list[int]:
        return [record.time_us for record in await trail.list(wanted, size, before)]

    assert await times(ALL) == [5, 4, 3, 2, 1]
    assert await times(AuditFilter(tenants=["shop"])) == [5, 4, 2, 1]
    assert await times(AuditFilter(from_us=2, before_us=4)) == [3, 2]
    assert await times(AuditFilter(actor="key:1")) == [5, 1]
    assert await times(AuditFilter(action="CreateProduct", tenants=["shop"])) == [5, 1]
    assert await times(AuditFilter(resource_prefix="products/")) == [3, 2, 1]
    assert await times(AuditFilter(resource_prefix="%")) == []
    third = (await trail.list(ALL, 3))[-1]
    assert await times(ALL, 10, (third.time_us, third.id)) == [2, 1]


async def test_old_records_are_removed_in_batches(
    trail: AuditTrail, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail_module, "PURGE_BATCH", 2)
    for number in range(5):
        await trail.note(SHOP, Change(f"items/{number}"))
    clock.us += 10 * DAY_US
    await trail.note(SHOP, Change("items/5"))
    clock.us += 20 * DAY_US
    assert await trail.purge() == 0, "of today's age to the microsecond"
    clock.us += 1
    assert await trail.purge() == 5
    assert [record.resource for record in await trail.list(ALL, 10)] == ["items/5"]


async def test_records_may_be_kept_for_ever(database: Database, clock: Clock) -> None:
    trail = AuditTrail(database, AuditOptions(retention_days=0), clock)
    clock.us = 0
    await trail.note(SHOP, Change("items/1"))
    clock.us = 10_000 * DAY_US
    assert await trail.purge() == 0
    assert len(await trail.list(ALL, 10)) == 1
