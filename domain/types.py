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

    def iou(self, other: Box) -> float:
        """Intersection over union, 0 to 1."""
        width = min(self.x2, other.x2) - max(self.x1, other.x1)
        height = min(self.y2, other.y2) - max(self.y1, other.y1)
        shared = max(width, 0.0) * max(height, 0.0)
        union = self.width * self.height + other.width * other.height - shared
        return shared / union if union > 0.0 else 0.0


@dataclass(frozen=True, slots=True)
class Detection:
    """A box with what the detector takes it for; `score` is 0 to 1."""

    box: Box
    score: float
    label: str


class QualityIssue(StrEnum):
    """What the quality filter found: the first three reject a crop, the last does or warns, others warn."""

    TOO_SMALL = "too_small"
    ASPECT_RATIO = "aspect_ratio"
    FLAT_COLOR = "flat_color"
    BLURRED = "blurred"
    UNDEREXPOSED = "underexposed"
    OVEREXPOSED = "overexposed"
    LOW_RESOLUTION = "low_resolution"
    NOT_A_GARMENT = "not_a_garment"


class ValueSource(StrEnum):
    """Who says a value. A person's value replaces the model's."""

    MODEL = "model"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class ScoredValue:
    """`score` is the value's probability in its vocabulary, 0 to 1; 1 where a person said it."""

    value: str
    score: float


MAX_ALTERNATIVES = 5
"""Alternatives of an attribute's value that are kept."""


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """The answer to one question: values, the surest first, or a number.

    `alternatives` are what the model takes for most probable, its own answer among them, the surest first;
    at most `MAX_ALTERNATIVES`, and empty where nobody asks for them.
    """

    values: tuple[ScoredValue, ...] = ()
    number: float | None = None
    source: ValueSource = ValueSource.MODEL
    alternatives: tuple[ScoredValue, ...] = ()

    @classmethod
    def one(cls, value: str, score: float, alternatives: tuple[ScoredValue, ...] = ()) -> AttributeValue:
        """A model's single answer."""
        return cls((ScoredValue(value, score),), alternatives=alternatives)

    @property
    def value(self) -> str:
        """The surest value, "" where there is none."""
        return self.values[0].value if self.values else ""

    @property
    def score(self) -> float:
        """The score of the surest value, 0 where there is none."""
        return self.values[0].score if self.values else 0.0


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
    classify_queue_ns: int = 0
    classify_ns: int = 0


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
    `categories` are the classifier's most probable labels, best first; empty where none is served.
    `crop` is the region as a JPEG, where asked for.
    `garment_score` is how much the embedder takes it for a garment, 0 to 1; None where the taxonomy has no
    words for other things.
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
    categories: tuple[ScoredValue, ...] = ()
    garment_score: float | None = None

    @property
    def accepted(self) -> bool:
        return self.reason is None


@dataclass(frozen=True, slots=True, eq=False)
class ImageAnalysis:
    """All garments of one photo, of size `width` x `height` pixels once upright.

    `warnings` are about the photo as a whole. `classifier` is None where none is served. `vocabulary` names
    the words that attributes and colours are described with; it changes with the taxonomy.
    """

    width: int
    height: int
    items: tuple[AnalyzedItem, ...]
    detector: ModelVersion
    embedder: ModelVersion
    timings: StageTimings
    warnings: tuple[QualityIssue, ...] = ()
    classifier: ModelVersion | None = None
    vocabulary: str = ""

    @property
    def versions(self) -> ItemVersions:
        """What has found and described the items."""
        return ItemVersions(self.embedder, self.detector, self.classifier, self.vocabulary)


@dataclass(frozen=True, slots=True)
class ItemVersions:
    """What has found and described an item; where another one is served by now, the item is stale.

    `classifier` is None where none was served. `vocabulary` names the words that attributes and colours are
    described with, and is "" for items of releases that did not keep it.
    """

    embedder: ModelVersion
    detector: ModelVersion
    classifier: ModelVersion | None = None
    vocabulary: str = ""


class Scope(StrEnum):
    """What a caller may do; each call of the contract names those that allow it."""

    INFER = "infer"
    READ = "read"
    WRITE = "write"
    REVIEW = "review"
    ADMIN = "admin"


OPERATOR_TENANT = "default"
"""The tenant of those who run the server, and of everyone where callers need no key."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls.

    Attributes:
        tenant_id: the owner of every row, blob and vector that the caller sees or makes.
        subject: who acts, with its kind: key:ID of an API key, token:SUBJECT of an identity provider's token,
            user:ID of a user of the web page; "anonymous" where callers need none of these.
        scopes: what the caller may do.
    """

    tenant_id: str
    subject: str = "anonymous"
    scopes: frozenset[Scope] = frozenset(Scope)

    @property
    def is_operator(self) -> bool:
        return self.tenant_id == OPERATOR_TENANT


DEFAULT_PRINCIPAL = Principal(OPERATOR_TENANT)
SERVER = Principal(OPERATOR_TENANT, "server")
"""Who makes what a server does by itself."""
