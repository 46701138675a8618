"""From a box in a photo to the picture that an encoder looks at.

How a model's crops are padded and resized is chosen in `models.preprocessing`, by its manifest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from domain.errors import InvalidInput
from domain.types import Box, Pixels

PadMode = Literal["reflect", "mean"]
Interpolation = Literal["bicubic", "bilinear"]
_LEFT_TO_KERNEL = 2.4


def expand(box: Box, ratio: float, width: int, height: int) -> Box:
    """Grow each side by `ratio` of its length, half at either end, within a picture of `width` x `height`."""
    dx, dy = box.width * ratio / 2, box.height * ratio / 2
    return Box(
        x1=min(max(box.x1 - dx, 0.0), width),
        y1=min(max(box.y1 - dy, 0.0), height),
        x2=min(max(box.x2 + dx, 0.0), width),
        y2=min(max(box.y2 + dy, 0.0), height),
    )


def check_box_pixels(boxes: Sequence[Box], width: int, height: int, most: int) -> None:
    """Check how much is cut out of a picture of `width` x `height`.

    Raises:
        InvalidInput: the boxes have more than `most` pixels together; the field is "boxes".
    """
    pixels = box_pixels(boxes, width, height)
    if pixels > most:
        raise InvalidInput(
            "boxes", f"have {pixels} pixels together inside the picture; at most {most} are allowed"
        )


def box_pixels(boxes: Iterable[Box], width: int, height: int) -> int:
    """The pixels of all boxes together, as far as they are inside a picture of `width` x `height`."""
    inside = [
        max(0.0, min(width, box.x2) - max(0.0, box.x1)) * max(0.0, min(height, box.y2) - max(0.0, box.y1))
        for box in boxes
    ]
    return round(sum(inside))


def crop(image: Pixels, box: Box) -> Pixels:
    """A copy of every pixel that the box touches, at least one."""
    height, width = image.shape[:2]
    rows, columns = touched_pixels(box, width, height)
    return image[rows, columns].copy()


def touched_pixels(box: Box, width: int, height: int) -> tuple[slice, slice]:
    """Rows and columns of the pixels, at least one, that the box touches in a `width` x `height` picture."""
    x1, y1 = _within(math.floor(box.x1), width - 1), _within(math.floor(box.y1), height - 1)
    x2, y2 = max(_within(math.ceil(box.x2), width), x1 + 1), max(_within(math.ceil(box.y2), height), y1 + 1)
    return slice(y1, y2), slice(x1, x2)


def pad_to_shape(image: Pixels, height: int, width: int, mode: PadMode = "reflect") -> Pixels:
    """Pad on both sides until the picture has the proportions `height` : `width`.

    The margins hold the picture's reflection or its mean colour.
    """
    source_height, source_width = image.shape[:2]
    padded_height = max(source_height, round(source_width * height / width))
    padded_width = max(source_width, round(source_height * width / height))
    return _pad(image, padded_height, padded_width, mode)


def fit_padded(
    image: Pixels,
    height: int,
    width: int,
    mode: PadMode = "reflect",
    interpolation: Interpolation = "bicubic",
) -> Pixels:
    """As `pad_to_shape` and `resize` to `height` x `width`, without the large picture between them."""
    source_height, source_width = image.shape[:2]
    gain = min(height / source_height, width / source_width)
    inner = max(round(source_height * gain), 1), max(round(source_width * gain), 1)
    return _pad(resize(image, *inner, interpolation), height, width, mode)


def resize(image: Pixels, height: int, width: int, interpolation: Interpolation = "bicubic") -> Pixels:
    """Resample, antialiased where it shrinks, as Pillow does to within a grey level on average.

    OpenCV has no antialiased cubic: the kernel, stretched by the shrink factor as Pillow's is, runs as a
    separable filter before OpenCV picks the pixels. Where it would be very wide, box averages shrink first.
    """
    image = _shrink_coarsely(image, height, width)
    scale_y, scale_x = image.shape[0] / height, image.shape[1] / width
    if max(scale_y, scale_x) > 1:
        across, down = _kernel(scale_x, interpolation), _kernel(scale_y, interpolation)
        image = _as_pixels(cv2.sepFilter2D(image, -1, across, down, borderType=cv2.BORDER_REPLICATE))
    shrinks = min(scale_y, scale_x) >= 1
    picking = cv2.INTER_CUBIC if interpolation == "bicubic" or shrinks else cv2.INTER_LINEAR
    return _as_pixels(cv2.resize(image, (width, height), interpolation=picking))


def _shrink_coarsely(image: Pixels, height: int, width: int) -> Pixels:
    """Average whole blocks, leaving enough of the shrinking to the kernel to keep it close."""
    block_y = max(math.floor(image.shape[0] / (height * _LEFT_TO_KERNEL)), 1)
    block_x = max(math.floor(image.shape[1] / (width * _LEFT_TO_KERNEL)), 1)
    if max(block_y, block_x) == 1:
        return image
    size = round(image.shape[1] / block_x), round(image.shape[0] / block_y)
    return _as_pixels(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def _kernel(scale: float, interpolation: Interpolation) -> npt.NDArray[np.float64]:
    """The low-pass kernel for shrinking by `scale`; the identity where that is at most 1.

    Source: R. Keys, "Cubic convolution interpolation", 1981, with a = -0.5; the triangle for bilinear.
    """
    scale = max(scale, 1.0)
    reach = math.ceil(2 * scale)
    t = np.abs(np.arange(-reach, reach + 1)) / scale
    near, far = 1.5 * t**3 - 2.5 * t**2 + 1, -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2
    cubic = np.where(t < 1, near, np.where(t < 2, far, 0.0))
    weights = cubic if interpolation == "bicubic" else np.clip(1 - t, 0, None)
    kernel: npt.NDArray[np.float64] = weights / weights.sum()
    return kernel


def _pad(image: Pixels, height: int, width: int, mode: PadMode) -> Pixels:
    source_height, source_width = image.shape[:2]
    if (source_height, source_width) == (height, width):
        return image
    top, left = (height - source_height) // 2, (width - source_width) // 2
    margins = top, height - source_height - top, left, width - source_width - left
    if mode == "reflect":
        return _as_pixels(cv2.copyMakeBorder(image, *margins, borderType=cv2.BORDER_REFLECT_101))
    mean = np.rint(cv2.mean(image)).tolist()
    return _as_pixels(cv2.copyMakeBorder(image, *margins, borderType=cv2.BORDER_CONSTANT, value=mean))


def _as_pixels(image: npt.NDArray[np.generic]) -> Pixels:
    return image.astype(np.uint8, copy=False)


def _within(value: int, last: int) -> int:
    return min(max(value, 0), last)
