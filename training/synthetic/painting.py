"""A picture that is painted part by part with soft shading, and remembers which part each pixel shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import cv2
import numpy as np
import numpy.typing as npt

from domain.types import Box, Pixels
from training.synthetic.fabric import Plane, Rgb
from training.synthetic.outline import Points

Stencil = npt.NDArray[np.uint8]
"""(H, W) uint8, 255 inside of a part."""


class Painting:
    """A figure on a background; lengths are in heads (`scale` pixels), the light comes from the upper left.

    `origin` is the pixel (x, y) of the point (0, 0). Each part has an owner, a number above 0; 0 is the
    background, and parts of the same owner make one garment.
    """

    def __init__(self, background: Pixels, scale: float, origin: tuple[float, float]) -> None:
        self.scale = scale
        self.color = background.astype(np.float32)
        self.owner = np.zeros(background.shape[:2], np.uint8)
        self._origin = np.asarray(origin, np.float32)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.color.shape[0], self.color.shape[1]

    def polygon(self, points: Points) -> Stencil:
        """The inside of a closed outline (N, 2)."""
        stencil = np.zeros(self.shape, np.uint8)
        cv2.fillPoly(stencil, [self._fixed(points)], 255, cv2.LINE_AA, 4)
        return stencil

    def tube(self, points: Points, radii: Sequence[float], round_end: bool = False) -> Stencil:
        """A limb or sleeve along a line (N, 2) with a radius at each point; it begins round."""
        stencil = np.zeros(self.shape, np.uint8)
        radii_px = np.asarray(radii, np.float32)
        for first, second, wide, narrow in zip(points, points[1:], radii_px, radii_px[1:], strict=False):
            along = (second - first) / max(1e-6, float(np.hypot(*(second - first))))
            across = np.asarray([-along[1], along[0]], np.float32)
            corners = [first + across * wide, second + across * narrow]
            corners += [second - across * narrow, first - across * wide]
            cv2.fillPoly(stencil, [self._fixed(np.stack(corners))], 255, cv2.LINE_AA, 4)
        for point, radius in zip(points if round_end else points[:-1], radii_px, strict=False):
            center = tuple(int(v) for v in self._fixed(point[None])[0])
            cv2.circle(stencil, center, round(float(radius) * self.scale * 16), 255, -1, cv2.LINE_AA, 4)
        return stencil

    def line(self, points: Points, width: float) -> Stencil:
        """An open line (N, 2) of a width."""
        stencil = np.zeros(self.shape, np.uint8)
        thickness = max(1, round(width * self.scale))
        cv2.polylines(stencil, [self._fixed(points)], False, 255, thickness, cv2.LINE_AA, 4)
        return stencil

    def fill(
        self,
        stencil: Stencil,
        paint: Pixels | Rgb | npt.NDArray[np.float32],
        owner: int,
        relief: float = 1.0,
        folds: Plane | None = None,
        shadow: float = 0.35,
    ) -> None:
        """Paint a part with a colour or a fabric (H, W, 3).

        `relief` is the depth of its shading, `folds` (H, W) is added to its light, and `shadow` is how much
        it darkens the parts beside it.
        """
        window = self._window(stencil)
        if window is None:
            return
        share: Plane = np.asarray(stencil[window] / np.float32(255), np.float32)
        color = self.color[window]
        if shadow:
            figure = (self.owner[window] > 0).astype(np.float32)
            color *= (1 - shadow * figure * self._cast(share))[..., None]
        light = self._light(share, relief)
        if folds is not None:
            light += folds[window]
        values = paint[window] if isinstance(paint, np.ndarray) else np.asarray(paint, np.float32)
        lit = values * light.clip(0.45, 1.35)[..., None]
        color += (lit - color) * share[..., None]
        self.owner[window][share > 0.5] = owner

    def ink(self, stencil: Stencil, color: Rgb, strength: float = 1.0) -> None:
        """Draw on what is there; the pixels keep their owner."""
        if (window := self._window(stencil)) is not None:
            share = np.float32(strength / 255) * stencil[window][..., None]
            part = self.color[window]
            part += (np.asarray(color, np.float32) - part) * share

    @contextmanager
    def moved(self, x: float, y: float) -> Iterator[None]:
        """Draw what is drawn inside of the `with` block further right and down, by heads."""
        kept = self._origin
        self._origin = kept + np.float32(self.scale) * np.asarray([x, y], np.float32)
        yield
        self._origin = kept

    def folds(self, lines: Sequence[Points], depth: float, width: float = 0.05) -> Plane:
        """Dark creases with a bright side along lines, as light (H, W) to add."""
        plane = np.zeros(self.shape, np.float32)
        for points in lines:
            cv2.polylines(
                plane, [self._fixed(points)], False, 1.0, max(1, round(width * self.scale)), cv2.LINE_8, 4
            )
        soft = cv2.GaussianBlur(plane, (0, 0), max(0.6, 0.8 * width * self.scale))
        step = 1.3 * width * self.scale
        bright = _shifted(soft, -step)
        return np.asarray(depth * (0.7 * bright - soft), np.float32)

    def box(self, owner: int) -> Box | None:
        """The box of an owner's visible pixels, x to the right and y down; None if hardly anything shows."""
        rows, columns = np.nonzero(self.owner == owner)
        if len(rows) < max(1.0, (0.15 * self.scale) ** 2):
            return None
        return Box(float(columns.min()), float(rows.min()), float(columns.max() + 1), float(rows.max() + 1))

    def to_px(self, point: Points) -> Points:
        """Points (N, 2) in pixels."""
        return np.asarray(point * np.float32(self.scale) + self._origin, np.float32)

    def _fixed(self, points: Points) -> npt.NDArray[np.int32]:
        return np.asarray(self.to_px(points) * 16, np.int32)

    def _window(self, stencil: Stencil) -> tuple[slice, slice] | None:
        """The rows and columns of a part with a margin for its shadow."""
        x, y, width, height = cv2.boundingRect(stencil)
        if not width:
            return None
        margin = int(0.4 * self.scale)
        return (
            slice(max(0, y - margin), y + height + margin),
            slice(max(0, x - margin), x + width + margin),
        )

    def _cast(self, share: Plane) -> Plane:
        moved = _shifted(share, 0.06 * self.scale)
        return np.asarray(cv2.GaussianBlur(moved, (0, 0), 0.09 * self.scale), np.float32)

    def _light(self, share: Plane, relief: float) -> Plane:
        """Brightness (H, W) about 1 of a part that bulges towards the viewer."""
        near = cv2.GaussianBlur(share, (0, 0), 0.06 * self.scale)
        far = cv2.GaussianBlur(share, (0, 0), 0.2 * self.scale)
        down, right = np.gradient(0.4 * near + 0.6 * far)
        slope = (0.8 * right + 0.5 * down) * self.scale
        return np.asarray(0.98 + relief * (0.16 * slope - 0.12 * (1 - far)), np.float32)


