"""Data augmentation: random views of a picture with other crop, light, sharpness and compression."""

from __future__ import annotations

import cv2
import numpy as np

from domain.types import Pixels
from training.data.cutout import bounds
from training.data.examples import Example
from training.synthetic.fabric import as_pixels

PART_CHANCE = 0.4
"""Probability that a view shows only a part of the picture."""


def random_view(example: Example, side: int, rng: np.random.Generator) -> Pixels:
    """A random view (side, side, 3): the garment or the whole picture, padded to a square by reflection."""
    region = _region(example, rng)
    return _compressed(_relit(_squared(region, side, rng), rng), rng)


def plain_view(picture: Pixels, side: int) -> Pixels:
    """The whole picture without augmentation, padded to a square by reflection, (side, side, 3)."""
    height, width = picture.shape[:2]
    size = max(height, width)
    top, left = (size - height) // 2, (size - width) // 2
    square = cv2.copyMakeBorder(
        picture, top, size - height - top, left, size - width - left, cv2.BORDER_REFLECT_101
    )
    return np.asarray(cv2.resize(square, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def _region(example: Example, rng: np.random.Generator) -> Pixels:
    height, width = example.picture.shape[:2]
    if example.mask is not None and rng.random() < 0.5:
        x1, y1, x2, y2 = bounds(example.mask)
        left, right = (x2 - x1) * rng.uniform(-0.06, 0.2, 2)
        top, bottom = (y2 - y1) * rng.uniform(-0.06, 0.2, 2)
        x1, x2, y1, y2 = x1 - left, x2 + right, y1 - top, y2 + bottom
    else:
        left, right, top, bottom = rng.uniform(0, 0.16, 4) * (rng.random() < 0.7)
        x1, x2, y1, y2 = left * width, (1 - right) * width, top * height, (1 - bottom) * height
    x1, y1 = max(0, int(x1)), max(0, int(y1))
    region = example.picture[y1 : max(y1 + 8, int(y2)), x1 : max(x1 + 8, int(x2))]
    return _part(region, rng) if rng.random() < PART_CHANCE else region


def _part(region: Pixels, rng: np.random.Generator) -> Pixels:
    """A random crop of 0.6 to 1 of each side."""
    shape = np.asarray(region.shape[:2])
    size = np.maximum(8, (shape * rng.uniform(0.6, 1.0, 2)).astype(int))
    y, x = (int(rng.integers(0, max(1, spare + 1))) for spare in shape - size)
    return region[y : y + size[0], x : x + size[1]]


def _squared(region: Pixels, side: int, rng: np.random.Generator) -> Pixels:
    """Scale, rotate and mirror at random into a square; the border is filled by reflection."""
    height, width = region.shape[:2]
    scale = side / max(height, width) * rng.uniform(0.94, 1.06)
    if scale < 0.75:
        region = np.asarray(cv2.GaussianBlur(region, (0, 0), 0.35 / scale), np.uint8)
    angle = np.deg2rad(rng.normal(0, 22 if rng.random() < 0.15 else 5))
    stretch = rng.uniform(0.92, 1.08)
    mirror = -1 if rng.random() < 0.5 else 1
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = scale * turn @ np.diag([mirror * stretch, 1 / stretch])
    offset = side / 2 + rng.uniform(-0.03, 0.03, 2) * side - linear @ np.array([width / 2, height / 2])
    matrix = np.column_stack([linear, offset])
    warped = cv2.warpAffine(
        region, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    return np.asarray(warped, np.uint8)


def _relit(picture: Pixels, rng: np.random.Generator) -> Pixels:
    """Change brightness, contrast, saturation and white balance so little that the colour keeps its name."""
    gain = rng.uniform(0.78, 1.22) * rng.uniform(0.95, 1.05, 3)
    pixels = picture.astype(np.float32)
    grey = pixels.mean(axis=2, keepdims=True)
    pixels = grey + (pixels - grey) * rng.uniform(0.8, 1.2)
    middle = pixels.mean()
    pixels = (middle + (pixels - middle) * rng.uniform(0.8, 1.2)) * gain.astype(np.float32)
    if rng.random() < 0.25:
        pixels += rng.normal(0, rng.uniform(2, 8), pixels.shape).astype(np.float32)
    return as_pixels(pixels)


def _compressed(picture: Pixels, rng: np.random.Generator) -> Pixels:
    if rng.random() < 0.2:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.2)), np.uint8)
    if rng.random() < 0.35:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 90))]
        encoded = cv2.imencode(".jpg", picture, quality)[1]
        picture = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
    if rng.random() < 0.15:
        side = picture.shape[0]
        x, y = rng.integers(0, side - side // 4, 2)
        width, height = rng.integers(side // 10, side // 4, 2)
        picture = picture.copy()
        picture[y : y + height, x : x + width] = rng.integers(0, 255, 3)
    return picture
