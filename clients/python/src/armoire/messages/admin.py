"""Messages of keys."""

from __future__ import annotations

from armoire.messages.enums import enum_reader
from armoire.messages.types import time_from_proto
from armoire.v1 import access_pb2, admin_pb2
from armoire.values.admin import ApiKey, NewApiKey, Scope, Tenant, TenantUse


def api_key_from_proto(key: admin_pb2.ApiKey) -> ApiKey:
    return ApiKey(
        id=key.id,
        name=key.name,
        tenant=key.tenant,
        scopes=tuple(map(_scope_from_proto, key.scopes)),
        create_time=time_from_proto(key.create_time),
        expire_time=time_from_proto(key.expire_time),
        revoke_time=time_from_proto(key.revoke_time),
        last_use_time=time_from_proto(key.last_use_time),
    )


def new_api_key_from_proto(
    reply: admin_pb2.CreateApiKeyResponse | admin_pb2.RotateApiKeyResponse,
) -> NewApiKey:
    return NewApiKey(api_key_from_proto(reply.api_key), reply.key)


def tenant_from_proto(tenant: admin_pb2.Tenant, use: admin_pb2.TenantUse | None = None) -> Tenant:
    return Tenant(
        id=tenant.id,
        requests_per_minute=tenant.requests_per_minute if tenant.HasField("requests_per_minute") else None,
        megapixels_per_minute=(
            tenant.megapixels_per_minute if tenant.HasField("megapixels_per_minute") else None
        ),
        max_items=tenant.max_items if tenant.HasField("max_items") else None,
        max_bytes=tenant.max_bytes if tenant.HasField("max_bytes") else None,
        use=None if use is None else TenantUse(use.items, use.bytes),
    )


def tenant_to_proto(tenant: Tenant) -> admin_pb2.Tenant:
    return admin_pb2.Tenant(
        id=tenant.id,
        requests_per_minute=tenant.requests_per_minute,
        megapixels_per_minute=tenant.megapixels_per_minute,
        max_items=tenant.max_items,
        max_bytes=tenant.max_bytes,
    )


_scope_from_proto = enum_reader(Scope, access_pb2.Scope.items(), "SCOPE_")
