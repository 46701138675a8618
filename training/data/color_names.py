"""Soft labels for colours: a colour between two names of the taxonomy belongs to both in part."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
import numpy.typing as npt

from domain.types import FloatArray, Pixels
from imaging.ciede2000 import ciede2000
from training.data.cutout import Mask
from training.synthetic.fabric import Rgb, as_pixels


class ColorNames:
    """The names of a taxonomy and their CIE L*a*b* centres."""

    def __init__(self, colors: Mapping[str, tuple[float, float, float]]) -> None:
        self.names = tuple(colors)
        self._lab = np.asarray(list(colors.values()), np.float32)

    def shares(self, lab: npt.ArrayLike, softness: float = 5.0) -> FloatArray:
        """A distribution over the names for a colour, (V,); `softness` is a CIEDE2000 difference."""
        distance = ciede2000(self._lab, np.asarray(lab, np.float32))
        weights = np.exp(-(distance - distance.min()) / softness)
        return np.asarray(weights / weights.sum(), np.float32)

    def near(self, name_index: int, rng: np.random.Generator) -> Rgb:
        """A random sRGB colour near the centre of a name."""
        lab = self._lab[name_index] + rng.normal(0, (4, 3, 3)).astype(np.float32)
        red, green, blue = (int(channel) for channel in lab_to_rgb(lab))
        return red, green, blue

    def lab(self, name_index: int) -> FloatArray:
        """The centre of a name, (3,)."""
        return np.asarray(self._lab[name_index], np.float32)


def dominant_lab(picture: Pixels, mask: Mask, rng: np.random.Generator) -> FloatArray:
    """The L*a*b* centre of the largest of three colour clusters inside the eroded mask."""
    inner = cv2.erode(mask, np.ones((5, 5), np.uint8))
    pixels = rgb_to_lab(picture)[(inner if inner.any() else mask) > 0]
    pixels = pixels[rng.integers(0, len(pixels), 1500)]
    cv2.setRNGSeed(0)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 0.5)
    _, labels, centers = cv2.kmeans(pixels, 3, np.empty(0, np.int32), stop, 1, cv2.KMEANS_PP_CENTERS)
    return np.asarray(centers[np.bincount(labels.ravel(), minlength=3).argmax()], np.float32)


def rgb_to_lab(picture: Pixels) -> FloatArray:
    """Convert (H, W, 3) uint8 sRGB to float32 CIE L*a*b*, L from 0 to 100."""
    return np.asarray(cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def lab_to_rgb(lab: FloatArray) -> npt.NDArray[np.uint8]:
    """Convert (..., 3) CIE L*a*b* to uint8 sRGB, clipped to the gamut."""
    row = np.asarray(lab, np.float32).reshape(1, -1, 3)
    rgb = as_pixels(cv2.cvtColor(row, cv2.COLOR_LAB2RGB) * 255 + 0.5)
    return rgb.reshape(np.shape(lab))
