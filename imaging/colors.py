"""The named colours of a garment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from domain.taxonomy import Taxonomy
from domain.types import ColorShare, FloatArray, Pixels
from imaging.ciede2000 import ciede2000
from imaging.cluster import Labels, cluster
from imaging.color_weights import FAMILIES, ColorWeights, name_shares, seen_families

_CLUSTERS = 6
_ITERATIONS = 12
_SMALLEST_SHARE = 0.08
_SEED = 20
_FOLD = 8.0
_TINY = 1e-9
_PLAIN, _HIT = 0.9, 3.0
"""The share from which one colour is all of a garment; the difference up to which a centre is met."""
CENTER_POWER = 3.0
"""How strongly a colour counts less that is on the border rather than in the centre.

Source: measured on worn garments with masks; docs/demo-models.md has the figures.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Palette:
    """Colour names with the centres that have them, `lab` (N, 3) float32 CIE L*a*b* (D65).

    `names` and `families` have one entry for each centre; a name may have several centres. `weights` tell the
    family of the main colour; without them it is the largest.
    """

    names: tuple[str, ...]
    families: tuple[str, ...]
    lab: FloatArray
    weights: ColorWeights | None = None

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> Self:
        """Make a palette of the colours of a taxonomy and their further centres."""
        pairs = [(name, center) for name, center in taxonomy.colors.items()]
        pairs += [(name, center) for name, more in taxonomy.color_variants.items() for center in more]
        names = tuple(name for name, _ in pairs)
        lab = np.array([center for _, center in pairs], np.float32)
        families = tuple(map(taxonomy.family_of, names))
        return cls(names, families, lab, ColorWeights.fitted_for(FAMILIES, families))

    def differences(self, lab: FloatArray) -> FloatArray:
        """CIEDE2000 (M, N) between colours (M, 3) and the centres."""
        return np.asarray(ciede2000(lab[:, None], self.lab[None]), np.float32)

    def nearest(self, lab: FloatArray) -> npt.NDArray[np.intp]:
        """The index of the nearest centre for each of the colours (M, 3)."""
        nearest: npt.NDArray[np.intp] = self.differences(lab).argmin(axis=1)
        return nearest


def lab_of(rgb: int) -> FloatArray:
    """CIE L*a*b* (D65), (3,) float32, of an sRGB colour 0xRRGGBB."""
    channels = [rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255]
    pixel = np.array([[channels]], np.float32) / 255
    lab: FloatArray = cv2.cvtColor(pixel, cv2.COLOR_RGB2Lab)[0, 0]
    return lab


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """M sampled pixels: `rgb` (M, 3) uint8, `lab` (M, 3) float32; `center`, `border` (M,) sum to 1."""

    rgb: Pixels
    lab: FloatArray
    center: FloatArray
    border: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Clusters:
    """K clusters of M pixels.

    Attributes:
        labels, pixels: (M,) the cluster of each pixel, and how much it counts.
        centers: (K, 3) CIE L*a*b*.
        masses, of_all: (K,) how much each counts, and would if the border's colours did not count less.
    """

    labels: Labels
    pixels: FloatArray
    centers: FloatArray
    masses: FloatArray
    of_all: FloatArray


def dominant_colors(
    crop: Pixels, palette: Palette, max_colors: int = 3, max_pixels: int = 4096
) -> tuple[ColorShare, ...]:
    """The main colours of a crop; their fractions sum to 1.

    First are those of the family that people would most likely call it, then those of the largest; within a
    family the largest comes first. A colour counts by how much of it is in the centre, and less where more of
    it is on the border, as the ground, skin and neighbouring garments are.
    """
    sample = _sampled(crop, max_pixels)
    found = _clustered(sample)
    first, nearest = _told(palette, found)
    labels, pixels = found.labels, found.pixels
    names = np.array([palette.names[index] for index in nearest])[labels]
    shares = [_share(sample.rgb, pixels, names == name, str(name)) for name in dict.fromkeys(names.tolist())]
    shares = _in_order(shares, dict(zip(palette.names, palette.families, strict=True)), first)
    kept = shares[:1] + [share for share in shares[1:max_colors] if share.fraction >= _SMALLEST_SHARE]
    total = sum(share.fraction for share in kept)
    return tuple(ColorShare(share.name, share.fraction / total, share.rgb) for share in kept)


def shown_families(crop: Pixels, palette: Palette, max_pixels: int = 4096) -> FloatArray:
    """What the weights of the families see of a crop."""
    found = _clustered(_sampled(crop, max_pixels))
    return _seen(found, name_shares(palette.differences(found.centers), palette.families))


