"""Calls of AdminService on the settings of tenants."""

from __future__ import annotations

from armoire.call import Call, call_of
from armoire.messages.tenant_settings import settings_from_proto, settings_to_proto
from armoire.v1 import admin_pb2
from armoire.values.tenant_settings import TenantSettings


def get_tenant_settings(tenant: str) -> Call[TenantSettings]:
    return call_of(
        "armoire.v1.AdminService/GetTenantSettings",
        admin_pb2.GetTenantSettingsRequest(tenant=tenant),
        admin_pb2.GetTenantSettingsResponse,
        lambda reply: settings_from_proto(reply.settings),
    )


def update_tenant_settings(settings: TenantSettings) -> Call[TenantSettings]:
    return call_of(
        "armoire.v1.AdminService/UpdateTenantSettings",
        admin_pb2.UpdateTenantSettingsRequest(settings=settings_to_proto(settings)),
        admin_pb2.UpdateTenantSettingsResponse,
        lambda reply: settings_from_proto(reply.settings),
        repeatable=not settings.etag,
    )
