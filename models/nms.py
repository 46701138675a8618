"""Greedy non-maximum suppression."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from domain.types import FloatArray


def nms(
    boxes_xyxy: FloatArray, scores: FloatArray, class_ids: npt.NDArray[Any], iou_threshold: float
) -> npt.NDArray[np.intp]:
    """Indices of the boxes (N, 4) to keep, best score first.

    A box goes where it overlaps a better one of the same class by more than `iou_threshold`.
    """
    order = np.argsort(-scores, kind="stable")
    rivals = iou_matrix(boxes_xyxy[order]) > iou_threshold
    rivals &= class_ids[order, None] == class_ids[order]
    alive = np.ones(len(order), dtype=bool)
    for index in range(len(order)):
        if alive[index]:
            alive[index + 1 :] &= ~rivals[index, index + 1 :]
    return order[alive]


def iou_matrix(boxes_xyxy: FloatArray) -> FloatArray:
    """Intersection over union (N, N) of boxes (N, 4); 0 where neither has an area."""
    upper_left = np.maximum(boxes_xyxy[:, None, :2], boxes_xyxy[None, :, :2])
    lower_right = np.minimum(boxes_xyxy[:, None, 2:], boxes_xyxy[None, :, 2:])
    shared = np.clip(lower_right - upper_left, 0, None).prod(axis=2)
    areas = np.clip(boxes_xyxy[:, 2:] - boxes_xyxy[:, :2], 0, None).prod(axis=1)
    union = areas[:, None] + areas[None, :] - shared
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=union > 0))
