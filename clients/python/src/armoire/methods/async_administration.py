"""The calls for those who run a tenant or the server: tenants, audit records, predictions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime

from armoire.async_caller import AsyncCaller
from armoire.calls import admin, audit, server, tenant_settings
from armoire.calls.audit import AuditFilter
from armoire.errors import Unimplemented
from armoire.values.admin import LoggedPrediction, ServerProfile, Tenant
from armoire.values.audit import AuditRecord
from armoire.values.server import Limits
from armoire.values.tenant_settings import TenantSettings
from armoire.values.types import Page


class AsyncAdministrationMethods:
    """The calls for those who run a tenant or the server: tenants, audit records, predictions."""

    _caller: AsyncCaller

    async def list_audit_records(
        self,
        *,
        tenant: str = "",
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        actor: str = "",
        action: str = "",
        resource_prefix: str = "",
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[AuditRecord]:
        """A page of what was changed, by whom and for whom, newest first; see `AuditRecord`."""
        which = AuditFilter(tenant, created_from, created_before, actor, action, resource_prefix)
        return await self._caller.run(audit.list_audit_records(which, page_size, page_token), timeout_s)

    def iter_audit_records(
        self,
        *,
        tenant: str = "",
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        actor: str = "",
        action: str = "",
        resource_prefix: str = "",
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> AsyncIterator[AuditRecord]:
        """Like `list_audit_records`, page after page; `timeout_s` is for each."""
        which = AuditFilter(tenant, created_from, created_before, actor, action, resource_prefix)
        return self._caller.each(lambda token: audit.list_audit_records(which, page_size, token), timeout_s)

    async def get_tenant(self, tenant: str = "", *, timeout_s: float | None = None) -> Tenant:
        """What a tenant may use, and what it keeps; yours if none is named."""
        return await self._caller.run(admin.get_tenant(tenant), timeout_s)

    async def get_tenant_settings(
        self, tenant: str = "", *, timeout_s: float | None = None
    ) -> TenantSettings:
        """The weights and words that a tenant has of its own; yours if none is named."""
        return await self._caller.run(tenant_settings.get_tenant_settings(tenant), timeout_s)

    async def update_tenant_settings(
        self, settings: TenantSettings, *, timeout_s: float | None = None
    ) -> TenantSettings:
        """Replaces the settings of a tenant: all of them, so read them first. Returns what is in force.

        The server embeds new words before it answers, which takes seconds.
        """
        return await self._caller.run(tenant_settings.update_tenant_settings(settings), timeout_s)

    async def update_tenant(self, tenant: Tenant, *, timeout_s: float | None = None) -> Tenant:
        """Changes what a tenant may use: all of it, so read it first. Its `use` is not sent."""
        return await self._caller.run(admin.update_tenant(tenant), timeout_s)

    async def list_predictions(
        self,
        *,
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        include_pictures: bool = False,
        tenant: str = "",
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[LoggedPrediction]:
        """A page of the prediction log, oldest first, of your tenant unless you run the server."""
        times = created_from, created_before
        call = admin.list_predictions(*times, include_pictures, tenant, page_size, page_token)
        return await self._caller.run(call, timeout_s)

    def iter_predictions(
        self,
        *,
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        include_pictures: bool = False,
        tenant: str = "",
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> AsyncIterator[LoggedPrediction]:
        """Like `list_predictions`, page after page; `timeout_s` is for each."""
        which = created_from, created_before, include_pictures, tenant, page_size
        return self._caller.each(lambda token: admin.list_predictions(*which, token), timeout_s)

    async def profile(
        self, duration_s: float = 10.0, *, rate: int = 0, timeout_s: float | None = None
    ) -> ServerProfile:
        """What the process that answers is doing, sampled for `duration_s`, at most 60 s.

        `rate` is samples a second; 0 means 100. `timeout_s` is counted beside the duration.
        """
        timeout_s = duration_s + (30.0 if timeout_s is None else timeout_s)
        return await self._caller.run(admin.profile(duration_s, rate), timeout_s)

    async def limits(self, *, timeout_s: float | None = None) -> Limits:
        """What the server holds requests to, for each service it offers."""
        of_inference, of_catalog = None, None
        with suppress(Unimplemented):
            of_inference = await self._caller.run(server.get_inference_limits(), timeout_s)
        with suppress(Unimplemented):
            of_catalog = await self._caller.run(server.get_catalog_limits(), timeout_s)
        return Limits(of_inference, of_catalog)
