"""Keys, tenants and audit records."""

from __future__ import annotations

from dataclasses import asdict

from google.protobuf.struct_pb2 import Struct

from armoire.v1 import admin_pb2
from domain.quota import TenantUse
from services.access.api_key import ApiKey
from services.access.tenant import CHOICES, Tenant
from services.audit.audit_filter import AuditFilter
from services.audit.record import AuditRecord, Facts
from services.edge.conversion.times import moment_us
from services.edge.conversion.types import time_from_us


def key_to_proto(key: ApiKey) -> admin_pb2.ApiKey:
    """A key without its secret."""
    return admin_pb2.ApiKey(
        id=key.id,
        name=key.name,
        tenant=key.tenant_id,
        scopes=[f"SCOPE_{scope.name}" for scope in sorted(key.scopes)],
        create_time=time_from_us(key.create_us),
        expire_time=time_from_us(key.expire_us),
        revoke_time=time_from_us(key.revoke_us),
        last_use_time=time_from_us(key.last_use_us),
    )


def tenant_to_proto(tenant: Tenant) -> admin_pb2.Tenant:
    return admin_pb2.Tenant(**asdict(tenant), etag=tenant.etag)


def tenant_from_proto(tenant: admin_pb2.Tenant) -> Tenant:
    own = {name: getattr(tenant, name) for name in CHOICES if tenant.HasField(name)}
    return Tenant(tenant.id, **own)


def use_to_proto(use: TenantUse) -> admin_pb2.TenantUse:
    return admin_pb2.TenantUse(items=use.items, bytes=use.bytes)


def audit_record_to_proto(record: AuditRecord) -> admin_pb2.AuditRecord:
    return admin_pb2.AuditRecord(
        id=record.id,
        create_time=time_from_us(record.time_us),
        tenant=record.tenant_id,
        actor=record.actor,
        end_user=record.end_user,
        action=record.action,
        resource=record.resource,
        before=_struct(record.before),
        after=_struct(record.after),
        request_id=record.request_id,
    )


def audit_filter_from_proto(request: admin_pb2.ListAuditRecordsRequest) -> AuditFilter:
    """Raises InvalidInput where a time is none."""
    return AuditFilter(
        from_us=moment_us("created_from", request),
        before_us=moment_us("created_before", request),
        actor=request.actor,
        action=request.action,
        resource_prefix=request.resource_prefix,
    )


def _struct(facts: Facts) -> Struct:
    struct = Struct()
    struct.update(facts)
    return struct
