"""Textures: fabrics with patterns, and backgrounds."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt

from domain.types import Pixels

Rgb = tuple[int, int, int]
Plane = npt.NDArray[np.float32]
"""(H, W) in 0..1: share of the accent colour."""


def weave(side: int, pattern: str, base: Rgb, accent: Rgb, rng: np.random.Generator) -> Pixels:
    """Fabric (side, side, 3) of a base colour with a pattern of the accent colour.

    Raises KeyError if the pattern is unknown.
    """
    share = patterns()[pattern](side, rng)[..., None]
    mixed = np.asarray(base, np.float32) * (1 - share) + np.asarray(accent, np.float32) * share
    return as_pixels(mixed + rng.normal(0, 3, (side, side, 1)))


def as_pixels(values: npt.ArrayLike) -> Pixels:
    """Clip to 0..255 and convert to uint8."""
    return np.asarray(np.clip(np.asarray(values), 0, 255), np.uint8)


def patterns() -> MappingProxyType[str, Callable[[int, np.random.Generator], Plane]]:
    """The functions that draw a pattern, by its name in the taxonomy."""
    return MappingProxyType(
        {
            "plain": _plain,
            "striped": _striped,
            "checked": _checked,
            "dotted": _dotted,
            "floral": _floral,
            "printed": _printed,
        }
    )


def _plain(side: int, _: np.random.Generator) -> Plane:
    return np.zeros((side, side), np.float32)


def _striped(side: int, rng: np.random.Generator) -> Plane:
    period, share = side / rng.integers(9, 26), rng.uniform(0.25, 0.55)
    stripes = (np.arange(side) / period % 1 < share).astype(np.float32)
    plane = np.broadcast_to(stripes[:, None], (side, side))
    return np.ascontiguousarray(plane.T if rng.random() < 0.35 else plane)


def _checked(side: int, rng: np.random.Generator) -> Plane:
    period, share = side / rng.integers(6, 15), rng.uniform(0.3, 0.5)
    bars = (np.arange(side) / period % 1 < share).astype(np.float32)
    plane = 0.5 * (bars[:, None] + bars[None, :])
    if rng.random() < 0.5:
        thin = (np.arange(side) / period % 1 > 0.92).astype(np.float32)
        plane = np.maximum(plane, 0.8 * np.maximum(thin[:, None], thin[None, :]))
    return np.asarray(plane, np.float32)


def _dotted(side: int, rng: np.random.Generator) -> Plane:
    plane = np.zeros((side, side), np.float32)
    period = side / rng.integers(9, 18)
    radius = max(2, int(period * rng.uniform(0.18, 0.3)))
    for row in range(int(side / period) + 1):
        for column in range(int(side / period) + 2):
            center = (int((column - 0.5 * (row % 2)) * period), int(row * period))
            cv2.circle(plane, center, radius, 1.0, -1, cv2.LINE_AA)
    return plane


def _floral(side: int, rng: np.random.Generator) -> Plane:
    plane = np.zeros((side, side), np.float32)
    cells = int(rng.integers(7, 12))
    for cell in range(cells * cells):
        row, column = divmod(cell, cells)
        x, y = (np.asarray([column, row]) + rng.uniform(0.1, 0.9, 2)) * side / cells
        radius = side / cells * rng.uniform(0.11, 0.2)
        turn, petals = rng.uniform(0, 2 * np.pi), int(rng.integers(5, 7))
        for angle in turn + np.arange(petals) * 2 * np.pi / petals:
            petal = (int(x + 1.3 * radius * np.cos(angle)), int(y + 1.3 * radius * np.sin(angle)))
            cv2.circle(plane, petal, max(2, int(radius)), 1.0, -1, cv2.LINE_AA)
        cv2.circle(plane, (int(x), int(y)), max(1, int(0.7 * radius)), 0.3, -1, cv2.LINE_AA)
    return plane


def _printed(side: int, rng: np.random.Generator) -> Plane:
    plane: Plane = np.zeros((side, side), np.float32)
    x, y = int(side * rng.uniform(0.46, 0.54)), int(side * rng.uniform(0.36, 0.5))
    radius = int(side * rng.uniform(0.07, 0.12))
    motif = int(rng.integers(4))
    if motif == 0:
        cv2.circle(plane, (x, y), radius, 1.0, -1, cv2.LINE_AA)
        cv2.circle(plane, (x, y), radius // 2, 0.0, -1, cv2.LINE_AA)
    elif motif == 1:
        angles = np.arange(10) * np.pi / 5 - np.pi / 2
        reach = np.where(np.arange(10) % 2, 0.45, 1.1) * radius
        star = np.stack([x + reach * np.cos(angles), y + reach * np.sin(angles)], 1)
        cv2.fillPoly(plane, [star.astype(np.int32)], 1.0, cv2.LINE_AA)
    elif motif == 2:
        cv2.rectangle(plane, (x - radius, y - radius), (x + radius, y + radius // 2), 1.0, -1)
        cv2.circle(plane, (x + radius // 3, y - radius // 3), radius // 3, 0.2, -1, cv2.LINE_AA)
    else:
        word = str(rng.choice(["HELLO", "SUN", "PARIS", "1987", "YES", "LOVE", "MOON", "23"]))
        scale = radius / 22
        ink = np.zeros((side, side), np.uint8)
        cv2.putText(ink, word, (x - int(9 * scale * len(word)), y), 0, scale, 255, max(2, radius // 9), 16)
        plane = np.asarray(ink, np.float32) / np.float32(255)
    return plane


def background(height: int, width: int, rng: np.random.Generator) -> Pixels:
    """A random background (H, W, 3): wall, floor, cloth, planks or tiles."""
    makers = (_wall, _wall, _cloth, _planks, _tiles, _room)
    picture = makers[int(rng.integers(len(makers)))](height, width, rng)
    light = np.linspace(rng.uniform(0.85, 1.05), rng.uniform(0.85, 1.05), width, dtype=np.float32)
    return as_pixels(picture * light[None, :, None])


def _tint(rng: np.random.Generator) -> Plane:
    if rng.random() < 0.65:
        grey = rng.uniform(120, 245)
        return np.asarray(grey + rng.normal(0, 9, 3), np.float32)
    return rng.uniform(40, 240, 3).astype(np.float32)


def smooth_noise(height: int, width: int, cells: int, rng: np.random.Generator) -> Plane:
    """Smooth noise (H, W) of about -1 to 1, with about `cells` patches along each side."""
    coarse = rng.uniform(-1, 1, (cells + 1, cells + 1)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def _wall(height: int, width: int, rng: np.random.Generator) -> Plane:
    noise = smooth_noise(height, width, 3, rng)[..., None] * rng.uniform(2, 14)
    return np.asarray(_tint(rng) + noise + rng.normal(0, 2, (height, width, 1)), np.float32)


def _cloth(height: int, width: int, rng: np.random.Generator) -> Plane:
    folds = smooth_noise(height, width, 9, rng) * 12 + smooth_noise(height, width, 40, rng) * 8
    return np.asarray(_tint(rng) + folds[..., None], np.float32)


def _planks(height: int, width: int, rng: np.random.Generator) -> Plane:
    wood = np.asarray([rng.uniform(110, 215), 0, 0], np.float32)
    wood[1:] = wood[0] * np.asarray([rng.uniform(0.72, 0.9), rng.uniform(0.45, 0.72)])
    plank = max(12, int(width / rng.integers(4, 10)))
    grain = cv2.resize(rng.normal(0, 9, (6, width)).astype(np.float32), (width, height))
    tone = rng.normal(0, 9, width // plank + 1).astype(np.float32)[np.arange(width) // plank]
    seams = np.where(np.arange(width) % plank < 2, -40, 0).astype(np.float32)
    picture = wood + (grain + tone + seams)[..., None]
    return np.asarray(picture, np.float32)


def _tiles(height: int, width: int, rng: np.random.Generator) -> Plane:
    tile = int(rng.integers(40, 110))
    row, column = np.arange(height)[:, None] // tile, np.arange(width)[None, :] // tile
    tone = np.where((row + column) % 2, 1.0, rng.uniform(0.75, 1.0)).astype(np.float32)
    joint = (np.arange(height)[:, None] % tile < 2) | (np.arange(width)[None, :] % tile < 2)
    return np.asarray(_tint(rng) * np.where(joint, 0.8, tone)[..., None], np.float32)


def _room(height: int, width: int, rng: np.random.Generator) -> Plane:
    wall, floor = _wall(height, width, rng), _planks(width, height, rng).transpose(1, 0, 2)
    horizon = int(height * rng.uniform(0.5, 0.85))
    wall[horizon:] = floor[horizon:]
    return wall
