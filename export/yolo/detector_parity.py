"""A YOLO detector's graph measured against the network and against the library's own predictions."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import torch

from domain.types import Detection, FloatArray, Pixels
from export.control import control_difference, to_control
from export.yolo.detector_graph import MAX_ROWS, DetectorGraph
from models.agreement import RowAgreement, compare_rows
from models.detector import Detector
from models.manifest import Manifest
from models.session import OnnxSession

MIN_SCORE = 0.01
IOU_THRESHOLD = 0.6
BATCH = 3


def measure_heads(
    graph: DetectorGraph, session: OnnxSession, detector: Detector, pictures: list[Pixels]
) -> dict[str, float]:
    """`session` has the head as its second output."""
    inputs = [detector.preprocess(picture)[0] for picture in pictures]
    expected = np.concatenate([_torch_head(graph, image) for image in inputs])
    chunks = [np.stack(inputs[start : start + BATCH]) for start in range(0, len(inputs), BATCH)]
    actual = np.concatenate([session.run(chunk)[1] for chunk in chunks])
    difference = np.abs(expected - actual)
    score, control = float(difference[:, 4:].max()), control_difference(expected[:, 4:])
    return {
        "pictures": float(len(pictures)),
        "control_score_distance": control,
        "head_box_difference_px": float(difference[:, :4].max()),
        "head_score_difference": score,
        "head_score_difference_to_control": to_control(score, control),
        "preprocess_pixel_difference": _letterbox_difference(detector, pictures, inputs),
    }


def measure_predictions(library: Any, detector: Detector, pictures: list[Pixels]) -> dict[str, float]:
    agreements = [_compare_prediction(library, detector, picture) for picture in pictures]
    matched = sum(agreement.matched for agreement in agreements)
    unmatched = sum(agreement.unmatched for agreement in agreements)
    return {
        "matched_boxes": float(matched),
        "matched_box_difference_px": max(agreement.box_difference_px for agreement in agreements),
        "matched_score_difference": max(agreement.score_difference for agreement in agreements),
        "unmatched_share": unmatched / (matched + unmatched) if unmatched else 0.0,
    }


def _torch_head(graph: DetectorGraph, image: Pixels) -> FloatArray:
    with torch.no_grad():
        head: FloatArray = graph(torch.from_numpy(image)[None])[1].numpy()
    return head


def _letterbox_difference(detector: Detector, pictures: list[Pixels], inputs: list[Pixels]) -> float:
    from ultralytics.data.augment import LetterBox

    theirs = LetterBox(detector.manifest.image.shape[:2], auto=False)
    pairs = [(theirs(image=picture), ours) for picture, ours in zip(pictures, inputs, strict=True)]
    return max(float(np.abs(a.astype(np.int16) - b.astype(np.int16)).max()) for a, b in pairs)


def _compare_prediction(library: Any, detector: Detector, picture: Pixels) -> RowAgreement:
    """Compare with the library's own prediction, both on the letterboxed picture and in its pixels."""
    image, _ = detector.preprocess(picture)
    image, unchanged = detector.preprocess(image)
    rows = detector.run(image[None])[0]
    ours = detector.postprocess(rows, unchanged, MIN_SCORE, IOU_THRESHOLD, MAX_ROWS)
    # The library alone sees anchors beyond the graph's selection: look at rows that beat them all.
    edge = max(MIN_SCORE, float(rows[:, 4].min())) + 1e-3
    theirs: FloatArray = predict(
        library, detector.manifest, image, MAX_ROWS, boxes_only=True
    ).boxes.data.numpy()
    return compare_rows(theirs, as_rows(ours, detector.manifest), edge)


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


def as_rows(detections: list[Detection], manifest: Manifest) -> FloatArray:
    """Rows (K, 6) in the pixels that the boxes are in."""
    labels = manifest.labels
    rows = [(d.box.x1, d.box.y1, d.box.x2, d.box.y2, d.score, labels.index(d.label)) for d in detections]
    return np.array(rows, dtype=np.float32).reshape(len(rows), 6)
