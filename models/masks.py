"""Masks of detections: coefficients times prototypes, read at the pixels of the picture.

Source: D. Bolya, C. Zhou, F. Xiao, Y. J. Lee, "YOLACT: Real-time Instance Segmentation", 2019, section 3. As
in ultralytics, logits are interpolated before they are compared with 0, and then the mask is cut to its box.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from domain.types import Box, FloatArray
from imaging.crop import touched_pixels
from imaging.letterbox import LetterboxTransform

BoolArray: TypeAlias = npt.NDArray[np.bool_]


def mask_logits(coefficients: FloatArray, prototypes: FloatArray) -> FloatArray:
    """Logits (K, h, w) of rows with mask coefficients (K, M) and a picture with prototypes (M, h, w)."""
    channels, height, width = prototypes.shape
    logits = coefficients @ prototypes.reshape(channels, height * width)
    return np.asarray(logits.reshape(len(coefficients), height, width), np.float32)


def box_mask(
    logits: FloatArray, box: Box, transform: LetterboxTransform, stride: tuple[float, float]
) -> BoolArray:
    """Which pixels of a box belong to the detection: (H, W) of the pixels that `imaging.crop.crop` takes.

    Args:
        logits: (h, w), over the whole letterbox; positive where the detection is.
        box: in pixels of the picture.
        transform: from the picture to its letterbox.
        stride: letterbox pixels (vertical, horizontal) for each of the logits.
    """
    rows, columns = touched_pixels(box, transform.source_width, transform.source_height)
    ys, xs = np.arange(rows.start, rows.stop), np.arange(columns.start, columns.stop)
    down = _to_grid(ys, transform.gain_y, transform.top_px, stride[0])
    across = _to_grid(xs, transform.gain_x, transform.left_px, stride[1])
    mask: BoolArray = _interpolate(_interpolate(logits, down).T, across).T > 0
    mask &= ((ys >= box.y1) & (ys < box.y2))[:, None] & ((xs >= box.x1) & (xs < box.x2))
    return mask


def _to_grid(pixels: npt.NDArray[np.intp], gain: float, offset_px: int, stride: float) -> FloatArray:
    """Where the centres of rows or columns of the picture lie among the logits; the first one's is 0."""
    return np.asarray(((pixels + 0.5) * gain + offset_px) / stride - 0.5, np.float32)


def _interpolate(values: FloatArray, places: FloatArray) -> FloatArray:
    """Rows of `values` (n, w) linearly interpolated at `places` (k,), clipped to the outer rows: (k, w)."""
    places = places.clip(0, len(values) - 1)
    lower = places.astype(np.intp)
    upper = np.minimum(lower + 1, len(values) - 1)
    share = (places - lower).astype(np.float32)[:, None]
    return np.asarray(values[lower] + share * (values[upper] - values[lower]), np.float32)
