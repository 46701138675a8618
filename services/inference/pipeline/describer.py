"""Describes accepted regions: attributes from their embeddings, colours and JPEGs from their pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.color_answer import color_answer
from domain.types import AnalyzedItem, AttributeValue, Box, ColorShare, FloatArray, Pixels
from imaging.colors import Palette, dominant_colors
from imaging.crop import crop
from imaging.jpeg import encode_jpeg_within
from models.attributes import AttributeClassifier
from services.inference.pipeline.item_classifier import ItemCategories, ItemClassifier
from services.inference.pipeline.options import CropLimits


@dataclass(frozen=True, slots=True)
class CropDescription:
    """The colours of a crop and, if requested, its JPEG."""

    colors: tuple[ColorShare, ...]
    jpeg: bytes | None


@dataclass(frozen=True, slots=True, eq=False)
class Describer:
    """Describes crops by their pixels, and items by their embeddings and what a classifier says of them.

    `item_classifier` is None where no classifier is served. `crop_limits` bound the JPEGs of crops.
    `vocabulary` is the version of the taxonomy, which may be a tenant's.
    """

    attributes: AttributeClassifier
    palette: Palette
    item_classifier: ItemClassifier | None = None
    crop_limits: CropLimits = CropLimits()
    vocabulary: str = ""

    def describe_crop(self, pixels: Pixels, crop_box: Box, include_jpeg: bool) -> CropDescription:
        """Compute the colours and the JPEG of a box of the photo. Call this on a pixel thread."""
        cropped = crop(pixels, crop_box)
        limits = self.crop_limits
        jpeg = encode_jpeg_within(cropped, limits.max_side_px, limits.max_bytes) if include_jpeg else None
        return CropDescription(dominant_colors(cropped, self.palette), jpeg)

    def describe_items(
        self,
        items: Sequence[AnalyzedItem],
        embeddings: FloatArray,
        crops: Sequence[CropDescription],
        probabilities: FloatArray | None = None,
    ) -> list[AnalyzedItem]:
        """Complete the items with attributes, `crops` and embeddings (N, D) float32, L2-normalised.

        `probabilities` are the classifier's, (N, C) float32; None where none is served.
        """
        answers = self.attributes.describe(embeddings)
        categories = self._categories(probabilities, len(items))
        scores = self.attributes.garment_scores(embeddings)
        return [
            replace(_described(item, attributes, embedding, description, said), garment_score=score)
            for item, attributes, embedding, description, said, score in zip(
                items, answers, embeddings, crops, categories, scores, strict=True
            )
        ]

    def _categories(self, probabilities: FloatArray | None, count: int) -> list[ItemCategories]:
        if self.item_classifier is None or probabilities is None:
            return [ItemCategories((), None)] * count
        return self.item_classifier.describe(probabilities)


def _described(
    item: AnalyzedItem,
    attributes: Mapping[str, AttributeValue],
    embedding: FloatArray,
    crop: CropDescription,
    said: ItemCategories,
) -> AnalyzedItem:
    if said.category is not None:
        attributes = {**attributes, "category": said.category}
    if "color" in attributes:
        attributes = {**attributes, "color": color_answer(crop.colors, attributes["color"])}
    return replace(
        item,
        label=item.label or attributes["category"].value,
        attributes=attributes,
        colors=crop.colors,
        crop=crop.jpeg,
        embedding=embedding,
        categories=said.labels,
    )
