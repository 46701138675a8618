"""What each tenant keeps: a row that every transaction changes which adds or deletes photos or items.

So it is exact, and reading it does not get slower with the tenant's photos. The row stays locked until its
transaction ends, so that transactions which add at the same time cannot exceed a quota together. Change it
after all rows that other transactions may hold, so that whoever holds it waits for nobody.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from domain.errors import QuotaExceeded
from domain.quota import Quota, TenantUse
from services.catalog.sql.tables import TenantUseRow
from services.catalog.sql.upsert import table_of

_USE = table_of(TenantUseRow)


def add_use(session: Session, tenant_id: str, more: TenantUse) -> TenantUse:
    """Count what a transaction adds, or deletes where it is negative; returns all that the tenant keeps."""
    values = {"tenant_id": tenant_id, "item_count": more.items, "photo_bytes": more.bytes}
    kept = session.execute(_add(session.get_bind().dialect.name), values).one()
    return TenantUse(kept.item_count, kept.photo_bytes)


def read_use(session: Session, tenant_id: str) -> TenantUse:
    """What a tenant keeps."""
    row = session.get(TenantUseRow, tenant_id)
    return TenantUse() if row is None else TenantUse(row.item_count, row.photo_bytes)


def read_uses(session: Session) -> dict[str, TenantUse]:
    """What each tenant keeps, those with most items first."""
    rows = session.execute(select(_USE).order_by(_USE.c.item_count.desc(), _USE.c.tenant_id))
    return {tenant_id: TenantUse(items, size_bytes) for tenant_id, items, size_bytes in rows}


def check_bytes(tenant_id: str, quota: Quota, use: TenantUse) -> None:
    """Raises QuotaExceeded where a tenant that keeps `use` keeps too many bytes."""
    if quota.max_bytes and use.bytes > quota.max_bytes:
        raise _exceeded(tenant_id, "max_bytes", f"{quota.max_bytes} bytes of photos", use.bytes)


def check_items(tenant_id: str, quota: Quota, use: TenantUse) -> None:
    """Raises QuotaExceeded where a tenant that keeps `use` keeps too many items."""
    if quota.max_items and use.items > quota.max_items:
        raise _exceeded(tenant_id, "max_items", f"{quota.max_items} items", use.items)


def _exceeded(tenant_id: str, name: str, limit: str, kept: int) -> QuotaExceeded:
    description = f"the tenant {tenant_id} may keep {limit}; with this it would keep {kept}"
    return QuotaExceeded(tenant_id, name, description)


@cache
def _add(dialect: str) -> ReturningInsert[tuple[int, int]]:
    statement = sqlite.insert(_USE) if dialect == "sqlite" else postgresql.insert(_USE)
    sums = {name: _USE.c[name] + statement.excluded[name] for name in ("item_count", "photo_bytes")}
    counted = statement.on_conflict_do_update(index_elements=["tenant_id"], set_=sums)
    return counted.returning(_USE.c.item_count, _USE.c.photo_bytes)
