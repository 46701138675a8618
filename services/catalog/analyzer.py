"""What the catalogue needs from inference."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias

from domain.taxonomy import Taxonomy
from domain.types import Box, Embedder, FloatArray, ImageAnalysis, ItemVersions, ModelVersion

OnDetected: TypeAlias = Callable[[], Awaitable[None]]


class Analyzer(Protocol):
    """Inference, in this process or behind gRPC. Raises `ArmoireError` only."""

    async def embedder(self, name: str | None = None, *, refresh: bool = False) -> Embedder:
        """The embedder of that version or alias, or else the default (version, width, logit scale).

        A client of a remote server may answer from a cache; with `refresh` it asks the server.

        Raises:
            FailedPrecondition: no such model is loaded.
        """
        ...

    async def versions(self) -> ItemVersions:
        """What items are found and described with at the moment, if a call names no model."""
        ...

    async def hold(self, versions: Sequence[str]) -> None:
        """Keep these embedders loaded, and no others that were held before, as far as this process can."""
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
        embedder: ModelVersion | None = None,
        taxonomy: Taxonomy | None = None,
    ) -> ImageAnalysis:
        """Filter, embed and describe the given boxes, or else the garments that are detected.

        Accepted items always carry their embedding. `on_detected` is awaited after detection or, if inference
        is one remote call, when the reply arrives; an error that `on_detected` raises ends the analysis.
        `embedder` names another than the default; crops have the margin that its preprocessing version says,
        as far as this process decides that. `taxonomy` is that of the words, None for the server's.

        Raises:
            FailedPrecondition: no such embedder is loaded.
        """
        ...

    async def embed_text(
        self, text: str, *, bulk: bool = False, embedder: ModelVersion | None = None
    ) -> FloatArray:
        """(D,) float32, L2-normalised, in the space of the photos. `embedder` as in `analyze`."""
        ...
