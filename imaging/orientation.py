"""Applies the EXIF orientation."""

from __future__ import annotations

import cv2
import numpy as np

from domain.types import Pixels


def turn_upright(pixels: Pixels, orientation: int) -> Pixels:
    """Rotate and mirror a picture that is stored with an EXIF orientation of 1 to 8.

    Source: Exif 2.32, 4.6.4, tag 0x0112: the sides to which the stored row 0 and column 0 belong.
    """
    if orientation == 1:
        return pixels
    turned = cv2.transpose(pixels) if orientation >= 5 else pixels
    flip = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}.get(orientation)
    if flip is not None:
        turned = cv2.flip(turned, flip)
    return turned.astype(np.uint8, copy=False)
