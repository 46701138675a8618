"""Searches: embeds a query, finds its nearest rows in the index, re-ranks them and reads their items."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import TypeAlias

from sqlalchemy.orm import Session

from domain.calls import CURRENT_CALL
from domain.errors import FailedPrecondition, InvalidInput, NotFound
from domain.rank_weights import RankWeights, WeightsOf, no_weights
from domain.taxonomy import Taxonomy
from domain.types import ModelVersion
from services.catalog.blobs.store import BlobStore, crop_key
from services.catalog.collection_analyzer import CollectionAnalyzer
from services.catalog.limits import CatalogLimits
from services.catalog.records.items import StoredItem, read_items
from services.catalog.search.candidates import Candidate, PageHits, rank_candidates, read_hits
from services.catalog.search.copies import mark_same_photo
from services.catalog.search.facets import FacetField, facet_fields, read_facets
from services.catalog.search.filter_rules import FilterRules, TenantRules
from services.catalog.search.page_token import (
    PageToken,
    page_offsets,
    read_page_token,
    request_fingerprint,
)
from services.catalog.search.query import ImageQuery, Query, SearchOptions
from services.catalog.search.query_vectors import QueryEncoder, QueryVector, QueryVectors
from services.catalog.search.rank_terms import NAMED_COLOR_BONUS, rank_terms
from services.catalog.search.result import Facet, Hit, QueryHits, ScoreTerm, SearchResult
from services.catalog.search.windows import Windows, windows_of
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.index import VectorIndex
from services.catalog.vectors.predicates import AllOf, Predicate
from services.catalog.vectors.row import VectorHit
from services.sql.database import Database

_THREADS = 4

EncoderOf: TypeAlias = Callable[[FilterRules], QueryEncoder]
"""Makes what encodes queries by the rules of a tenant."""

SearchObserver: TypeAlias = Callable[[str, float], None]
"""Called with a part of a search and its seconds: "embed", "vectors", "rerank", "items" or "facets"."""


def observe_nothing(_part: str, _seconds: float) -> None:
    """A `SearchObserver` that does nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ranking:
    """How the nearest rows become the hits of a page; `offsets` has one offset for each query.

    `group_by` is the column of which hits have different texts, "" for none.
    """

    top_k: int
    windows: Windows
    offsets: tuple[int, ...]
    bonus: float
    min_score: float
    group_by: str
    weights: RankWeights | None
    rerank: bool
    collapse_copies: bool
    taxonomy: Taxonomy

    def weights_of(self, query: QueryVector) -> RankWeights | None:
        """The weights for a query; those of what its words name where nobody has set any."""
        return query.named_weights if self.rerank and self.weights is None else self.weights

    def first_row(self, index: int) -> int:
        """The first row of the window in which the page of the query at `index` begins."""
        return self.offsets[index] // self.windows.size * self.windows.size

    def rows_needed(self, index: int) -> int:
        """The number of nearest rows that the page of the query at `index` needs."""
        return self.windows.rows_needed(self.offsets[index], self.top_k)

    @property
    def max_rows(self) -> int:
        """The rows to ask the index for: those of the longest page, and one that tells if there are more."""
        return max(map(self.rows_needed, range(len(self.offsets))), default=0) + 1


@dataclass(frozen=True, slots=True, eq=False)
class _Page:
    """The queries, the hits of each, best first, and the offsets of the next page; None on the last page."""

    queries: QueryVectors
    hits: list[list[Hit]]
    next_offsets: tuple[int, ...] | None
    facets: tuple[Facet, ...]


