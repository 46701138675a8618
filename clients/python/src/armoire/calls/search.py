"""The call of search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from armoire.call import Call, call_of
from armoire.filters import Condition, Filter, parse_where
from armoire.messages.enums import priority_to_proto
from armoire.messages.search import (
    examples_to_proto,
    filter_to_proto,
    rank_weights_to_proto,
    search_result_from_proto,
)
from armoire.messages.types import embedding_to_proto, photo_to_proto
from armoire.photos import Photo, PhotoSource
from armoire.v1 import search_pb2
from armoire.values.search import ExampleSet, RankWeights, SearchResult
from armoire.values.types import Embedding, Priority

Where: TypeAlias = str | Filter | Sequence[Condition]
"""A text such as "category=dress,price<50", a filter, or conditions that must all hold."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for.

    Raises:
        ValueError: there is no query, or several.
    """

    photo: PhotoSource | Photo | None = None
    text: str | None = None
    item_id: str | None = None
    product_id: str | None = None
    embedding: Embedding | None = None
    examples: ExampleSet | None = None

    def __post_init__(self) -> None:
        kinds = (self.photo, self.text, self.item_id, self.product_id, self.embedding, self.examples)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("give exactly one of photo, text, item_id, product_id, embedding and examples")


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """Which hits to answer with, how many, in which order; see `Client.search`."""

    where: Where = ()
    top_k: int = 10
    page_token: str = ""
    min_score: float | None = None
    min_detection_score: float | None = None
    include_crops: bool = False
    include_crop_urls: bool = False
    rerank: bool = True
    group_by_product: bool = False
    collapse_near_duplicates: bool = False
    facets: Sequence[str] = ()
    rank_weights: RankWeights | None = None
    priority: Priority = Priority.INTERACTIVE
    model_version: str | None = None


def search(query: Query, options: SearchOptions = SearchOptions()) -> Call[SearchResult]:
    """
    Raises:
        InvalidInput: `where` is a text that cannot be read, or a photo's file cannot be read.
    """
    where = filter_of(options.where)
    embedding, examples, weights = query.embedding, query.examples, options.rank_weights
    request = search_pb2.SearchRequest(
        image=photo_to_proto(query.photo) if query.photo is not None else None,
        text=query.text,
        item_id=query.item_id,
        product_id=query.product_id,
        embedding=embedding_to_proto(embedding) if embedding is not None else None,
        examples=examples_to_proto(examples) if examples is not None else None,
        top_k=options.top_k,
        page_token=options.page_token,
        filter=filter_to_proto(where) if where != Filter() else None,
        min_score=options.min_score,
        min_detection_score=options.min_detection_score,
        include_crops=options.include_crops,
        include_crop_urls=options.include_crop_urls,
        skip_rerank=not options.rerank,
        group_by_product=options.group_by_product,
        collapse_near_duplicates=options.collapse_near_duplicates,
        priority=priority_to_proto(options.priority),
        model_version=options.model_version,
        facets=options.facets,
        rank_weights=rank_weights_to_proto(weights) if weights is not None else None,
    )
    return call_of(
        "armoire.v1.CatalogService/Search", request, search_pb2.SearchResponse, search_result_from_proto
    )


def filter_of(where: Where) -> Filter:
    if isinstance(where, str):
        return parse_where(where)
    return where if isinstance(where, Filter) else Filter(tuple(where))
