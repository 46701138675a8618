"""Draws places for people to stand in: a room, a street, a studio; all a little out of focus."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from domain.types import Pixels
from training.synthetic.fabric import as_pixels, smooth_noise

Canvas = npt.NDArray[np.float32]


def draw_place(height: int, width: int, floor_y: int, rng: np.random.Generator, name: str = "") -> Pixels:
    """A place (H, W, 3) whose floor begins above the row `floor_y`, where the feet are; by default any."""
    makers = places()
    maker = makers[name or str(rng.choice(sorted(makers)))]
    picture = maker(height, width, floor_y, rng)
    light = np.linspace(rng.uniform(0.95, 1.08), rng.uniform(0.85, 1.0), width, dtype=np.float32)
    return as_pixels(picture * light[None, :, None] + rng.normal(0, 1.5, (height, width, 1)))


def places() -> dict[str, Callable[[int, int, int, np.random.Generator], Canvas]]:
    """The functions that draw a place, by name."""
    return {"room": _room, "street": _street, "studio": _studio, "park": _park}


def _muted(
    rng: np.random.Generator, low: float = 150, high: float = 235, spread: float = 16
) -> tuple[float, ...]:
    return tuple((rng.uniform(low, high) + rng.normal(0, spread, 3)).clip(30, 250).tolist())


def _blank(height: int, width: int, color: tuple[float, ...]) -> Canvas:
    return np.full((height, width, 3), color, np.float32)


def _rectangle(picture: Canvas, x: float, y: float, w: float, h: float, color: tuple[float, ...]) -> None:
    cv2.rectangle(picture, (round(x), round(y)), (round(x + w), round(y + h)), color, -1)


def _blurred(picture: Canvas, share: float) -> Canvas:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), max(0.6, share * picture.shape[0])), np.float32)


def _floor(picture: Canvas, horizon: int, color: tuple[float, ...], rng: np.random.Generator) -> None:
    """A floor that is darker at the back, with boards or slabs that converge."""
    height, width = picture.shape[:2]
    shade = np.linspace(0.86, 1.05, height - horizon, dtype=np.float32)[:, None, None]
    picture[horizon:] = np.asarray(color, np.float32) * shade
    center = width * rng.uniform(0.3, 0.7)
    joint = tuple(0.86 * c for c in color)
    for x in np.linspace(-2.0, 3.0, int(rng.integers(10, 22))):
        far = round(center + (x * width - center) * 0.45)
        cv2.line(
            picture, (far, horizon), (round(x * width), height), joint, max(1, height // 400), cv2.LINE_AA
        )
    if rng.random() < 0.6:
        y, step = float(horizon), 0.012 * height
        while y < height:
            cv2.line(picture, (0, round(y)), (width, round(y)), joint, max(1, height // 500))
            y, step = y + step, step * 1.45


def _room(height: int, width: int, floor_y: int, rng: np.random.Generator) -> Canvas:
    wall = _muted(rng, 170, 240, 10)
    picture = _blank(height, width, wall) + 3 * smooth_noise(height, width, 3, rng)[..., None]
    horizon = int(floor_y - rng.uniform(0.1, 0.22) * height)
    wood = rng.uniform(110, 200)
    _floor(picture, horizon, (wood, wood * rng.uniform(0.74, 0.92), wood * rng.uniform(0.55, 0.8)), rng)
    _rectangle(
        picture, 0, horizon - 0.025 * height, width, 0.025 * height, tuple(min(250.0, 1.12 * c) for c in wall)
    )
    if rng.random() < 0.7:
        x = rng.choice([rng.uniform(0.0, 0.2), rng.uniform(0.62, 0.8)]) * width
        _window(picture, x, 0.1 * height, 0.26 * width, 0.4 * height, rng)
    for _ in range(int(rng.integers(0, 3))):
        x, y = rng.uniform(0.0, 0.85) * width, rng.uniform(0.08, 0.4) * height
        w, h = rng.uniform(0.1, 0.22) * width, rng.uniform(0.1, 0.2) * height
        _rectangle(picture, x, y, w, h, (70, 58, 48))
        _rectangle(picture, x + 0.1 * w, y + 0.1 * h, 0.8 * w, 0.8 * h, _muted(rng, 90, 220, 40))
    if rng.random() < 0.6:
        _plant(picture, rng.choice([0.08, 0.92]) * width, horizon + 0.05 * height, 0.3 * height, rng)
    return _blurred(picture, 0.0025)


def _window(picture: Canvas, x: float, y: float, w: float, h: float, rng: np.random.Generator) -> None:
    _rectangle(picture, x, y, w, h, (245, 244, 240))
    for column in (0, 1):
        for row in (0, 1):
            sky = (rng.uniform(180, 215), rng.uniform(212, 228), 240.0)
            at = (x + (0.05 + 0.48 * column) * w, y + (0.04 + 0.49 * row) * h)
            _rectangle(picture, *at, 0.42 * w, 0.43 * h, sky)


def _plant(picture: Canvas, x: float, y: float, tall: float, rng: np.random.Generator) -> None:
    for angle in np.linspace(-1.1, 1.1, 11) + rng.uniform(-0.1, 0.1, 11):
        tip = (x + 0.6 * tall * np.sin(angle), y - 0.3 * tall - 0.65 * tall * np.cos(angle))
        root = np.asarray([x, y - 0.25 * tall])
        middle = (root + tip) / 2
        across = 0.07 * tall * np.asarray([np.cos(angle), np.sin(angle)])
        leaf = np.stack([root, middle + across, tip, middle - across]).astype(np.int32)
        green = rng.uniform(70, 120)
        cv2.fillPoly(picture, [leaf], (green * 0.6, green, green * 0.55), cv2.LINE_AA)
    pot = [
        (x - 0.15 * tall, y - 0.27 * tall),
        (x + 0.15 * tall, y - 0.27 * tall),
        (x + 0.11 * tall, y),
        (x - 0.11 * tall, y),
    ]
    cv2.fillPoly(picture, [np.asarray(pot, np.int32)], (176, 112, 84), cv2.LINE_AA)


def _street(height: int, width: int, floor_y: int, rng: np.random.Generator) -> Canvas:
    horizon = int(floor_y - rng.uniform(0.16, 0.3) * height)
    picture = _blank(height, width, (206, 220, 234))
    x = -0.1 * width
    while x < width:
        w, top = rng.uniform(0.25, 0.6) * width, rng.uniform(-0.1, 0.3) * height
        _house(picture, x, top, w, horizon - top, rng)
        x += w
    grey = rng.uniform(130, 185)
    _floor(picture, horizon, (grey, grey * 0.99, grey * 0.97), rng)
    _rectangle(picture, 0, horizon, width, 0.02 * height, (grey * 0.8,) * 3)
    if rng.random() < 0.5:
        _tree(picture, rng.choice([0.06, 0.94]) * width, horizon, 0.6 * height, rng)
    return _blurred(picture, 0.006)


def _house(picture: Canvas, x: float, y: float, w: float, h: float, rng: np.random.Generator) -> None:
    wall = _muted(rng, 120, 215, 12)
    _rectangle(picture, x, y, w, h, wall)
    columns, rows = int(rng.integers(2, 4)), int(rng.integers(3, 5))
    glass, frame = _muted(rng, 60, 150, 12), tuple(min(250.0, 1.2 * c) for c in wall)
    for row in range(rows):
        for column in range(columns):
            at = (x + (column + 0.25) * w / columns, y + (row + 0.2) * h / rows)
            size = (0.5 * w / columns, (0.8 if row == rows - 1 else 0.58) * h / rows)
            _rectangle(
                picture, at[0] - 0.03 * w, at[1] - 0.012 * h, size[0] + 0.06 * w, size[1] + 0.024 * h, frame
            )
            _rectangle(picture, *at, *size, glass)
    if rng.random() < 0.5:
        _rectangle(
            picture, x + 0.1 * w, y + h * (1 - 1.1 / rows), 0.8 * w, 0.05 * h, _muted(rng, 80, 190, 50)
        )


def _tree(picture: Canvas, x: float, y: float, tall: float, rng: np.random.Generator) -> None:
    _rectangle(picture, x - 0.03 * tall, y - tall, 0.06 * tall, 1.02 * tall, (98, 78, 62))
    for _ in range(60):
        at = (round(x + rng.normal(0, 0.18) * tall), round(y - tall + rng.normal(0, 0.16) * tall))
        green = rng.uniform(80, 150)
        cv2.circle(
            picture,
            at,
            round(rng.uniform(0.04, 0.1) * tall),
            (green * 0.7, green, green * 0.5),
            -1,
            cv2.LINE_AA,
        )


def _park(height: int, width: int, floor_y: int, rng: np.random.Generator) -> Canvas:
    horizon = int(floor_y - rng.uniform(0.12, 0.3) * height)
    picture = _blank(height, width, (204, 222, 236))
    for _ in range(220):
        at = (round(rng.uniform(-0.05, 1.05) * width), round(horizon - abs(rng.normal(0, 0.22)) * height))
        green = rng.uniform(70, 160)
        color = (green * rng.uniform(0.6, 0.95), green, green * 0.55)
        cv2.circle(picture, at, round(rng.uniform(0.02, 0.07) * height), color, -1, cv2.LINE_AA)
    grey = rng.uniform(150, 200)
    path = (grey, grey * 0.95, grey * 0.84) if rng.random() < 0.6 else (96.0, 132.0, 74.0)
    picture[horizon:] = path
    picture[horizon:] += 5 * smooth_noise(height - horizon, width, 14, rng)[..., None]
    return _blurred(picture, 0.006)


def _studio(height: int, width: int, floor_y: int, rng: np.random.Generator) -> Canvas:
    tone = _muted(rng, 185, 245, 9)
    rows = np.arange(height, dtype=np.float32) / height
    bend = 1 - 0.07 * np.exp(-(((rows - floor_y / height + 0.06) / 0.06) ** 2))
    picture = _blank(height, width, tone) * bend[:, None, None]
    return np.asarray(picture * (1.03 - 0.1 * rows)[:, None, None], np.float32)
