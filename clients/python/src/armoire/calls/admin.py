"""Calls of AdminService."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from google.protobuf.duration_pb2 import Duration

from armoire.call import Call, call_of
from armoire.messages.admin import (
    api_key_from_proto,
    new_api_key_from_proto,
    prediction_from_proto,
    profile_from_proto,
    tenant_from_proto,
    tenant_to_proto,
)
from armoire.messages.types import time_to_proto
from armoire.v1 import admin_pb2
from armoire.values.admin import ApiKey, LoggedPrediction, NewApiKey, Scope, ServerProfile, Tenant
from armoire.values.types import Page


def create_api_key(
    name: str, scopes: Iterable[Scope | str], tenant: str, lifetime_s: float | None
) -> Call[NewApiKey]:
    return call_of(
        "armoire.v1.AdminService/CreateApiKey",
        admin_pb2.CreateApiKeyRequest(
            name=name,
            scopes=[f"SCOPE_{Scope(scope.upper()).value}" for scope in scopes],
            tenant=tenant,
            lifetime=_duration(lifetime_s),
        ),
        admin_pb2.CreateApiKeyResponse,
        new_api_key_from_proto,
        repeatable=False,
    )


def list_api_keys(page_size: int, page_token: str, tenant: str) -> Call[Page[ApiKey]]:
    return call_of(
        "armoire.v1.AdminService/ListApiKeys",
        admin_pb2.ListApiKeysRequest(tenant=tenant, page_size=page_size, page_token=page_token),
        admin_pb2.ListApiKeysResponse,
        lambda reply: Page(tuple(map(api_key_from_proto, reply.api_keys)), reply.next_page_token),
    )


def rotate_api_key(key_id: str, overlap_s: float | None) -> Call[NewApiKey]:
    return call_of(
        "armoire.v1.AdminService/RotateApiKey",
        admin_pb2.RotateApiKeyRequest(key_id=key_id, overlap=_duration(overlap_s)),
        admin_pb2.RotateApiKeyResponse,
        new_api_key_from_proto,
        repeatable=False,
    )


def revoke_api_key(key_id: str) -> Call[ApiKey]:
    return call_of(
        "armoire.v1.AdminService/RevokeApiKey",
        admin_pb2.RevokeApiKeyRequest(key_id=key_id),
        admin_pb2.RevokeApiKeyResponse,
        lambda reply: api_key_from_proto(reply.api_key),
    )


def get_tenant(tenant: str) -> Call[Tenant]:
    return call_of(
        "armoire.v1.AdminService/GetTenant",
        admin_pb2.GetTenantRequest(tenant=tenant),
        admin_pb2.GetTenantResponse,
        lambda reply: tenant_from_proto(reply.tenant, reply.use if reply.HasField("use") else None),
    )


def update_tenant(tenant: Tenant) -> Call[Tenant]:
    return call_of(
        "armoire.v1.AdminService/UpdateTenant",
        admin_pb2.UpdateTenantRequest(tenant=tenant_to_proto(tenant)),
        admin_pb2.UpdateTenantResponse,
        lambda reply: tenant_from_proto(reply.tenant),
        repeatable=not tenant.etag,
    )


def list_predictions(
    created_from: datetime | None,
    created_before: datetime | None,
    include_pictures: bool,
    tenant: str,
    page_size: int,
    page_token: str,
) -> Call[Page[LoggedPrediction]]:
    return call_of(
        "armoire.v1.AdminService/ListPredictions",
        admin_pb2.ListPredictionsRequest(
            tenant=tenant,
            created_from=time_to_proto(created_from),
            created_before=time_to_proto(created_before),
            include_pictures=include_pictures,
            page_size=page_size,
            page_token=page_token,
        ),
        admin_pb2.ListPredictionsResponse,
        lambda reply: Page(tuple(map(prediction_from_proto, reply.predictions)), reply.next_page_token),
    )


def profile(duration_s: float, rate: int) -> Call[ServerProfile]:
    return call_of(
        "armoire.v1.AdminService/Profile",
        admin_pb2.ProfileRequest(duration=_duration(duration_s), rate=rate),
        admin_pb2.ProfileResponse,
        profile_from_proto,
        repeatable=False,
    )


def _duration(seconds: float | None) -> Duration | None:
    if seconds is None:
        return None
    duration = Duration()
    duration.FromNanoseconds(round(seconds * 1e9))
    return duration
