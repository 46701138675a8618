"""AdminService: who may call and how often, what tenants may keep, the prediction log, and profiles."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import grpc
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message

from armoire.v1 import admin_pb2
from domain.errors import InvalidInput
from domain.quota import TenantUse
from domain.types import Scope
from services.edge.calls import current_principal
from services.edge.conversion.admin import (
    audit_filter_from_proto,
    audit_record_to_proto,
    key_to_proto,
    tenant_from_proto,
    tenant_to_proto,
    use_to_proto,
)
from services.edge.conversion.tenant_settings import settings_from_proto, settings_to_proto
from services.edge.conversion.types import time_from_us
from services.edge.conversion.users import change_from_proto, role_from_proto, user_to_proto
from services.edge.hosted_service import HostedService
from services.edge.prediction_pages import PredictionPages
from services.edge.profiler import Profiler
from services.edge.requirements import SCOPES

if TYPE_CHECKING:
    from services.access.administration import Administration
    from services.access.audit_records import AuditRecords

ADMIN = admin_pb2.DESCRIPTOR.services_by_name["AdminService"]
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any] | None"
ReadUse: TypeAlias = Callable[[str], Awaitable[TenantUse]]
"""Returns what a tenant keeps."""


class AdminServicer:
    """Converts, calls `ApiKeys`, `Tenants`, `Settings`, `Users` or `AuditRecords`, converts.

    `opened` and `audit` open their databases if need be; `read_use` is None where the server keeps no
    catalogue.
    """

    def __init__(
        self,
        opened: Callable[[], Awaitable[Administration]],
        audit: Callable[[], Awaitable[AuditRecords]],
        predictions: PredictionPages,
        read_use: ReadUse | None = None,
    ) -> None:
        self._opened = opened
        self._audit = audit
        self._predictions = predictions
        self._profiler = Profiler()
        self._read_use = read_use

    async def CreateApiKey(
        self, request: admin_pb2.CreateApiKeyRequest, context: Context
    ) -> admin_pb2.CreateApiKeyResponse:
        scopes = [_scope(f"scopes[{index}]", number) for index, number in enumerate(request.scopes)]
        lifetime_s = _seconds(request, "lifetime")
        keys = (await self._opened()).keys
        key, text = await keys.create(current_principal(), request.name, scopes, request.tenant, lifetime_s)
        return admin_pb2.CreateApiKeyResponse(api_key=key_to_proto(key), key=str(text))

    async def ListApiKeys(
        self, request: admin_pb2.ListApiKeysRequest, context: Context
    ) -> admin_pb2.ListApiKeysResponse:
        keys = (await self._opened()).keys
        page, token = await keys.list(
            current_principal(), request.tenant, request.page_size, request.page_token
        )
        return admin_pb2.ListApiKeysResponse(api_keys=map(key_to_proto, page), next_page_token=token)

    async def RotateApiKey(
        self, request: admin_pb2.RotateApiKeyRequest, context: Context
    ) -> admin_pb2.RotateApiKeyResponse:
        keys, overlap_s = (await self._opened()).keys, _seconds(request, "overlap")
        key, text = await keys.rotate(current_principal(), _required("key_id", request.key_id), overlap_s)
        return admin_pb2.RotateApiKeyResponse(api_key=key_to_proto(key), key=str(text))

    async def RevokeApiKey(
        self, request: admin_pb2.RevokeApiKeyRequest, context: Context
    ) -> admin_pb2.RevokeApiKeyResponse:
        keys = (await self._opened()).keys
        key = await keys.revoke(current_principal(), _required("key_id", request.key_id))
        return admin_pb2.RevokeApiKeyResponse(api_key=key_to_proto(key))

    async def GetTenant(
        self, request: admin_pb2.GetTenantRequest, context: Context
    ) -> admin_pb2.GetTenantResponse:
        tenants = (await self._opened()).tenants
        tenant = tenants.get(current_principal(), request.tenant)
        use = None if self._read_use is None else use_to_proto(await self._read_use(tenant.id))
        return admin_pb2.GetTenantResponse(tenant=tenant_to_proto(tenant), use=use)

    async def UpdateTenant(
        self, request: admin_pb2.UpdateTenantRequest, context: Context
    ) -> admin_pb2.UpdateTenantResponse:
        tenants = (await self._opened()).tenants
        wanted, etag = tenant_from_proto(request.tenant), request.tenant.etag
        tenant = await tenants.update(current_principal(), wanted, etag)
        return admin_pb2.UpdateTenantResponse(tenant=tenant_to_proto(tenant))

    async def GetTenantSettings(
        self, request: admin_pb2.GetTenantSettingsRequest, context: Context
    ) -> admin_pb2.GetTenantSettingsResponse:
        settings = (await self._opened()).settings
        found = await settings.get(current_principal(), request.tenant)
        return admin_pb2.GetTenantSettingsResponse(settings=settings_to_proto(*found))

    async def UpdateTenantSettings(
        self, request: admin_pb2.UpdateTenantSettingsRequest, context: Context
    ) -> admin_pb2.UpdateTenantSettingsResponse:
        principal = current_principal()
        wanted = settings_from_proto(request.settings, principal.tenant_id)
        settings = (await self._opened()).settings
        updated = await settings.update(principal, wanted, request.settings.etag)
        return admin_pb2.UpdateTenantSettingsResponse(settings=settings_to_proto(*updated))

    async def InviteUser(
        self, request: admin_pb2.InviteUserRequest, context: Context
    ) -> admin_pb2.InviteUserResponse:
        users, role = (await self._opened()).users, role_from_proto("role", request.role)
        user, token = await users.invite(
            current_principal(), request.email, role, request.display_name, request.tenant
        )
        return admin_pb2.InviteUserResponse(
            user=user_to_proto(user), token=token.text, expire_time=time_from_us(token.token.expire_us)
        )

    async def ListUsers(
        self, request: admin_pb2.ListUsersRequest, context: Context
    ) -> admin_pb2.ListUsersResponse:
        users = (await self._opened()).users
        page, token = await users.list(
            current_principal(), request.tenant, request.page_size, request.page_token
        )
        return admin_pb2.ListUsersResponse(users=map(user_to_proto, page), next_page_token=token)

    async def UpdateUser(
        self, request: admin_pb2.UpdateUserRequest, context: Context
    ) -> admin_pb2.UpdateUserResponse:
        change = change_from_proto(request.user, list(request.update_mask.paths))
        user_id = _required("user.id", request.user.id)
        user = await (await self._opened()).users.update(current_principal(), user_id, change)
        return admin_pb2.UpdateUserResponse(user=user_to_proto(user))

    async def CreatePasswordReset(
        self, request: admin_pb2.CreatePasswordResetRequest, context: Context
    ) -> admin_pb2.CreatePasswordResetResponse:
        users, user_id = (await self._opened()).users, _required("user_id", request.user_id)
        token = await users.create_reset(current_principal(), user_id)
        expire_time = time_from_us(token.token.expire_us)
        return admin_pb2.CreatePasswordResetResponse(token=token.text, expire_time=expire_time)

    async def DeleteUser(
        self, request: admin_pb2.DeleteUserRequest, context: Context
    ) -> admin_pb2.DeleteUserResponse:
        users, user_id = (await self._opened()).users, _required("user_id", request.user_id)
        await users.delete(current_principal(), user_id)
        return admin_pb2.DeleteUserResponse()

    async def ListAuditRecords(
        self, request: admin_pb2.ListAuditRecordsRequest, context: Context
    ) -> admin_pb2.ListAuditRecordsResponse:
        wanted, records = audit_filter_from_proto(request), await self._audit()
        page, token = await records.list(
            current_principal(), wanted, request.tenant, request.page_size, request.page_token
        )
        return admin_pb2.ListAuditRecordsResponse(
            audit_records=map(audit_record_to_proto, page), next_page_token=token
        )

    async def ListPredictions(
        self, request: admin_pb2.ListPredictionsRequest, context: Context
    ) -> admin_pb2.ListPredictionsResponse:
        return await self._predictions.answer(request)

    async def Profile(self, request: admin_pb2.ProfileRequest, context: Context) -> admin_pb2.ProfileResponse:
        return await self._profiler.answer(request)


def hosted_admin(
    opened: Callable[[], Awaitable[Administration]],
    audit: Callable[[], Awaitable[AuditRecords]],
    predictions: PredictionPages,
    read_use: ReadUse | None = None,
) -> HostedService:
    """The service for the port."""
    return HostedService(ADMIN, AdminServicer(opened, audit, predictions, read_use))


def _scope(field: str, number: int) -> Scope:
    if number not in SCOPES:
        raise InvalidInput(field, f"must be one of {', '.join(f'SCOPE_{each.name}' for each in Scope)}")
    return SCOPES[number]


def _required(field: str, text: str) -> str:
    if not text:
        raise InvalidInput(field, "must not be empty")
    return text


def _seconds(request: Message, field: str) -> float | None:
    """The seconds of a duration; None if it is unset."""
    if not request.HasField(field):
        return None
    duration: Duration = getattr(request, field)
    return duration.seconds + duration.nanos / 1e9
