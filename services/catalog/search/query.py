"""What a search asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from domain.rank_weights import RankWeights
from domain.types import Box, FloatArray, ModelVersion
from services.catalog.search.filter import MATCH_ALL, Filter


@dataclass(frozen=True, slots=True)
class ImageQuery:
    """A photo. Each of its boxes is one query; without boxes, each detected garment is one."""

    content: bytes
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class TextQuery:
    text: str


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """Search for items that are similar to this item, which is not among the hits."""

    item_id: str


@dataclass(frozen=True, slots=True)
class ProductQuery:
    """Search for items that are similar to this product's, which are not among the hits."""

    product_id: str


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddingQuery:
    """`vector` is (D,) float32, made by the model that `version` names."""

    vector: FloatArray
    version: ModelVersion


SingleQuery: TypeAlias = ImageQuery | TextQuery | ItemQuery | ProductQuery | EmbeddingQuery


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """Something that hits are to be like, or not to be like; a photo counts as a whole, or by its one box.

    `weight` is how much it counts beside the others.
    """

    query: SingleQuery
    weight: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class ExamplesQuery:
    """Search for items that are like the positive examples and unlike the negative ones.

    Items and products among them are not among the hits.
    """

    positive: tuple[Example, ...]
    negative: tuple[Example, ...] = ()


Query: TypeAlias = SingleQuery | ExamplesQuery


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """Options of a search.

    Attributes:
        top_k: the largest number of hits for each query on a page; 0 means the default.
        filter: the filter that every hit must match.
        include_crops: whether hits carry the JPEG of their crop.
        rerank: whether hits of the query's category get a bonus.
        min_score: the smallest cosine of a hit, -1 to 1; None means no limit.
        min_detection_score: the smallest detection score of a garment in the photo, 0 to 1; None means the
            server's setting, or the detector's own.
        bulk: whether the query is embedded with bulk priority.
        model_version: the embedder that must answer; None means any.
        group_by_product: whether each product has at most one hit, its most similar item.
        facets: fields of which to count the values, over all items that match the filter.
        rank_weights: the weights of re-ranking; None for the server's, which rank by category alone.
        collapse_copies: whether hits are left out whose photo is a near duplicate of a better hit's.
        owned_too: whether clothes that end users own are found although the filter does not name their type.
        page_token: the `next_page_token` of the previous page; "" for the first page.
    """

    top_k: int = 0
    filter: Filter = MATCH_ALL
    include_crops: bool = False
    rerank: bool = True
    min_score: float | None = None
    min_detection_score: float | None = None
    bulk: bool = False
    model_version: str | None = None
    group_by_product: bool = False
    facets: tuple[str, ...] = ()
    rank_weights: RankWeights | None = None
    collapse_copies: bool = False
    owned_too: bool = False
    page_token: str = ""
