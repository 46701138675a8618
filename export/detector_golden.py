"""The golden inputs and outputs of a detector."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from domain.types import Pixels
from export.gate_pictures import pixelate
from models.detector import Detector
from models.golden import Golden


def detector_golden(detector: Detector, pictures: Sequence[Pixels]) -> Golden:
    """Two of the gate's pictures, in blocks so that they take little room, and their rows."""
    block_px = max(2, -(-max(detector.manifest.image.shape) // 160))
    inputs = np.stack(
        [pixelate(detector.preprocess(picture)[0], block_px) for picture in (pictures[0], pictures[5])]
    )
    return Golden(inputs, detector.run(inputs))
