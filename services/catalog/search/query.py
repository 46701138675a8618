"""What a search asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from domain.types import Box, FloatArray, ModelVersion
from services.catalog.search.filter import EVERYTHING, Filter


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
        top_k: hits per query and page; 0 means the default.
        filter: what every hit has to meet.
        include_crops: with each hit's JPEG.
        rerank: let hits of the query's category rise a little.
        min_score: the least cosine of a hit, -1 to 1; None where any will do.
        min_detection_score: of the garments of a photo, 0 to 1; None for the server's own.
        bulk: let interactive work pass the analysis of the photo.
        model_version: the embedder that must answer; None where any may.
        page_token: of the response before; "" for the first page.
    """

    top_k: int = 0
    filter: Filter = EVERYTHING
    include_crops: bool = False
    rerank: bool = True
    min_score: float | None = None
    min_detection_score: float | None = None
    bulk: bool = False
    model_version: str | None = None
    page_token: str = ""
