"""Small copies of photos."""

from __future__ import annotations

import cv2
import numpy as np

from domain.types import Pixels
from imaging.decode import DecodeLimits, open_image
from imaging.jpeg import encode_jpeg

_QUALITY = 85


def thumbnail(content: bytes, max_side_px: int, limits: DecodeLimits) -> bytes:
    """A JPEG of the upright picture, its longer side at most `max_side_px`; a smaller picture keeps its size.

    Raises:
        InvalidInput: with field "content", as `open_image` and `EncodedImage.decode`.
    """
    pixels = open_image(content, limits).reduced_to(max_side_px).decode()
    return encode_jpeg(_within(pixels, max_side_px), _QUALITY)


def _within(pixels: Pixels, max_side_px: int) -> Pixels:
    height, width = pixels.shape[:2]
    gain = max_side_px / max(height, width)
    if gain >= 1:
        return pixels
    size = max(round(width * gain), 1), max(round(height * gain), 1)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
