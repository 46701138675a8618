"""The named colours of a garment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from domain.types import ColorShare, FloatArray, Pixels
from imaging.ciede2000 import ciede2000
from imaging.cluster import Labels, cluster

_CLUSTERS = 5
_ITERATIONS = 12
_SMALLEST_SHARE = 0.08
_SEED = 20
_LEAST_FOREGROUND = 0.15
_LEAST_BORDER = 0.25
_FOLD = 8.0
_TINY = 1e-9
_NEAR, _FAR = 8.0, 20.0


@dataclass(frozen=True, slots=True, eq=False)
class Palette:
    """Colour names and their centres, `lab` (N, 3) float32 CIE L*a*b* (D65)."""

    names: tuple[str, ...]
    lab: FloatArray

    @classmethod
    def from_mapping(cls, colors: Mapping[str, tuple[float, float, float]]) -> Self:
        """Make a palette from a mapping of names to (L, a, b)."""
        return cls(tuple(colors), np.array(list(colors.values()), np.float32))

    def nearest(self, lab: FloatArray) -> list[str]:
        """The nearest name, by CIEDE2000, for each of the colours (M, 3)."""
        distances = ciede2000(lab[:, None], self.lab[None])
        return [self.names[index] for index in distances.argmin(axis=1)]


def lab_of(rgb: int) -> FloatArray:
    """CIE L*a*b* (D65), (3,) float32, of an sRGB colour 0xRRGGBB."""
    channels = [rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255]
    pixel = np.array([[channels]], np.float32) / 255
    lab: FloatArray = cv2.cvtColor(pixel, cv2.COLOR_RGB2Lab)[0, 0]
    return lab


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """M sampled pixels: `rgb` (M, 3) uint8, `lab` (M, 3) float32, `weight` (M,) float32."""

    rgb: Pixels
    lab: FloatArray
    weight: FloatArray


def dominant_colors(
    crop: Pixels, palette: Palette, max_colors: int = 3, max_pixels: int = 4096
) -> tuple[ColorShare, ...]:
    """The main colours of a crop, largest first; their fractions sum to 1.

    Pixels of the border's colours are taken for background; pixels in the centre have more weight.
    """
    sample = _foreground(crop, max_pixels)
    labels, centers = cluster(sample.lab, sample.weight, _CLUSTERS, _ITERATIONS, _SEED)
    names = np.array(palette.nearest(_merge_shades(labels, centers, sample.weight)))[labels]
    found = [_share(sample, names == name, str(name)) for name in dict.fromkeys(names.tolist())]
    found.sort(key=lambda share: -share.fraction)
    kept = [share for share in found[:max_colors] if share.fraction >= _SMALLEST_SHARE] or found[:1]
    total = sum(share.fraction for share in kept)
    return tuple(ColorShare(share.name, share.fraction / total, share.rgb) for share in kept)


def _merge_shades(labels: Labels, centers: FloatArray, weight: FloatArray) -> FloatArray:
    """Merge centres that differ only in lightness, as folds of one cloth do, into their mean."""
    mass = np.bincount(labels, weight, minlength=len(centers)) + _TINY
    near = ciede2000(centers[:, None], centers[None], k_l=2.0) < _FOLD
    keeper = np.where(near, mass, 0).argmax(axis=1)
    same = (keeper[:, None] == keeper).astype(np.float64)
    merged: FloatArray = ((same @ (centers * mass[:, None])) / (same @ mass)[:, None]).astype(np.float32)
    return merged


def _share(sample: _Sample, chosen: npt.NDArray[np.bool_], name: str) -> ColorShare:
    weight = sample.weight[chosen]
    red, green, blue = np.rint(weight @ sample.rgb[chosen] / weight.sum()).astype(int).tolist()
    return ColorShare(name, float(weight.sum() / sample.weight.sum()), red << 16 | green << 8 | blue)


def _foreground(crop: Pixels, max_pixels: int) -> _Sample:
    """Sampled pixels that are not background; all pixels if hardly any would remain (white on white)."""
    rgb = _take_grid(crop, max_pixels)
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2Lab).astype(np.float32, copy=False)
    weight = _center_weight(*rgb.shape[:2])
    chosen = ~_is_background(lab)
    if weight[chosen].sum() < _LEAST_FOREGROUND * weight.sum():
        chosen = np.ones_like(chosen)
    return _Sample(rgb[chosen], lab[chosen], weight[chosen])


def _take_grid(crop: Pixels, max_pixels: int) -> Pixels:
    """At most `max_pixels` pixels on a regular grid."""
    height, width = crop.shape[:2]
    scale = min((max_pixels / (height * width)) ** 0.5, 1.0)
    rows = max(int(height * scale), 1)
    columns = max(min(int(width * scale), max_pixels // rows), 1)
    y = ((np.arange(rows) + 0.5) * height / rows).astype(int)
    x = ((np.arange(columns) + 0.5) * width / columns).astype(int)
    grid: Pixels = crop[y[:, None], x]
    return grid


def _center_weight(rows: int, columns: int) -> FloatArray:
    """Gaussian weights over the grid: 1 in the centre, a quarter in the middle of an edge."""
    y, x = np.linspace(-1, 1, rows + 2)[1:-1], np.linspace(-1, 1, columns + 2)[1:-1]
    return np.exp2(-2 * (y[:, None] ** 2 + x**2)).astype(np.float32)


def _is_background(lab: FloatArray) -> npt.NDArray[np.bool_]:
    """Mask (H, W) of the pixels that are near a colour with a large share of the border."""
    border = _border(lab)
    labels, centers = cluster(border, np.ones(len(border), np.float32), 3, _ITERATIONS, _SEED)
    background = np.zeros(lab.shape[:2], np.bool_)
    for index, center in enumerate(centers):
        members = border[labels == index]
        if len(members) >= _LEAST_BORDER * len(border):
            spread = float(np.sqrt(((members - center) ** 2).sum(axis=1).mean()))
            reach = min(_NEAR + 1.5 * spread, _FAR)
            background |= ((lab - center) ** 2).sum(axis=2) < reach**2
    return background


def _border(grid: FloatArray) -> FloatArray:
    """The outermost two pixels of each side, (M, 3)."""
    sides = grid[:2], grid[-2:], grid[2:-2, :2], grid[2:-2, -2:]
    return np.concatenate([side.reshape(-1, 3) for side in sides])
