"""Candidates: regions of a photo, cropped, filtered and preprocessed for the image encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from domain.errors import InvalidInput
from domain.types import AnalyzedItem, Box, Detection, Pixels
from imaging.crop import crop, expand
from imaging.decode import EncodedImage, ImageInfo
from imaging.quality import assess
from models.image_encoder import ImageEncoder
from services.inference.pipeline.options import PipelineOptions


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A region that may become an item, with the result of the quality filter.

    `region` is the cropped box, `encoder_row` the encoder's input (H, W, 3) uint8, None for a rejected item.
    """

    item: AnalyzedItem
    region: Box
    encoder_row: Pixels | None


class Cropper:
    """Crops regions of photos and preprocesses them."""

    def __init__(self, encoder: ImageEncoder, options: PipelineOptions) -> None:
        self._encoder = encoder
        self._options = options

    def crop_detections(self, pixels: Pixels, detections: Sequence[Detection]) -> list[Candidate]:
        """Crop the widened boxes of a detector; if none is accepted, the whole photo is added."""
        height, width = pixels.shape[:2]
        ratio = self._options.expand_ratio
        candidates = [
            self._candidate(pixels, detection, expand(detection.box, ratio, width, height))
            for detection in detections
        ]
        if any(candidate.item.accepted for candidate in candidates):
            return candidates
        return [*candidates, self._whole_photo(pixels)]

    def plan_regions(self, boxes: Sequence[Box], image: EncodedImage) -> Callable[[Pixels], list[Candidate]]:
        """A function that crops the caller's boxes as they are. Raises InvalidInput as `_inside`."""
        found = [Detection(box, 1.0, "") for box in self._inside(boxes, image.info)]
        return lambda pixels: [self._candidate(pixels, detection, detection.box) for detection in found]

    def plan_rows(self, boxes: Sequence[Box], image: EncodedImage) -> Callable[[Pixels], Pixels]:
        """A function that makes encoder inputs (N, H, W, 3) uint8 of the boxes, or of the whole photo."""
        return partial(self._rows, self._inside(boxes, image.info))

    def _rows(self, boxes: Sequence[Box], pixels: Pixels) -> Pixels:
        if not boxes:
            return self._encoder.preprocess_photo(pixels)[None]
        return np.stack([self._encoder.preprocess(crop(pixels, box)) for box in boxes])

    def _inside(self, boxes: Sequence[Box], info: ImageInfo) -> list[Box]:
        """Clip the boxes to the photo. Raises InvalidInput for "boxes[i]" if too little of it remains."""
        return [self._clipped(box, f"boxes[{index}]", info) for index, box in enumerate(boxes)]

    def _clipped(self, box: Box, field: str, info: ImageInfo) -> Box:
        inside = Box(
            max(0.0, box.x1),
            max(0.0, box.y1),
            min(float(info.width), box.x2),
            min(float(info.height), box.y2),
        )
        shortest = self._options.min_box_side_px
        if not (inside.width >= shortest and inside.height >= shortest):
            raise InvalidInput(
                field,
                f"must cover at least {shortest:g} x {shortest:g} pixels of the {info.width} x {info.height} "
                f"picture, got x1={box.x1:g}, y1={box.y1:g}, x2={box.x2:g}, y2={box.y2:g}",
            )
        return inside

    def _candidate(self, pixels: Pixels, detection: Detection, region: Box) -> Candidate:
        cut = crop(pixels, region)
        quality = assess(cut, self._options.quality)
        item = AnalyzedItem(
            detection.box, detection.score, detection.label, reason=quality.reason, warnings=quality.warnings
        )
        return Candidate(item, region, self._encoder.preprocess(cut) if item.accepted else None)

    def _whole_photo(self, pixels: Pixels) -> Candidate:
        """The whole photo as a candidate; a reason that would reject a box is only a warning here."""
        height, width = pixels.shape[:2]
        quality = assess(pixels, self._options.quality)
        warnings = (*([quality.reason] if quality.reason else []), *quality.warnings)
        box = Box(0.0, 0.0, float(width), float(height))
        item = AnalyzedItem(box, 0.0, "", whole_image=True, warnings=warnings)
        return Candidate(item, box, self._encoder.preprocess(pixels))
