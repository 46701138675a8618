"""Erasures: all that is kept of a tenant is removed from every store, and what is left is counted."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from domain.errors import Unavailable
from services.catalog.operations.run import OperationRun, OperationWork
from services.catalog.records.operations import OperationProgress

_PASSES = 5


class TenantStore(Protocol):
    """A place that keeps something of tenants; each method can be repeated."""

    @property
    def name(self) -> str: ...

    async def erase(self, tenant_id: str) -> int:
        """Remove all of a tenant; returns how much. Raises Unavailable."""
        ...

    async def count(self, tenant_id: str) -> int:
        """How much is kept of a tenant. Raises Unavailable."""
        ...

    async def compact(self) -> None:
        """Take what was removed out of files, too, as far as the store can. Raises Unavailable."""
        ...


class EndUserStore(Protocol):
    """A place that keeps ids of end users; each method can be repeated."""

    @property
    def name(self) -> str: ...

    async def erase_end_user(self, tenant_id: str, end_user: str) -> int:
        """Remove the id of an end user of a tenant; returns from how much. Raises Unavailable."""
        ...

    async def count_end_user(self, tenant_id: str, end_user: str) -> int:
        """How much has the id. Raises Unavailable."""
        ...

    async def compact(self) -> None:
        """Take what was removed out of files, too, as far as the store can. Raises Unavailable."""
        ...


class TenantGate(Protocol):
    """Lets tenants call, or not."""

    async def close(self, tenant_id: str) -> None:
        """Refuse the tenant's calls. Raises Unavailable."""
        ...

    async def forget(self, tenant_id: str) -> None:
        """Forget that the tenant was refused, and all else of it. Raises Unavailable."""
        ...


class NoGate:
    """Of a server that everyone may call as its operator, so that no other tenant calls."""

    async def close(self, tenant_id: str) -> None: ...

    async def forget(self, tenant_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class ErasureOptions:
    """What a tenant's erasure concerns beside the catalogue.

    Attributes:
        gate: keeps the tenant from calling.
        stores: those of the other parts of the server.
        of_end_users: those of them that have ids of end users.
        settle_s: for how long after the gate was closed calls and jobs may still write something.
    """

    gate: TenantGate = NoGate()
    stores: Sequence[TenantStore] = ()
    of_end_users: Sequence[EndUserStore] = ()
    settle_s: float = 10.0


class TenantErasure:
    """Refuses the tenant's calls, removes everything, and again until nothing is found.

    What calls and jobs of before still write is found by the passes that come after `settle_s`.
    """

    def __init__(self, stores: Sequence[TenantStore], gate: TenantGate, settle_s: float) -> None:
        self._stores = stores
        self._gate = gate
        self._settle_s = settle_s

    async def run(self, run: OperationRun) -> Mapping[str, Any]:
        """Erase the tenant that the request names; see `OperationWork`."""
        tenant_id = str(run.request["tenant"])
        await self._gate.close(tenant_id)
        removed = Counter[str](run.checkpoint.get("removed") or await self._count(tenant_id))
        await self._erase(run, tenant_id, removed)
        await asyncio.sleep(self._settle_s)
        left = await self._erase_late(run, tenant_id, removed)
        for store in self._stores:
            await self._tell(run, f"compacting {store.name}", removed)
            await store.compact()
        await self._gate.forget(tenant_id)
        return erasure_report({"tenant": tenant_id}, removed, left)

    async def _erase_late(
        self, run: OperationRun, tenant_id: str, removed: Counter[str]
    ) -> Mapping[str, int]:
        """Erase again until nothing is left; returns what is left of each store, which is nothing.

        Raises:
            Unavailable: something still writes.
        """
        for _ in range(_PASSES):
            removed += await self._erase(run, tenant_id, removed)
            left = await self._count(tenant_id)
            if not any(left.values()):
                return left
        names = ", ".join(name for name, count in left.items() if count)
        raise Unavailable(f"something of the tenant is still written to {names}", reason="TENANT_IN_USE")

    async def _erase(self, run: OperationRun, tenant_id: str, removed: Counter[str]) -> Counter[str]:
        """Erase from every store; returns how much each has removed."""
        erased = Counter[str]()
        for store in self._stores:
            await self._tell(run, f"erasing from {store.name}", removed)
            erased[store.name] = await store.erase(tenant_id)
        await self._tell(run, "counting what is left", removed)
        return erased

    async def _count(self, tenant_id: str) -> dict[str, int]:
        """How much each store keeps of a tenant. What it keeps before counts as removed later."""
        return {store.name: await store.count(tenant_id) for store in self._stores}

    async def _tell(self, run: OperationRun, message: str, removed: Counter[str]) -> None:
        progress = OperationProgress("removed", removed.total(), 0, 0, message)
        await run.save(progress, {"removed": dict(removed)})


@dataclass(frozen=True, slots=True)
class Erasure:
    """Erases a product, an end user or a tenant, whatever the request names."""

    tenant: OperationWork
    end_user: OperationWork
    product: OperationWork

    async def run(self, run: OperationRun) -> Mapping[str, Any]:
        """See `OperationWork`."""
        if "tenant" in run.request:
            return await self.tenant.run(run)
        work = self.end_user if "end_user" in run.request else self.product
        return await work.run(run)


def erasure_report(
    subject: Mapping[str, str], removed: Mapping[str, int], left: Mapping[str, int]
) -> dict[str, Any]:
    """The fields of the message `ErasureReport`."""
    stores = [
        {"store": name, "removed": removed.get(name, 0), "remaining": count} for name, count in left.items()
    ]
    return {**subject, "stores": stores}
