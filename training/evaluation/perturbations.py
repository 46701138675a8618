"""Perturbations of photos, to measure how robust retrieval is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from domain.types import Pixels
from imaging.decode import DecodeLimits, decode
from imaging.jpeg import encode_jpeg


def perturbations() -> Mapping[str, Callable[[Pixels], Pixels]]:
    """Functions of a photo (H, W, 3), by name; each makes one change."""
    return MappingProxyType(
        {
            "JPEG quality 40": lambda picture: decode(encode_jpeg(picture, 40), DecodeLimits()),
            "centre crop, 70 % of the area": lambda picture: centre(picture, math.sqrt(0.7)),
            "centre crop, 70 % of each side": lambda picture: centre(picture, 0.7),
            "mirrored": lambda picture: np.ascontiguousarray(picture[:, ::-1]),
            "brightness +20 %": lambda picture: brightened(picture, 1.2),
            "brightness -20 %": lambda picture: brightened(picture, 0.8),
        }
    )


def centre(picture: Pixels, share: float) -> Pixels:
    """The centre crop; `share` is that of each side."""
    height, width = (max(1, round(side * share)) for side in picture.shape[:2])
    top, left = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
    return picture[top : top + height, left : left + width].copy()


def brightened(picture: Pixels, factor: float) -> Pixels:
    """Multiply every value by `factor` and clip at 255."""
    return np.asarray(np.clip(np.rint(picture * factor), 0, 255), np.uint8)
