"""Encodes queries as vectors of the collection that is searched."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field, replace
from typing import TypeAlias

from sqlalchemy.orm import Session

from domain.calls import CURRENT_CALL
from domain.errors import FailedPrecondition, InvalidInput
from domain.rank_weights import RankWeights
from domain.types import AnalyzedItem, AttributeValue, Box, FloatArray, ModelVersion, StageTimings
from imaging.decode import DecodeLimits, probe
from imaging.price import encoded_pixels
from services.catalog.collection_analyzer import CollectionAnalyzer
from services.catalog.ids import check_id
from services.catalog.indexing.photo_hasher import PhotoHasher
from services.catalog.limits import CatalogLimits, check_box_count, check_text
from services.catalog.records.items import Item, read_embedding, read_stored_item
from services.catalog.records.photo_hashes import read_bits
from services.catalog.records.primary import category_of
from services.catalog.records.products import Product
from services.catalog.search.copies import QueryPhoto
from services.catalog.search.examples import (
    NEGATIVE_WEIGHT,
    REST_WEIGHT,
    WeightedVector,
    check_examples,
    combined_categories,
    combined_facts,
    combined_vector,
    facts_of_words,
    has_picture,
    named_examples,
)
from services.catalog.search.filter import MATCH_ALL, Filter
from services.catalog.search.filter_rules import FilterRules
from services.catalog.search.modification import (
    Modification,
    modification_filter,
    read_modification,
    split_negated,
)
from services.catalog.search.product_vector import product_vector, read_product_views
from services.catalog.search.query import (
    EmbeddingQuery,
    Example,
    ExamplesQuery,
    ImageQuery,
    ItemQuery,
    ProductQuery,
    Query,
    SearchOptions,
    TextQuery,
)
from services.catalog.search.rank_terms import (
    NAMED_COLOR,
    RankFacts,
    facts_of_item,
    facts_of_text,
    named_weights,
)
from services.catalog.vectors.collection import Collection, describe_version
from services.catalog.vectors.predicates import EVERY_ROW, AllOf, NoneOf, NotItem, Predicate, TextIn


@dataclass(frozen=True, slots=True, eq=False)
class QueryVector:
    """One query of a search, as a vector.

    Attributes:
        vector: (D,) float32; None if the quality filter rejected the caller's box.
        categories: the categories that the query may have, with their probabilities, 0 to 1.
        box: for a photo, the box of the garment.
        facts: what ranking by weights compares.
        named_weights: those of what the query's words name; None where they name nothing that has a weight.
    """

    vector: FloatArray | None
    categories: Mapping[str, float] = field(default_factory=dict)
    box: Box | None = None
    label: str = ""
    whole_image: bool = False
    facts: RankFacts = field(default_factory=RankFacts)
    named_weights: RankWeights | None = None


@dataclass(frozen=True, slots=True, eq=False)
class QueryVectors:
    """The query vectors of one search and the collection to search.

    Attributes:
        stored: the query if its vector is in the database: then `vectors` is empty until `with_stored` has
            read it.
        others: true for the rows that may be hits; false for those that the search is by.
        applied_filter: what the words of examples ask for; `others` tests it.
        photo: of the search by one photo, or by an item of it.
    """

    collection: Collection
    vectors: tuple[QueryVector, ...]
    timings: StageTimings = StageTimings()
    stored: StoredQuery | None = None
    others: Predicate = EVERY_ROW
    applied_filter: Filter = MATCH_ALL
    photo: QueryPhoto = QueryPhoto()

    @property
    def query_count(self) -> int:
        """The number of queries, also before a stored one is read."""
        return 1 if self.stored else len(self.vectors)

    @property
    def normalized(self) -> list[FloatArray]:
        """The vectors that are not None, (D,) float32, L2-normalised."""
        vectors = [query.vector for query in self.vectors if query.vector is not None]
        return [self.collection.check_own_vector(vector) for vector in vectors]


@dataclass(frozen=True, slots=True, eq=False)
class EncodedExamples:
    """Examples before those that are stored are read.

    Attributes:
        parts: the path, the query and the weight of each; weights of negative ones are below 0.
        wanted, unwanted: the meaning of texts beside a picture.
    """

    parts: tuple[tuple[str, QueryVectors, float], ...]
    wanted: tuple[Modification, ...] = ()
    unwanted: tuple[Modification, ...] = ()


StoredQuery: TypeAlias = ItemQuery | ProductQuery | EncodedExamples


class QueryEncoder:
    """Turns queries into vectors: photos and texts by inference, items by their stored embeddings.

    Texts are read, and photos described, in the words of the taxonomy of `rules`, which are a tenant's.
    """

    def __init__(
        self,
        analyzer: CollectionAnalyzer,
        rules: FilterRules,
        limits: CatalogLimits,
        decode_limits: DecodeLimits,
        hasher: PhotoHasher,
    ) -> None:
        self._analyzer = analyzer
        self._taxonomy = rules.taxonomy
        self._rules = rules
        self._limits = limits
        self._decode_limits = decode_limits
        self._hasher = hasher

    async def encode(self, query: Query, options: SearchOptions, collection: Collection) -> QueryVectors:
        """Encode a query for a collection. Vectors of items and products are read later, by `with_stored`.

        Raises:
            InvalidInput: a field of the query is invalid.
            FailedPrecondition: the vector of the query was made by another model than the collection's.
            Overloaded: the tenant has sent too many pixels in the last minute.
            Unavailable: inference cannot answer.
        """
        match query:
            case ImageQuery():
                return await self._encode_image(query, options, collection)
            case TextQuery():
                return await self._encode_text(query, options, collection)
            case ItemQuery():
                check_id("item_id", query.item_id)
                return QueryVectors(collection, (), stored=query)
            case ProductQuery():
                check_id("product_id", query.product_id)
                return QueryVectors(collection, (), stored=query)
            case EmbeddingQuery():
                return _encode_embedding(query, collection)
            case ExamplesQuery():
                return await self._encode_examples(query, options, collection)

    def with_stored(self, session: Session, tenant_id: str, encoded: QueryVectors) -> QueryVectors:
        """Add the vector of the item or product to search by; nothing is read for other queries.

        Raises:
            NotFound: the item or product does not exist.
            FailedPrecondition: it has no embedding of the model that is searched with.
        """
        version = encoded.collection.version
        match encoded.stored:
            case ItemQuery(item_id):
                query, image_id = self._item_vector(session, tenant_id, item_id, version)
                bits = read_bits(session, tenant_id, [image_id]).get(image_id, b"")
                photo = QueryPhoto(image_id, bits)
                return replace(encoded, vectors=(query,), others=NotItem(item_id), photo=photo)
            case ProductQuery(product_id):
                query = self._product_vector(session, tenant_id, product_id, version)
                its_own = TextIn(("product_id",), (product_id.casefold(),))
                return replace(encoded, vectors=(query,), others=NoneOf((its_own,)))
            case EncodedExamples():
                return self._with_examples(session, tenant_id, encoded, encoded.stored)
            case None:
                return encoded

    def _with_examples(
        self, session: Session, tenant_id: str, encoded: QueryVectors, examples: EncodedExamples
    ) -> QueryVectors:
        """Add the one vector of the examples, and what their texts ask for."""
        parts: list[WeightedVector] = []
        others: list[Predicate] = []
        for path, example, weight in examples.parts:
            read = self.with_stored(session, tenant_id, example)
            (query,) = read.vectors
            if query.vector is None:
                raise InvalidInput(path, "shows no garment that can be searched by: its region is no use")
            vector = encoded.collection.check_own_vector(query.vector)
            parts.append(WeightedVector(vector, weight, query.categories, query.facts))
            others.append(read.others)
        categories = combined_categories(parts)
        words = facts_of_words(examples.wanted, self._taxonomy)
        facts = combined_facts(parts, words)
        named = named_weights(words) or (query.named_weights if len(parts) == 1 else None)
        query = QueryVector(combined_vector(parts), categories, facts=facts, named_weights=named)
        kept = max(categories, key=lambda name: categories[name], default="") if examples.wanted else ""
        applied = modification_filter(examples.wanted, examples.unwanted, kept)
        predicate = AllOf((*others, self._rules.predicate(tenant_id, applied)))
        return replace(encoded, vectors=(query,), others=predicate, applied_filter=applied)

    def _item_vector(
        self, session: Session, tenant_id: str, item_id: str, version: ModelVersion
    ) -> tuple[QueryVector, str]:
        """The vector of an item, and the id of its photo."""
        stored = read_stored_item(session, tenant_id, item_id)
        vector = read_embedding(session, tenant_id, item_id, version)
        if vector is None:
            raise _no_embedding(f"item {item_id!r}", stored.item, version)
        return self._vector_of(stored.item, stored.product, vector), stored.item.image_id

    def _product_vector(
        self, session: Session, tenant_id: str, product_id: str, version: ModelVersion
    ) -> QueryVector:
        views = read_product_views(session, tenant_id, product_id, version)
        if not views.items:
            raise FailedPrecondition(
                f"product {product_id!r} has no item to search by: none of its photos is indexed",
                reason="PRODUCT_WITHOUT_ITEMS",
            )
        if not views.vectors:
            raise _no_embedding(f"product {product_id!r}", views.items[0], version)
        return self._vector_of(views.items[0], views.product, product_vector(views.vectors))

    def _vector_of(self, item: Item, product: Product | None, vector: FloatArray) -> QueryVector:
        categories = self._categories(item.label, item.attributes)
        facts = facts_of_item(item, self._taxonomy, product)
        return QueryVector(vector, categories, label=item.label, facts=facts)

    async def _encode_image(
        self, query: ImageQuery, options: SearchOptions, collection: Collection
    ) -> QueryVectors:
        check_box_count(query.boxes, self._limits)
        try:
            await self._take_pixels(query)
            analysis, photo = await asyncio.gather(
                self._analyzer.analyze(
                    collection,
                    query.content,
                    query.boxes,
                    bulk=options.bulk,
                    min_score=options.min_detection_score,
                    taxonomy=self._taxonomy,
                ),
                self._hasher.hash(query.content),
            )
        except InvalidInput as error:
            raise error.within("image") from None
        items = [item for item in analysis.items if item.accepted or query.boxes]
        vectors = tuple(map(self._query_vector, items))
        bits = photo.bits if photo.usable else b""
        return QueryVectors(collection, vectors, analysis.timings, photo=QueryPhoto(bits=bits))

    async def _take_pixels(self, query: ImageQuery) -> None:
        """Count the pixels of the photo. Raises as `PixelRates.take_pixels`."""
        call = CURRENT_CALL.get()
        if call.counts_pixels:
            limits = self._decode_limits
            await call.take_pixels(
                await asyncio.to_thread(encoded_pixels, query.content, query.boxes, limits)
            )

    def _query_vector(self, item: AnalyzedItem) -> QueryVector:
        categories = self._categories(item.label, item.attributes)
        facts = facts_of_item(item, self._taxonomy)
        return QueryVector(item.embedding, categories, item.box, item.label, item.whole_image, facts)

    async def _encode_text(
        self, query: TextQuery, options: SearchOptions, collection: Collection
    ) -> QueryVectors:
        """Encode the words that are asked for; what follows "not" is excluded as far as it is a filter."""
        given = self._checked_text("text", query)
        plain, negated = split_negated(given)
        text = plain if negated and plain else given
        started_ns = time.monotonic_ns()
        vector = await self._analyzer.embed_text(collection, text, bulk=options.bulk)
        timings = StageTimings(embed_ns=time.monotonic_ns() - started_ns)
        categories = dict.fromkeys(self._taxonomy.categories_in(plain), 1.0)
        facts = facts_of_text(plain, self._taxonomy)
        named = NAMED_COLOR if facts.color is not None else None
        query_vector = QueryVector(vector, categories, facts=facts, named_weights=named)
        encoded = QueryVectors(collection, (query_vector,), timings)
        unwanted = read_modification(negated, self._taxonomy)
        if not unwanted.colors and not unwanted.categories:
            return encoded
        stored = EncodedExamples((("text", encoded, 1.0),), unwanted=(unwanted,))
        return QueryVectors(collection, (), timings, stored)

    async def _encode_examples(
        self, query: ExamplesQuery, options: SearchOptions, collection: Collection
    ) -> QueryVectors:
        """Encode all examples but stored ones; beside a picture, texts are read for what they change."""
        check_examples(query, self._limits)
        beside_picture = has_picture(query)
        wanted, unwanted = list[Modification](), list[Modification]()
        parts: list[tuple[str, QueryVectors, float]] = []
        for path, example in named_examples(query):
            positive = path.startswith("examples.positive")
            weight = example.weight if positive else -NEGATIVE_WEIGHT * example.weight
            if not beside_picture or not isinstance(example.query, TextQuery):
                parts.append((path, await self._encode_example(path, example, options, collection), weight))
                continue
            plain, negated = split_negated(self._checked_text(f"{path}.text", example.query))
            for words, asked in ((plain, positive), (negated, not positive)):
                if not words and asked is not positive:
                    continue
                change = read_modification(words, self._taxonomy)
                (wanted if asked else unwanted).append(change)
                if change.rest:
                    rest = Example(TextQuery(change.rest))
                    of_rest = REST_WEIGHT * example.weight * (1.0 if asked else -NEGATIVE_WEIGHT)
                    parts.append((path, await self._encode_example(path, rest, options, collection), of_rest))
        timings = total_timings(part.timings for _, part, _ in parts)
        stored = EncodedExamples(tuple(parts), tuple(wanted), tuple(unwanted))
        return QueryVectors(collection, (), timings, stored)

    async def _encode_example(
        self, path: str, example: Example, options: SearchOptions, collection: Collection
    ) -> QueryVectors:
        query, photo = example.query, replace(options, min_detection_score=None)
        try:
            if isinstance(query, ImageQuery) and not query.boxes:
                query = await self._whole_photo(query)
            return await self.encode(query, photo, collection)
        except InvalidInput as error:
            raise error.within(path) from None

    async def _whole_photo(self, query: ImageQuery) -> ImageQuery:
        """The photo with one box around all of it."""
        try:
            info = await asyncio.to_thread(probe, query.content, self._decode_limits)
        except InvalidInput as error:
            raise error.within("image") from None
        return replace(query, boxes=(Box(0.0, 0.0, float(info.width), float(info.height)),))

    def _checked_text(self, path: str, query: TextQuery) -> str:
        return check_text(path, query.text, self._limits.max_text_chars, required=True)

    def _categories(self, label: str, attributes: Mapping[str, AttributeValue]) -> dict[str, float]:
        """The category of an item and its probability; a category that only the label names has 1."""
        category = category_of(label, attributes, self._taxonomy)
        probability = attributes["category"].score if "category" in attributes else 1.0
        return {category: probability} if category else {}


def total_timings(timings: Iterable[StageTimings]) -> StageTimings:
    """The sum of timings, stage by stage."""
    each = [astuple(timing) for timing in timings]
    return StageTimings(*map(sum, zip(*each, strict=True)))


def _encode_embedding(query: EmbeddingQuery, collection: Collection) -> QueryVectors:
    for name in ("model_version", "preprocess_version"):
        if not getattr(query.version, name):
            raise InvalidInput(f"embedding.{name}", "must name the model that made the vector")
    collection.check_version(query.version)
    vector = collection.check_vector("embedding.values", query.vector)
    return QueryVectors(collection, (QueryVector(vector),))


def _no_embedding(name: str, item: Item, version: ModelVersion) -> FailedPrecondition:
    return FailedPrecondition(
        f"{name} was indexed with {describe_version(item.version)} and has no "
        f"embedding of {describe_version(version)}, which this server searches with",
        reason="MODEL_VERSION_MISMATCH",
    )
