"""Tenants in SQL; every function runs in its caller's transaction."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.access.sql.tables import TenantRow
from services.access.tenant import CHOICES, Tenant


def read_tenants(session: Session) -> list[Tenant]:
    """The tenants that were ever changed."""
    return [_tenant(row) for row in session.scalars(select(TenantRow))]


def read_tenant(session: Session, tenant_id: str) -> Tenant:
    """A tenant, whether it was ever changed or not, for a change in this transaction."""
    row = session.get(TenantRow, tenant_id, with_for_update=True)
    return Tenant(tenant_id) if row is None else _tenant(row)


def write_tenant(session: Session, tenant: Tenant) -> None:
    """Write a tenant, whether it is there or not."""
    session.merge(TenantRow(**asdict(tenant)))


def _tenant(row: TenantRow) -> Tenant:
    return Tenant(row.id, **{name: getattr(row, name) for name in CHOICES})
