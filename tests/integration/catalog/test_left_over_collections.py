"""Collections that an earlier release or a removal that was cut off has left in the vector store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from pymilvus import MilvusClient

from domain.errors import Unavailable
from domain.types import DEFAULT_PRINCIPAL, ModelVersion
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.operations.erasure import ErasureOptions
from services.catalog.options import CatalogOptions
from services.catalog.records.operations import OperationState
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.search.query import TextQuery
from services.catalog.sync.index_rows import RowWriter
from services.catalog.vectors.collection import Collection, collection_name
from tests import milvus
from tests.integration.catalog.erasures import ACME, OPERATOR, SHOP, ended
from tests.integration.catalog.fake_analyzer import TAXONOMY, WIDTH, FakeAnalyzer, photo
from tests.integration.catalog.flows import collection_of, found_ids, index, index_all

OLD_COLUMNS = replace(TAXONOMY, attributes=TAXONOMY.attributes[:-1])
NEW_MODEL = ModelVersion("fake-embedder-2", "square-1")


@pytest.fixture
def shared(
    options: CatalogOptions, stack: str, postgres_url: str, tmp_path: Path
) -> Iterator[CatalogOptions]:
    """On stores that several processes share; Milvus Lite behind a port stands for a server of Milvus."""
    if stack == "servers":
        yield options
        return
    with milvus.serving(tmp_path / "shared.db") as (uri, _):
        yield replace(options, database_url=postgres_url, milvus_uri=uri)


def old_collection(analyzer: FakeAnalyzer) -> Collection:
    """That of the release before, which had other columns."""
    names = RowWriter(OLD_COLUMNS).columns.names
    return Collection(collection_name(analyzer.served, WIDTH, names), analyzer.served, WIDTH)


async def started(running: AsyncExitStack, catalog: Catalog) -> Catalog:
    await catalog.start()
    running.push_async_callback(catalog.stop)
    await catalog.wait_until_ready()
    return catalog


async def fill(catalog: Catalog) -> str:
    """Two photos of ACME, one of them of a product, and one of SHOP; returns the id of the product."""
    product = await catalog.products.create(ACME, ProductDraft("Coat", external_id="c-1"))
    await index(catalog, IndexRequest(photo(1), product_id=product.id), ACME)
    await index(catalog, IndexRequest(photo(2)), ACME)
    await index(catalog, IndexRequest(photo(3)), SHOP)
    return product.id


def stored(uri: str) -> dict[str, list[tuple[str, str]]]:
    """Tenant and item of all rows, by collection, of a Milvus that answers on a port."""
    client = MilvusClient(uri)
    rows = {
        name: client.query(name, filter='id != ""', output_fields=["tenant_id", "id"], limit=1000)
        for name in client.list_collections()
    }
    client.close()
    return {name: sorted((row["tenant_id"], row["id"]) for row in found) for name, found in rows.items()}


async def test_an_erasure_visits_the_collection_of_the_release_before(
    shared: CatalogOptions, analyzer: FakeAnalyzer
) -> None:
    left_over = old_collection(analyzer).name
    async with AsyncExitStack() as running:
        product_id = await fill(await started(running, Catalog(shared, analyzer, OLD_COLUMNS)))
    before = stored(shared.milvus_uri)[left_over]
    assert {tenant for tenant, _ in before} == {"acme", "shop"}
    async with AsyncExitStack() as running:
        erasure = ErasureOptions(settle_s=0.0)
        catalog = await started(running, Catalog(shared, analyzer, TAXONOMY, erasure=erasure))
        of_product = {item.id for item in (await catalog.items.list(ACME, product_id=product_id)).entries}
        operation = await ended(catalog, await catalog.erasures.product(ACME, product_id), ACME)
        assert (operation.state, operation.error) == (OperationState.SUCCEEDED, None)
        for name in (left_over, collection_of(analyzer.served).name):
            assert stored(shared.milvus_uri)[name] == [row for row in before if row[1] not in of_product]

        operation = await ended(catalog, await catalog.erasures.tenant(OPERATOR, "acme"), OPERATOR)
        assert (operation.state, operation.error) == (OperationState.SUCCEEDED, None)
        for name in (left_over, collection_of(analyzer.served).name):
            assert stored(shared.milvus_uri)[name] == [row for row in before if row[0] == "shop"]


@pytest.mark.embedded("no other process can have anything open there")
async def test_files_do_not_keep_the_collection_of_the_release_before(
    options: CatalogOptions, analyzer: FakeAnalyzer, tmp_path: Path
) -> None:
    async with AsyncExitStack() as running:
        await fill(await started(running, Catalog(options, analyzer, OLD_COLUMNS)))
    async with AsyncExitStack() as running:
        catalog = await started(running, Catalog(options, analyzer, TAXONOMY))
        await catalog._collections.drop_retired()
        assert len(await found_ids(catalog, TextQuery("x"), principal=ACME)) > 0
        assert not await catalog._collections.is_registered(old_collection(analyzer).name)
    with milvus.serving(Path(options.milvus_uri)) as (uri, _):
        assert stored(uri).keys() == {collection_of(analyzer.served).name}


async def test_a_removal_that_was_cut_off_is_finished(
    options: CatalogOptions, analyzer: FakeAnalyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncExitStack() as running:
        catalog = await started(running, Catalog(options, analyzer, TAXONOMY))
        jobs = await index_all(catalog, [IndexRequest(photo(seed)) for seed in range(3)])
        analyzer.loaded |= {NEW_MODEL}
        backfill = await catalog.collections.start_backfill(DEFAULT_PRINCIPAL, NEW_MODEL.model_version)
        await ended(catalog, backfill, DEFAULT_PRINCIPAL)

        def fail(_collection: Collection) -> None:
            raise Unavailable("the vector store cannot answer")

        left_over = collection_of(NEW_MODEL)
        with monkeypatch.context() as failing:
            failing.setattr(catalog._index, "drop_collection", fail)
            with pytest.raises(Unavailable):
                await catalog.collections.drop(DEFAULT_PRINCIPAL, left_over.name)
        assert [each.version for each in await catalog.collections.list()] == [analyzer.served]
    async with AsyncExitStack() as running:
        catalog = await started(running, Catalog(options, analyzer, TAXONOMY))
        await catalog._collections.drop_retired()
        stored = await asyncio.to_thread(catalog._index.other_rows, left_over, DEFAULT_PRINCIPAL.tenant_id)
        assert stored == set()
        again = await catalog.collections.start_backfill(DEFAULT_PRINCIPAL, NEW_MODEL.model_version)
        operation = await ended(catalog, again, DEFAULT_PRINCIPAL)
        assert operation.progress.done == len(jobs), "nothing of before was left to be taken for done"
