"""Drawn clutter: skin, hands, hangers, furniture, plain surfaces.

The detector is trained on it as one class, which the server never reports.
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from domain.types import Pixels
from training.synthetic.canvas import Rgba, shade
from training.synthetic.fabric import Rgb, background, patterns, weave

IGNORED = "ignore"
"""The name of the clutter class, an ignored label of the artifact."""


def draw_clutter(side: int, rng: np.random.Generator) -> Rgba:
    """Draw something that is no garment on a transparent background; at most `side` pixels a side."""
    makers: tuple[Callable[[int, np.random.Generator], Rgba], ...] = (
        _hand, _hand, _limb, _head, _hanger, _hanger, _cupboard, _seat, _cushion, _surface,
    )  # fmt: skip
    return makers[int(rng.integers(len(makers)))](side, rng)


def _skin(rng: np.random.Generator) -> Rgb:
    red, green, blue = colorsys.hsv_to_rgb(
        rng.uniform(0.02, 0.09), rng.uniform(0.25, 0.6), rng.uniform(0.3, 0.95)
    )
    return int(255 * red), int(255 * green), int(255 * blue)


def _painted(ink: npt.NDArray[np.uint8], color: Rgb, rng: np.random.Generator) -> Rgba:
    """Fill the shape of `ink` with one colour, lighter in the middle and on one side."""
    height, width = ink.shape
    depth = cv2.GaussianBlur(ink, (0, 0), 0.05 * max(ink.shape)) / np.float32(255)
    light = 0.72 + 0.32 * depth + np.linspace(-0.1, 0.1, width, dtype=np.float32) * rng.choice([-1, 1])
    paint = np.asarray(color, np.float32) * light[..., None] + rng.normal(0, 3, (height, width, 1))
    return np.dstack([np.clip(paint, 0, 255).astype(np.uint8), ink])


def _hand(side: int, rng: np.random.Generator) -> Rgba:
    ink = np.zeros((side, side), np.uint8)
    middle = np.asarray([side * 0.5, side * 0.52])
    palm = (int(side * 0.13), int(side * 0.15))
    cv2.ellipse(ink, middle.astype(int).tolist(), palm, 0, 0, 360, 255, -1, cv2.LINE_AA)
    spread, width = rng.uniform(0.1, 0.4), max(2, int(side * 0.065))
    for finger, reach in enumerate((0.24, 0.31, 0.33, 0.3, 0.24)):
        angle = -np.pi / 2 + (finger - 2) * spread + (0.5 if finger == 4 else 0)
        tip = middle + side * reach * rng.uniform(0.6, 1) * np.asarray([np.cos(angle), np.sin(angle)])
        cv2.line(ink, middle.astype(int).tolist(), tip.astype(int).tolist(), 255, width, cv2.LINE_AA)
    elbow = [int(side * rng.uniform(0.4, 0.6)), side]
    cv2.line(ink, middle.astype(int).tolist(), elbow, 255, max(3, int(side * 0.16)), cv2.LINE_AA)
    return _turned(_painted(ink, _skin(rng), rng), rng)


def _limb(side: int, rng: np.random.Generator) -> Rgba:
    ink = np.zeros((side, side), np.uint8)
    joints = rng.uniform(0.1, 0.9, (3, 2)) * side
    thickness = max(4, int(side * rng.uniform(0.1, 0.22)))
    cv2.polylines(ink, [joints.astype(np.int32)], False, 255, thickness, cv2.LINE_AA)
    return _painted(ink, _skin(rng), rng)


def _head(side: int, rng: np.random.Generator) -> Rgba:
    width = int(side * 0.8)
    ink, hair = np.zeros((2, side, width), np.uint8)
    center, axes = (width // 2, int(side * 0.45)), (int(side * 0.27), int(side * 0.36))
    cv2.line(ink, center, (width // 2, side), 255, int(side * 0.24), cv2.LINE_AA)
    cv2.ellipse(ink, center, axes, 0, 0, 360, 255, -1, cv2.LINE_AA)
    face = _painted(ink, _skin(rng), rng)
    brim = int(rng.uniform(20, 60))
    cv2.ellipse(hair, center, (axes[0] + 4, axes[1] + 4), 0, 180 - brim, 360 + brim, 255, -1, cv2.LINE_AA)
    hair[int(side * rng.uniform(0.28, 0.4)) :, int(0.25 * width) : int(0.75 * width)] = 0
    tone = rng.uniform(15, 150) * np.asarray([1, rng.uniform(0.65, 0.9), rng.uniform(0.4, 0.8)])
    face[hair > 127, :3] = tone.astype(np.uint8)
    face[..., 3] = np.maximum(face[..., 3], hair)
    for x in (0.42, 0.58):
        cv2.circle(face, (int(x * width), int(0.44 * side)), max(1, side // 50), (30, 25, 25, 255), -1)
    return face


def _hanger(side: int, rng: np.random.Generator) -> Rgba:
    ink = np.zeros((side * 2 // 3, side), np.uint8)
    thickness = max(2, int(side * rng.uniform(0.012, 0.05)))
    drop, top, middle = rng.uniform(0.2, 0.42), 0.24, side // 2
    left, right = (int(side * 0.05), int(side * (top + drop))), (int(side * 0.95), int(side * (top + drop)))
    neck = (middle, int(side * top))
    cv2.polylines(ink, [np.asarray([left, neck, right])], rng.random() < 0.6, 255, thickness, cv2.LINE_AA)
    radius = int(side * 0.06)
    thin = max(1, thickness // 2)
    cv2.ellipse(ink, (middle, neck[1] - 2 * radius), (radius, radius), 0, -200, 90, 255, thin, cv2.LINE_AA)
    cv2.line(ink, neck, (middle, neck[1] - radius), 255, thin, cv2.LINE_AA)
    return _painted(ink, _wood(rng) if rng.random() < 0.5 else _any_color(rng), rng)


def _cupboard(side: int, rng: np.random.Generator) -> Rgba:
    height, width = (int(side * rng.uniform(0.55, 1)) for _ in range(2))
    color = _wood(rng) if rng.random() < 0.6 else _any_color(rng)
    picture = _painted(np.full((height, width), 255, np.uint8), color, rng)
    dark = (*shade(color, 0.6), 255)
    for y in np.linspace(0, height - 1, int(rng.integers(2, 5))).astype(int).tolist():
        cv2.line(picture, (0, y), (width, y), dark, max(1, side // 70))
        cv2.circle(picture, (width // 2, y + height // 9), max(1, side // 50), dark, -1, cv2.LINE_AA)
    if rng.random() < 0.5:
        cv2.line(picture, (width // 2, 0), (width // 2, height), dark, max(1, side // 70))
    return picture


def _seat(side: int, rng: np.random.Generator) -> Rgba:
    ink = np.zeros((side, side * 3 // 4), np.uint8)
    left, right, seat = int(0.1 * side), int(0.62 * side), int(side * rng.uniform(0.45, 0.6))
    thickness = max(2, int(side * rng.uniform(0.03, 0.07)))
    cv2.rectangle(ink, (left, seat), (right, seat + 2 * thickness), 255, -1)
    for x in (left, right):
        cv2.line(ink, (x, 0 if rng.random() < 0.7 else seat), (x, side), 255, thickness, cv2.LINE_AA)
    for y in np.linspace(0.08 * side, seat, int(rng.integers(1, 4)), endpoint=False).astype(int).tolist():
        cv2.line(ink, (left, y), (right, y), 255, int(thickness * rng.uniform(0.6, 2)), cv2.LINE_AA)
    return _painted(ink, _wood(rng) if rng.random() < 0.7 else _any_color(rng), rng)


def _cushion(side: int, rng: np.random.Generator) -> Rgba:
    height, width = side, int(side * rng.uniform(0.6, 1))
    ink = np.zeros((height, width), np.uint8)
    inset = int(side * 0.1)
    cv2.rectangle(ink, (inset, inset), (width - inset, height - inset), 255, -1)
    ink = np.asarray(cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (inset, inset))), np.uint8)
    names = list(patterns())
    cloth = weave(side, names[int(rng.integers(len(names)))], _any_color(rng), _any_color(rng), rng)
    shaded = _painted(ink, (200, 200, 200), rng)
    shaded[..., :3] = (cloth[:height, :width] * (shaded[..., :3] / np.float32(215))).clip(0, 255)
    return shaded


def _surface(side: int, rng: np.random.Generator) -> Rgba:
    height, width = (int(side * rng.uniform(0.4, 1)) for _ in range(2))
    return as_layer(background(height, width, rng))


def as_layer(picture: Pixels) -> Rgba:
    """Add an opaque alpha channel to a picture (H, W, 3)."""
    return np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])


def _turned(picture: Rgba, rng: np.random.Generator) -> Rgba:
    return np.ascontiguousarray(np.rot90(picture, int(rng.integers(4))))


def _wood(rng: np.random.Generator) -> Rgb:
    red = rng.uniform(90, 225)
    return int(red), int(red * rng.uniform(0.7, 0.9)), int(red * rng.uniform(0.45, 0.75))


def _any_color(rng: np.random.Generator) -> Rgb:
    red, green, blue = (int(value) for value in rng.integers(20, 245, 3))
    return red, green, blue
