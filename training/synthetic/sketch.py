"""What the parts of a drawn person share: the painting, the body, and the cloth of each garment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from domain.types import Pixels
from training.synthetic.body import Body
from training.synthetic.canvas import Garment
from training.synthetic.fabric import Plane, Rgb, as_pixels, patterns, smooth_noise
from training.synthetic.outline import Points, as_points
from training.synthetic.painting import Painting, smooth

SKIN, HAIR, PROP = 1, 2, 3
"""Owners of what is no garment; those of garments come after them."""
FIRST_GARMENT = 4


@dataclass(frozen=True, slots=True)
class Sketch:
    """A person that is being drawn."""

    painting: Painting
    body: Body
    rng: np.random.Generator

    def noise(self, cells: int, depth: float) -> Plane:
        """Soft uneven light (H, W), stretched downwards as cloth hangs."""
        height, width = self.painting.shape
        return depth * smooth_noise(height, width, cells, self.rng)


@dataclass(frozen=True, slots=True)
class Cloth:
    """A garment of a kind with its owner number and its fabric (H, W, 3) of the painting's size."""

    kind: str
    owner: int
    fabric: Pixels
    base: Rgb
    accent: Rgb


def cut_cloth(sketch: Sketch, garment: Garment, owner: int, top_y: float, reach: float = 2.6) -> Cloth:
    """The fabric of a garment that begins at the height `top_y`; `reach` heads are one width of it."""
    painting = sketch.painting
    side = max(32, round(reach * painting.scale))
    share = patterns()[garment.pattern](side, sketch.rng)
    center = painting.to_px(as_points([(sketch.body.center_x(top_y + 1), top_y)]))[0]
    height, width = painting.shape
    left, above = round(float(center[0])) - side // 2, round(float(center[1]) - 0.1 * painting.scale)
    rows, columns = np.arange(height) - above, np.arange(width) - left
    plane = share[np.ix_(rows % side, columns % side)]
    if garment.pattern == "printed":
        inside = np.outer((rows >= 0) & (rows < side), (columns >= 0) & (columns < side))
        plane = plane * inside
    base, accent = (np.asarray(color, np.float32) for color in (garment.base, garment.accent))
    mixed = base + (accent - base) * plane[..., None].astype(np.float32)
    grain = np.tile(sketch.rng.normal(0, 2.5, (128, 128, 1)), (height // 128 + 1, width // 128 + 1, 1))
    mixed += grain[:height, :width]
    return Cloth(garment.kind, owner, as_pixels(mixed), garment.base, garment.accent)


def bent(first: Points, second: Points, bow: float) -> Points:
    """A curve from one point to another that bows to its left by a share of its length."""
    across = np.asarray([second[1] - first[1], first[0] - second[0]], np.float32)
    return smooth(np.stack([first, (first + second) / 2 + bow * across, second]), closed=False)


def dim(color: Rgb, factor: float) -> Rgb:
    """A colour with its brightness scaled; black becomes a little lighter, so that seams show."""
    values = np.asarray(color, np.float32) * factor + (22 if max(color) < 45 and factor < 1 else 0)
    red, green, blue = (int(v) for v in values.clip(0, 255))
    return red, green, blue
