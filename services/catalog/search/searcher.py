"""Search: items that look like a photo, a text, an item or an embedding."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from sqlalchemy.orm import Session

from domain.errors import FailedPrecondition, InvalidInput, NotFound
from domain.taxonomy import Taxonomy
from domain.types import AnalyzedItem, AttributeValue, Box, FloatArray, ModelVersion, StageTimings
from services.catalog.analyzer import Analyzer
from services.catalog.blobs.store import BlobStore, crop_key
from services.catalog.ids import check_id
from services.catalog.limits import CatalogLimits, check_box_count, check_text
from services.catalog.records.items import Item, StoredItem, read_embedding, read_item, read_items
from services.catalog.records.primary import category_in_words, category_of
from services.catalog.records.products import Product
from services.catalog.search.filters import Filter, FilterRules
from services.catalog.sql.database import Database
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.collection import Collection, describe_version
from services.catalog.vectors.predicates import NotItem, RowFilter
from services.catalog.vectors.row import VectorHit
from services.catalog.vectors.store import VectorStore

_OVERFETCH = 3
_MIN_FETCHED = 30
"""Rows of the vector store are ranked, three times as many as are wanted, at least so many."""


@dataclass(frozen=True, slots=True)
class ImageQuery:
    """One query per garment found, or per box given."""

    content: bytes
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class TextQuery:
    text: str


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """More like this one."""

    item_id: str


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddingQuery:
    """`vector` is (D,) float32 of the model that `version` names."""

    vector: FloatArray
    version: ModelVersion


Query: TypeAlias = ImageQuery | TextQuery | ItemQuery | EmbeddingQuery


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """What to return.

    Attributes:
        top_k: hits per query; 0 means the default.
        conditions: what every hit has to meet.
        include_crops: with each hit's JPEG.
        rerank: let hits of the query's category rise a little.
    """

    top_k: int = 0
    conditions: Filter = ()
    include_crops: bool = False
    rerank: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """`score` is the cosine, -1 to 1; `rank_score`, which orders, adds the bonus of a shared category."""

    item: Item
    product: Product | None
    score: float
    rank_score: float


@dataclass(frozen=True, slots=True, eq=False)
class QueryHits:
    """The hits of one garment of a photo (`box` says which), or of the one text, item or embedding."""

    box: Box | None
    label: str
    whole_image: bool
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SearchResult:
    """One entry per query."""

    queries: tuple[QueryHits, ...]
    version: ModelVersion
    timings: StageTimings


@dataclass(frozen=True, slots=True, eq=False)
class _Probe:
    """A vector to search for, None where a given box was no use; `categories` hold their certainty."""

    vector: FloatArray | None
    categories: Mapping[str, float] = field(default_factory=dict)
    box: Box | None = None
    label: str = ""
    whole_image: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Prepared:
    collection: Collection
    probes: tuple[_Probe, ...]
    timings: StageTimings = StageTimings()
    like_item: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Each probe and its hits, best first."""

    probes: tuple[_Probe, ...]
    hits: list[list[Hit]]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row of the vector store ranks; its item may be gone by now."""

    item_id: str
    score: float
    rank_score: float


class Searcher:
    """Embeds the query, asks the vector store for more than is wanted, orders it, reads the best rows."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        vectors: VectorStore,
        collections: OpenCollections,
        analyzer: Analyzer,
        taxonomy: Taxonomy,
        rules: FilterRules,
        limits: CatalogLimits,
        category_bonus: float,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._vectors = vectors
        self._collections = collections
        self._analyzer = analyzer
        self._taxonomy = taxonomy
        self._rules = rules
        self._limits = limits
        self._category_bonus = category_bonus

    async def search(self, tenant_id: str, query: Query, options: SearchOptions) -> SearchResult:
        """Find the items most like the query, best first.

        Raises:
            InvalidInput: naming the field and its limit.
            NotFound: the item to search by does not exist.
            FailedPrecondition: a vector of another model than the one that is served.
            Unavailable: inference or the vector store cannot answer.
        """
        started_ns = time.monotonic_ns()
        top_k = self._top_k(options.top_k)
        tests = self._rules.tests(tenant_id, options.conditions)
        prepared = await self._prepare(query)
        prepared_ns = time.monotonic_ns()
        queries = await self._find(tenant_id, prepared, tests, top_k, options)
        ended_ns = time.monotonic_ns()
        timings = replace(prepared.timings, search_ns=ended_ns - prepared_ns, total_ns=ended_ns - started_ns)
        return SearchResult(queries, prepared.collection.version, timings)

    def _top_k(self, top_k: int) -> int:
        if not 0 <= top_k <= self._limits.max_top_k:
            raise InvalidInput(
                "top_k",
                f"must be 1 to {self._limits.max_top_k}, or 0 for {self._limits.default_top_k}, got {top_k}",
            )
        return top_k or self._limits.default_top_k

    async def _prepare(self, query: Query) -> _Prepared:
        match query:
            case ImageQuery():
                return await self._prepare_image(query)
            case TextQuery():
                return await self._prepare_text(query)
            case ItemQuery():
                return await self._prepare_item(query)
            case EmbeddingQuery():
                return await self._prepare_embedding(query)

    async def _prepare_image(self, query: ImageQuery) -> _Prepared:
        check_box_count(query.boxes, self._limits)
        try:
            analysis = await self._analyzer.analyze(query.content, query.boxes)
        except InvalidInput as error:
            raise error.within("image") from None
        shown = [item for item in analysis.items if item.accepted or query.boxes]
        width = (await self._analyzer.embedder()).width
        collection = await self._collections.of(analysis.embedder, width)
        return _Prepared(collection, tuple(map(self._probe, shown)), analysis.timings)

    def _probe(self, item: AnalyzedItem) -> _Probe:
        categories = self._categories(item.label, item.attributes)
        return _Probe(item.embedding, categories, item.box, item.label, item.whole_image)

    async def _prepare_text(self, query: TextQuery) -> _Prepared:
        text = check_text("text", query.text, self._limits.max_text_chars, required=True)
        started_ns = time.monotonic_ns()
        vector = await self._analyzer.embed_text(text)
        timings = StageTimings(embed_ns=time.monotonic_ns() - started_ns)
        categories = dict.fromkeys(self._taxonomy.categories_in(text), 1.0)
        return _Prepared(await self._current(), (_Probe(vector, categories),), timings)

    async def _prepare_item(self, query: ItemQuery) -> _Prepared:
        return _Prepared(await self._current(), (), like_item=check_id("item_id", query.item_id))

    def _with_item(self, session: Session, tenant_id: str, prepared: _Prepared) -> _Prepared:
        """With the vector of the item to search by, where there is one."""
        if not prepared.like_item:
            return prepared
        item = read_item(session, tenant_id, prepared.like_item)
        version = prepared.collection.version
        vector = read_embedding(session, tenant_id, item.id, version)
        if vector is None:
            raise FailedPrecondition(
                f"item {item.id!r} was indexed with {describe_version(item.version)} and has no "
                f"embedding of {describe_version(version)}, which this server searches with",
                reason="MODEL_VERSION_MISMATCH",
            )
        probe = _Probe(vector, self._categories(item.label, item.attributes), label=item.label)
        return replace(prepared, probes=(probe,))

    async def _prepare_embedding(self, query: EmbeddingQuery) -> _Prepared:
        collection = await self._current()
        for name in ("model_version", "preprocess_version"):
            if not getattr(query.version, name):
                raise InvalidInput(f"embedding.{name}", "must name the model that made the vector")
        collection.check_version(query.version)
        return _Prepared(collection, (_Probe(collection.check_vector("embedding.values", query.vector)),))

    async def _current(self) -> Collection:
        embedder = await self._analyzer.embedder()
        return await self._collections.of(embedder.version, embedder.width)

    def _categories(self, label: str, attributes: Mapping[str, AttributeValue]) -> dict[str, float]:
        """The category with its certainty; a label without an attribute counts as certain."""
        category = category_of(label, attributes, self._taxonomy)
        certainty = attributes["category"].score if "category" in attributes else 1.0
        return {category: certainty} if category else {}

    async def _find(
        self, tenant_id: str, prepared: _Prepared, tests: RowFilter, top_k: int, options: SearchOptions
    ) -> tuple[QueryHits, ...]:
        logit_scale = (await self._analyzer.embedder()).logit_scale
        bonus = self._category_bonus / logit_scale if options.rerank else 0.0
        look_up = self._look_up_here if self._vectors.embedded else self._look_up_there
        found = await look_up(tenant_id, prepared, tests, top_k, bonus)
        hits = await self._with_crops(tenant_id, found.hits) if options.include_crops else found.hits
        return tuple(
            QueryHits(probe.box, probe.label, probe.whole_image, tuple(of_probe))
            for probe, of_probe in zip(found.probes, hits, strict=True)
        )

    async def _look_up_here(
        self, tenant_id: str, prepared: _Prepared, tests: RowFilter, top_k: int, bonus: float
    ) -> _Found:
        """All of it in one visit to a thread: on a busy machine each visit waits for the processor."""

        def look_up(session: Session) -> _Found:
            asked = self._with_item(session, tenant_id, prepared)
            vectors = _vectors(asked)
            rules = _but_itself(asked, tests)
            found = self._vectors.search_here(asked.collection, vectors, rules, _most_hits(top_k))
            return self._found(session, tenant_id, asked, found, top_k, bonus)

        return await self._database.read(look_up)

    async def _look_up_there(
        self, tenant_id: str, prepared: _Prepared, tests: RowFilter, top_k: int, bonus: float
    ) -> _Found:
        """With a vector store that is a server."""
        asked = await self._database.read(lambda session: self._with_item(session, tenant_id, prepared))
        vectors, rules = _vectors(asked), _but_itself(asked, tests)
        found = await self._vectors.search(asked.collection, vectors, rules, _most_hits(top_k))
        return await self._database.read(
            lambda session: self._found(session, tenant_id, asked, found, top_k, bonus)
        )

    def _found(
        self,
        session: Session,
        tenant_id: str,
        asked: _Prepared,
        found: Sequence[list[VectorHit]],
        top_k: int,
        bonus: float,
    ) -> _Found:
        each = iter(found)
        ranked = [
            [] if probe.vector is None else self._ranked(probe, next(each), bonus) for probe in asked.probes
        ]
        stored = _read_best(session, tenant_id, ranked, asked.collection.version, top_k)
        hits = [[_hit(place, stored) for place in _live(places, stored)[:top_k]] for places in ranked]
        return _Found(asked.probes, hits)

    def _ranked(self, probe: _Probe, hits: Sequence[VectorHit], bonus: float) -> list[_Place]:
        """By cosine plus `bonus` times how surely a category is shared."""
        places: list[_Place] = []
        for hit in hits:
            category, label = hit.texts
            shared = probe.categories.get(category_in_words(category, label, self._taxonomy), 0.0)
            raised = hit.score + bonus * shared
            places.append(_Place(hit.item_id, hit.score, raised))
        return sorted(places, key=lambda place: (-place.rank_score, place.item_id))

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


