"""The process that test_erasure_crash kills: erases a tenant and tells each step.

It goes on with a step once its parent has written a line, so the parent can strike in the middle of it.

python -m tests.integration.catalog.erasure_child HOME fill
python -m tests.integration.catalog.erasure_child HOME erase
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

from domain.types import DEFAULT_PRINCIPAL, Principal
from services.access.administration import Administration
from services.access.erasure import AccessErasure
from services.access.sql.access_database import access_database
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.operations.erasure import ErasureOptions, TenantStore
from services.catalog.records.operations import Operation, OperationFilter, OperationKind
from services.catalog.records.product_drafts import ProductDraft
from tests.integration.catalog.crash_child import options, tell
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, photo
from tests.integration.catalog.flows import index

ACME, SHOP = Principal("acme"), Principal("shop")
NAME = "Velvet Zibeline Coat"


@dataclass
class TellingStore:
    """Tells before and after it erases, and waits for leave to go on."""

    store: TenantStore

    @property
    def name(self) -> str:
        return self.store.name

    async def erase(self, tenant_id: str) -> int:
        await step(f"{self.name}-begins")
        removed = await self.store.erase(tenant_id)
        await step(f"{self.name}-erased")
        return removed

    async def count(self, tenant_id: str) -> int:
        return await self.store.count(tenant_id)

    async def compact(self) -> None:
        await step(f"{self.name}-compacts")
        await self.store.compact()


async def step(name: str) -> None:
    tell("step", name)
    if not await asyncio.to_thread(sys.stdin.readline):
        await asyncio.Event().wait()  # until it is killed


async def fill(catalog: Catalog) -> None:
    """Give both tenants a product with photos."""
    for principal, name, seeds in ((ACME, NAME, (1, 2)), (SHOP, "Plain Coat", (11, 12))):
        product = await catalog.products.create(principal, ProductDraft(name))
        for seed in seeds:
            await index(catalog, IndexRequest(photo(seed), product_id=product.id), principal)


async def erase(catalog: Catalog) -> None:
    """Erase a tenant, or go on with that."""
    catalog._tenant_stores[:] = map(TellingStore, catalog._tenant_stores)
    wanted = OperationFilter(kinds=frozenset({OperationKind.ERASE}))
    begun = (await catalog.operations.list(DEFAULT_PRINCIPAL, wanted=wanted)).entries
    operation: Operation = begun[0] if begun else await catalog.erasures.tenant(DEFAULT_PRINCIPAL, "acme")
    async for each in catalog.operations.watch(DEFAULT_PRINCIPAL, operation.id):
        operation = each
    shop = await catalog.items.list(SHOP)
    tell("done", operation.state.value, len(shop.entries))


async def main(home: Path, mode: str) -> None:
    database = access_database(f"sqlite:///{home / 'access.db'}")
    await database.open()
    administration = Administration(database)
    access = AccessErasure(administration)
    catalog = Catalog(
        options(home), FakeAnalyzer(), TAXONOMY, erasure=ErasureOptions(access, (access,), settle_s=0.0)
    )
    await catalog.start()
    await catalog.wait_until_ready()
    await (fill(catalog) if mode == "fill" else erase(catalog))
    await catalog.stop()
    await administration.close()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
