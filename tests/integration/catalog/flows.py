"""Steps that many tests take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from domain.types import DEFAULT_PRINCIPAL, ModelVersion, Principal
from services.catalog.blobs.ownership import MARKER
from services.catalog.blobs.store import BlobStore
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.options import CatalogOptions
from services.catalog.records.collections import CURRENT, point_alias
from services.catalog.records.items import Item
from services.catalog.records.jobs import Job
from services.catalog.search.filter import Between, Condition, Filter, OneOf
from services.catalog.search.query import Query, SearchOptions
from services.catalog.sync.index_rows import RowWriter
from services.catalog.vectors.collection import Collection, collection_name
from services.catalog.vectors.milvus_index import MilvusIndex
from services.catalog.vectors.row import RowKey, Value, VectorRow
from tests.integration.catalog.fake_analyzer import TAXONOMY, WIDTH, FakeAnalyzer, photo

OTHER = Principal("other")
COLUMNS = RowWriter(TAXONOMY).columns


async def end_of(catalog: Catalog, job_id: str, principal: Principal = DEFAULT_PRINCIPAL) -> Job:
    """The job once it has ended."""
    async for job in catalog.jobs.watch(principal, job_id):
        last = job
    return last


async def index(catalog: Catalog, request: IndexRequest, principal: Principal = DEFAULT_PRINCIPAL) -> Job:
    """Index a photo and wait until it can be found."""
    job = await catalog.images.index(principal, request)
    return await end_of(catalog, job.id, principal)


async def index_all(
    catalog: Catalog, requests: Sequence[IndexRequest], principal: Principal = DEFAULT_PRINCIPAL
) -> list[Job]:
    """Index photos side by side and wait until all can be found."""
    jobs = [await catalog.images.index(principal, request) for request in requests]
    return [await end_of(catalog, job.id, principal) for job in jobs]


async def items_of(catalog: Catalog, job: Job, principal: Principal = DEFAULT_PRINCIPAL) -> list[Item]:
    """The items a job found, with embeddings."""
    return [await catalog.items.get(principal, item.item_id, include_embedding=True) for item in job.items]


async def found_ids(
    catalog: Catalog,
    query: Query,
    *conditions: Condition,
    top_k: int = 50,
    principal: Principal = DEFAULT_PRINCIPAL,
) -> list[str]:
    """Ids of the hits of a search with one query, best first."""
    result = await catalog.search(principal, query, SearchOptions(top_k, Filter(conditions)))
    (query_hits,) = result.queries
    return [hit.item.id for hit in query_hits.hits]


async def drained(catalog: Catalog) -> None:
    """Wait until the vector index has all changes: a photo that is indexed after them has arrived."""
    await index(catalog, IndexRequest(photo(99)))


async def change_over(catalog: Catalog, analyzer: FakeAnalyzer, version: ModelVersion) -> None:
    """Serve another embedder and search with it at once, without a back-fill."""
    analyzer.loaded |= {version}
    analyzer.served = version
    collection = await catalog._collections.of(version, WIDTH)
    await catalog._database.write(lambda session: point_alias(session, CURRENT, collection))
    await catalog._collections.follow()


def is_any(field: str, *values: str) -> Condition:
    return Condition(field, OneOf(values))


def within(field: str, **bounds: float) -> Condition:
    return Condition(field, Between(**bounds))


async def stored_keys(options: CatalogOptions) -> list[str]:
    """Keys of all blobs but the marker, in order."""
    keys = [blob.key async for chunk in BlobStore(options.blob_url).list() for blob in chunk]
    return sorted(set(keys) - {MARKER})


def collection_of(version: ModelVersion) -> Collection:
    """The collection that takes the fake analyzer's vectors of that version."""
    return Collection(collection_name(version, WIDTH, COLUMNS.names), version, WIDTH)


@contextmanager
def milvus(options: CatalogOptions) -> Iterator[MilvusIndex]:
    """Milvus itself; a file has to be free."""
    index = MilvusIndex(options.milvus_uri, COLUMNS)
    index.open()
    yield index
    index.close()


def milvus_rows(options: CatalogOptions, version: ModelVersion) -> dict[RowKey, str]:
    """Revision by tenant and item id of what Milvus holds of a version."""
    with milvus(options) as index:
        return index.revisions(collection_of(version))


def old_row(item_id: str) -> VectorRow:
    """A row of the default tenant with a revision that no item has."""
    values: dict[str, Value] = dict.fromkeys(COLUMNS.texts, "")
    values |= dict.fromkeys(COLUMNS.numbers, 0.0) | dict.fromkeys(COLUMNS.flags, False)
    values |= dict.fromkeys(COLUMNS.tokens, ())
    return VectorRow(item_id, "default", "old", values, np.full(WIDTH, WIDTH**-0.5, np.float32))
