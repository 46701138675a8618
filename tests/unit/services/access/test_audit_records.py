"""Administrators read the audit records of their tenants, from all databases at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.errors import InvalidInput, NotFound, PermissionDenied
from domain.types import DEFAULT_PRINCIPAL, Principal, Scope
from services.access.api_keys import ApiKeys
from services.access.audit_records import AuditRecords
from services.access.sql.access_database import access_database
from services.access.tenant import Tenant
from services.access.tenants import Tenants
from services.audit.audit_filter import AuditFilter
from services.audit.record import Change
from services.audit.trail import AuditTrail
from tests.unit.services.access.conftest import Clock

OPERATOR = Principal("default", "key:operator")
SHOP = Principal("shop", "key:shop", frozenset({Scope.ADMIN}))
OTHER = Principal("other", "key:other", frozenset({Scope.ADMIN}))
ALL = AuditFilter()


@pytest.fixture
async def catalog_trail(tmp_path: Path, clock: Clock) -> AsyncIterator[AuditTrail]:
    """The records of another database."""
    database = access_database(f"sqlite:///{tmp_path / 'other.db'}")
    await database.open()
    yield AuditTrail(database, clock=clock)
    await database.close()


@pytest.fixture
def records(trail: AuditTrail, catalog_trail: AuditTrail) -> AuditRecords:
    return AuditRecords([trail, catalog_trail])


async def resources(records: AuditRecords, principal: Principal, tenant: str = "") -> list[str]:
    page, token = await records.list(principal, ALL, tenant)
    assert token == ""
    return [record.resource for record in page]


async def test_administrators_see_the_records_of_their_tenants(
    records: AuditRecords, trail: AuditTrail, catalog_trail: AuditTrail, clock: Clock
) -> None:
    for on, principal, resource in (
        (trail, SHOP, "keys/1"),
        (catalog_trail, OTHER, "products/1"),
        (catalog_trail, SHOP, "products/2"),
        (trail, OPERATOR, "models/1"),
    ):
        clock.us += 1
        await on.note(principal, Change(resource))
    assert await resources(records, OPERATOR) == ["models/1", "products/2", "products/1", "keys/1"]
    assert await resources(records, OPERATOR, "other") == ["products/1"]
    assert await resources(records, SHOP) == ["products/2", "keys/1"]
    assert await resources(records, SHOP, "shop") == ["products/2", "keys/1"]
    for tenant in ("other", "default"):
        with pytest.raises(PermissionDenied):
            await records.list(SHOP, ALL, tenant)


async def test_pages_go_through_all_databases(
    records: AuditRecords, trail: AuditTrail, catalog_trail: AuditTrail, clock: Clock
) -> None:
    for number in range(7):
        clock.us += number % 2  # some at the same time
        await (trail, catalog_trail)[number % 2].note(SHOP, Change(f"items/{number}"))
    seen: list[tuple[int, str]] = []
    token, pages = "", 0
    while pages == 0 or token:
        page, token = await records.list(SHOP, ALL, page_size=2, page_token=token)
        seen += [(record.time_us, record.id) for record in page]
        pages += 1
    assert (pages, len(set(seen))) == (4, 7)
    assert seen == sorted(seen, reverse=True)


async def test_a_database_with_two_names_is_read_once(trail: AuditTrail) -> None:
    await trail.note(SHOP, Change("items/1"))
    assert await resources(AuditRecords([trail, trail]), SHOP) == ["items/1"]


@pytest.mark.parametrize(
    ("wanted", "page_size", "page_token", "field"),
    [
        (AuditFilter(actor="a" * 301), 0, "", "actor"),
        (AuditFilter(action="a\x00"), 0, "", "action"),
        (AuditFilter(resource_prefix="\n"), 0, "", "resource_prefix"),
        (ALL, 1001, "", "page_size"),
        (ALL, -1, "", "page_size"),
        (ALL, 0, "1-x", "page_token"),
    ],
)
async def test_bad_requests_are_refused(
    records: AuditRecords, wanted: AuditFilter, page_size: int, page_token: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await records.list(OPERATOR, wanted, "", page_size, page_token)
    assert refused.value.violations[0].field == field


async def test_what_administrators_do_is_recorded(
    keys: ApiKeys, tenants: Tenants, trail: AuditTrail, clock: Clock
) -> None:
    key, text = await keys.create(OPERATOR, "till", [Scope.READ, Scope.INFER], "shop", lifetime_s=60)
    for step in (keys.rotate(SHOP, key.id, 10), keys.revoke(SHOP, key.id), keys.revoke(SHOP, key.id)):
        clock.us += 1
        await step
    clock.us += 1
    await tenants.update(OPERATOR, Tenant("shop", 600))
    await tenants.update(OPERATOR, Tenant("shop", 600))
    found = (await trail.list(ALL, 10))[::-1]
    assert {record.tenant_id for record in found} == {"shop"}
    assert [record.actor for record in found] == ["key:operator", "key:shop", "key:shop", "key:operator"]
    name = f"keys/{key.id}"
    assert [record.resource for record in found] == [name, name, name, "tenants/shop"]
    made, rotated, revoked, changed = found
    assert (made.before, made.after) == (
        {},
        {"name": "till", "scopes": ["infer", "read"], "expire_time": "1970-01-01T00:17:40+00:00"},
    )
    assert (rotated.before, rotated.after["rotated"]) == ({}, True)
    assert set(rotated.after) == {"rotated", "old_text_until"}
    assert set(revoked.after) == {"revoke_time"}
    assert (changed.before, changed.after) == ({}, {"requests_per_minute": 600})
    assert not any(text.secret in str(record) or key.digest.hex() in str(record) for record in found)


async def test_a_refused_change_leaves_no_record(keys: ApiKeys, tenants: Tenants, trail: AuditTrail) -> None:
    for refused in (
        keys.create(DEFAULT_PRINCIPAL, "", [Scope.READ]),
        keys.create(SHOP, "till", [Scope.READ], "other"),
        keys.rotate(SHOP, "0" * 16),
        tenants.update(OPERATOR, Tenant("shop", -1)),
    ):
        with pytest.raises((InvalidInput, PermissionDenied, NotFound)):
            await refused
    assert await trail.list(ALL, 10) == []
