"""Our letterbox against that of ultralytics."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from export import torchvision_fix
from imaging.letterbox import letterbox

SIZES = [(1080, 810), (534, 400), (400, 533), (97, 1001), (640, 640), (37, 21), (3, 900), (361, 640)]


@pytest.fixture(scope="module")
def ultralytics() -> Any:
    """Its letterbox and its way back."""
    pytest.importorskip("ultralytics", reason="ultralytics is not installed")
    torchvision_fix.apply()
    augment = pytest.importorskip("ultralytics.data.augment", reason="ultralytics is not installed")
    ops = pytest.importorskip("ultralytics.utils.ops")
    return augment.LetterBox, ops.scale_boxes


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("target", [(640, 640), (320, 320), (384, 640)])
def test_equal_to_the_pixel(ultralytics: Any, size: tuple[int, int], target: tuple[int, int]) -> None:
    letter_box, scale_boxes = ultralytics
    random = np.random.default_rng(size[0])
    picture = random.integers(0, 256, (*size, 3)).astype(np.uint8)
    ours, transform = letterbox(picture, *target)
    theirs = letter_box(new_shape=target, auto=False, scaleup=True, center=True)(image=picture)
    np.testing.assert_array_equal(ours, theirs)
    boxes = random.uniform(-20, 660, (50, 4)).astype(np.float32)
    expected = scale_boxes(target, boxes.copy(), size)
    np.testing.assert_allclose(transform.to_source(boxes), expected, atol=1e-3)
