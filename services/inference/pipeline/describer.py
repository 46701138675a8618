"""What an accepted region is: attributes from its embedding, colours and a JPEG from its pixels."""

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
    """What the pixels of a region show; `jpeg` where asked for."""

    colors: tuple[ColorShare, ...]
    jpeg: bytes | None


@dataclass(frozen=True, slots=True, eq=False)
class Describer:
    """Describes garments."""

    classifier: AttributeClassifier
    palette: Palette

    def look(self, pixels: Pixels, region: Box, include_jpeg: bool) -> Look:
        """Work for a thread."""
        cut = crop(pixels, region)
        return Look(dominant_colors(cut, self.palette), encode_jpeg(cut) if include_jpeg else None)

    def describe(
        self, items: Sequence[AnalyzedItem], embeddings: FloatArray, looks: Sequence[Look]
    ) -> list[AnalyzedItem]:
        """The items, complete; `embeddings` is (N, D) float32, L2-normalised."""
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
