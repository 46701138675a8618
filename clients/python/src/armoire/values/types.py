"""Values that inference and the catalogue share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Self, TypeVar

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


class WireEnum(StrEnum):
    """A word that servers send. One that this client is too old to know reads as `UNKNOWN`."""

    @classmethod
    def _missing_(cls, _value: object) -> Self:
        return cls["UNKNOWN"]


class Priority(StrEnum):
    """Who waits for the answer. Bulk work gets what interactive work leaves."""

    INTERACTIVE = "interactive"
    BULK = "bulk"


class QualityIssue(WireEnum):
    """What the quality filter found; the first three reject, the last one does or warns, the others warn."""

    TOO_SMALL = "too_small"
    ASPECT_RATIO = "aspect_ratio"
    FLAT_COLOR = "flat_color"
    BLURRED = "blurred"
    UNDEREXPOSED = "underexposed"
    OVEREXPOSED = "overexposed"
    LOW_RESOLUTION = "low_resolution"
    NOT_A_GARMENT = "not_a_garment"
    UNKNOWN = "unknown"


class ValueSource(WireEnum):
    """Where an attribute's value comes from. A person's value replaces the model's."""

    MODEL = "model"
    PERSON = "person"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ScoredValue:
    """A value and its probability among the values of its vocabulary; 1 where a person gave it."""

    value: str
    score: float


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """The answer to one question about a garment.

    `values` holds one value for a question such as the category, several for one such as the season, the
    surest first. `number` answers a question such as the formality. `alternatives` are what the model takes
    for most probable, its own answer among them; empty unless asked for.
    """

    values: tuple[ScoredValue, ...] = ()
    number: float | None = None
    source: ValueSource = ValueSource.MODEL
    alternatives: tuple[ScoredValue, ...] = ()

    @property
    def value(self) -> str:
        """The surest value; empty where there is none."""
        return self.values[0].value if self.values else ""

    @property
    def score(self) -> float:
        """Of the surest value; 0 where there is none."""
        return self.values[0].score if self.values else 0.0


@dataclass(frozen=True, slots=True)
class ColorShare:
    """A named colour, its share of the garment and its mean sRGB as 0xRRGGBB."""

    name: str
    fraction: float
    rgb: int


@dataclass(frozen=True, slots=True)
class Embedding:
    """A point in a model's embedding space, L2-normalised. Embeddings of different versions do not
    compare."""

    values: tuple[float, ...]
    model_version: str
    preprocess_version: str


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
    classify_queue_ns: int = 0
    classify_ns: int = 0


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Part of a list, newest first. `next_page_token` asks for the next part; it is empty on the last."""

    items: tuple[T, ...]
    next_page_token: str
