"""Re-indexing: what has described the items, and photos that are looked at anew."""

from __future__ import annotations

from dataclasses import dataclass

from domain.types import ItemVersions, Principal
from services.catalog.limits import check_rate
from services.catalog.operations.reindex import ReindexScope
from services.catalog.operations.served_versions import ServedVersions, of_tenant
from services.catalog.records.item_versions import CountedVersions, count_versions
from services.catalog.records.operations import Operation, OperationKind
from services.catalog.resources.operations import Operations
from services.sql.database import Database


@dataclass(frozen=True, slots=True)
class VersionsInUse:
    """What is served, and what has described the items of the live collection."""

    served: ItemVersions
    counted: tuple[CountedVersions, ...]


class Reindexing:
    """The calls on stale items: of the caller's tenant, or of all, which is for those who run the server."""

    def __init__(self, database: Database, served: ServedVersions, operations: Operations) -> None:
        self._database = database
        self._served = served
        self._operations = operations

    async def versions(self, principal: Principal, *, all_tenants: bool = False) -> VersionsInUse:
        """What has described how many items. Raises Unavailable."""
        tenant_id = None if all_tenants else principal.tenant_id
        served, own = await self._served.read(tenant_id)
        counted = await self._database.read(lambda session: count_versions(session, tenant_id, served, own))
        return VersionsInUse(of_tenant(tenant_id, served, own), tuple(counted))

    async def start(
        self,
        principal: Principal,
        scope: ReindexScope = ReindexScope.STALE,
        photos_per_s: float = 0.0,
        idempotency_key: str = "",
        *,
        all_tenants: bool = False,
    ) -> Operation:
        """Look at stored photos anew. Raises InvalidInput, AlreadyExists."""
        request = {
            "scope": scope.value,
            "photos_per_s": check_rate("photos_per_second", photos_per_s),
            "all_tenants": all_tenants,
        }
        return await self._operations.start(principal, OperationKind.REINDEX, request, idempotency_key)
