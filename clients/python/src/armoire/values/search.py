"""What to search for, and what is found."""

from __future__ import annotations

from dataclasses import dataclass, field

from armoire.filters import Filter
from armoire.photos import Photo, PhotoSource
from armoire.values.items import Item
from armoire.values.products import Product
from armoire.values.types import Box, Embedding, StageTimings


@dataclass(frozen=True, slots=True)
class Example:
    """What a hit is to be like: exactly one of a photo (or its one box), a text, an item, a product or an
    embedding.

    `weight` is how much it counts beside the others.

    Raises:
        ValueError: there is none of these, or several.
    """

    photo: PhotoSource | Photo | None = None
    text: str | None = None
    item_id: str | None = None
    product_id: str | None = None
    embedding: Embedding | None = None
    weight: float = 1.0

    def __post_init__(self) -> None:
        kinds = (self.photo, self.text, self.item_id, self.product_id, self.embedding)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("give exactly one of photo, text, item_id, product_id and embedding")


@dataclass(frozen=True, slots=True)
class ExampleSet:
    """What hits are to be like, and what they are not to be like.

    A text beside a positive photo, item, product or embedding says what is to change: "in red".
    """

    positive: tuple[Example, ...]
    negative: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class RankWeights:
    """What a full agreement of hit and query adds to the similarity, each 0 to 10.

    `category` is the server's where it is None; `terms` of the hits tell what each weight added.
    """

    category: float | None = None
    attributes: float = 0.0
    color: float = 0.0
    shape: float = 0.0
    brand: float = 0.0
    price: float = 0.0


@dataclass(frozen=True, slots=True)
class ScoreTerm:
    """A part of a hit's rank score, such as "similarity" or "same_category"."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Hit:
    """An item found.

    `score` is the cosine similarity, -1 to 1. Hits are ordered by `rank_score`, which is the sum of `terms`.
    `same_photo` says that its photo is the one that is searched by, or a near duplicate of it.
    """

    item: Item
    score: float
    rank_score: float
    terms: tuple[ScoreTerm, ...]
    product: Product | None
    crop: bytes | None = field(repr=False)
    same_photo: bool = False


@dataclass(frozen=True, slots=True)
class QueryHits:
    """The hits of one garment of the query photo (`box`), or of the one text, item, product or embedding.

    `applied_filter` is what the texts of examples were understood to ask for.
    """

    box: Box | None
    label: str
    whole_image: bool
    hits: tuple[Hit, ...]
    applied_filter: Filter = Filter()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value and how many items have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of a field, the most frequent first."""

    field: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One entry in `queries` per garment of the query photo; one for anything else.

    `next_page_token` asks for further hits of the same search; it is empty where there are none.
    """

    queries: tuple[QueryHits, ...]
    timings: StageTimings
    model_version: str
    preprocess_version: str
    facets: tuple[Facet, ...] = ()
    next_page_token: str = ""
