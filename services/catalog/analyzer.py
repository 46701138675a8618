"""What the catalogue needs from inference."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias

from domain.types import Box, Embedder, FloatArray, ImageAnalysis

OnDetected: TypeAlias = Callable[[], Awaitable[None]]


class Analyzer(Protocol):
    """Inference, in this process or behind gRPC. Raises `ArmoireError` only."""

    async def embedder(self, *, refresh: bool = False) -> Embedder:
        """The embedder in use (version, width, logit scale).

        A client of a remote server may answer from a cache; with `refresh` it asks the server.
        """
        ...

    async def analyze(
        self,
        content: bytes,
        boxes: Sequence[Box] = (),
        *,
        include_crops: bool = False,
        bulk: bool = False,
        min_score: float | None = None,
        on_detected: OnDetected | None = None,
    ) -> ImageAnalysis:
        """Filter, embed and describe the given boxes, or else the garments that are detected.

        Accepted items always carry their embedding. `on_detected` is awaited after detection or, if inference
        is one remote call, when the reply arrives; an error that `on_detected` raises ends the analysis.
        """
        ...

    async def embed_text(self, text: str, *, bulk: bool = False) -> FloatArray:
        """(D,) float32, L2-normalised, in the space of the photos."""
        ...
