"""The options of the pipeline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from domain.types import ModelVersion
from imaging.decode import DecodeLimits
from imaging.quality import QualityLimits

_GROW = "-grow"
CategorySource: TypeAlias = Literal["embedder", "classifier"]


@dataclass(frozen=True, slots=True)
class CropLimits:
    """Limits of the JPEG of a crop: a larger crop is made smaller, or stored at a lower quality."""

    max_side_px: int = 1024
    max_bytes: int = 512 * 2**10


@dataclass(frozen=True, slots=True)
class PipelineOptions:
    """Options of the pipeline.

    Attributes:
        min_score: detections below it are dropped, 0 to 1; None means the detector's manifest decides.
        iou_threshold: of two boxes of one class that overlap by more than this, the weaker is dropped.
        any_class_iou_threshold: the same for boxes of any classes, since one garment may be detected with two
            labels.
        max_detections: boxes kept for a photo, best first.
        expand_ratio: a detected box grows by this share of its width and height, half of it on either side.
        min_box_side_px: the shortest side that a caller's box may have inside the photo.
        decode: limits of a photo's encoded size and pixels.
        categories_top_k: labels of the classifier that are reported for an item, most probable first.
        categories_min_score: labels that are less probable are not reported, 0 to 1.
        category_source: whose answer the attribute `category` is. The classifier's is that of the taxonomy's
            category which its labels name; where labels without a category are together more probable, the
            embedder answers.
        max_call_pixels: of all photos of one call and of their boxes, together.
        crops: limits of the JPEGs of crops.
        quality: limits beyond which a crop is rejected or kept with a warning.
    """

    min_score: float | None = None
    iou_threshold: float = 0.5
    any_class_iou_threshold: float = 0.7
    max_detections: int = 20
    expand_ratio: float = 0.1
    min_box_side_px: float = 2.0
    categories_top_k: int = 5
    categories_min_score: float = 0.01
    category_source: CategorySource = "embedder"
    decode: DecodeLimits = DecodeLimits()
    max_call_pixels: int = 800_000_000
    crops: CropLimits = CropLimits()
    quality: QualityLimits = QualityLimits()


def cropped_version(model: ModelVersion, options: PipelineOptions) -> ModelVersion:
    """The version of answers about crops: the artifact's version plus `expand_ratio`.

    Both change an embedding and what a classifier says; the artifact's version covers padding, input size and
    interpolation.
    """
    return replace(model, preprocess_version=f"{model.preprocess_version}{_GROW}{options.expand_ratio:g}")


def expand_ratio_of(version: ModelVersion) -> float | None:
    """The `expand_ratio` that a version of `cropped_version` names; None where it names none."""
    _, named, ratio = version.preprocess_version.rpartition(_GROW)
    try:
        return float(ratio) if named else None
    except ValueError:
        return None
