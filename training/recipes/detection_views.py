"""Data augmentation for detectors: random views of a picture, in which its boxes follow."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from domain.types import FloatArray, Pixels

FILL = 114
"""The grey beside a picture, as in the server's letterbox."""
LEAST_VISIBLE = 0.35
"""A garment of which less is inside the view has no box."""
LEAST_SIDE_PX = 4.0


def random_view(
    picture: Pixels,
    boxes_xyxy: FloatArray,
    class_ids: npt.NDArray[np.int64],
    side: int,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.int64]]:
    """A view (side, side, 3) float32 from 0 to 1, with the boxes (M, 4) in its pixels and their classes.

    The picture is enlarged or shrunk by up to a half, mirrored in half of the cases, moved at random, and its
    light is changed. `boxes_xyxy` (N, 4) are shares of the picture's sides.
    """
    matrix = _random_placement(picture.shape[:2], side, rng)
    view = cv2.warpAffine(picture, matrix, (side, side), borderValue=(FILL, FILL, FILL))
    placed, kept = _place_boxes(boxes_xyxy, picture.shape[:2], matrix, side)
    return _relit(view, rng), placed[kept], class_ids[kept]


def _random_placement(shape: tuple[int, ...], side: int, rng: np.random.Generator) -> FloatArray:
    """An affine matrix (2, 3)."""
    height, width = shape
    gain = side / max(height, width) * rng.uniform(0.6, 1.5)
    room_x, room_y = side - gain * width, side - gain * height
    left, top = (rng.uniform(min(0.0, room), max(0.0, room)) for room in (room_x, room_y))
    if rng.random() < 0.5:
        return np.array([[-gain, 0, left + gain * width], [0, gain, top]], np.float32)
    return np.array([[gain, 0, left], [0, gain, top]], np.float32)


def _place_boxes(
    boxes_xyxy: FloatArray, shape: tuple[int, ...], matrix: FloatArray, side: int
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """The boxes inside the view, and which of them show enough of their garments."""
    height, width = shape
    corners = boxes_xyxy.reshape(-1, 2, 2) * np.array([width, height], np.float32)
    placed = np.sort(corners * matrix[[0, 1], [0, 1]] + matrix[:, 2], axis=1)
    inside = placed.clip(0, side)
    whole, visible = (_areas(each) for each in (placed, inside))
    large = ((inside[:, 1] - inside[:, 0]) >= LEAST_SIDE_PX).all(axis=1)
    return inside.reshape(-1, 4).astype(np.float32), (visible >= LEAST_VISIBLE * whole) & large


def _areas(corners: FloatArray) -> FloatArray:
    """Areas (N,) of boxes given as corners (N, 2, 2)."""
    areas: FloatArray = (corners[:, 1] - corners[:, 0]).prod(axis=1)
    return areas


def _relit(view: npt.NDArray[np.generic], rng: np.random.Generator) -> FloatArray:
    """Another contrast, brightness and tint."""
    grey = (view.astype(np.float32) - 128) * rng.uniform(0.7, 1.3) + 128 + rng.uniform(-30, 30)
    tinted = (grey * rng.uniform(0.9, 1.1, 3)).clip(0, 255) / 255
    return tinted.astype(np.float32)
