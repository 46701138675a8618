"""What a search asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from domain.types import Box, FloatArray, ModelVersion
from services.catalog.search.filters import Filter


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
        min_score: the least cosine of a hit, -1 to 1; None where any will do.
        model_version: the embedder that must answer; None where any may.
    """

    top_k: int = 0
    conditions: Filter = ()
    include_crops: bool = False
    rerank: bool = True
    min_score: float | None = None
    model_version: str | None = None