def _clustered(sample: _Sample) -> _Clusters:
    labels, centers = cluster(sample.lab, sample.center, _CLUSTERS, _ITERATIONS, _SEED)
    labels, centers = _merge_shades(labels, centers, sample.center)
    pixels = sample.center * _cluster_weights(sample, labels, len(centers))[labels]
    masses, of_all = (np.bincount(labels, each, minlength=len(centers)) for each in (pixels, sample.center))
    return _Clusters(
        labels, pixels, centers, *(np.asarray(m / m.sum(), np.float32) for m in (masses, of_all))
    )


def _seen(found: _Clusters, shares: FloatArray) -> FloatArray:
    """What the weights of the families see of clusters that show `shares` (K, N) of each."""
    return seen_families(found.masses @ shares, found.of_all @ shares, found.centers[found.masses.argmax()])


def _told(palette: Palette, found: _Clusters) -> tuple[str, npt.NDArray[np.intp]]:
    """The family of the main colour, "" for the largest, and the centre (K,) that each cluster is named by.

    That is the nearest; but where none is of the family, the cluster that shows most of it gets one that is.
    Plain cloth in a colour of the palette is called by it.
    """
    differences = palette.differences(found.centers)
    nearest: npt.NDArray[np.intp] = differences.argmin(axis=1)
    largest = found.masses.argmax()
    if palette.weights is None or (found.masses[largest] > _PLAIN and differences[largest].min() < _HIT):
        return "", nearest
    shares = name_shares(differences, palette.families)
    first = palette.weights.likeliest(_seen(found, shares))
    of_family = np.array([family == first for family in palette.families])
    if not of_family[nearest].any():
        most = (found.masses * shares[:, palette.weights.names.index(first)]).argmax()
        nearest[most] = np.where(of_family, differences[most], np.inf).argmin()
    return first, nearest


def _cluster_weights(sample: _Sample, labels: Labels, count: int) -> FloatArray:
    """(K,) the factor of each cluster's pixels: near 1 in the centre alone, near 0 on the border alone."""
    center = np.bincount(labels, sample.center, minlength=count)
    border = np.bincount(labels, sample.border, minlength=count)
    weights = ((center + _TINY) / (center + border + _TINY)) ** CENTER_POWER
    return np.asarray(weights, np.float32)


def _in_order(shares: list[ColorShare], family_of: dict[str, str], first: str) -> list[ColorShare]:
    """The first family, then by falling share of the family; within it by falling share of the colour."""
    families: dict[str, float] = {}
    for share in shares:
        family = family_of[share.name]
        families[family] = families.get(family, 0.0) + share.fraction
    families[first] = np.inf
    return sorted(shares, key=lambda share: (-families[family_of[share.name]], -share.fraction))


def _merge_shades(labels: Labels, centers: FloatArray, weight: FloatArray) -> tuple[Labels, FloatArray]:
    """Merge clusters that differ only in lightness, as folds of one cloth do: labels (M,), centres (K, 3)."""
    mass = np.bincount(labels, weight, minlength=len(centers)) + _TINY
    near = ciede2000(centers[:, None], centers[None], k_l=2.0) < _FOLD
    keepers, merged = np.unique(np.where(near, mass, 0).argmax(axis=1), return_inverse=True)
    same = (merged == np.arange(len(keepers))[:, None]).astype(np.float64)
    means: FloatArray = ((same @ (centers * mass[:, None])) / (same @ mass)[:, None]).astype(np.float32)
    return merged[labels], means


def _share(rgb: Pixels, weight: FloatArray, chosen: npt.NDArray[np.bool_], name: str) -> ColorShare:
    of_color = weight[chosen]
    red, green, blue = np.rint(of_color @ rgb[chosen] / of_color.sum()).astype(int).tolist()
    return ColorShare(name, float(of_color.sum() / weight.sum()), red << 16 | green << 8 | blue)


def _sampled(crop: Pixels, max_pixels: int) -> _Sample:
    """Pixels of a regular grid."""
    rgb = _take_grid(crop, max_pixels)
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2Lab).astype(np.float32, copy=False)
    center, border = _center_weight(*rgb.shape[:2]), _border_weight(*rgb.shape[:2])
    flat = rgb.reshape(-1, 3), lab.reshape(-1, 3)
    return _Sample(*flat, center.ravel() / center.sum(), border.ravel() / border.sum())


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


def _border_weight(rows: int, columns: int) -> FloatArray:
    """1 for the outermost two pixels of each side, else 0."""
    border = np.ones((rows, columns), np.float32)
    border[2:-2, 2:-2] = 0
    return border
