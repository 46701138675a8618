"""What ultralytics itself makes of a picture: its letterbox and its predictions."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from domain.types import Pixels
from export.detector_parity import IOU_THRESHOLD, MAX_ROWS, MIN_SCORE, Predict
from models.detector import Detector
from models.manifest import Manifest


def letterbox_difference(detector: Detector, pictures: list[Pixels]) -> float:
    """The largest difference in grey levels between the library's letterbox and ours."""
    from ultralytics.data.augment import LetterBox

    theirs = LetterBox(detector.manifest.image.shape[:2], auto=False)
    pairs = [(theirs(image=picture), detector.preprocess(picture)[0]) for picture in pictures]
    return max(float(np.abs(a.astype(np.int16) - b.astype(np.int16)).max()) for a, b in pairs)


def predict_rows(library: Any, manifest: Manifest) -> Predict:
    """The library's own boxes."""
    return lambda image: predict(library, manifest, image, MAX_ROWS, boxes_only=True).boxes.data.numpy()


def predict(
    library: Any, manifest: Manifest, picture: Pixels, max_detections: int, *, boxes_only: bool = False
) -> Any:
    """The library's own `Results` for a letterboxed picture.

    A segmenter's leave out the rows whose masks are empty; `boxes_only` has all rows, and no masks.
    """
    (result,) = library.predict(
        np.ascontiguousarray(picture[..., ::-1]),
        predictor=_segmenter_predictors()[boxes_only] if library.task == "segment" else None,
        imgsz=list(manifest.image.shape[:2]),
        rect=False,
        conf=MIN_SCORE,
        iou=IOU_THRESHOLD,
        max_det=max_detections,
        nms=False if manifest.head == "nms_free" else None,
        device="cpu",
        verbose=False,
    )
    return result


@cache
def _segmenter_predictors() -> tuple[Any, Any]:
    """The library's predictor class for segmenters, and one that makes no masks; the same ones each time."""
    from ultralytics.models.yolo.detect import DetectionPredictor
    from ultralytics.models.yolo.segment import SegmentationPredictor

    class BoxesPredictor(SegmentationPredictor):
        def construct_result(self, pred: Any, img: Any, orig_img: Any, img_path: Any, _: Any) -> Any:
            return DetectionPredictor.construct_result(self, pred, img, orig_img, img_path)

    return SegmentationPredictor, BoxesPredictor
