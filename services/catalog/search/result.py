"""What a search answers."""

from __future__ import annotations

from dataclasses import dataclass

from domain.types import Box, ModelVersion, StageTimings
from services.catalog.records.items import Item
from services.catalog.records.products import Product


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