def _most_hits(top_k: int) -> int:
    return max(_OVERFETCH * top_k, _MIN_FETCHED)


def _read_best(
    session: Session, tenant_id: str, ranked: Sequence[list[_Place]], version: ModelVersion, top_k: int
) -> dict[str, StoredItem]:
    """The items of the first `top_k` of each list; where some are gone, of those that move up."""
    stored: dict[str, StoredItem] = {}
    unread = {place.item_id for places in ranked for place in places}
    while True:
        best = [place.item_id for places in ranked for place in _live(places, stored, unread)[:top_k]]
        wanted = list(dict.fromkeys(item_id for item_id in best if item_id in unread))
        if not wanted:
            return stored
        stored |= read_items(session, tenant_id, wanted, version)
        unread.difference_update(wanted)


def _live(places: Sequence[_Place], *known: Container[str]) -> list[_Place]:
    return [place for place in places if any(place.item_id in ids for ids in known)]


def _hit(place: _Place, stored: Mapping[str, StoredItem]) -> Hit:
    entry = stored[place.item_id]
    return Hit(entry.item, entry.product, place.score, place.rank_score)


def _vectors(prepared: _Prepared) -> list[FloatArray]:
    return [
        prepared.collection.check_vector("embedding", probe.vector)
        for probe in prepared.probes
        if probe.vector is not None
    ]


def _but_itself(prepared: _Prepared, tests: RowFilter) -> RowFilter:
    return (*tests, NotItem(prepared.like_item)) if prepared.like_item else tests
