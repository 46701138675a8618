"""What a search returns."""

from __future__ import annotations

from dataclasses import dataclass

from domain.types import Box, ModelVersion, StageTimings
from services.catalog.records.items import Item
from services.catalog.records.products import Product
from services.catalog.search.filter import MATCH_ALL, Filter


@dataclass(frozen=True, slots=True)
class ScoreTerm:
    """A part of a hit's rank score, such as "similarity"."""

    name: str
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """Hits are ordered by `rank_score`, the sum of `terms`; `score` is the cosine, -1 to 1.

    `crop` is the item's JPEG, where asked for. `same_photo` says that its photo is the one that is searched
    by, or a near duplicate of it: identical, where others are similar.
    """

    item: Item
    product: Product | None
    score: float
    terms: tuple[ScoreTerm, ...]
    crop: bytes | None = None
    same_photo: bool = False

    @property
    def rank_score(self) -> float:
        return sum(term.value for term in self.terms)


@dataclass(frozen=True, slots=True, eq=False)
class QueryHits:
    """The hits of one query; for a photo, `box` is the garment that was searched for.

    `applied_filter` is what the words of examples ask for; it holds beside the filter of the request.
    """

    box: Box | None
    label: str
    whole_image: bool
    hits: tuple[Hit, ...]
    applied_filter: Filter = MATCH_ALL


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value and how many items have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The most frequent values of a field, in falling order of their counts."""

    field: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SearchResult:
    """A page of hits for each query.

    `next_page_token` is empty on the last page, `facets` on all but the first.

    A page may have fewer than `top_k` hits, even none, although further pages have more: items that were
    deleted in the database but not yet in the vector index are left out.
    """

    queries: tuple[QueryHits, ...]
    version: ModelVersion
    timings: StageTimings
    next_page_token: str = ""
    facets: tuple[Facet, ...] = ()
