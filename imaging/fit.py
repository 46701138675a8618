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


def cover(
    image: Pixels,
    height: int,
    width: int,
    interpolation: Interpolation = "bicubic",
    resize_size: tuple[int, int] | None = None,
) -> Pixels:
    """Scale until the picture covers `resize_size`, then cut `height` x `width` out of its centre.

    `resize_size` is (height, width) and at least as large; None means the same size.

    Source: torchvision's Resize(shortest side) and CenterCrop for a square input, timm's ResizeKeepRatio and
    CenterCrop for another.
    """
    covered_height, covered_width = resize_size or (height, width)
    image = _within_overhang(image, covered_height, covered_width)
    source_height, source_width = image.shape[:2]
    if covered_height == covered_width:
        shortest = min(source_height, source_width)
        inner = covered_height * source_height // shortest, covered_height * source_width // shortest
    else:
        ratio = min(source_height / covered_height, source_width / covered_width)
        inner = round(source_height / ratio), round(source_width / ratio)
    return center_crop(resize(image, *inner, interpolation), height, width)


def center_crop(image: Pixels, height: int, width: int) -> Pixels:
    """The centre, `height` x `width`, of a picture that is at least as large.

    Source: torchvision's CenterCrop, for its rounding of odd margins.
    """
    top, left = round((image.shape[0] - height) / 2), round((image.shape[1] - width) / 2)
    return np.ascontiguousarray(image[top : top + height, left : left + width])


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
