"""A detector's graph measured against its network in torch and against its library's own predictions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import torch

from domain.types import Detection, FloatArray, Pixels
from export.control import control_difference, to_control
from models.agreement import RowAgreement, compare_rows
from models.detector import Detector
from models.manifest import Manifest
from models.session import OnnxSession

MIN_SCORE = 0.01
IOU_THRESHOLD = 0.6
MAX_ROWS = 300
BATCH = 3

Predict: TypeAlias = Callable[[Pixels], FloatArray]
"""The library's own rows (K, 6) [x1, y1, x2, y2, score, class] for a letterboxed picture (H, W, 3)."""


def measure_heads(
    graph: torch.nn.Module, session: OnnxSession, detector: Detector, pictures: list[Pixels]
) -> dict[str, float]:
    """Compare every anchor; the second output of the graph and of `session` is the head."""
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
    }


def measure_predictions(predict: Predict, detector: Detector, pictures: list[Pixels]) -> dict[str, float]:
    """Compare boxes with those of the library, on letterboxed pictures and in their pixels."""
    agreements = [_compare_prediction(predict, detector, picture) for picture in pictures]
    matched = sum(agreement.matched for agreement in agreements)
    unmatched = sum(agreement.unmatched for agreement in agreements)
    return {
        "matched_boxes": float(matched),
        "matched_box_difference_px": max(agreement.box_difference_px for agreement in agreements),
        "matched_score_difference": max(agreement.score_difference for agreement in agreements),
        "unmatched_share": unmatched / (matched + unmatched) if unmatched else 0.0,
    }


def _torch_head(graph: torch.nn.Module, image: Pixels) -> FloatArray:
    with torch.no_grad():
        head: FloatArray = graph(torch.from_numpy(image)[None])[1].numpy()
    return head


def _compare_prediction(predict: Predict, detector: Detector, picture: Pixels) -> RowAgreement:
    image, _ = detector.preprocess(picture)
    image, unchanged = detector.preprocess(image)
    rows = detector.run(image[None])[0]
    ours = detector.postprocess(rows, unchanged, MIN_SCORE, IOU_THRESHOLD, MAX_ROWS)
    # The library alone sees anchors beyond the graph's selection: look at rows that beat them all.
    edge = max(MIN_SCORE, float(rows[:, 4].min())) + 1e-3
    return compare_rows(predict(image), as_rows(ours, detector.manifest), edge)


def as_rows(detections: list[Detection], manifest: Manifest) -> FloatArray:
    """Rows (K, 6) in the pixels that the boxes are in."""
    labels = manifest.labels
    rows = [(d.box.x1, d.box.y1, d.box.x2, d.box.y2, d.score, labels.index(d.label)) for d in detections]
    return np.array(rows, dtype=np.float32).reshape(len(rows), 6)
