"""The CIEDE2000 colour difference."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

_Floats: TypeAlias = npt.NDArray[np.float64]


def ciede2000(first: npt.NDArray[np.floating], second: npt.NDArray[np.floating], k_l: float = 1.0) -> _Floats:
    """The CIEDE2000 difference of CIE L*a*b* colours (..., 3), broadcast against each other.

    `k_l` divides the contribution of lightness; 2 is customary for textiles, since folds do not change a
    colour.

    Source: G. Sharma, W. Wu, E. Dalal, "The CIEDE2000 color-difference formula: implementation notes,
    supplementary test data, and mathematical observations", 2005, equations 2 to 22, with kC = kH = 1.
    """
    l1, a1, b1 = np.moveaxis(np.asarray(first, np.float64), -1, 0)
    l2, a2, b2 = np.moveaxis(np.asarray(second, np.float64), -1, 0)
    stretch = 1 + 0.5 * (1 - _saturation((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2))
    c1, h1 = _chroma_and_hue(a1 * stretch, b1)
    c2, h2 = _chroma_and_hue(a2 * stretch, b2)
    chromatic = c1 * c2 > 0
    hue_step = np.where(chromatic, _shorter_arc(h2 - h1), 0.0)
    hue = np.where(chromatic, _mean_hue(h1, h2), h1 + h2)
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    dl = (l2 - l1) / (1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)) / k_l
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(hue_step / 2)) / (1 + 0.015 * chroma * _hue_weight(hue))
    squared: _Floats = dl**2 + dc**2 + dh**2 + _rotation(chroma, hue) * dc * dh
    return np.sqrt(np.maximum(squared, 0))


def _saturation(chroma: _Floats) -> _Floats:
    return np.sqrt(chroma**7 / (chroma**7 + 25.0**7))


def _chroma_and_hue(a: _Floats, b: _Floats) -> tuple[_Floats, _Floats]:
    """Hue in degrees, 0 to 360."""
    return np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360


def _shorter_arc(step: _Floats) -> _Floats:
    return np.where(np.abs(step) <= 180, step, step - 360 * np.sign(step))


def _mean_hue(h1: _Floats, h2: _Floats) -> _Floats:
    """The hue in the middle of the shorter arc between two hues."""
    total = h1 + h2
    wrapped = np.where(total < 360, total + 360, total - 360)
    return np.where(np.abs(h1 - h2) <= 180, total, wrapped) / 2


def _hue_weight(hue: _Floats) -> _Floats:
    weight: _Floats = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    return weight


def _rotation(chroma: _Floats, hue: _Floats) -> _Floats:
    angle = 60 * np.exp(-(((hue - 275) / 25) ** 2))
    rotation: _Floats = -2 * _saturation(chroma) * np.sin(np.radians(angle))
    return rotation