class Searcher:
    """Embeds a query, fetches more rows than `top_k` from the index, re-ranks them and reads the best items.

    After embedding, everything except reading crops runs in one executor job, because every thread switch
    costs a wait on a busy machine.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        index: VectorIndex,
        collections: OpenCollections,
        encoder_of: EncoderOf,
        analyzer: CollectionAnalyzer,
        rules: TenantRules,
        limits: CatalogLimits,
        category_bonus: float,
        observe: SearchObserver = observe_nothing,
        weights_of: WeightsOf = no_weights,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._index = index
        self._collections = collections
        self._encoder_of = encoder_of
        self._analyzer = analyzer
        self._rules = rules
        self._limits = limits
        self._category_bonus = category_bonus
        self._observe = observe
        self._weights_of = weights_of
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="search")

    async def close(self) -> None:
        """Wait for the searches that run."""
        await asyncio.to_thread(self._threads.shutdown)

    async def search(self, tenant_id: str, query: Query, options: SearchOptions) -> SearchResult:
        """Find the items that are most similar to the query, best first; see `SearchResult`.

        Raises:
            InvalidInput: a field of the request is invalid.
            NotFound: the item or product to search by does not exist.
            FailedPrecondition: the request, or its vector, is for another model than the one searched with.
            Unavailable: inference or the vector index cannot answer.
        """
        started_ns = time.monotonic_ns()
        top_k = self._top_k(options.top_k)
        _check_scores(query, options)
        options = self._with_weights(tenant_id, options)
        rules = self._rules.of(tenant_id)  # once, so that a change of words does not concern this search
        narrowed = rules.predicate if options.owned_too else rules.searched
        predicate = narrowed(tenant_id, options.filter)
        fingerprint = request_fingerprint(tenant_id, query, options)
        token = read_page_token(options.page_token, fingerprint, self._limits.max_hits)
        facets = facet_fields(options.facets, rules) if token is None else ()
        collection = await self._collections.searched()  # once, so that a swap does not concern this search
        _check_model_version(options.model_version, collection.version)
        encoder = self._encoder_of(rules)
        with self._observed("embed"):
            encoded = await encoder.encode(query, options, collection)
        encoded_ns = time.monotonic_ns()
        ranking = await self._ranking(encoded, options, top_k, token, rules.taxonomy)
        work = partial(self._read_page, tenant_id, encoder, encoded, predicate, ranking, facets)
        read = partial(copy_context().run, work)
        page = await asyncio.get_running_loop().run_in_executor(self._threads, read)
        queries = await self._query_hits(tenant_id, page, options)
        ended_ns = time.monotonic_ns()
        timings = replace(encoded.timings, search_ns=ended_ns - encoded_ns, total_ns=ended_ns - started_ns)
        next_token = (
            PageToken(fingerprint, collection.name, page.next_offsets).encode() if page.next_offsets else ""
        )
        return SearchResult(queries, collection.version, timings, next_token, page.facets)

    def _top_k(self, top_k: int) -> int:
        if not 0 <= top_k <= self._limits.max_top_k:
            raise InvalidInput(
                "top_k",
                f"must be 1 to {self._limits.max_top_k}, or 0 for {self._limits.default_top_k}, got {top_k}",
            )
        return top_k or self._limits.default_top_k

    def _with_weights(self, tenant_id: str, options: SearchOptions) -> SearchOptions:
        """The options with the tenant's weights, where the request gives none and hits are re-ranked."""
        if options.rank_weights is not None or not options.rerank:
            return options
        weights = self._weights_of(tenant_id)
        return options if weights is None else replace(options, rank_weights=weights)

    async def _ranking(
        self,
        encoded: QueryVectors,
        options: SearchOptions,
        top_k: int,
        token: PageToken | None,
        taxonomy: Taxonomy,
    ) -> _Ranking:
        logit_scale = (await self._analyzer.embedder(encoded.collection)).logit_scale
        return _Ranking(
            top_k=top_k,
            windows=windows_of(top_k, self._limits.max_hits),
            offsets=page_offsets(token, encoded.collection.name, encoded.query_count),
            bonus=_category_bonus(options, self._category_bonus / logit_scale),
            min_score=-inf if options.min_score is None else options.min_score,
            group_by="product_id" if options.group_by_product else "",
            weights=options.rank_weights,
            rerank=options.rerank,
            collapse_copies=options.collapse_copies,
            taxonomy=taxonomy,
        )

    async def _query_hits(self, tenant_id: str, page: _Page, options: SearchOptions) -> tuple[QueryHits, ...]:
        hits = await self._with_crops(tenant_id, page.hits) if options.include_crops else page.hits
        return tuple(
            QueryHits(
                query.box, query.label, query.whole_image, tuple(query_hits), page.queries.applied_filter
            )
            for query, query_hits in zip(page.queries.vectors, hits, strict=True)
        )

    def _read_page(
        self,
        tenant_id: str,
        encoder: QueryEncoder,
        encoded: QueryVectors,
        predicate: Predicate,
        ranking: _Ranking,
        facet_fields: Sequence[FacetField],
    ) -> _Page:
        """Search the index, rank the rows, read the items, and count the values of facets.

        No transaction is open while the index is searched, because the index may be a remote server.
        """
        facets = self._count_facets(tenant_id, encoded.collection, predicate, facet_fields)
        if encoded.stored:
            encoded = self._database.read_blocking(
                partial(encoder.with_stored, tenant_id=tenant_id, encoded=encoded)
            )
            predicate = AllOf((predicate, encoded.others))
        with self._observed("vectors"):
            nearest = self._index.search(
                encoded.collection, encoded.normalized, predicate, ranking.max_rows, ranking.group_by
            )
        rows = _rows_by_query(encoded, nearest, ranking.min_score)
        version = encoded.collection.version
        known = self._read_weighed(tenant_id, encoded.vectors, rows, ranking, version)
        with self._observed("rerank"):
            ranked = [
                self._rank(query, query_rows, ranking, index, known)
                for index, (query, query_rows) in enumerate(zip(encoded.vectors, rows, strict=True))
            ]
        with self._observed("items"):
            hits, pages = self._database.read_blocking(
                partial(
                    _read_hits,
                    tenant_id=tenant_id,
                    encoded=encoded,
                    ranked=ranked,
                    ranking=ranking,
                    known=known,
                )
            )
        return _Page(encoded, hits, _next_offsets(ranking, rows, pages), facets)

    def _count_facets(
        self, tenant_id: str, collection: Collection, predicate: Predicate, fields: Sequence[FacetField]
    ) -> tuple[Facet, ...]:
        if not fields:
            return ()
        with self._observed("facets"):
            counted, limit = [field.counted for field in fields], self._limits.max_facet_values
            counts = self._index.count_values(collection, predicate, counted, limit)
            return self._database.read_blocking(
                lambda session: read_facets(session, tenant_id, fields, counts)
            )

    def _read_weighed(
        self,
        tenant_id: str,
        queries: Sequence[QueryVector],
        rows: Sequence[list[VectorHit]],
        ranking: _Ranking,
        version: ModelVersion,
    ) -> Mapping[str, StoredItem]:
        """The items of all rows that are ranked by weights."""
        ids = [
            hit.item_id
            for index, (query, hits) in enumerate(zip(queries, rows, strict=True))
            if ranking.weights_of(query) is not None
            for hit in hits[ranking.first_row(index) : ranking.rows_needed(index)]
        ]
        if not ids:
            return {}
        with self._observed("items"):
            return self._database.read_blocking(
                lambda session: read_items(session, tenant_id, list(dict.fromkeys(ids)), version)
            )

    @contextmanager
    def _observed(self, part: str) -> Iterator[None]:
        """Tell the observer of the time of a part that succeeds."""
        started = time.monotonic()
        with CURRENT_CALL.get().span(f"search {part}"):
            yield
        self._observe(part, time.monotonic() - started)

    def _rank(
        self,
        query: QueryVector,
        rows: Sequence[VectorHit],
        ranking: _Ranking,
        index: int,
        known: Mapping[str, StoredItem],
    ) -> list[Candidate]:
        """The candidates for the page of the query at `index`, re-ranked window by window."""
        used, size, first = rows[: ranking.rows_needed(index)], ranking.windows.size, ranking.first_row(index)
        weights = ranking.weights_of(query)
        names_color = weights is not None and weights is query.named_weights and weights.color > 0.0

        def certainty(item_id: str) -> float:
            """1 for an item that was not read, or whose category is that of its label."""
            answer = known[item_id].item.attributes.get("category") if item_id in known else None
            return answer.score if answer is not None and answer.values else 1.0

        weighed = {hit.item_id: known[hit.item_id] for hit in used[first:] if hit.item_id in known}
        terms = dict[str, tuple[ScoreTerm, ...]]()
        if weights:
            found = rank_terms(weights, query.facts, list(weighed.values()), ranking.taxonomy)
            terms = dict(zip(weighed, found, strict=True))

        candidates = [
            candidate
            for start in range(first, len(used), size)
            for candidate in rank_candidates(
                used[start : start + size],
                query.categories,
                ranking.bonus * (NAMED_COLOR_BONUS if names_color else 1.0),
                ranking.taxonomy,
                lambda item_id: terms.get(item_id, ()),
                certainty if names_color else None,
            )
        ]
        return candidates[ranking.offsets[index] - first :]

    async def _with_crops(self, tenant_id: str, hits: Sequence[list[Hit]]) -> list[list[Hit]]:
        ids = list(dict.fromkeys(hit.item.id for query_hits in hits for hit in query_hits))
        read = await asyncio.gather(*(self.read_crop(tenant_id, item_id) for item_id in ids))
        crops = dict(zip(ids, read, strict=True))
        return [[replace(hit, crop=crops[hit.item.id]) for hit in query_hits] for query_hits in hits]

    async def read_crop(self, tenant_id: str, item_id: str) -> bytes | None:
        """The JPEG of an item's crop, or None if the item was deleted meanwhile."""
        try:
            return await self._blobs.get(crop_key(tenant_id, item_id))
        except NotFound:
            return None


