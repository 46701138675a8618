"""Tenants in SQL; every function runs in its caller's transaction."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.access.sql.tables import TenantRow
from services.access.tenant import LIMITS, Tenant


def read_tenants(session: Session) -> list[Tenant]:
    """The tenants that were ever changed."""
    rows = session.scalars(select(TenantRow))
    return [Tenant(row.id, **{name: getattr(row, name) for name in LIMITS}) for row in rows]


def write_tenant(session: Session, tenant: Tenant) -> None:
    """Write a tenant, whether it is there or not."""
    session.merge(TenantRow(**asdict(tenant)))
