"""What the parts of a server that are not the catalogue keep of a tenant, to be erased."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.host.access_part import AccessPart
from services.host.metrics.tenants import TenantGauges
from services.host.prediction_part import PredictionPart

if TYPE_CHECKING:
    from services.access.erasure import AccessErasure


@dataclass(eq=False)
class ErasedAccess:
    """Keys, users, limits and audit records of a tenant, and the gate that it is behind."""

    part: AccessPart
    name: str = field(default="access", init=False)

    async def close(self, tenant_id: str) -> None:
        """See `TenantGate`."""
        await (await self._opened()).close(tenant_id)

    async def forget(self, tenant_id: str) -> None:
        """See `TenantGate`."""
        await (await self._opened()).forget(tenant_id)

    async def erase(self, tenant_id: str) -> int:
        """See `TenantStore`."""
        return await (await self._opened()).erase(tenant_id)

    async def count(self, tenant_id: str) -> int:
        """See `TenantStore`."""
        return await (await self._opened()).count(tenant_id)

    async def erase_end_user(self, tenant_id: str, end_user: str) -> int:
        """See `EndUserStore`."""
        return await (await self._opened()).erase_end_user(tenant_id, end_user)

    async def count_end_user(self, tenant_id: str, end_user: str) -> int:
        """See `EndUserStore`."""
        return await (await self._opened()).count_end_user(tenant_id, end_user)

    async def compact(self) -> None:
        """See `TenantStore`."""
        await (await self._opened()).compact()

    async def _opened(self) -> AccessErasure:
        from services.access.erasure import AccessErasure

        return AccessErasure(await self.part.administration())


@dataclass(eq=False)
class ErasedPredictions:
    """The entries of the prediction log, if there is one."""

    part: PredictionPart
    name: str = field(default="predictions", init=False)

    async def erase(self, tenant_id: str) -> int:
        """See `TenantStore`."""
        return await (await self.part.store()).erase(tenant_id) if self.part.exists else 0

    async def count(self, tenant_id: str) -> int:
        """See `TenantStore`."""
        return await (await self.part.store()).count(tenant_id) if self.part.exists else 0

    async def compact(self) -> None:
        """See `TenantStore`."""
        if self.part.exists:
            await (await self.part.store()).compact()


@dataclass(eq=False)
class ErasedMetrics:
    """The labels of a tenant on the page of metrics."""

    gauges: TenantGauges
    name: str = field(default="metrics", init=False)

    async def erase(self, tenant_id: str) -> int:
        """See `TenantStore`."""
        return self.gauges.forget(tenant_id)

    async def count(self, tenant_id: str) -> int:
        """See `TenantStore`."""
        return 0

    async def compact(self) -> None:
        """See `TenantStore`."""
