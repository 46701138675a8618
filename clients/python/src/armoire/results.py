"""What a server says, as plain values.

Boxes are pixels of the EXIF-upright picture, times are UTC, scores and fractions are 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from armoire.errors import ArmoireError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the EXIF-upright picture; x2 and y2 are exclusive."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def xyxy(self) -> tuple[float, float, float, float]:
        return (self.x1, self.y1, self.x2, self.y2)


class QualityIssue(StrEnum):
    """What the quality filter found; the first three reject, the next three warn."""

    TOO_SMALL = "too_small"
    ASPECT_RATIO = "aspect_ratio"
    FLAT_COLOR = "flat_color"
    BLURRED = "blurred"
    UNDEREXPOSED = "underexposed"
    OVEREXPOSED = "overexposed"
    UNKNOWN = "unknown"
    """One that this client is too old to know."""

    @classmethod
    def _missing_(cls, _value: object) -> QualityIssue:
        return cls.UNKNOWN


class JobState(StrEnum):
    """How far an indexed photo is."""

    QUEUED = "QUEUED"
    CROPPING = "CROPPING"
    ANALYZING = "ANALYZING"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"
    """One that this client is too old to know."""

    @classmethod
    def _missing_(cls, _value: object) -> JobState:
        return cls.UNKNOWN

    @property
    def final(self) -> bool:
        return self in (JobState.COMPLETE, JobState.FAILED)


class ModelTask(StrEnum):
    """What a loaded graph does."""

    DETECT = "detect"
    EMBED_IMAGE = "embed_image"
    EMBED_TEXT = "embed_text"
    UNKNOWN = "unknown"
    """One that this client is too old to know."""

    @classmethod
    def _missing_(cls, _value: object) -> ModelTask:
        return cls.UNKNOWN


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """One answer to one question; `score` is its probability in the vocabulary."""

    value: str
    score: float


@dataclass(frozen=True, slots=True)
class ColorShare:
    """A named colour, its share of the garment and its mean sRGB as 0xRRGGBB."""

    name: str
    fraction: float
    rgb: int


@dataclass(frozen=True, slots=True)
class Embedding:
    """A point in a model's space, L2-normalised. Compare only those of equal versions."""

    values: tuple[float, ...]
    model_version: str = ""
    preprocess_version: str = ""


@dataclass(frozen=True, slots=True)
class StageTimings:
    """Where the server's time went, in nanoseconds; stages that did not run are 0."""

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
class Detection:
    """A box with what the detector takes it for."""

    box: Box
    score: float
    label: str


@dataclass(frozen=True, slots=True)
class Detections:
    """What was detected in one photo, highest score first."""

    image_width: int
    image_height: int
    detections: tuple[Detection, ...]
    timings: StageTimings
    model_version: str
    preprocess_version: str


@dataclass(frozen=True, slots=True)
class ImageEmbeddings:
    """One per box given, in that order; one for the whole photo where none was given."""

    embeddings: tuple[Embedding, ...]
    timings: StageTimings


@dataclass(frozen=True, slots=True)
class AnalyzedItem:
    """A garment in a photo. Rejected ones carry their `reason` and no description."""

    box: Box
    score: float
    label: str
    whole_image: bool
    accepted: bool
    reason: QualityIssue | None
    warnings: tuple[QualityIssue, ...]
    attributes: Mapping[str, AttributeValue]
    colors: tuple[ColorShare, ...]
    embedding: Embedding | None
    crop: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class ImageAnalysis:
    """All garments of one photo."""

    image_width: int
    image_height: int
    items: tuple[AnalyzedItem, ...]
    detector_version: str
    detector_preprocess_version: str
    embedder_version: str
    embedder_preprocess_version: str
    timings: StageTimings


@dataclass(frozen=True, slots=True)
class Model:
    """A graph that the server has loaded, where it came from and the parity figures it passed."""

    name: str
    version: str
    preprocess_version: str
    task: ModelTask
    labels: tuple[str, ...]
    input_width: int
    input_height: int
    embedding_width: int
    precision: str
    source: str
    license: str
    sha256: str
    parity: Mapping[str, float]
    provider: str
    logit_scale: float


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the server takes calls, and the state of each of its services."""

    serving: bool
    services: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InferenceLimits:
    """What the inference service holds requests to."""

    max_message_bytes: int
    max_image_bytes: int
    max_image_pixels: int
    max_image_frames: int
    min_image_side_px: int
    max_images_per_call: int
    max_boxes_per_image: int
    max_texts_per_call: int
    max_text_chars: int
    image_formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CatalogLimits:
    """What the catalogue holds requests to."""

    max_top_k: int
    max_page_size: int
    max_filter_conditions: int
    max_filter_values: int
    max_text_chars: int
    max_image_bytes: int
    max_image_pixels: int
    embedding_width: int
    filter_fields: tuple[str, ...]
    max_boxes_per_image: int
    max_name_chars: int
    max_description_chars: int
    max_key_chars: int
    max_filter_value_chars: int
    min_image_side_px: int
    max_image_frames: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits by service; None where this server does not offer the service."""

    inference: InferenceLimits | None
    catalog: CatalogLimits | None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, to the nano-unit, in a currency of ISO 4217."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount:.2f} {self.currency}"


@dataclass(frozen=True, slots=True)
class Product:
    """Something for sale. The server sets `id`, `etag` and the times; leave them to make a new one."""

    display_name: str
    description: str = ""
    brand: str = ""
    category: str = ""
    price: Money | None = None
    id: str = ""
    etag: str = ""
    create_time: datetime | None = None
    update_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class JobItem:
    """A garment that a job found; the primary one represents its product in search."""

    item_id: str
    label: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Job:
    """The indexing of one photo. `error` says why it FAILED or why the last try did not succeed."""

    id: str
    image_id: str
    image_name: str
    product_id: str
    state: JobState
    attempts: int
    error: ArmoireError | None
    items: tuple[JobItem, ...]
    create_time: datetime | None
    update_time: datetime | None
    searchable: bool


@dataclass(frozen=True, slots=True)
class Item:
    """A garment of an indexed photo. `embedding` and `crop` (JPEG) are there where asked for."""

    id: str
    image_id: str
    image_name: str
    product_id: str
    box: Box
    image_width: int
    image_height: int
    score: float
    label: str
    whole_image: bool
    primary: bool
    attributes: Mapping[str, AttributeValue]
    colors: tuple[ColorShare, ...]
    warnings: tuple[QualityIssue, ...]
    model_version: str
    preprocess_version: str
    create_time: datetime | None
    embedding: Embedding | None
    crop: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hit:
    """An item found. `score` is the cosine similarity; `rank_score`, with re-ranking, gives the order."""

    item: Item
    score: float
    rank_score: float
    product: Product | None
    crop: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class QueryHits:
    """The hits of one garment of the query photo (`box`), or of the one text, item or embedding."""

    box: Box | None
    label: str
    whole_image: bool
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One entry in `queries` per garment of the query photo; one for anything else."""

    queries: tuple[QueryHits, ...]
    timings: StageTimings
    model_version: str
    preprocess_version: str


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Part of a list, newest first. Pass `next_page_token` on for the next; it is empty on the last."""

    items: tuple[T, ...]
    next_page_token: str
