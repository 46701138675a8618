"""Finds garments in a picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from domain.types import Box, Detection, FloatArray, Pixels
from imaging.decode import EncodedImage
from imaging.letterbox import LetterboxTransform, letterbox
from models.artifact import Artifact
from models.golden import check_rows
from models.model import Model
from models.nms import nms
from models.session import Session


class Detector(Model):
    """A detection model: letterbox, graph, NMS where the graph's head needs it.

    `run` takes pictures (N, H, W, 3) uint8 and gives rows (N, K, 6) float32 [x1, y1, x2, y2, score, class],
    in letterboxed pixels, best score first; where the manifest's head is "raw", still to go through NMS.
    """

    graph = "detector"

    def __init__(self, artifact: Artifact, session: Session) -> None:
        super().__init__(artifact, session)
        ignored = artifact.manifest.ignored_labels
        self._is_reported = np.array([label not in ignored for label in artifact.manifest.labels])

    def preprocess(
        self, pixels: Pixels, source: EncodedImage | None = None
    ) -> tuple[Pixels, LetterboxTransform]:
        """The picture letterboxed to the input's size, and the way back: to `source` where it was shrunk."""
        settings = self.manifest.image
        row, transform = letterbox(pixels, settings.height, settings.width, fill=settings.fill)
        if source is not None:
            transform = transform.of_source(source.info.width, source.info.height, source.reduction)
        return row, transform

    def postprocess(
        self,
        rows: FloatArray,
        transform: LetterboxTransform,
        min_score: float | None,
        iou_threshold: float,
        max_detections: int,
        any_class_iou_threshold: float = 1.0,
    ) -> list[Detection]:
        """Detections of one picture, highest score first, from its rows (K, 6); see `choose`."""
        chosen = self.choose(rows, min_score, iou_threshold, max_detections, any_class_iou_threshold)
        return self.describe(rows[chosen], transform)

    def choose(
        self,
        rows: FloatArray,
        min_score: float | None,
        iou_threshold: float,
        max_detections: int,
        any_class_iou_threshold: float = 1.0,
    ) -> npt.NDArray[np.intp]:
        """Indices of the rows (K, 6) of one picture that are reported, highest score first.

        A box goes where it overlaps a better one of its class by more than `iou_threshold` (where the head
        leaves that to us), or one of any class by more than `any_class_iou_threshold`. What the manifest
        ignores is not reported and displaces nothing. Where `min_score` is None the manifest's counts.
        """
        min_score = self.manifest.min_score if min_score is None else min_score
        kept: npt.NDArray[np.intp] = np.flatnonzero(rows[:, 4] >= min_score)
        kept = kept[self._is_reported[rows[kept, 5].astype(np.intp)]]
        if self.manifest.head == "raw":
            kept = kept[_best(rows[kept], rows[kept, 5], iou_threshold)]
        if any_class_iou_threshold < 1:
            kept = kept[_best(rows[kept], np.zeros(len(kept)), any_class_iou_threshold)]
        return kept[:max_detections]

    def describe(self, rows: FloatArray, transform: LetterboxTransform) -> list[Detection]:
        """What rows (K, 6) of one picture say, in pixels of the picture."""
        boxes = transform.to_source(rows[:, :4])
        return [self._detection(box, row) for box, row in zip(boxes, rows, strict=True)]

    def check(self, rows: int | None = None) -> float:
        """Run the golden inputs, or the first `rows`: largest box difference in pixels.

        Raises ArtifactError where it is large.
        """
        golden = self._artifact.golden(self.graph).first(rows)
        return check_rows(self.run(golden.inputs), golden, self.provider)

    def _detection(self, box_xyxy: FloatArray, row: FloatArray) -> Detection:
        x1, y1, x2, y2 = box_xyxy.tolist()
        return Detection(Box(x1, y1, x2, y2), float(row[4]), self.manifest.labels[int(row[5])])


def _best(rows: FloatArray, class_ids: npt.NDArray[Any], iou_threshold: float) -> npt.NDArray[np.intp]:
    return nms(rows[:, :4], rows[:, 4], class_ids, iou_threshold)
