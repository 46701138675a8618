"""Regions of a photo that may become items: cut, filtered, and made ready for the image encoder."""

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
    """A region with what the quality filter said of it.

    `region` is what was cut, `encoder_row` the encoder's input (H, W, 3) uint8, None for a rejected item.
    """

    item: AnalyzedItem
    region: Box
    encoder_row: Pixels | None


class Cropper:
    """Cuts boxes out of photos."""

    def __init__(self, encoder: ImageEncoder, options: PipelineOptions) -> None:
        self._encoder = encoder
        self._options = options

    def crop_detections(self, pixels: Pixels, detections: Sequence[Detection]) -> list[Candidate]:
        """A detector's boxes, widened; then the whole photo where none of them is accepted."""
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
        """The caller's boxes as they are, each an item. Raises InvalidInput as `_inside`."""
        found = [Detection(box, 1.0, "") for box in self._inside(boxes, image.info)]
        return lambda pixels: [self._candidate(pixels, detection, detection.box) for detection in found]

    def plan_rows(self, boxes: Sequence[Box], image: EncodedImage) -> Callable[[Pixels], Pixels]:
        """Encoder inputs (N, H, W, 3) uint8, of each box or of the whole photo; raises as `_inside`."""
        return partial(self._rows, self._inside(boxes, image.info))

    def _rows(self, boxes: Sequence[Box], pixels: Pixels) -> Pixels:
        if not boxes:
            return self._encoder.preprocess_photo(pixels)[None]
        return np.stack([self._encoder.preprocess(crop(pixels, box)) for box in boxes])

    def _inside(self, boxes: Sequence[Box], info: ImageInfo) -> list[Box]:
        """Each box, clipped to the photo. Raises InvalidInput for "boxes[i]" where too little is left."""
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
        """Accepted in any case: what would reject a box is a warning here."""
        height, width = pixels.shape[:2]
        quality = assess(pixels, self._options.quality)
        warnings = (*([quality.reason] if quality.reason else []), *quality.warnings)
        box = Box(0.0, 0.0, float(width), float(height))
        item = AnalyzedItem(box, 0.0, "", whole_image=True, warnings=warnings)
        return Candidate(item, box, self._encoder.preprocess(pixels))
