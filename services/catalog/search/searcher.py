"""Search: a query's vectors, their nearest rows, and the items of those."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import inf

from domain.errors import FailedPrecondition, InvalidInput, NotFound
from domain.taxonomy import Taxonomy
from services.catalog.analyzer import Analyzer
from services.catalog.blobs.store import BlobStore, crop_key
from services.catalog.limits import CatalogLimits
from services.catalog.search.candidates import Candidate, PageHits, rank_candidates, read_hits
from services.catalog.search.filter_rules import FilterRules
from services.catalog.search.page_token import read_page_token, request_fingerprint, write_page_token
from services.catalog.search.query import ImageQuery, Query, SearchOptions
from services.catalog.search.query_vectors import QueryEncoder, QueryVector, QueryVectors
from services.catalog.search.result import Hit, QueryHits, SearchResult
from services.catalog.search.windows import Windows, windows_of
from services.catalog.sql.database import Database
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.index import VectorIndex
from services.catalog.vectors.predicates import AllOf, NotItem, Predicate
from services.catalog.vectors.row import VectorHit

_THREADS = 4


@dataclass(frozen=True, slots=True, eq=False)
class _Ranking:
    """How the rows that were found become the hits of a page."""

    top_k: int
    windows: Windows
    offsets: tuple[int, ...]
    bonus: float
    min_score: float

    def rows(self, place: int) -> int:
        """How many rows have to be known for the page of the query vector at that place."""
        return self.windows.rows_until(self.offsets[place], self.top_k)

    @property
    def max_rows(self) -> int:
        """One row more than any page needs tells whether there are more."""
        return max(map(self.rows, range(len(self.offsets))), default=0) + 1


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """The query vectors, the hits of each, best first, and the offsets of the next page, if there is one."""

    queries: QueryVectors
    hits: list[list[Hit]]
    next_offsets: tuple[int, ...] | None


class Searcher:
    """Embeds the query, asks the index for more rows than are wanted, ranks them, reads the best items.

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
            FailedPrecondition: the request, or its vector, is for another model than the one that is served.
            Unavailable: inference or the vector index cannot answer.
        """
        started_ns = time.monotonic_ns()
        top_k = self._top_k(options.top_k)
        _check_scores(query, options)
        predicate = self._rules.predicate(tenant_id, options.filter)
        encoded = await self._encoder.encode(query, options)
        _check_model_version(options.model_version, encoded.collection)
        encoded_ns = time.monotonic_ns()
        fingerprint = request_fingerprint(tenant_id, query, options, encoded.collection.name)
        ranking = await self._ranking(encoded, options, top_k, fingerprint)
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads, self._look_up, tenant_id, encoded, predicate, ranking
        )
        queries = await self._queries(tenant_id, found, options)
        ended_ns = time.monotonic_ns()
        timings = replace(encoded.timings, search_ns=ended_ns - encoded_ns, total_ns=ended_ns - started_ns)
        token = write_page_token(fingerprint, found.next_offsets) if found.next_offsets else ""
        return SearchResult(queries, encoded.collection.version, timings, token)

    def _top_k(self, top_k: int) -> int:
        if not 0 <= top_k <= self._limits.max_top_k:
            raise InvalidInput(
                "top_k",
                f"must be 1 to {self._limits.max_top_k}, or 0 for {self._limits.default_top_k}, got {top_k}",
            )
        return top_k or self._limits.default_top_k

    async def _ranking(
        self, encoded: QueryVectors, options: SearchOptions, top_k: int, fingerprint: str
    ) -> _Ranking:
        logit_scale = (await self._analyzer.embedder()).logit_scale
        max_hits = self._limits.max_hits
        return _Ranking(
            top_k=top_k,
            windows=windows_of(top_k, max_hits),
            offsets=read_page_token(options.page_token, fingerprint, encoded.count, max_hits),
            bonus=self._category_bonus / logit_scale if options.rerank else 0.0,
            min_score=-inf if options.min_score is None else options.min_score,
        )

    async def _queries(self, tenant_id: str, found: _Found, options: SearchOptions) -> tuple[QueryHits, ...]:
        hits = await self._with_crops(tenant_id, found.hits) if options.include_crops else found.hits
        return tuple(
            QueryHits(query.box, query.label, query.whole_image, tuple(of_query))
            for query, of_query in zip(found.queries.vectors, hits, strict=True)
        )

    def _look_up(
        self, tenant_id: str, encoded: QueryVectors, predicate: Predicate, ranking: _Ranking
    ) -> _Found:
        """No transaction is open while the index answers, which may be a server."""
        if encoded.like_item:
            predicate = AllOf((predicate, NotItem(encoded.like_item)))
            given = encoded
            encoded = self._database.read_blocking(
                lambda session: self._encoder.with_item_vector(session, tenant_id, given)
            )
        found = self._index.search(encoded.collection, encoded.usable, predicate, ranking.max_rows)
        rows = _rows_of(encoded, found, ranking.min_score)
        ranked = [
            self._rank(encoded.vectors[place], rows[place], ranking, place) for place in range(len(rows))
        ]
        version = encoded.collection.version
        pages = self._database.read_blocking(
            lambda session: read_hits(session, tenant_id, ranked, version, ranking.top_k)
        )
        return _Found(encoded, [page.hits for page in pages], _next_offsets(ranking, rows, pages))

    def _rank(
        self, query: QueryVector, rows: Sequence[VectorHit], ranking: _Ranking, place: int
    ) -> list[Candidate]:
        """The candidates of a page: those from its offset on, window after window."""
        known = rows[: ranking.rows(place)]
        candidates = [
            candidate
            for start in range(0, len(known), ranking.windows.size)
            for candidate in rank_candidates(
                known[start : start + ranking.windows.size], query.categories, ranking.bonus, self._taxonomy
            )
        ]
        return candidates[ranking.offsets[place] :]

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


def _rows_of(
    encoded: QueryVectors, found: Sequence[list[VectorHit]], min_score: float
) -> list[list[VectorHit]]:
    """The rows found for each query vector, best first; none where it has no vector."""
    each = iter(found)
    return [
        [] if query.vector is None else [hit for hit in next(each) if hit.score >= min_score]
        for query in encoded.vectors
    ]


def _next_offsets(
    ranking: _Ranking, rows: Sequence[list[VectorHit]], pages: Sequence[PageHits]
) -> tuple[int, ...] | None:
    """None where no query vector has further rows."""
    offsets = tuple(offset + page.used for offset, page in zip(ranking.offsets, pages, strict=True))
    most = ranking.windows.max_rows
    more = any(offset < min(len(each), most) for offset, each in zip(offsets, rows, strict=True))
    return offsets if more else None


def _check_scores(query: Query, options: SearchOptions) -> None:
    if options.min_score is not None and not -1.0 <= options.min_score <= 1.0:
        raise InvalidInput("min_score", f"must be from -1 to 1, got {options.min_score:g}")
    least = options.min_detection_score
    if least is not None and not 0.0 <= least <= 1.0:
        raise InvalidInput("min_detection_score", f"must be from 0 to 1, got {least:g}")
    if least is not None and not isinstance(query, ImageQuery):
        raise InvalidInput("min_detection_score", "is for a photo; this search has none")


def _check_model_version(wanted: str | None, collection: Collection) -> None:
    """Raises FailedPrecondition where another model answers than the one that is asked for."""
    served = collection.version.model_version
    if wanted is not None and wanted != served:
        raise FailedPrecondition(
            f"model_version asks for {wanted!r}, but this server searches with {served!r}",
            reason="MODEL_VERSION_MISMATCH",
            metadata={"field": "model_version", "wanted": wanted, "served": served},
        )
