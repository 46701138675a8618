"""What the catalogue needs from inference."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias

from domain.types import Box, Embedder, FloatArray, ImageAnalysis

OnDetected: TypeAlias = Callable[[], Awaitable[None]]


class Analyzer(Protocol):
    """Inference, in this process or behind gRPC. Raises `ArmoireError` only."""

    async def embedder(self) -> Embedder:
        """The embedder that answers now."""
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
        """Find the garments of a photo, or take the boxes given for them; filter, embed and describe each.

        Accepted items always carry their embedding. `on_detected` is awaited once the garments are found, and
        what it raises ends the analysis; where inference is one remote call it is awaited when the reply
        arrives.
        """
        ...

    async def embed_text(self, text: str, *, bulk: bool = False) -> FloatArray:
        """(D,) float32, L2-normalised, in the space of the photos."""
        ...