def _read_hits(
    session: Session,
    tenant_id: str,
    encoded: QueryVectors,
    ranked: Sequence[list[Candidate]],
    ranking: _Ranking,
    known: Mapping[str, StoredItem],
) -> tuple[list[list[Hit]], list[PageHits]]:
    """The hits of each query with those of the query's photo marked, and the pages that they are of."""
    version, collapse = encoded.collection.version, ranking.collapse_copies
    pages = read_hits(session, tenant_id, ranked, version, ranking.top_k, known, collapse_copies=collapse)
    return mark_same_photo(session, tenant_id, encoded.photo, [page.hits for page in pages]), pages


def _rows_by_query(
    encoded: QueryVectors, nearest: Sequence[list[VectorHit]], min_score: float
) -> list[list[VectorHit]]:
    """The rows of each query with at least `min_score`, best first; none for a query without a vector."""
    remaining = iter(nearest)
    return [
        [] if query.vector is None else [hit for hit in next(remaining) if hit.score >= min_score]
        for query in encoded.vectors
    ]


def _next_offsets(
    ranking: _Ranking, rows: Sequence[list[VectorHit]], pages: Sequence[PageHits]
) -> tuple[int, ...] | None:
    """None if no query has further rows."""
    offsets = tuple(offset + page.consumed for offset, page in zip(ranking.offsets, pages, strict=True))
    max_rows = ranking.windows.max_rows
    more = any(
        offset < min(len(query_rows), max_rows) for offset, query_rows in zip(offsets, rows, strict=True)
    )
    return offsets if more else None


