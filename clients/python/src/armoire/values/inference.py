"""What the models say of photos and texts, and the models themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from armoire.values.types import (
    AttributeValue,
    Box,
    ColorShare,
    Embedding,
    QualityIssue,
    ScoredValue,
    StageTimings,
    WireEnum,
)


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
    """A garment in a photo. A rejected one carries its `reason` and no description.

    `categories` are the most probable labels of the server's classifier, best first; empty where it has none.
    `garment_score` is how much the embedder takes it for a garment, 0 to 1; None where the server does not
    ask.
    """

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
    categories: tuple[ScoredValue, ...] = ()
    garment_score: float | None = None


@dataclass(frozen=True, slots=True)
class ImageAnalysis:
    """All garments of one photo; `warnings` concern the photo as a whole.

    `classifier_version` is empty where the server has no classifier. `vocabulary_version` changes with the
    words that the server describes items with.
    """

    image_width: int
    image_height: int
    items: tuple[AnalyzedItem, ...]
    detector_version: str
    detector_preprocess_version: str
    embedder_version: str
    embedder_preprocess_version: str
    timings: StageTimings
    warnings: tuple[QualityIssue, ...] = ()
    classifier_version: str = ""
    classifier_preprocess_version: str = ""
    vocabulary_version: str = ""


class ModelTask(WireEnum):
    """What a loaded graph does."""

    DETECT = "detect"
    EMBED_IMAGE = "embed_image"
    EMBED_TEXT = "embed_text"
    CLASSIFY = "classify"
    UNKNOWN = "unknown"


class ModelState(WireEnum):
    """Whether a model answers calls."""

    READY = "READY"
    LOADING = "LOADING"
    UNLOADING = "UNLOADING"
    STORED = "STORED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Model:
    """A graph of a model, where it came from and the parity figures it passed.

    Attributes:
        aliases: those that point to the model, such as "default".
        max_batch: the most rows that run at once; 0 where it is not loaded.
        context_length: the most tokens that a text keeps; 0 for what takes photos.
        reference: what `load_model` takes to load it.
        memory_bytes: what the model was counted with when it was loaded.
        failure: why it cannot be used, where it is FAILED.
    """

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
    state: ModelState = ModelState.READY
    aliases: tuple[str, ...] = ()
    max_batch: int = 0
    context_length: int = 0
    reference: str = ""
    memory_bytes: int = 0
    failure: str = ""
