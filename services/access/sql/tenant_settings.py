"""Settings of tenants in SQL; every function runs in its caller's transaction."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.access.sql.tables import TenantSettingsRow
from services.access.tenant_settings import TenantSettings


def read_etags(session: Session) -> dict[str, str]:
    """The etag of each tenant's settings, of those that have some."""
    rows = session.execute(select(TenantSettingsRow.tenant_id, TenantSettingsRow.etag))
    return {row.tenant_id: row.etag for row in rows}


def read_settings(session: Session, tenant_ids: Collection[str]) -> list[TenantSettings]:
    """The settings of those of the tenants that have some."""
    rows = session.scalars(select(TenantSettingsRow).where(TenantSettingsRow.tenant_id.in_(tenant_ids)))
    return [TenantSettings.from_json(row.tenant_id, row.settings) for row in rows]


def read_for_change(session: Session, tenant_id: str) -> TenantSettings:
    """The settings of a tenant, for a change in this transaction."""
    row = session.get(TenantSettingsRow, tenant_id, with_for_update=True)
    return TenantSettings(tenant_id) if row is None else TenantSettings.from_json(tenant_id, row.settings)


def write_settings(session: Session, settings: TenantSettings) -> None:
    """Write the settings of a tenant; there is no row of a tenant whose settings are the server's."""
    if settings.is_default:
        session.execute(delete(TenantSettingsRow).where(TenantSettingsRow.tenant_id == settings.tenant_id))
        return
    row = TenantSettingsRow(tenant_id=settings.tenant_id, etag=settings.etag, settings=settings.to_json())
    session.merge(row)
