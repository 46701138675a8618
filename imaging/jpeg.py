"""Encodes JPEGs."""

from __future__ import annotations

import cv2

from domain.types import Pixels


def encode_jpeg(image: Pixels, quality: int = 90) -> bytes:
    """Encode a baseline JPEG; `quality` is 1 to 100."""
    _, encoded = cv2.imencode(
        ".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    return encoded.tobytes()
