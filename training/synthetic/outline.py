"""Outlines of garments: closed polygons (N, 2), x to the right, y down; a garment is about 2 units tall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Top:
    """Proportions of a top or a dress; widths are half widths."""

    length: float
    shoulder: float = 0.5
    chest: float = 0.46
    waist: float = 0.44
    hem: float = 0.46
    neck: float = 0.2
    neck_depth: float = 0.14
    sleeve: float = 0.0
    sleeve_angle_deg: float = 55.0
    cuff: float = 0.2

    def points(self) -> Points:
        """The outline, shoulders at y = 0."""
        right = [(self.neck, 0.0), (self.shoulder, 0.1)]
        if self.sleeve:
            right += self._sleeve()
        right.append((self.chest, 0.1 + self.cuff + 0.18))
        right += [(self.waist, 0.45 + 0.3 * (self.length - 0.45)), (self.hem, self.length)]
        angles = np.linspace(np.pi, 0, 9)
        neckline = [(self.neck * np.cos(a), self.neck_depth * np.sin(a)) for a in angles[1:-1]]
        return as_points([*neckline, *right, *mirrored(right)])

    def _sleeve(self) -> list[tuple[float, float]]:
        angle = np.deg2rad(self.sleeve_angle_deg)
        x, y = self.shoulder + self.sleeve * np.cos(angle), 0.1 + self.sleeve * np.sin(angle)
        return [(x, y), (x - self.cuff * np.sin(angle), y + self.cuff * np.cos(angle))]


@dataclass(frozen=True, slots=True)
class Legs:
    """Proportions of trousers and shorts; widths are half widths."""

    length: float
    waist: float = 0.36
    hip: float = 0.46
    crotch: float = 0.62
    spread: float = 0.1
    ankle: float = 0.12

    def points(self) -> Points:
        """The outline, waist at y = 0."""
        inner, outer = self.spread, self.spread + 2 * self.ankle
        right = [(self.waist, 0.0), (self.hip, 0.45 * self.crotch), (outer, self.length)]
        right += [(inner, self.length), (0.02, self.crotch)]
        return as_points([*right, *mirrored(right)])


@dataclass(frozen=True, slots=True)
class Skirt:
    """Proportions of a skirt; widths are half widths, `wave` is the depth of the folds at the hem."""

    length: float
    waist: float = 0.32
    hip: float = 0.45
    hem: float = 0.7
    wave: float = 0.02

    def points(self) -> Points:
        """The outline, waist at y = 0."""
        x = np.linspace(self.hem, -self.hem, 41)
        sag = 0.06 * (1 - (x / self.hem) ** 2) + self.wave * np.sin(x / self.hem * 14)
        hem = list(zip(x.tolist(), (self.length + sag).tolist(), strict=True))
        side = [(self.waist, 0.0), (self.hip, 0.4 * min(self.length, 1.0))]
        return as_points([*side, *hem, *mirrored(side)])


def sneaker(height: float) -> Points:
    """The side of a shoe without its sole, toe to the right; `height` is that of the ankle opening."""
    opening = [(-0.86, -height), (-0.3, -height), (-0.12, -0.5 * height - 0.12)]
    return as_points([(-0.9, 0.0), (-0.92, -0.4 * height), *opening, (0.4, -0.24), (0.8, -0.16), (0.95, 0.0)])


def boot(height: float, heel: float) -> Points:
    """The side of a boot with its heel, toe to the right."""
    shaft = [(-0.55, -height), (0.05, -height), (0.05, -0.45)]
    toe = [(0.5, -0.3), (0.72, -0.16), (0.75, 0.0)]
    return as_points([*shaft, *toe, (-0.1, -0.2 * heel), (-0.25, heel), (-0.5, heel), (-0.58, -0.1)])


def slipper() -> Points:
    """A sandal's sole seen from above, heel at the bottom."""
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    width = 0.3 + 0.05 * np.sin(angles) * -1
    return as_points(list(zip(width * np.cos(angles), 0.8 * np.sin(angles), strict=True)))


def dome(width: float, height: float, square: float = 2.0) -> Points:
    """The crown of a hat, base at y = 0; `square` above 2 makes it boxier."""
    angles = np.linspace(0, np.pi, 30)
    x = width * np.sign(np.cos(angles)) * np.abs(np.cos(angles)) ** (2 / square)
    return as_points(list(zip(x, -height * np.sin(angles) ** (2 / square), strict=True)))


def ellipse(center_x: float, center_y: float, width: float, height: float) -> Points:
    """An ellipse with half axes `width` and `height`."""
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    return as_points(
        list(zip(center_x + width * np.cos(angles), center_y + height * np.sin(angles), strict=True))
    )


def trapezoid(top: float, bottom: float, y_top: float, y_bottom: float) -> Points:
    """A symmetric body between two heights; `top` and `bottom` are half widths."""
    return as_points([(top, y_top), (bottom, y_bottom), (-bottom, y_bottom), (-top, y_top)])


def mirrored(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The mirror image in reverse order, which appended to the points closes the outline."""
    return [(-x, y) for x, y in reversed(points)]


def as_points(points: list[tuple[float, float]]) -> Points:
    """Convert a list of pairs to (N, 2) float32."""
    return np.asarray(points, np.float32)


def point(x: float, y: float) -> Points:
    """One point (2,)."""
    return np.asarray([x, y], np.float32)
