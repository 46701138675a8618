"""What a call sent and what it was told, as the call itself has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.types import AnalyzedItem, Box, FloatArray, ImageAnalysis, ImageDetections, ModelVersion

NO_BOX = Box(0.0, 0.0, 0.0, 0.0)
"""Of an item that is no part of a photo, or all of one whose size is not told."""


@dataclass(frozen=True, slots=True)
class RequestOptions:
    """What a request asked for beside its photo or text; `boxes` are those that it gave."""

    min_score: float | None = None
    bulk: bool = False
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """One photo or text of a call, and the answer. It refers to what is there: nothing is computed for it.

    Attributes:
        method: such as "Analyze".
        content: an encoded photo, or a text.
        width, height: of the upright photo; 0 where the call does not tell.
        items: of a text one, which has an embedding and an empty box.
    """

    method: str
    content: bytes | str
    options: RequestOptions
    items: tuple[AnalyzedItem, ...]
    width: int = 0
    height: int = 0
    detector: ModelVersion | None = None
    embedder: ModelVersion | None = None
    classifier: ModelVersion | None = None

    @property
    def size_bytes(self) -> int:
        """The memory that it keeps, but for small things."""
        vectors = sum(item.embedding.nbytes for item in self.items if item.embedding is not None)
        return len(self.content) + vectors + sum(len(item.crop or b"") for item in self.items)


def observed_analysis(content: bytes, analysis: ImageAnalysis, options: RequestOptions) -> Observation:
    """A photo that was analyzed."""
    return Observation(
        "Analyze",
        content,
        options,
        analysis.items,
        analysis.width,
        analysis.height,
        analysis.detector,
        analysis.embedder,
        analysis.classifier,
    )


def observed_detections(
    content: bytes, found: ImageDetections, detector: ModelVersion, options: RequestOptions
) -> Observation:
    """A photo in which garments were detected."""
    items = tuple(AnalyzedItem(each.box, each.score, each.label) for each in found.detections)
    return Observation("Detect", content, options, items, found.width, found.height, detector)


def observed_embeddings(
    content: bytes, vectors: Iterable[FloatArray], embedder: ModelVersion, options: RequestOptions
) -> Observation:
    """A photo of which boxes, or the whole, were embedded; a vector is (D,) float32."""
    boxes = options.boxes or (NO_BOX,)
    items = tuple(
        AnalyzedItem(box, float(bool(options.boxes)), "", whole_image=not options.boxes, embedding=vector)
        for box, vector in zip(boxes, vectors, strict=True)
    )
    return Observation("EmbedImage", content, options, items, embedder=embedder)


def observed_text(
    text: str, vector: FloatArray, embedder: ModelVersion, options: RequestOptions
) -> Observation:
    """A text that was embedded; the vector is (D,) float32."""
    item = AnalyzedItem(NO_BOX, 0.0, "", embedding=vector)
    return Observation("EmbedText", text, options, (item,), embedder=embedder)
