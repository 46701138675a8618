"""Describes accepted regions: attributes from the embedding, colours and JPEG from the pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.types import AnalyzedItem, Box, ColorShare, FloatArray, Pixels
from imaging.colors import Palette, dominant_colors
from imaging.crop import crop
from imaging.jpeg import encode_jpeg
from models.attributes import AttributeClassifier


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of a region and, if requested, its JPEG."""

    colors: tuple[ColorShare, ...]
    jpeg: bytes | None


@dataclass(frozen=True, slots=True, eq=False)
class Describer:
    """Describes garments."""

    classifier: AttributeClassifier
    palette: Palette

    def look(self, pixels: Pixels, region: Box, include_jpeg: bool) -> Look:
        """Compute the colours and the JPEG; it runs on a thread."""
        cut = crop(pixels, region)
        return Look(dominant_colors(cut, self.palette), encode_jpeg(cut) if include_jpeg else None)

    def describe(
        self, items: Sequence[AnalyzedItem], embeddings: FloatArray, looks: Sequence[Look]
    ) -> list[AnalyzedItem]:
        """The complete items; `embeddings` is (N, D) float32, L2-normalised."""
        answers = self.classifier.describe(embeddings)
        return [
            replace(
                item,
                label=item.label or attributes["category"].value,
                attributes=attributes,
                colors=look.colors,
                crop=look.jpeg,
                embedding=embedding,
            )
            for item, attributes, embedding, look in zip(items, answers, embeddings, looks, strict=True)
        ]
