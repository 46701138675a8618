"""Regions of a photo: cropped, checked by the quality filter and preprocessed for the image encoder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import TypeVar

import numpy as np

from domain.errors import InvalidInput
from domain.types import AnalyzedItem, Box, Detection, Pixels
from imaging.crop import box_pixels, check_box_pixels, crop, expand
from imaging.decode import EncodedImage, ImageInfo
from imaging.quality import assess
from models.classifier import Classifier
from models.image_encoder import ImageEncoder
from services.inference.pipeline.options import PipelineOptions
from services.inference.pipeline.photo import Check, Preprocess

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A region of a photo that becomes an item if the quality filter accepts the region.

    Attributes:
        item: the item before it is embedded and described, with the result of the quality filter.
        crop_box: the box that was cropped.
        encoder_row: the encoder input (H, W, 3) uint8; None if the region was rejected.
        classifier_row: the classifier input, likewise; None also if no classifier is served.
    """

    item: AnalyzedItem
    crop_box: Box
    encoder_row: Pixels | None
    classifier_row: Pixels | None = None


class Cropper:
    """Crops regions of photos and preprocesses the crops."""

    def __init__(
        self, encoder: ImageEncoder, options: PipelineOptions, classifier: Classifier | None = None
    ) -> None:
        self._encoder = encoder
        self._classifier = classifier
        self._options = options

    def crop_detections(self, pixels: Pixels, detections: Sequence[Detection], check: Check) -> list[Region]:
        """Crop the expanded boxes of a detector; if no region is accepted, the whole photo is added.

        Of detections with too many pixels together, the first, which are the best, are kept.
        """
        height, width = pixels.shape[:2]
        ratio = self._options.expand_ratio
        crop_boxes = [expand(detection.box, ratio, width, height) for detection in detections]
        kept = _first_within(crop_boxes, width, height, self._options.decode.max_box_pixels)
        regions = self._crop_each(pixels, detections[:kept], crop_boxes[:kept], check)
        if any(region.item.accepted for region in regions):
            return regions
        return [*regions, self._whole_photo(pixels)]

    def make_box_cropper(
        self, boxes: Sequence[Box], image: EncodedImage, check: Check
    ) -> Preprocess[list[Region]]:
        """Check the caller's boxes now; return a function that crops them without a margin from the pixels.

        Raises:
            InvalidInput: less than `min_box_side_px` of a box is inside the photo; the field is "boxes[i]".
                Or the boxes have too many pixels together; the field is "boxes".
        """
        clipped = self._clip(boxes, image.info)
        detections = [Detection(box, 1.0, "") for box in clipped]
        return lambda pixels: self._crop_each(pixels, detections, clipped, check)

    def make_row_preprocess(
        self, boxes: Sequence[Box], image: EncodedImage, check: Check
    ) -> Preprocess[Pixels]:
        """Check the caller's boxes now; return a function that makes encoder inputs (N, H, W, 3) uint8.

        The function crops the boxes or, if there are none, uses the whole photo. Raises the same error as
        `make_box_cropper`.
        """
        return partial(self._preprocess_rows, self._clip(boxes, image.info), check)

    def _preprocess_rows(self, boxes: Sequence[Box], check: Check, pixels: Pixels) -> Pixels:
        if not boxes:
            return self._encoder.preprocess_photo(pixels)[None]
        return np.stack([self._encoder.preprocess(crop(pixels, box)) for box in checked(boxes, check)])

    def _clip(self, boxes: Sequence[Box], info: ImageInfo) -> list[Box]:
        """Clip boxes to the photo. Raises InvalidInput if one is too small, or all together are too large."""
        check_box_pixels(boxes, info.width, info.height, self._options.decode.max_box_pixels)
        return [self._clip_box(box, f"boxes[{index}]", info) for index, box in enumerate(boxes)]

    def _clip_box(self, box: Box, field: str, info: ImageInfo) -> Box:
        clipped = Box(
            max(0.0, box.x1),
            max(0.0, box.y1),
            min(float(info.width), box.x2),
            min(float(info.height), box.y2),
        )
        min_side = self._options.min_box_side_px
        if not (clipped.width >= min_side and clipped.height >= min_side):
            raise InvalidInput(
                field,
                f"must overlap the picture ({info.width} x {info.height}) by at least "
                f"{min_side:g} x {min_side:g} pixels, "
                f"got x1={box.x1:g}, y1={box.y1:g}, x2={box.x2:g}, y2={box.y2:g}",
            )
        return clipped

    def _crop_each(
        self, pixels: Pixels, detections: Sequence[Detection], crop_boxes: Sequence[Box], check: Check
    ) -> list[Region]:
        pairs = zip(detections, crop_boxes, strict=True)
        return [self._crop(pixels, detection, crop_box) for detection, crop_box in checked(pairs, check)]

    def _crop(self, pixels: Pixels, detection: Detection, crop_box: Box) -> Region:
        cropped = crop(pixels, crop_box)
        quality = assess(cropped, self._options.quality)
        item = AnalyzedItem(
            detection.box, detection.score, detection.label, reason=quality.reason, warnings=quality.warnings
        )
        return self._region(item, crop_box, cropped) if item.accepted else Region(item, crop_box, None)

    def _region(self, item: AnalyzedItem, crop_box: Box, cropped: Pixels) -> Region:
        """An accepted region: its crop as the input of every model that looks at crops."""
        classifier = self._classifier
        classifier_row = None if classifier is None else classifier.preprocess(cropped)
        return Region(item, crop_box, self._encoder.preprocess(cropped), classifier_row)

    def _whole_photo(self, pixels: Pixels) -> Region:
        """The whole photo as a region. It is never rejected: a rejection reason becomes a warning."""
        height, width = pixels.shape[:2]
        quality = assess(pixels, self._options.quality)
        warnings = (*([quality.reason] if quality.reason else []), *quality.warnings)
        box = Box(0.0, 0.0, float(width), float(height))
        item = AnalyzedItem(box, 0.0, "", whole_image=True, warnings=warnings)
        return self._region(item, box, pixels)


def _first_within(boxes: Sequence[Box], width: int, height: int, most: int) -> int:
    """How many boxes, from the first on, have at most `most` pixels together."""
    together = accumulate(box_pixels([box], width, height) for box in boxes)
    return sum(pixels <= most for pixels in together)


def checked(elements: Iterable[T], check: Check) -> Iterator[T]:
    """The elements, with a check before each: it ends the work where nobody waits for it any more."""
    for element in elements:
        check()
        yield element
