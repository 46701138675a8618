"""Finds garments in a picture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from domain.types import Box, Detection, FloatArray, ModelVersion, Pixels
from imaging.decode import EncodedImage
from imaging.letterbox import LetterboxTransform, letterbox
from models.artifact import Artifact
from models.golden import check_rows
from models.manifest import Manifest
from models.nms import nms
from models.session import Session, SessionFactory


class Detector:
    """A detection model: letterbox, graph, NMS where the graph's head needs it."""

    def __init__(self, artifact: Artifact, session: Session) -> None:
        self._artifact = artifact
        self._session = session
        ignored = artifact.manifest.ignored_labels
        self._is_reported = np.array([label not in ignored for label in artifact.manifest.labels])

    @classmethod
    def load(cls, artifact: Artifact, session_factory: SessionFactory) -> Detector:
        return cls(artifact, session_factory(artifact.graph("detector")))

    @property
    def manifest(self) -> Manifest:
        return self._artifact.manifest

    @property
    def version(self) -> ModelVersion:
        return self._artifact.version

    @property
    def provider(self) -> str:
        return self._session.provider

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """(H, W, 3)."""
        return self.manifest.image.height, self.manifest.image.width, 3

    @property
    def enough_px(self) -> int:
        """The longer side to which a picture may be shrunk before `preprocess`: twice the input's."""
        return 2 * max(self.input_shape)

    def preprocess(
        self, pixels: Pixels, source: EncodedImage | None = None
    ) -> tuple[Pixels, LetterboxTransform]:
        """The picture letterboxed to the input's size, and the way back: to `source` where it was shrunk."""
        settings = self.manifest.image
        row, transform = letterbox(pixels, settings.height, settings.width, fill=settings.fill)
        if source is not None:
            transform = transform.of_source(source.info.width, source.info.height, source.reduction)
        return row, transform

    def run(self, batch: npt.NDArray[np.uint8], *, alone: bool = False) -> FloatArray:
        """Rows (N, K, 6) float32 [x1, y1, x2, y2, score, class], in letterboxed pixels, best score first.

        For pictures (N, H, W, 3). Where the manifest's head is "raw" they are still to go through NMS.
        """
        rows: FloatArray = self._session.run(batch, alone=alone)[0]
        return rows

    def postprocess(
        self,
        rows: FloatArray,
        transform: LetterboxTransform,
        min_score: float,
        iou_threshold: float,
        max_detections: int,
        any_class_iou_threshold: float = 1.0,
    ) -> list[Detection]:
        """Detections of one picture, highest score first, from its rows (K, 6).

        A box goes where it overlaps a better one of its class by more than `iou_threshold` (where the head
        leaves that to us), or one of any class by more than `any_class_iou_threshold`. What the manifest
        ignores is not reported and displaces nothing.
        """
        rows = rows[rows[:, 4] >= min_score]
        rows = rows[self._is_reported[rows[:, 5].astype(np.intp)]]
        if self.manifest.head == "raw":
            rows = rows[nms(rows[:, :4], rows[:, 4], rows[:, 5], iou_threshold)]
        if any_class_iou_threshold < 1:
            rows = rows[nms(rows[:, :4], rows[:, 4], np.zeros(len(rows)), any_class_iou_threshold)]
        rows = rows[:max_detections]
        boxes = transform.to_source(rows[:, :4])
        return [self._detection(box, row) for box, row in zip(boxes, rows, strict=True)]

    def check(self, rows: int | None = None) -> float:
        """Run the golden inputs, or the first `rows`: largest box difference in pixels.

        Raises ArtifactError where it is large.
        """
        return check_rows(self._session, self._artifact.golden("detector").first(rows))

    def _detection(self, box_xyxy: FloatArray, row: FloatArray) -> Detection:
        x1, y1, x2, y2 = box_xyxy.tolist()
        return Detection(Box(x1, y1, x2, y2), float(row[4]), self.manifest.labels[int(row[5])])
