"""Finds garments in a picture, and the pixels that belong to each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from domain.types import Detection, FloatArray, Pixels
from imaging.letterbox import LetterboxTransform
from models.artifact import Artifact
from models.detector import Detector
from models.golden import check_masks
from models.masks import BoolArray, box_mask, mask_logits
from models.model import Model
from models.session import Session

GOLDEN_MASKS = 20
"""Rows of each golden picture whose masks are compared: the best ones."""


@dataclass(frozen=True, slots=True, eq=False)
class SegmentedDetection:
    """A detection and its mask.

    Attributes:
        mask: (H, W) bool; which pixels of `imaging.crop.crop(picture, detection.box)` belong to it.
    """

    detection: Detection
    mask: BoolArray


class SegmenterOutputs(NamedTuple):
    """What the graph gives, for a batch of N pictures or, without the first axis, for one.

    Attributes:
        rows: (N, K, 6) float32, as a detector's.
        mask_coefficients: (N, K, M) float32, for each row.
        mask_prototypes: (N, M, h, w) float32, over the whole letterbox.
    """

    rows: FloatArray
    mask_coefficients: FloatArray
    mask_prototypes: FloatArray

    def picture(self, index: int) -> SegmenterOutputs:
        return SegmenterOutputs(*(output[index] for output in self))


class Segmenter(Model):
    """A detector with masks. Its rows are those of `Detector`, and chosen as there.

    `run` gives the rows alone; `run_masks` also gives what the masks are made of.
    """

    graph = "segmenter"

    def __init__(self, artifact: Artifact, session: Session) -> None:
        super().__init__(artifact, session)
        self._detector = Detector(artifact, session)

    def preprocess(self, pixels: Pixels) -> tuple[Pixels, LetterboxTransform]:
        """The picture letterboxed to the input's size, and the way back."""
        return self._detector.preprocess(pixels)

    def run_masks(self, batch: Pixels, *, exclusive: bool = False) -> SegmenterOutputs:
        """The graph's outputs for pictures (N, H, W, 3) uint8."""
        return SegmenterOutputs(*self._session.run(batch, exclusive=exclusive))

    def postprocess(
        self,
        outputs: SegmenterOutputs,
        transform: LetterboxTransform,
        min_score: float | None,
        iou_threshold: float,
        max_detections: int,
        any_class_iou_threshold: float = 1.0,
    ) -> list[SegmentedDetection]:
        """Detections of one picture with their masks, highest score first; see `Detector.choose`."""
        rows, coefficients, prototypes = outputs
        chosen = self._detector.choose(
            rows, min_score, iou_threshold, max_detections, any_class_iou_threshold
        )
        detections = self._detector.describe(rows[chosen], transform)
        logits = mask_logits(coefficients[chosen], prototypes)
        settings = self.manifest.image
        stride = settings.height / logits.shape[1], settings.width / logits.shape[2]
        return [
            SegmentedDetection(found, box_mask(each, found.box, transform, stride))
            for found, each in zip(detections, logits, strict=True)
        ]

    def segment(
        self,
        photo: Pixels,
        min_score: float | None = None,
        iou_threshold: float = 0.6,
        max_detections: int = 100,
    ) -> list[SegmentedDetection]:
        """Detections of a photo (H, W, 3) with their masks, in pixels of the photo, highest score first."""
        image, transform = self.preprocess(photo)
        outputs = self.run_masks(image[None]).picture(0)
        return self.postprocess(outputs, transform, min_score, iou_threshold, max_detections)

    def golden_masks(self, outputs: SegmenterOutputs, count: int | None = None) -> BoolArray:
        """Where the logits of the first `count` rows, or of all, are positive: (N, count, h * w)."""
        pictures = [outputs.picture(index) for index in range(len(outputs.rows))]
        masks = [mask_logits(each.mask_coefficients[:count], each.mask_prototypes) > 0 for each in pictures]
        return np.stack([mask.reshape(len(mask), -1) for mask in masks])

    def check(self, rows: int | None = None) -> float:
        """Run the golden inputs, or the first `rows`: intersection over union of all masks.

        Raises ArtifactError where boxes, scores or masks differ.
        """
        golden_rows = self._artifact.golden(Detector.graph).first(rows)
        golden_masks = self._artifact.golden(self.graph).first(rows)
        outputs = self.run_masks(golden_masks.inputs)
        masks = self.golden_masks(outputs)
        return check_masks(outputs.rows, masks, golden_rows, golden_masks, self.provider)
