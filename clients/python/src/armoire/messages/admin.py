"""Messages of AdminService."""

from __future__ import annotations

from armoire.messages.enums import enum_reader
from armoire.messages.inference import analyzed_item_from_proto
from armoire.messages.types import box_from_proto, time_from_proto
from armoire.v1 import access_pb2, admin_pb2, types_pb2
from armoire.values.admin import (
    ApiKey,
    LoggedPrediction,
    NewApiKey,
    Scope,
    ServerProfile,
    Tenant,
    TenantUse,
)
from armoire.values.types import Priority


def api_key_from_proto(key: admin_pb2.ApiKey) -> ApiKey:
    return ApiKey(
        id=key.id,
        name=key.name,
        tenant=key.tenant,
        scopes=tuple(map(scope_from_proto, key.scopes)),
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
        log_predictions=tenant.log_predictions if tenant.HasField("log_predictions") else None,
        etag=tenant.etag,
    )


def tenant_to_proto(tenant: Tenant) -> admin_pb2.Tenant:
    message = admin_pb2.Tenant(
        id=tenant.id,
        requests_per_minute=tenant.requests_per_minute,
        megapixels_per_minute=tenant.megapixels_per_minute,
        max_items=tenant.max_items,
        max_bytes=tenant.max_bytes,
        etag=tenant.etag,
    )
    if tenant.log_predictions is not None:
        message.log_predictions = tenant.log_predictions
    return message


def prediction_from_proto(logged: admin_pb2.LoggedPrediction) -> LoggedPrediction:
    return LoggedPrediction(
        id=logged.id,
        tenant=logged.tenant,
        method=logged.method,
        request_id=logged.request_id,
        sha256=logged.sha256,
        size_bytes=logged.size_bytes,
        items=tuple(map(analyzed_item_from_proto, logged.items)),
        create_time=time_from_proto(logged.create_time),
        detector_version=logged.detector_version,
        detector_preprocess_version=logged.detector_preprocess_version,
        embedder_version=logged.embedder_version,
        embedder_preprocess_version=logged.embedder_preprocess_version,
        classifier_version=logged.classifier_version,
        classifier_preprocess_version=logged.classifier_preprocess_version,
        image_width=logged.image_width,
        image_height=logged.image_height,
        text=logged.text,
        min_score=logged.min_score if logged.HasField("min_score") else None,
        priority=Priority.BULK if logged.priority == types_pb2.PRIORITY_BULK else Priority.INTERACTIVE,
        boxes=tuple(map(box_from_proto, logged.boxes)),
        has_picture=logged.has_picture,
        picture=logged.picture or None,
    )


def profile_from_proto(reply: admin_pb2.ProfileResponse) -> ServerProfile:
    return ServerProfile(
        speedscope_json=reply.speedscope_json,
        process_id=reply.process_id,
        cpu_s=reply.cpu_time.ToNanoseconds() / 1e9,
        sampling_cpu_s=reply.sampling_cpu_time.ToNanoseconds() / 1e9,
    )


scope_from_proto = enum_reader(Scope, access_pb2.Scope.items(), "SCOPE_")
