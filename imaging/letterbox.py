"""Letterbox: scale a picture to a detector's input without distortion, and map boxes back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from domain.types import FloatArray, Pixels


@dataclass(frozen=True, slots=True)
class LetterboxTransform:
    """The mapping from a picture of `source_width` x `source_height` pixels to its letterbox.

    The source pixel (x, y) is at (x * gain_x + left_px, y * gain_y + top_px).
    """

    source_width: int
    source_height: int
    gain_x: float
    gain_y: float
    left_px: int
    top_px: int

    def to_source(self, boxes_xyxy: FloatArray) -> FloatArray:
        """Convert boxes (N, 4) xyxy from letterbox pixels to source pixels, clipped to the picture."""
        offset = np.array([self.left_px, self.top_px] * 2, np.float32)
        gain = np.array([self.gain_x, self.gain_y] * 2, np.float32)
        size = np.array([self.source_width, self.source_height] * 2, np.float32)
        boxes: FloatArray = (boxes_xyxy - offset) / gain
        return boxes.clip(np.float32(0), size)

    def of_source(self, width: int, height: int, reduction: int) -> LetterboxTransform:
        """The mapping from a picture of `width` x `height` pixels of which a reduced copy was letterboxed.

        Each pixel of the copy stands for `reduction` x `reduction` pixels of the picture.
        """
        gain_x, gain_y = self.gain_x / reduction, self.gain_y / reduction
        return replace(self, source_width=width, source_height=height, gain_x=gain_x, gain_y=gain_y)


def letterbox(image: Pixels, height: int, width: int, fill: int = 114) -> tuple[Pixels, LetterboxTransform]:
    """Scale a picture to fit into `height` x `width`, centre it and fill the border with `fill`.

    Source: ultralytics LetterBox(auto=False, scaleup=True, center=True); the pixels are equal.
    """
    source_height, source_width = image.shape[:2]
    gain = min(height / source_height, width / source_width)
    inner_width, inner_height = max(round(source_width * gain), 1), max(round(source_height * gain), 1)
    if (inner_width, inner_height) != (source_width, source_height):
        size = inner_width, inner_height
        image = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)
    # 0.1 breaks the tie of an odd margin: the smaller half is at the top and the left.
    left, top = round((width - inner_width) / 2 - 0.1), round((height - inner_height) / 2 - 0.1)
    canvas = np.full((height, width, 3), fill, np.uint8)
    canvas[top : top + inner_height, left : left + inner_width] = image
    transform = LetterboxTransform(
        source_width=source_width,
        source_height=source_height,
        gain_x=inner_width / source_width,
        gain_y=inner_height / source_height,
        left_px=left,
        top_px=top,
    )
    return canvas, transform
