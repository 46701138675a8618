from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.types import FloatArray
from models.nms import iou_matrix, nms

SIDES = st.integers(0, 12)
ROW = st.tuples(SIDES, SIDES, SIDES, SIDES, st.integers(0, 20), st.integers(0, 2))


def brute_iou(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> float:
    """By counting unit cells; for boxes on whole numbers."""
    cells = [
        {(x, y) for x in range(int(r[0]), int(r[2])) for y in range(int(r[1]), int(r[3]))} for r in (a, b)
    ]
    union = len(cells[0] | cells[1])
    return len(cells[0] & cells[1]) / union if union else 0.0


def brute_nms(boxes: FloatArray, scores: FloatArray, class_ids: FloatArray, threshold: float) -> list[int]:
    rest = sorted(range(len(boxes)), key=lambda index: (-scores[index], index))
    kept: list[int] = []
    for index in rest:
        rivals = [k for k in kept if class_ids[k] == class_ids[index]]
        if all(brute_iou(boxes[index], boxes[k]) <= threshold for k in rivals):
            kept.append(index)
    return kept


@given(st.lists(ROW, max_size=12), st.sampled_from([0.0, 0.22, 0.45, 0.71, 1.0]))
def test_agrees_with_brute_force(rows: list[tuple[int, ...]], threshold: float) -> None:
    table = np.array(rows, np.float32).reshape(-1, 6)
    boxes = np.concatenate([table[:, :2], table[:, :2] + table[:, 2:4]], axis=1)
    scores, class_ids = table[:, 4] / 20, table[:, 5]
    assert nms(boxes, scores, class_ids, threshold).tolist() == brute_nms(boxes, scores, class_ids, threshold)


def test_iou_of_known_boxes() -> None:
    boxes = np.array([[0, 0, 2, 2], [1, 0, 3, 2], [5, 5, 6, 6], [5, 5, 5, 6]], np.float32)
    iou = iou_matrix(boxes)
    assert iou[0, 1] == pytest.approx(1 / 3)
    assert iou[0, 2] == 0
    assert iou[2, 3] == iou[3, 3] == 0
    assert iou.diagonal()[:3] == pytest.approx([1, 1, 1])
