from __future__ import annotations

import numpy as np
import pytest

from domain.types import Pixels
from training.recipes.detection_views import LEAST_SIDE_PX, random_view

SIDE = 64


@pytest.fixture
def picture() -> Pixels:
    """White, with a black garment from a quarter to three quarters of each side."""
    drawn = np.full((80, 40, 3), 255, np.uint8)
    drawn[20:60, 10:30] = 0
    return drawn


BOX = np.array([[0.25, 0.25, 0.75, 0.75]], np.float32)


def test_boxes_follow_the_picture(picture: Pixels) -> None:
    seen = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        view, boxes, class_ids = random_view(picture, BOX, np.array([3]), SIDE, rng)
        assert (view.shape, view.dtype) == ((SIDE, SIDE, 3), np.float32)
        assert (view.min() >= 0, view.max() <= 1) == (True, True)
        if not len(boxes):
            continue
        seen += 1
        assert class_ids.tolist() == [3]
        x1, y1, x2, y2 = boxes[0].round().astype(int)
        inner = view[y1 + 2 : y2 - 2, x1 + 2 : x2 - 2]
        white = view.mean(axis=2).max()
        assert inner.size == 0 or inner.mean() < white - 0.3
        beside = view[y1 + 4 : y2 - 4, max(x1 - 5, 0) : max(x1 - 3, 0)]
        assert beside.size == 0 or beside.mean() > inner.mean() + 0.1
    assert seen > 30


def test_a_garment_outside_the_view_has_no_box() -> None:
    picture = np.zeros((100, 100, 3), np.uint8)
    tiny = np.array([[0.0, 0.0, 0.01, 0.01]], np.float32)
    for seed in range(10):
        _, boxes, class_ids = random_view(picture, tiny, np.array([0]), SIDE, np.random.default_rng(seed))
        assert boxes.shape == (0, 4)
        assert len(class_ids) == 0
    assert tiny[0, 2] * SIDE * 1.5 < LEAST_SIDE_PX


def test_a_picture_without_garments_stays_one(picture: Pixels) -> None:
    nothing = np.zeros((0, 4), np.float32), np.zeros(0, np.int64)
    _, boxes, class_ids = random_view(picture, *nothing, SIDE, np.random.default_rng(0))
    assert (boxes.shape, class_ids.shape) == ((0, 4), (0,))
