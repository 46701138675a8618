"""Describes accepted regions: attributes from their embeddings, colours and JPEGs from their pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.types import AnalyzedItem, Box, ColorShare, FloatArray, Pixels
from imaging.colors import Palette, dominant_colors
from imaging.crop import crop
from imaging.jpeg import encode_jpeg
from models.attributes import AttributeClassifier


@dataclass(frozen=True, slots=True)
class CropDescription:
    """The colours of a crop and, if requested, its JPEG."""

    colors: tuple[ColorShare, ...]
    jpeg: bytes | None


@dataclass(frozen=True, slots=True, eq=False)
class Describer:
    """Describes crops by their pixels, and items by their embeddings."""

    classifier: AttributeClassifier
    palette: Palette

    def describe_crop(self, pixels: Pixels, crop_box: Box, include_jpeg: bool) -> CropDescription:
        """Compute the colours and the JPEG of a box of the photo. Call this on a pixel thread."""
        cropped = crop(pixels, crop_box)
        return CropDescription(
            dominant_colors(cropped, self.palette), encode_jpeg(cropped) if include_jpeg else None
        )

    def describe_items(
        self, items: Sequence[AnalyzedItem], embeddings: FloatArray, crops: Sequence[CropDescription]
    ) -> list[AnalyzedItem]:
        """Complete the items with attributes, `crops` and embeddings (N, D) float32, L2-normalised."""
        answers = self.classifier.describe(embeddings)
        return [
            replace(
                item,
                label=item.label or attributes["category"].value,
                attributes=attributes,
                colors=description.colors,
                crop=description.jpeg,
                embedding=embedding,
            )
            for item, attributes, embedding, description in zip(
                items, answers, embeddings, crops, strict=True
            )
        ]
