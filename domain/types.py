"""Values that travel between the rooms of the application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float32]
Pixels: TypeAlias = npt.NDArray[np.uint8]
"""A picture: (H, W, 3) uint8, RGB, upright."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the EXIF-upright picture; x2 and y2 are exclusive."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def width(self) -> float:
        return self.x2 - self.x1

    @property
    def height(self) -> float:
        return self.y2 - self.y1


@dataclass(frozen=True, slots=True)
class Detection:
    """A box with what the detector takes it for; `score` is 0 to 1."""

    box: Box
    score: float
    label: str


class QualityIssue(StrEnum):
    """What the quality filter found; the first three reject, the rest warn."""

    TOO_SMALL = "too_small"
    ASPECT_RATIO = "aspect_ratio"
    FLAT_COLOR = "flat_color"
    BLURRED = "blurred"
    UNDEREXPOSED = "underexposed"
    OVEREXPOSED = "overexposed"


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """One answer to one question; `score` is its probability in the vocabulary."""

    value: str
    score: float


@dataclass(frozen=True, slots=True)
class ColorShare:
    """A named colour, its share of the garment (0 to 1) and its mean sRGB as 0xRRGGBB."""

    name: str
    fraction: float
    rgb: int


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """Names a model and the preprocessing that feeds it; embeddings compare only within one."""

    model_version: str
    preprocess_version: str


@dataclass(frozen=True, slots=True)
class Embedder:
    """What embeds photos and texts.

    Attributes:
        width: D of its embeddings (D,).
        logit_scale: cosines are multiplied by it before a softmax; above 0.
    """

    version: ModelVersion
    width: int
    logit_scale: float


@dataclass(frozen=True, slots=True)
class StageTimings:
    """Where the time of one photo went, in nanoseconds."""

    decode_ns: int = 0
    detect_queue_ns: int = 0
    detect_ns: int = 0
    crop_ns: int = 0
    embed_queue_ns: int = 0
    embed_ns: int = 0
    describe_ns: int = 0
    search_ns: int = 0
    total_ns: int = 0


@dataclass(frozen=True, slots=True)
class ImageDetections:
    """The boxes found in one photo, of size `width` x `height` pixels once upright; highest score first."""

    width: int
    height: int
    detections: tuple[Detection, ...]
    timings: StageTimings


@dataclass(frozen=True, slots=True, eq=False)
class AnalyzedItem:
    """A garment in a photo.

    `embedding` is (D,) float32, L2-normalised, and None where the item was rejected.
    `crop` is the region as a JPEG, where asked for.
    """

    box: Box
    score: float
    label: str
    whole_image: bool = False
    reason: QualityIssue | None = None
    warnings: tuple[QualityIssue, ...] = ()
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    colors: tuple[ColorShare, ...] = ()
    embedding: FloatArray | None = None
    crop: bytes | None = None

    @property
    def accepted(self) -> bool:
        return self.reason is None


@dataclass(frozen=True, slots=True, eq=False)
class ImageAnalysis:
    """All garments of one photo, of size `width` x `height` pixels once upright."""

    width: int
    height: int
    items: tuple[AnalyzedItem, ...]
    detector: ModelVersion
    embedder: ModelVersion
    timings: StageTimings


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls. `tenant_id` scopes every row, blob and vector."""

    tenant_id: str
    subject: str = "anonymous"


DEFAULT_PRINCIPAL = Principal(tenant_id="default")