def _category_bonus(options: SearchOptions, default: float) -> float:
    """What a hit that certainly has the query's category gains."""
    if not options.rerank:
        return 0.0
    weights = options.rank_weights
    return default if weights is None or weights.category is None else weights.category


def _check_scores(query: Query, options: SearchOptions) -> None:
    if options.min_score is not None and not -1.0 <= options.min_score <= 1.0:
        raise InvalidInput("min_score", f"must be from -1 to 1, got {options.min_score:g}")
    if options.rank_weights is not None:
        options.rank_weights.check()
        if not options.rerank:
            raise InvalidInput("rank_weights", "must not be set together with skip_rerank")
    min_score = options.min_detection_score
    if min_score is not None and not 0.0 <= min_score <= 1.0:
        raise InvalidInput("min_detection_score", f"must be from 0 to 1, got {min_score:g}")
    if min_score is not None and not isinstance(query, ImageQuery):
        raise InvalidInput("min_detection_score", "applies only to image queries")


def _check_model_version(wanted: str | None, served: ModelVersion) -> None:
    """Raises FailedPrecondition if `wanted` is not None and not the model that is searched with."""
    if wanted is not None and wanted != served.model_version:
        raise FailedPrecondition(
            f"model_version asks for {wanted!r}, but this server searches with {served.model_version!r}",
            reason="MODEL_VERSION_MISMATCH",
            metadata={"field": "model_version", "wanted": wanted, "served": served.model_version},
        )
