"""Fitting a picture into the input of a model that was trained on whole pictures.

Three ways are in use; they differ where the picture and the input differ in shape. On the same shape all of
them are a plain resize.
"""

from __future__ import annotations

import cv2
import numpy as np

from domain.types import Pixels
from imaging.crop import Interpolation, resize

# Nothing of a picture's length beyond this many times what is kept of it is resized, only to be cut away.
MAX_OVERHANG = 4


def squash(image: Pixels, height: int, width: int, interpolation: Interpolation = "bicubic") -> Pixels:
    """Resize to `height` x `width`, whatever the picture's shape."""
    return resize(image, height, width, interpolation)


def cover(image: Pixels, height: int, width: int, interpolation: Interpolation = "bicubic") -> Pixels:
    """Scale until the picture covers `height` x `width`, then cut out the centre.

    Source: torchvision's Resize(shortest side) and CenterCrop for a square input, timm's ResizeKeepRatio and
    CenterCrop for another.
    """
    image = _within_overhang(image, height, width)
    source_height, source_width = image.shape[:2]
    if height == width:
        shortest = min(source_height, source_width)
        inner = height * source_height // shortest, height * source_width // shortest
    else:
        ratio = min(source_height / height, source_width / width)
        inner = round(source_height / ratio), round(source_width / ratio)
    scaled = resize(image, *inner, interpolation)
    top, left = round((inner[0] - height) / 2), round((inner[1] - width) / 2)
    return np.ascontiguousarray(scaled[top : top + height, left : left + width])


def contain(
    image: Pixels, height: int, width: int, fill: int, interpolation: Interpolation = "bicubic"
) -> Pixels:
    """Scale until the picture just fits into `height` x `width`, centred on the grey `fill` (0 to 255).

    Source: timm's ResizeKeepRatio(longest=1) and open_clip's CenterCropOrPad.
    """
    source_height, source_width = image.shape[:2]
    ratio = max(source_height / height, source_width / width)
    inner_height, inner_width = max(round(source_height / ratio), 1), max(round(source_width / ratio), 1)
    scaled = resize(image, inner_height, inner_width, interpolation)
    top, left = (height - inner_height) // 2, (width - inner_width) // 2
    margins = top, height - inner_height - top, left, width - inner_width - left
    filled = cv2.copyMakeBorder(scaled, *margins, borderType=cv2.BORDER_CONSTANT, value=(fill,) * 3)
    return np.asarray(filled, np.uint8)


def _within_overhang(image: Pixels, height: int, width: int) -> Pixels:
    """The centre of a very long picture, so that resizing it takes little memory."""
    source_height, source_width = image.shape[:2]
    ratio = min(source_height / height, source_width / width)
    excess = [
        max(source - round(MAX_OVERHANG * ratio * target), 0) // 2
        for source, target in ((source_height, height), (source_width, width))
    ]
    return image[excess[0] : source_height - excess[0], excess[1] : source_width - excess[1]]
