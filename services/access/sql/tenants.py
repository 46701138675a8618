"""Tenants in SQL; every function runs in its caller's transaction."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.access.sql.tables import TenantRow
from services.access.tenant import Tenant


def read_tenants(session: Session) -> list[Tenant]:
    """The tenants that were ever changed."""
    return [Tenant(row.id, row.requests_per_minute) for row in session.scalars(select(TenantRow))]


def write_tenant(session: Session, tenant: Tenant) -> None:
    """Write a tenant, whether it is there or not."""
    session.merge(TenantRow(id=tenant.id, requests_per_minute=tenant.requests_per_minute))