def smooth(points: Sequence[tuple[float, float]] | Points, closed: bool = True, steps: int = 8) -> Points:
    """A curve through all points (N, 2). Source: Catmull and Rom 1974, the uniform spline."""
    through = np.asarray(points, np.float32)
    ends = (through[-1:], through[:2]) if closed else (through[:1], through[-1:])
    padded = np.concatenate([ends[0], through, ends[1]])
    share = np.linspace(0, 1, steps, endpoint=False, dtype=np.float32)[:, None]
    parts = [_segment(padded[i : i + 4], share) for i in range(len(padded) - 3)]
    return np.concatenate([*parts] if closed else [*parts, through[-1:]])


def _shifted(plane: Plane, step: float) -> Plane:
    """Move a plane right and down by `step` pixels."""
    move = np.asarray([[1, 0, step], [0, 1, step]], np.float32)
    return np.asarray(cv2.warpAffine(plane, move, plane.shape[::-1]), np.float32)


def _segment(knots: Points, t: Plane) -> Points:
    before, first, second, after = knots
    return np.asarray(
        0.5
        * (
            2 * first
            + (second - before) * t
            + (2 * before - 5 * first + 4 * second - after) * t**2
            + (3 * first - before - 3 * second + after) * t**3
        ),
        np.float32,
    )
