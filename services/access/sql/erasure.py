"""What the tables of access hold of a tenant, to remove it, each in its caller's transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Delete, delete, func, select
from sqlalchemy.orm import Session

from services.access.sql.tables import (
    ApiKeyRow,
    SessionRow,
    TenantRow,
    TenantSettingsRow,
    UserRow,
    UserTokenRow,
)


def begin_erasure(session: Session, tenant_id: str, moment_us: int) -> None:
    """Note that a tenant is being erased."""
    row = session.get(TenantRow, tenant_id, with_for_update=True)
    if row is None:
        row = TenantRow(id=tenant_id)
        session.add(row)
    row.erase_us = row.erase_us or moment_us


def read_erased(session: Session) -> frozenset[str]:
    """The tenants that are being erased."""
    return frozenset(session.scalars(select(TenantRow.id).where(TenantRow.erase_us.is_not(None))))


def erase_callers(session: Session, tenant_id: str) -> int:
    """Remove the keys, users and settings of a tenant, with sessions and tokens; returns how many rows."""
    users = select(UserRow.id).where(UserRow.tenant_id == tenant_id)
    return sum(
        _removed(session, statement)
        for statement in (
            delete(SessionRow).where(SessionRow.user_id.in_(users)),
            delete(UserTokenRow).where(UserTokenRow.user_id.in_(users)),
            delete(UserRow).where(UserRow.tenant_id == tenant_id),
            delete(ApiKeyRow).where(ApiKeyRow.tenant_id == tenant_id),
            delete(TenantSettingsRow).where(TenantSettingsRow.tenant_id == tenant_id),
        )
    )


def count_callers(session: Session, tenant_id: str) -> int:
    """How many keys and users a tenant has, its settings counted as one more."""
    of_tenant = (
        select(func.count()).where(ApiKeyRow.tenant_id == tenant_id),
        select(func.count()).where(UserRow.tenant_id == tenant_id),
        select(func.count()).where(TenantSettingsRow.tenant_id == tenant_id),
    )
    return sum(session.scalar(query) or 0 for query in of_tenant)


def forget_tenant(session: Session, tenant_id: str) -> None:
    """Remove the row of a tenant."""
    session.execute(delete(TenantRow).where(TenantRow.id == tenant_id))


def _removed(session: Session, statement: Delete) -> int:
    result: Any = session.execute(statement)
    return int(result.rowcount)
