"""A YOLO segmenter's masks measured against the network and against the library's own predictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from domain.types import FloatArray, Pixels
from export.control import control_difference, to_control
from export.detector_parity import IOU_THRESHOLD, MIN_SCORE, as_rows
from export.yolo.detector_graph import DetectorGraph
from export.yolo.detector_parity import predict
from imaging.crop import touched_pixels
from models.agreement import compare_rows
from models.detector import Detector
from models.masks import BoolArray
from models.segmenter import SegmentedDetection, Segmenter, SegmenterOutputs
from models.session import OnnxSession

MAX_MASKS = 50
"""Masks compared in each picture: the library makes all at once, in float32 and the size of the input."""


def measure_mask_outputs(
    graph: DetectorGraph, session: OnnxSession, detector: Detector, pictures: list[Pixels]
) -> dict[str, float]:
    """`session` has the outputs of `SegmenterGraph`."""
    pairs = [_both(graph, session, detector.preprocess(picture)[0]) for picture in pictures]
    return {
        f"{name}_difference_to_control": _difference_to_control([pair[index] for pair in pairs])
        for index, name in enumerate(("mask_coefficient", "mask_prototype"))
    }


def measure_masks(library: Any, segmenter: Segmenter, pictures: list[Pixels]) -> dict[str, float]:
    """Masks of the same detections, on letterboxed pictures and in their pixels."""
    images = [segmenter.preprocess(picture)[0] for picture in pictures]
    outputs = [segmenter.run_masks(image[None]).picture(0) for image in images]
    compared, control = Overlap(), Overlap()
    for index, (image, ours) in enumerate(zip(images, outputs, strict=True)):
        found = _segment(segmenter, image, ours)
        compared += _compare_prediction(library, segmenter, image, found)
        # The same boxes and coefficients with another picture's prototypes.
        other = ours._replace(mask_prototypes=outputs[index - 1].mask_prototypes)
        control += _overlap(
            [(a.mask, b.mask) for a, b in zip(found, _segment(segmenter, image, other), strict=True)]
        )
    return {
        "matched_masks": float(compared.masks),
        "mask_iou": compared.iou,
        "control_mask_iou": control.iou,
    }


@dataclass(frozen=True, slots=True)
class Overlap:
    """Pixels that pairs of masks have in common, and that they have together."""

    masks: int = 0
    shared: int = 0
    union: int = 0

    def __add__(self, other: Overlap) -> Overlap:
        return Overlap(self.masks + other.masks, self.shared + other.shared, self.union + other.union)

    @property
    def iou(self) -> float:
        """NaN where all masks are empty."""
        return self.shared / self.union if self.union else float("nan")


def _both(
    graph: DetectorGraph, session: OnnxSession, image: Pixels
) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
    """(torch's, the graph's) coefficients of all anchors and (torch's, the graph's) prototypes."""
    with torch.no_grad():
        expected = [output.numpy()[0] for output in graph(torch.from_numpy(image)[None])]
    actual = [output[0] for output in session.run(image[None])]
    return (expected[4], actual[4]), (expected[3], actual[3])


def _difference_to_control(pairs: Sequence[tuple[FloatArray, FloatArray]]) -> float:
    largest = max(float(np.abs(expected - actual).max()) for expected, actual in pairs)
    return to_control(largest, control_difference(np.stack([expected for expected, _ in pairs])))


def _segment(segmenter: Segmenter, image: Pixels, outputs: SegmenterOutputs) -> list[SegmentedDetection]:
    _, unchanged = segmenter.preprocess(image)
    return segmenter.postprocess(outputs, unchanged, MIN_SCORE, IOU_THRESHOLD, MAX_MASKS)


def _compare_prediction(
    library: Any, segmenter: Segmenter, image: Pixels, found: list[SegmentedDetection]
) -> Overlap:
    result = predict(library, segmenter.manifest, image, MAX_MASKS)
    if result.masks is None:
        return Overlap()
    theirs, masks = result.boxes.data.numpy(), result.masks.data.numpy() > 0
    ours = as_rows([each.detection for each in found], segmenter.manifest)
    pairs = compare_rows(theirs, ours, MIN_SCORE).pairs
    return _overlap([(masks[i], _on_picture(found[j], image)) for i, j in pairs])


def _on_picture(found: SegmentedDetection, image: Pixels) -> BoolArray:
    """The mask (H, W) on the whole picture."""
    height, width = image.shape[:2]
    mask = np.zeros((height, width), dtype=np.bool_)
    mask[touched_pixels(found.detection.box, width, height)] = found.mask
    return mask


def _overlap(pairs: Sequence[tuple[BoolArray, BoolArray]]) -> Overlap:
    shared = sum(int((a & b).sum()) for a, b in pairs)
    return Overlap(len(pairs), shared, sum(int((a | b).sum()) for a, b in pairs))
