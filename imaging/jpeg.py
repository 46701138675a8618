"""Encodes JPEGs."""

from __future__ import annotations

import cv2

from domain.types import Pixels
from imaging.shrink import shrink_to

_QUALITIES = (90, 75, 50, 25)


def encode_jpeg_within(image: Pixels, max_side_px: int, max_bytes: int) -> bytes:
    """Encode a baseline JPEG with a longer side of at most `max_side_px`, of at most `max_bytes`.

    The quality is 90, or as much lower as it takes; where the lowest is not enough, the sides are halved.
    """
    image = shrink_to(image, max_side_px)
    for quality in _QUALITIES:
        encoded = encode_jpeg(image, quality)
        if len(encoded) <= max_bytes:
            return encoded
    longer = max(image.shape[:2])
    return encoded if longer == 1 else encode_jpeg_within(image, longer // 2, max_bytes)


def encode_jpeg(image: Pixels, quality: int = 90) -> bytes:
    """Encode a baseline JPEG; `quality` is 1 to 100."""
    _, encoded = cv2.imencode(
        ".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    return encoded.tobytes()
