"""What the catalogue needs from inference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from domain.types import Box, Detection, FloatArray, ImageAnalysis, ModelVersion


class DetectedImage(Protocol):
    """A photo after detection; `width` and `height` are pixels of the upright picture."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    @property
    def detections(self) -> Sequence[Detection]: ...


D = TypeVar("D", bound=DetectedImage)


class Analyzer(Protocol[D]):
    """Inference, in this process or behind gRPC. Raises `ArmoireError` only.

    `describe` takes what the same analyzer's `detect` gave, of whatever kind that is.
    """

    async def version(self) -> ModelVersion:
        """The embedder that answers now."""
        ...

    async def embedding_width(self) -> int: ...

    async def logit_scale(self) -> float:
        """By what the embedder multiplies cosines before it weighs them against each other; above 0."""
        ...

    async def detect(self, content: bytes, boxes: Sequence[Box] = (), *, bulk: bool = False) -> D:
        """Decode and detect; with `boxes`, those stand for the detections."""
        ...

    async def describe(
        self, detected: D, *, include_crops: bool = False, bulk: bool = False
    ) -> ImageAnalysis:
        """Filter, embed and describe; accepted items always carry their embedding."""
        ...

    async def embed_text(self, text: str) -> FloatArray:
        """(D,) float32, L2-normalised, in the space of the photos."""
        ...
