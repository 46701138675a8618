from __future__ import annotations

import pytest

from domain.types import Box, Detection
from training.evaluation.scene_names import mean_precision, unnamed

LEFT, RIGHT = Box(0.0, 0.0, 10.0, 10.0), Box(20.0, 0.0, 30.0, 10.0)


def test_boxes_count_without_their_names() -> None:
    worn = [[Detection(LEFT, 1.0, "shirt"), Detection(RIGHT, 1.0, "shoes")]]
    found = [[Detection(LEFT, 0.9, "t-shirt"), Detection(RIGHT, 0.8, "shoes")]]
    assert mean_precision(worn, found) == pytest.approx(0.5)
    assert mean_precision([unnamed(worn[0])], [unnamed(found[0])]) == pytest.approx(1.0)
