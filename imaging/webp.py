"""Encodes WebP pictures."""

from __future__ import annotations

import cv2

from domain.types import Pixels


def encode_webp(image: Pixels, quality: int = 80) -> bytes:
    """Encode a lossy WebP picture; `quality` is 1 to 100."""
    _, encoded = cv2.imencode(
        ".webp", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_WEBP_QUALITY, quality]
    )
    return encoded.tobytes()
