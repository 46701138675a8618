"""Makes pictures smaller for people to look at."""

from __future__ import annotations

import cv2
import numpy as np

from domain.types import Pixels


def shrink_to(pixels: Pixels, max_side_px: int) -> Pixels:
    """The picture with a longer side of at most `max_side_px`; a smaller one keeps its size."""
    height, width = pixels.shape[:2]
    gain = max_side_px / max(height, width)
    if gain >= 1:
        return pixels
    size = max(round(width * gain), 1), max(round(height * gain), 1)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
