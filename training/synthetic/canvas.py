"""The canvas that garments are drawn on, and the description of a garment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from domain.types import Pixels
from training.synthetic.fabric import Rgb, smooth_noise
from training.synthetic.outline import Points, ellipse

Rgba = npt.NDArray[np.uint8]
"""(H, W, 4) uint8, not premultiplied."""


@dataclass(frozen=True, slots=True)
class Garment:
    """A garment to draw; `kind` is a name from `kinds()`, colours are sRGB."""

    kind: str
    pattern: str
    base: Rgb
    accent: Rgb


class Canvas:
    """A square drawing of `side` pixels (2.7 units); x = 0 is its centre, y = 0 is `origin_y` units down."""

    def __init__(self, side: int, origin_y: float) -> None:
        self._scale = side / 2.7
        self._origin = (1.35, origin_y)
        self.color = np.zeros((side, side, 3), np.uint8)
        self.alpha = np.zeros((side, side), np.uint8)

    def fill(self, points: Points, paint: Pixels | Rgb, rounding: float = 0.03) -> None:
        """Fill a polygon with a colour or with a fabric of the canvas' size; `rounding` rounds corners."""
        mask = np.zeros_like(self.alpha)
        cv2.fillPoly(mask, [self._to_pixels(points)], 255, cv2.LINE_AA, 4)
        if rounding:
            blurred = cv2.GaussianBlur(mask, (0, 0), rounding * self._scale)
            mask = np.clip((blurred.astype(np.float32) - 112) * 8, 0, 255).astype(np.uint8)
        share = (mask / np.float32(255))[..., None]
        self.color = (self.color * (1 - share) + np.asarray(paint, np.float32) * share).astype(np.uint8)
        self.alpha = np.maximum(self.alpha, mask)

    def stroke(self, points: Points, color: Rgb, width: float = 0.02, closed: bool = False) -> None:
        """Draw a line inside the garment; the outline stays as it is."""
        self._line(self.color, points, color, width, closed)

    def strap(self, points: Points, color: Rgb, width: float) -> None:
        """Draw a line that becomes part of the garment's outline."""
        self._line(self.color, points, color, width, False)
        self._line(self.alpha, points, (255,), width, False)

    def dot(self, x: float, y: float, color: Rgb, radius: float = 0.025) -> None:
        """Draw a button."""
        self.fill(ellipse(x, y, radius, radius), color, 0)

    def finish(self, rng: np.random.Generator) -> Rgba:
        """Shade folds and edges and return the picture."""
        side = self.alpha.shape[0]
        depth = cv2.GaussianBlur(self.alpha, (0, 0), 0.05 * self._scale) / np.float32(255)
        folds = smooth_noise(side, side, 7, rng) * rng.uniform(0.03, 0.12)
        light = np.clip(0.74 + 0.3 * depth + folds, 0.4, 1.12)
        shaded = np.clip(self.color * light[..., None], 0, 255).astype(np.uint8)
        return np.dstack([shaded, self.alpha])

    def _line(
        self,
        picture: npt.NDArray[np.uint8],
        points: Points,
        color: tuple[int, ...],
        width: float,
        closed: bool,
    ) -> None:
        thickness = max(1, round(width * self._scale))
        cv2.polylines(picture, [self._to_pixels(points)], closed, color, thickness, cv2.LINE_AA, 4)

    def _to_pixels(self, points: Points) -> npt.NDArray[np.int32]:
        return np.asarray((points + np.asarray(self._origin)) * self._scale * 16, np.int32)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of garment: its category, the words for it, its styles, and the function that draws it."""

    category: str
    words: tuple[str, ...]
    styles: tuple[str, ...]
    draw: Callable[[Canvas, Pixels, Garment, np.random.Generator], None]
    origin_y: float


def trim(picture: Rgba) -> Rgba:
    """Cut away the transparent border."""
    rows, columns = np.nonzero(picture[..., 3] > 127)
    return picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def shade(color: Rgb, factor: float) -> Rgb:
    """Scale a colour's brightness by a factor; near black is lightened, so that lines stay visible."""
    if max(color) < 60 and factor < 1:
        return (color[0] + 45, color[1] + 45, color[2] + 45)
    red, green, blue = (int(np.clip(channel * factor, 0, 255)) for channel in color)
    return red, green, blue
