"""Search: a query's vectors, their nearest rows, and the items of those."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from domain.errors import FailedPrecondition, InvalidInput, NotFound
from domain.taxonomy import Taxonomy
from services.catalog.analyzer import Analyzer
from services.catalog.blobs.store import BlobStore, crop_key
from services.catalog.limits import CatalogLimits
from services.catalog.search.candidates import Candidate, rank_candidates, read_hits
from services.catalog.search.filters import FilterRules
from services.catalog.search.query import Query, SearchOptions
from services.catalog.search.query_vectors import QueryEncoder, QueryVectors
from services.catalog.search.result import Hit, QueryHits, SearchResult
from services.catalog.sql.database import Database
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.index import VectorIndex
from services.catalog.vectors.predicates import AllOf, NotItem, Predicate
from services.catalog.vectors.row import VectorHit

_OVERFETCH = 3
_MIN_FETCHED = 30
"""Three times as many rows as are wanted are ranked, at least so many."""
_THREADS = 4


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Each query vector and its hits, best first."""

    queries: QueryVectors
    hits: list[list[Hit]]


class Searcher:
    """Embeds the query, asks the vector index for more than is wanted, ranks it, reads the best items.

    After the embedding, one visit to a thread does all of it: on a busy machine each visit waits for the
    processor.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        index: VectorIndex,
        encoder: QueryEncoder,
        analyzer: Analyzer,
        taxonomy: Taxonomy,
        rules: FilterRules,
        limits: CatalogLimits,
        category_bonus: float,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._index = index
        self._encoder = encoder
        self._analyzer = analyzer
        self._taxonomy = taxonomy
        self._rules = rules
        self._limits = limits
        self._category_bonus = category_bonus
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="search")

    async def close(self) -> None:
        """Wait for the searches under way."""
        await asyncio.to_thread(self._threads.shutdown)

    async def search(self, tenant_id: str, query: Query, options: SearchOptions) -> SearchResult:
        """Find the items most like the query, best first.

        Raises:
            InvalidInput: naming the field and its limit.
            NotFound: the item to search by does not exist.
            FailedPrecondition: a vector of another model than the one that is served, or a request for one.
            Unavailable: inference or the vector index cannot answer.
        """
        started_ns = time.monotonic_ns()
        top_k = self._top_k(options.top_k)
        _check_min_score(options.min_score)
        predicate = self._rules.predicate(tenant_id, options.conditions)
        encoded = await self._encoder.encode(query)
        _check_model_version(options.model_version, encoded.collection)
        encoded_ns = time.monotonic_ns()
        queries = await self._find(tenant_id, encoded, predicate, top_k, options)
        ended_ns = time.monotonic_ns()
        timings = replace(encoded.timings, search_ns=ended_ns - encoded_ns, total_ns=ended_ns - started_ns)
        return SearchResult(queries, encoded.collection.version, timings)

    def _top_k(self, top_k: int) -> int:
        if not 0 <= top_k <= self._limits.max_top_k:
            raise InvalidInput(
                "top_k",
                f"must be 1 to {self._limits.max_top_k}, or 0 for {self._limits.default_top_k}, got {top_k}",
            )
        return top_k or self._limits.default_top_k

    async def _find(
        self, tenant_id: str, encoded: QueryVectors, predicate: Predicate, top_k: int, options: SearchOptions
    ) -> tuple[QueryHits, ...]:
        logit_scale = (await self._analyzer.embedder()).logit_scale
        bonus = self._category_bonus / logit_scale if options.rerank else 0.0
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads, self._look_up, tenant_id, encoded, predicate, top_k, bonus, options.min_score
        )
        hits = await self._with_crops(tenant_id, found.hits) if options.include_crops else found.hits
        return tuple(
            QueryHits(query.box, query.label, query.whole_image, tuple(of_query))
            for query, of_query in zip(found.queries.vectors, hits, strict=True)
        )

    def _look_up(
        self,
        tenant_id: str,
        encoded: QueryVectors,
        predicate: Predicate,
        top_k: int,
        bonus: float,
        min_score: float | None,
    ) -> _Found:
        """No transaction is open while the index answers, which may be a server."""
        if encoded.like_item:
            predicate = AllOf((predicate, NotItem(encoded.like_item)))
            given = encoded
            encoded = self._database.read_blocking(
                lambda session: self._encoder.with_item_vector(session, tenant_id, given)
            )
        found = self._index.search(encoded.collection, encoded.usable, predicate, _max_rows(top_k))
        ranked = self._rank(encoded, [_near(hits, min_score) for hits in found], bonus)
        version = encoded.collection.version
        hits = self._database.read_blocking(
            lambda session: read_hits(session, tenant_id, ranked, version, top_k)
        )
        return _Found(encoded, hits)

    def _rank(
        self, encoded: QueryVectors, found: Sequence[list[VectorHit]], bonus: float
    ) -> list[list[Candidate]]:
        """The candidates of each query vector; none where it has no vector."""
        each = iter(found)
        return [
            []
            if query.vector is None
            else rank_candidates(next(each), query.categories, bonus, self._taxonomy)
            for query in encoded.vectors
        ]

    async def _with_crops(self, tenant_id: str, ranked: Sequence[list[Hit]]) -> list[list[Hit]]:
        ids = list(dict.fromkeys(hit.item.id for hits in ranked for hit in hits))
        read = await asyncio.gather(*(self.read_crop(tenant_id, item_id) for item_id in ids))
        crops = dict(zip(ids, read, strict=True))
        return [
            [replace(hit, item=replace(hit.item, crop=crops[hit.item.id])) for hit in hits] for hits in ranked
        ]

    async def read_crop(self, tenant_id: str, item_id: str) -> bytes | None:
        """An item's JPEG, or None where it was just deleted."""
        try:
            return await self._blobs.get(crop_key(tenant_id, item_id))
        except NotFound:
            return None


def _check_min_score(min_score: float | None) -> None:
    if min_score is not None and not -1.0 <= min_score <= 1.0:
        raise InvalidInput("min_score", f"must be from -1 to 1, got {min_score:g}")


def _check_model_version(wanted: str | None, collection: Collection) -> None:
    served = collection.version.model_version
    if wanted is not None and wanted != served:
        raise FailedPrecondition(
            f"model_version asks for {wanted!r}, but this server searches with {served!r}",
            reason="MODEL_VERSION_MISMATCH",
            metadata={"field": "model_version", "wanted": wanted, "served": served},
        )


def _near(hits: list[VectorHit], min_score: float | None) -> list[VectorHit]:
    return hits if min_score is None else [hit for hit in hits if hit.score >= min_score]


def _max_rows(top_k: int) -> int:
    return max(_OVERFETCH * top_k, _MIN_FETCHED)
