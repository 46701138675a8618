"""What a search answers."""

from __future__ import annotations

from dataclasses import dataclass

from domain.types import Box, ModelVersion, StageTimings
from services.catalog.records.items import Item
from services.catalog.records.products import Product


@dataclass(frozen=True, slots=True)
class ScoreTerm:
    """A part of a hit's rank score, such as "similarity"."""

    name: str
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """`score` is the cosine, -1 to 1; `terms` say what `rank_score`, which orders, is the sum of."""

    item: Item
    product: Product | None
    score: float
    terms: tuple[ScoreTerm, ...]

    @property
    def rank_score(self) -> float:
        return sum(term.value for term in self.terms)


@dataclass(frozen=True, slots=True, eq=False)
class QueryHits:
    """The hits of one garment of a photo (`box` says which), or of the one text, item or embedding."""

    box: Box | None
    label: str
    whole_image: bool
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SearchResult:
    """One entry per query; `next_page_token` is empty where none of them has further hits."""

    queries: tuple[QueryHits, ...]
    version: ModelVersion
    timings: StageTimings
    next_page_token: str = ""
