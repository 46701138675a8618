"""The erasure of an end user: the id is removed from every store that has it, and what is left is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.errors import Unavailable
from services.audit.trail import AuditTrail
from services.catalog.blobs.store import exports_prefix
from services.catalog.operations.erased_stores import Blobs
from services.catalog.operations.erasure import EndUserStore, erasure_report
from services.catalog.operations.product_erasure import ProductErasure
from services.catalog.operations.run import OperationRun
from services.catalog.records.erased import count_end_user, erase_end_user, forget_end_user_asked
from services.catalog.records.operations import OperationProgress
from services.catalog.records.wardrobe import own_products
from services.sql.database import Database

_PASSES = 5


@dataclass(frozen=True, slots=True)
class EndUserRows:
    """Corrections and imports in the catalogue's database."""

    database: Database
    name: str = "rows"

    async def erase_end_user(self, tenant_id: str, end_user: str) -> int:
        """See `EndUserStore`."""
        return await self.database.write(lambda session: erase_end_user(session, tenant_id, end_user))

    async def count_end_user(self, tenant_id: str, end_user: str) -> int:
        """See `EndUserStore`."""
        return await self.database.read(lambda session: count_end_user(session, tenant_id, end_user))

    async def compact(self) -> None:
        """See `EndUserStore`."""
        await self.database.compact()


@dataclass(frozen=True, slots=True)
class EndUserProducts:
    """The end user's own clothes: products of that type in their wardrobe, and in nobody else's.

    It comes before `EndUserRows`, which remove what tells whose they are.
    """

    database: Database
    products: ProductErasure
    name: str = "products"

    async def erase_end_user(self, tenant_id: str, end_user: str) -> int:
        """See `EndUserStore`."""
        product_ids = await self.database.read(lambda session: own_products(session, tenant_id, end_user))
        for product_id in product_ids:
            await self.products.erase(tenant_id, product_id)
        return len(product_ids)

    async def count_end_user(self, tenant_id: str, end_user: str) -> int:
        """See `EndUserStore`."""
        return len(await self.database.read(lambda session: own_products(session, tenant_id, end_user)))

    async def compact(self) -> None:
        """See `EndUserStore`."""
        await self.products.compact()


@dataclass(frozen=True, slots=True)
class EndUserRecords:
    """The audit records in the catalogue's database, which `EndUserRows` compacts."""

    trail: AuditTrail
    name: str = "audit"

    async def erase_end_user(self, tenant_id: str, end_user: str) -> int:
        """See `EndUserStore`."""
        return await self.trail.erase_end_user(tenant_id, end_user)

    async def count_end_user(self, tenant_id: str, end_user: str) -> int:
        """See `EndUserStore`."""
        return await self.trail.count_end_user(tenant_id, end_user)

    async def compact(self) -> None:
        """See the class."""


@dataclass(frozen=True, slots=True)
class EndUserExports:
    """Exports of the catalogue, which have corrections; any of them may have the id."""

    blobs: Blobs
    name: str = "blobs"

    async def erase_end_user(self, tenant_id: str, _end_user: str) -> int:
        """See `EndUserStore`."""
        return await self.blobs.erase_below(exports_prefix(tenant_id))

    async def count_end_user(self, tenant_id: str, _end_user: str) -> int:
        """See `EndUserStore`."""
        return await self.blobs.count_below(exports_prefix(tenant_id))

    async def compact(self) -> None:
        """A blob is a file or an object of its own."""


class EndUserErasure:
    """Removes the id from every store, again until nothing is found, and last from what was asked for."""

    def __init__(self, database: Database, stores: Sequence[EndUserStore]) -> None:
        self._database = database
        self._stores = stores

    async def run(self, run: OperationRun) -> Mapping[str, Any]:
        """Erase the end user that the request names; see `OperationWork`."""
        counts = run.checkpoint if "left" in run.checkpoint else await self._remove(run)
        tenant_id, operation_id = run.tenant_id, run.claim.id
        await self._database.write(lambda session: forget_end_user_asked(session, tenant_id, operation_id))
        for store in self._stores:
            await store.compact()
        return erasure_report({}, counts["removed"], counts["left"])

    async def _remove(self, run: OperationRun) -> Mapping[str, Mapping[str, int]]:
        """Remove the id; returns what had it in the beginning, and what has it in the end: nothing."""
        end_user = str(run.request["end_user"])
        removed = run.checkpoint.get("removed") or await self._count(run.tenant_id, end_user)
        progress = OperationProgress("removed", sum(removed.values()))
        await run.save(progress, {"removed": removed})
        for _ in range(_PASSES):
            for store in self._stores:
                await store.erase_end_user(run.tenant_id, end_user)
            left = await self._count(run.tenant_id, end_user)
            if not any(left.values()):
                await run.save(progress, {"removed": removed, "left": left})
                return {"removed": removed, "left": left}
        raise Unavailable("something is still done for the end user", reason="END_USER_IN_USE")

    async def _count(self, tenant_id: str, end_user: str) -> dict[str, int]:
        return {store.name: await store.count_end_user(tenant_id, end_user) for store in self._stores}
