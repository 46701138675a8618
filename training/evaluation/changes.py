"""The ways a photo is changed before it has to find its original."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from domain.types import Pixels
from imaging.decode import DecodeLimits, decode
from imaging.jpeg import encode_jpeg


def changes() -> Mapping[str, Callable[[Pixels], Pixels]]:
    """What is done to (H, W, 3), by name; one thing at a time."""
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
    """The middle, `share` of each side long."""
    height, width = (max(1, round(side * share)) for side in picture.shape[:2])
    top, left = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
    return picture[top : top + height, left : left + width].copy()


def brightened(picture: Pixels, factor: float) -> Pixels:
    """Every value times `factor`, cut off at white."""
    return np.asarray(np.clip(np.rint(picture * factor), 0, 255), np.uint8)
