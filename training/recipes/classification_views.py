"""Data augmentation for classifiers: random crops, flips and colour jitter."""

from __future__ import annotations

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from domain.types import Pixels
from imaging.fit import squash

STRETCH = 4 / 3
"""By how much a crop may be wider or narrower than the picture."""


class Augmentation(BaseModel):
    """How much the views of a picture differ from it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    crop: float = Field(0.5, gt=0, le=1, description="smallest share of the picture's area in a view")
    flip: bool = Field(True, description="mirror half of the views")
    jitter: float = Field(
        0.2, ge=0, lt=1, description="largest change of brightness, contrast and saturation, as a share"
    )
    hue: float = Field(0.02, ge=0, le=0.5, description="largest change of hue, as a share of the circle")
    turn_deg: float = Field(8.0, ge=0, le=45, description="largest turn to either side")
    erase: float = Field(0.1, ge=0, le=1, description="probability that a part of a view is painted over")


def plain_view(picture: Pixels, side: int) -> Pixels:
    """The whole picture (side, side, 3), as it is served: scaled without regard to its proportions."""
    return squash(picture, side, side, "bilinear")


def random_view(picture: Pixels, side: int, change: Augmentation, rng: np.random.Generator) -> Pixels:
    """A random view (side, side, 3) of a picture (H, W, 3) uint8 RGB."""
    view = _cropped(picture, side, change, rng)
    view = _jittered(view, change, rng)
    return _erased(view, rng) if rng.random() < change.erase else view


def _cropped(picture: Pixels, side: int, change: Augmentation, rng: np.random.Generator) -> Pixels:
    """A random part, turned and mirrored, scaled to the side; beyond the picture it is reflected.

    Source: Szegedy et al. 2015, "Going deeper with convolutions": crops of random area and proportions.
    """
    height, width = picture.shape[:2]
    share, stretch = rng.uniform(change.crop, 1.0), np.exp(rng.uniform(-1, 1) * np.log(STRETCH))
    part_w, part_h = min(1.0, np.sqrt(share * stretch)) * width, min(1.0, np.sqrt(share / stretch)) * height
    center = rng.uniform((part_w / 2, part_h / 2), (width - part_w / 2 + 1e-6, height - part_h / 2 + 1e-6))
    angle = np.deg2rad(rng.uniform(-change.turn_deg, change.turn_deg))
    mirror = -1.0 if change.flip and rng.random() < 0.5 else 1.0
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = turn @ np.diag([mirror * side / part_w, side / part_h])
    matrix = np.column_stack([linear, side / 2 - linear @ center])
    shrinks = max(part_w, part_h) / side
    if shrinks > 1.5:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.3 * shrinks), np.uint8)
    view = cv2.warpAffine(
        picture, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    return np.asarray(view, np.uint8)


def _jittered(view: Pixels, change: Augmentation, rng: np.random.Generator) -> Pixels:
    brightness, contrast, saturation = 1 + change.jitter * rng.uniform(-1, 1, 3)
    hue = change.hue * rng.uniform(-1, 1)
    if change.hue:
        hsv = cv2.cvtColor(view, cv2.COLOR_RGB2HSV)
        hsv[..., 0] = (hsv[..., 0].astype(np.int16) + round(180 * hue)) % 180
        view = np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.uint8)
    grey = cv2.cvtColor(view, cv2.COLOR_RGB2GRAY).astype(np.float32)[..., None]
    pixels = grey + (view.astype(np.float32) - grey) * np.float32(saturation)
    middle = np.float32(grey.mean())
    pixels = (middle + (pixels - middle) * np.float32(contrast)) * np.float32(brightness)
    return np.asarray(np.clip(pixels, 0, 255), np.uint8)


def _erased(view: Pixels, rng: np.random.Generator) -> Pixels:
    """Paint a random rectangle of up to a quarter of the view in its mean colour.

    Source: Zhong et al. 2020, "Random Erasing Data Augmentation".
    """
    side = view.shape[0]
    height, width = rng.integers(side // 8, side // 2 + 1, 2)
    y, x = int(rng.integers(0, side - height + 1)), int(rng.integers(0, side - width + 1))
    erased = view.copy()
    erased[y : y + height, x : x + width] = view.mean(axis=(0, 1)).astype(np.uint8)
    return erased
